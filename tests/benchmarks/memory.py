"""Resident memory of a running mock after 20,000 and after 120,000 validated PUTs of whole locations."""

import re
import urllib.parse
from pathlib import Path

from tests.benchmarks.push import pushes, token
from tests.benchmarks.servers import mock
from tests.load import load

EARLY, LATE = 20_000, 120_000
_LIFE = "token.expires_in=7200"


def measure() -> str:
    """Both figures and their difference."""
    with mock("--set", _LIFE) as (port, env, process):
        puts = list(pushes(urllib.parse.urlsplit(env["NDW_PUSH_URL"]).path, token(env)))
        first = load(port, puts, EARLY)
        early = _resident_mib(process.pid)
        second = load(port, puts, LATE - EARLY)
        late = _resident_mib(process.pid)
    return (
        f"memory of harness serve ndw: {early:.0f} MiB after {EARLY} PUTs {first.statuses}, "
        f"{late:.0f} MiB after {LATE} {second.statuses}: {late - early:+.0f} MiB (target: flat)"
    )


def _resident_mib(pid: int) -> float:
    """As Linux tells it."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024
