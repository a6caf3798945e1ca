"""``harness validate``: payloads and feeds judged without a server."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from harness.cli.options import Flags, takes_flags

_OPTIONS = (
    "parties", "settings", "confirm", "name", "subject_version", "only", "skip", "previous", "jobs", "strict", "now",
    "out", "config",
)  # fmt: skip
_PAIRS = typer.Argument(metavar="KIND FILE [KIND FILE …]", help="Which kind of objects, and the file; - for stdin.")
SMALL = 1 << 20
"""Files of fewer bytes are judged sooner than other processes have started."""


def _validate(pairs: tuple[str, ...], flags: Flags) -> None:
    """Judge files clause by clause, as their objects would be judged from a server, and write the report.

    KIND: ndw-locations and ndw-tariffs are whole lists; together, references are resolved. ndw-location and ndw-tariff
    are objects on their own. FILE: a JSON array, an OCPI answer, or one object per line; each also as gzip.
    With --previous FILE, what only two states of a list show: ids that changed, EVSEs that vanished, stamps that did
    not move.
    """
    from harness.cli.file_session import FileSession
    from harness.cli.file_settings import file_plan
    from harness.feed.workers import collected_seldom
    from harness.report import formats
    from harness.report.console import print_report
    from harness.report.record import moment
    from harness.wire.clock import SystemClock

    made, clock = file_plan(pairs, flags, os.environ, Path.cwd()), SystemClock()
    began = moment(clock.now())[:19].replace(":", "")
    folder = made.plan.out or Path("reports/runs") / f"{began}Z-{made.files[0].kind.name}"
    sizes = [one.on_disk.stat().st_size if one.on_disk else None for one in (*made.files, *made.earlier)]
    total = None if None in sizes else sum(filter(None, sizes))
    jobs = flags.jobs or (1 if total is not None and total < SMALL else _cores())
    with collected_seldom(), _progress(total) as on_bytes:
        result = FileSession(made, clock, jobs, on_bytes).run(folder)
    formats.write_all(result.folder, result.report)
    print_report(result.folder, result.report, title="validate")
    raise typer.Exit(result.exit)


command = takes_flags(_validate, _OPTIONS, several=True, argument=_PAIRS)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[Any, int], None]]:
    """A bar on stderr, by bytes that were read, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _file, _count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("reading", total=total)

        def on_bytes(file: Any, count: int) -> None:
            progress.update(task, advance=count, description=file.name)
            progress.refresh()

        yield on_bytes
