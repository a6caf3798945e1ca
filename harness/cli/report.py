"""``harness report``: render an earlier run again, or a masked copy of it."""

from pathlib import Path
from typing import Annotated

import typer

_ALL = "all"


def command(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A run folder, the run.jsonl in it, or the URL of a running mock.")
    ],
    format_: Annotated[str, typer.Option("--format", help="json, html, junit, md, csv or all.")] = _ALL,
    share: Annotated[bool, typer.Option("--share", help="A masked copy to hand on: RUN-shared, or --out.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where to write; the run folder itself by default.")] = None,
) -> None:
    """Render an earlier run again, from its record alone; one that was killed, too.

    Of a running mock (the URL of its control listener, or of a session below it) what came so far, into --out.
    With --share, of a masked copy: no bodies, no addresses, texts and long numbers masked, ids of objects kept.
    Prints the files that were written.
    """
    from harness.cli.control_client import fetched_run
    from harness.cli.earlier_run import folder_and_report
    from harness.cli.plan import UsageError
    from harness.report import formats
    from harness.report.ending import result_line
    from harness.report.share import share as masked_copy
    from harness.report.summary import report_of

    if format_ not in (_ALL, *formats.FORMATS):
        raise UsageError(f"--format: {format_!r} is none of {', '.join([*formats.FORMATS, _ALL])}")
    if run.startswith(("http://", "https://")):
        run = str(fetched_run(run, out))
    folder, report = folder_and_report(Path(run), "report")
    if share:
        into = out or folder.with_name(f"{folder.resolve().name}-shared")
        if into.resolve() == folder.resolve():
            raise UsageError("--out: a masked copy cannot lie in the place of the run itself")
        masked_copy(folder, into)
        folder, out, report = into, None, report_of(into)
    if report["exit"] is None:
        typer.echo(f"harness: this run has no end: {result_line(report)}", err=True)
    names = tuple(formats.FORMATS) if format_ == _ALL else (format_,)
    for path in formats.write(folder, report, names, out or folder):
        typer.echo(str(path))
