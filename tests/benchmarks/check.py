"""The self-check of ndw-pull over a socket against the same requests in a bare loop."""

import json
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from harness.systems.ndw.reference import create_app
from harness.wire.serve import served
from tests.benchmarks.figure import Figure, median_of, python

TOKEN = {"Authorization": "Token ZXhhbXBsZS10b2tlbg=="}


def measure() -> Figure:
    """A process each for the checks; the loop repeats, with the true token, every GET that a check recorded."""
    with tempfile.TemporaryDirectory() as folder:
        runs = iter(range(100))

        def check() -> None:
            python("-m", "harness", "check", "ndw-pull", "--reference", "--out", f"{folder}/{next(runs)}")

        check()
        targets = _asked(Path(folder, "0"))
        with served(create_app(token="example-token")) as origin, httpx.Client(trust_env=False) as client:

            def loop() -> None:
                for target in targets:
                    client.get(origin + target, headers=TOKEN)

            seconds, bare = median_of(5, check, loop)
    what = f"harness check ndw-pull --reference, {len(targets)} requests"
    return Figure(what, seconds, "as many GETs in a bare httpx loop", bare, "under 3 s")


def _asked(run: Path) -> list[str]:
    """Path and query of every request that the run's record tells of."""
    records = [json.loads(line) for line in (run / "run.jsonl").read_text("utf-8").splitlines()]
    urls = [urlsplit(record["request"]["url"]) for record in records if "request" in record]
    return [url.path + (f"?{url.query}" if url.query else "") for url in urls]
