"""``harness diff``: what changed between two runs."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.plan import UsageError
from harness.model.spelling import did_you_mean

_RUN = "Run folder, or the run.jsonl in it"


def command(
    before: Annotated[Path, typer.Argument(metavar="RUN", help=f"{_RUN}: the earlier one.")],
    after: Annotated[Path, typer.Argument(metavar="RUN", help=f"{_RUN}: the later one.")],
    form: Annotated[str, typer.Option("--format", help="text, md or json.")] = "text",
) -> None:
    """Compare two runs of an interface: new, fixed, still failing, no longer tested.

    A finding is the same in both runs where requirement, party, object and the place inside the object are. Exit code 1
    where a MUST fails that did not in the first run, and nobody waived it; else 0.
    """
    from harness.cli.earlier_run import findings_at
    from harness.cli.expected import ids_of
    from harness.collect import interfaces
    from harness.report.diff import diff
    from harness.report.diff_told import as_json, as_markdown, as_text

    formats = {"text": as_text, "md": as_markdown, "json": as_json}
    if form not in formats:
        raise UsageError(f"--format: no such format as {form!r}{did_you_mean(form, formats)}")
    former = {old: new for _system, one in interfaces().values() for old, new in ids_of(one).items()}
    earlier, later = (findings_at(path, "RUN", former) for path in (before, after))
    of, other = earlier.report["interface"], later.report["interface"]
    if of != other:
        raise UsageError(f"RUN: {before} is a run of {of}, {after} one of {other}; they have nothing to compare")
    found = diff(earlier, later)
    typer.echo(formats[form](found, (str(before), str(after))), nl=False)
    raise typer.Exit(found.exit)
