"""``harness demo``: a deliberately wrong server, so that the first report that a person sees is a red one."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer


def command(
    out: Annotated[Path | None, typer.Option(help="Run folder; reports/runs/<time>-ndw-pull by default.")] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat the choices of an earlier run.")] = None,
) -> None:
    """Judge the reference CPO behind five faults that real servers have, and show the report.

    Ends with the exit code that a check of such a server ends with: 1.
    """
    from harness.cli.check import show_progress
    from harness.cli.demo_faults import FAULTS
    from harness.cli.plan import Plan
    from harness.cli.session import check
    from harness.cli.settings import Flags, plans
    from harness.report.console import print_report

    flags = Flags(out=out, seed=seed, reference=True)
    plan: Plan = plans("ndw-pull", flags, {}, Path.cwd())[0][0]
    result = check(replace(plan, demo=True), show_progress, FAULTS)
    title = "demo: the reference CPO behind five faults, judged as if it were yours"
    print_report(result.folder, result.report, title=title)
    raise typer.Exit(result.exit)
