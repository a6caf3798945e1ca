"""Every situation of ndw-push for the bundled client, in process, against the same requests in a bare loop."""

import json
import tempfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from tests.benchmarks.figure import Figure, median_of, python
from tests.benchmarks.servers import bare

HEADERS = {"Content-Type": "application/json"}


def measure() -> Figure:
    """A process each for the checks; the loop repeats, over a socket, every request that a check recorded. What the
    client waits for passes at once in the check, and is left out of the loop."""
    with tempfile.TemporaryDirectory() as folder:
        runs = iter(range(100))

        def check() -> None:
            python("-m", "harness", "check", "ndw-push", "--reference", "--out", f"{folder}/{next(runs)}")

        check()
        made = _made(Path(folder, "0"))
        with bare() as port, httpx.Client(trust_env=False, base_url=f"http://127.0.0.1:{port}") as client:

            def loop() -> None:
                for one in made:
                    client.request(one.method, one.path, content=one.body, headers=HEADERS)

            seconds, base = median_of(5, check, loop)
    what = f"harness check ndw-push --reference, every situation, {len(made)} requests"
    return Figure(what, seconds, "as many bare requests in an httpx loop", base, "under 5 s")


class _Made(NamedTuple):
    method: str
    path: str
    body: str


def _made(run: Path) -> list[_Made]:
    """Every request that the run's record tells of."""
    records = [json.loads(line) for line in (run / "run.jsonl").read_text("utf-8").splitlines()]
    requests = [record["request"] for record in records if "request" in record]
    return [_Made(one["method"], urlsplit(one["url"]).path, one["body"].get("text") or "") for one in requests]
