"""``harness demo``: a deliberately wrong server and client, so that a person sees red reports first."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer


def command(
    out: Annotated[Path | None, typer.Option(help="Folder of both runs; reports/runs by default.")] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat the choices of an earlier run.")] = None,
) -> None:
    """Judge the reference CPO behind eight faults that real systems have, and show the reports.

    It is judged as a server that is pulled, and as a client that pushes. Ends with the exit code that a check of such a
    system ends with: 1.
    """
    from harness.cli import client_session, session
    from harness.cli.check import show_progress
    from harness.cli.demo_faults import CLIENT_FAULTS, FAULTS
    from harness.cli.settings import Flags, plans
    from harness.report.console import print_report

    codes = []
    for name, check, faults, what in (
        ("ndw-push", client_session.check, CLIENT_FAULTS, "push client with three faults"),
        ("ndw-pull", session.check, FAULTS, "CPO behind five faults"),
    ):
        flags = Flags(out=out / name if out else None, seed=seed, reference=True)
        result = check(replace(plans(name, flags, {}, Path.cwd())[0][0], demo=True), show_progress, faults)
        print_report(result.folder, result.report, title=f"demo: the reference {what}, judged as if it were yours")
        codes.append(result.exit)
    raise typer.Exit(max(codes))
