"""A session of 1,000 pushed locations made as it was at first, in memory and in a SQLite file."""

import statistics
import tempfile
import time
from pathlib import Path

from harness.cli.generate import MOMENT
from harness.cli.mock_data import Kept
from harness.cli.mocks import mock_sessions, served_by_default
from harness.mock.session import DEFAULT
from harness.systems.ndw.payloads import bulk_locations
from harness.wire.clock import SystemClock

OBJECTS, TIMES = 1_000, 20


def measure() -> list[object]:
    """The median of some resets, each after all objects were put in again."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            f"reset of a session with {OBJECTS} locations, {where}: {_seconds(store) * 1000:.2f} ms (target: 5 ms)"
            for where, store in (("in memory", None), ("with --store", Path(folder, "world.sqlite")))
        ]


def _seconds(store: Path | None) -> float:
    kept = Kept(store)
    sessions = mock_sessions((served_by_default("ndw"),), SystemClock(), home=kept.home)
    session = sessions.get(DEFAULT)
    assert session is not None
    rows = list(bulk_locations(OBJECTS, 1, ("NL", "XPO"), MOMENT))
    taken = []
    for _ in range(TIMES):
        with session.tables.batch():
            for row in rows:
                session.tables.put("locations", row)
        began = time.perf_counter()
        session.reset()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
