"""report.html of 60,000 locations with 10,000 findings of 50 parties, against json.dumps of the same report."""

import gc
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.report.html import render
from harness.report.summary import report_of
from tests.benchmarks.figure import Figure, median_of
from tests.harness.report.made_runs import MadeRun

LARGE = MadeRun(parties=50, locations=60_000, failing=20, each=10)


def measure() -> Figure:
    """From the record on disk to the text of the page; report.json has been made already, as after a run."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        LARGE.write(folder)
        report = report_of(folder)
        size = len(render(report, folder).encode()) / 1e6
        gc.collect()
        seconds, bare = median_of(5, lambda: render(report, folder), lambda: json.dumps(report, indent=1))
        (made,) = median_of(3, lambda: report_of(folder))
    what = f"report.html of 60000 locations with 10000 findings, {size:.1f} MB (report.json: {made:.3f} s more)"
    return Figure(what, seconds, "json.dumps of the report", bare, "under 5 s and 5 MB")
