"""``harness validate`` on whole feeds, against jsonschema and ajv, which hold the same bytes against the schema."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from harness.cli.generate import MOMENT, PARTY
from harness.collect import suite
from harness.systems.ndw.payloads import bulk_locations
from tests.benchmarks.figure import Figure

FEED, LARGE = 20_000, 80_000
PART = 1_000
"""So many locations jsonschema is shown; its time for the feed is scaled from them."""

MEASURED = """
import resource, sys
from harness.__main__ import main
from harness.cli import file_session, validate
from harness.collect import suite
from tests.peak import peak_kb
suite("ndw-pull")
bare = peak_kb()
try:
    main()
except SystemExit as ended:
    other = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(ended.code, peak_kb(), max(0, other - bare), bare)
"""

AJV = """
const Ajv = require("ajv/dist/2020"), fs = require("fs");
const began = process.hrtime.bigint();
const listed = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const parsed = process.hrtime.bigint();
const check = new Ajv({strict: false, validateFormats: false, allErrors: true}).compile(
    JSON.parse(fs.readFileSync(process.argv[3], "utf8")));
const sound = check({data: listed, status_code: 1000, timestamp: "2026-06-01T08:00:05Z"});
const seconds = (from) => Number(process.hrtime.bigint() - from) / 1e9;
console.log(JSON.stringify({sound, parse: Number(parsed - began) / 1e9, all: seconds(began),
    peak: process.resourceUsage().maxRSS}));
"""


@dataclass(frozen=True)
class Lines:
    """Several figures, one per line."""

    lines: tuple[object, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.lines))


def measure() -> Lines:
    """Processes of their own, start included, by default as many judges as there are cores."""
    with tempfile.TemporaryDirectory() as folder:
        array, lines, large = (Path(folder, name) for name in ("feed.json", "feed.ndjson", "large.json"))
        listed = list(bulk_locations(FEED, 1, PARTY, MOMENT))
        array.write_bytes(orjson.dumps(listed))
        lines.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in listed))
        theirs = _jsonschema(listed[:PART]) * FEED / PART
        del listed
        found: list[object] = []
        for jobs in (None, 1):
            seconds, _peak = _validated(array, jobs)
            what = f"{FEED} locations, {_mb(array)} MB, all object clauses, jobs {jobs or f'by default ({_cores()})'}"
            baseline = f"json and jsonschema's iter_errors (on {PART}, scaled)"
            found.append(Figure(what, seconds, baseline, theirs, "ratio 0.1 or less"))
        found += [_memory(array, "array", 2 * _mb(array)), _memory(lines, "lines", 150)]
        with large.open("wb") as file:
            for number, one in enumerate(bulk_locations(LARGE, 1, PARTY, MOMENT)):
                file.write((b"," if number else b"[") + orjson.dumps(one))
            file.write(b"]")
        seconds, peak = _validated(large, None)
        found.append(f"{LARGE} locations, {_mb(large)} MB, all object clauses: {seconds:.1f} s, at most {peak:.0f} MB")
        found.append(_ajv(large, Path(folder)))
        return Lines(tuple(found))


def _jsonschema(listed: Sequence[object]) -> float:
    raw = orjson.dumps({"data": listed, "status_code": 1000, "timestamp": "2026-06-01T08:00:05Z"})
    validator = Draft202012Validator(_schema())
    began = time.perf_counter()
    assert list(validator.iter_errors(json.loads(raw))) == []
    return time.perf_counter() - began


def _schema() -> object:
    operation = suite("ndw-pull").load().operation_by_id("getLocations")
    answer = operation.answer(200) if operation else None
    assert answer is not None
    return answer.schema


def _validated(path: Path, jobs: int | None) -> tuple[float, float]:
    """Wall seconds, and the peak in MB of all processes together beyond what a bare one with the imports has."""
    out = path.with_suffix(".run")
    arguments = ["validate", "ndw-locations", str(path), "--out", str(out), *(["--jobs", str(jobs)] if jobs else [])]
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", MEASURED, *arguments], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    code, own, each, bare = map(int, done.stdout.splitlines()[-1].split())
    assert code == 0, done.stdout
    shutil.rmtree(out)
    return seconds, (own - bare + each * (jobs or _cores())) / 1024


def _memory(path: Path, form: str, target: float) -> str:
    peaks = {jobs: _validated(path, jobs)[1] for jobs in (1, None)}
    told = f"{peaks[1]:.0f} MB in one process, {peaks[None]:.0f} MB in {_cores()} and the one that reads"
    return f"peak memory, {FEED} locations as {form} ({_mb(path)} MB): {told} (target {target:.0f} MB)"


def _ajv(path: Path, folder: Path) -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return "AJV IS NOT MEASURED: there is no node or no npm on this machine"
    quiet = subprocess.run(
        [npm, "install", "--silent", "--prefix", str(folder), "ajv"], capture_output=True, check=False
    )
    if quiet.returncode:
        return "AJV IS NOT MEASURED: npm could not install it"
    (folder / "schema.json").write_text(json.dumps(_schema()), encoding="utf-8")
    (folder / "ajv.js").write_text(AJV, encoding="utf-8")
    arguments = ["--max-old-space-size=8192", str(folder / "ajv.js"), str(path), str(folder / "schema.json")]
    done = subprocess.run([node, *arguments], check=True, capture_output=True, text=True)
    said = json.loads(done.stdout)
    assert said["sound"], "ajv finds faults in a sound feed"
    return (
        f"ajv on the same file, schema only: {said['all']:.1f} s, of which JSON.parse {said['parse']:.1f} s; "
        f"peak {said['peak'] / 1024:.0f} MB"
    )


def _mb(path: Path) -> int:
    return path.stat().st_size // 1_000_000


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
