"""``harness check``: judge a subject and write the report."""

import gc
import os
import sys
from dataclasses import replace
from pathlib import Path

import typer

from harness.cli.options import Flags, takes_flags
from harness.cli.plan import Plan
from harness.cli.result import Result

_WORST_FIRST = (130, 2, 4, 3, 1, 5, 0)


@takes_flags
def command(interface: str | None, flags: Flags) -> None:
    """Judge a subject clause by clause and write the report.

    A server is asked at its --url. A client is started after --, once per situation (with --keep, once for all), or by
    you (--attach). Without INTERFACE: all that harness.toml configures; where it configures none, a self-check of every
    suite against its bundled reference, offline.
    """
    from harness.cli.settings import plans

    planned, _ = plans(interface, flags, os.environ, Path.cwd())
    if not planned:
        from harness.judge.score import NOTHING_TESTED

        chosen = "chosen clause" if flags.only or flags.skip else "clause"
        typer.echo(f"Nothing to repeat: in {flags.again} no {chosen} failed or was left untested (exit code 5)")
        raise typer.Exit(NOTHING_TESTED)
    if flags.dry_run:
        _announce(planned)
        return
    if len(planned) > 1 and flags.out is not None:
        planned = [replace(plan, out=flags.out / plan.interface) for plan in planned]
    results = {plan.interface: _judge(plan) for plan in planned}
    codes = {name: result.exit for name, result in results.items()}
    if len(codes) > 1 and flags.out is not None:
        from harness.report.index import write_index

        write_index(flags.out, {name: result.report for name, result in results.items()})
        typer.echo(f"\nAll of them: {flags.out / 'index.html'}")
    if len(codes) > 1:
        typer.echo("\n" + "  ".join(f"{name}: exit code {code}" for name, code in codes.items()))
    raise typer.Exit(min(codes.values(), key=_WORST_FIRST.index))


def _announce(planned: list[Plan]) -> None:
    from harness.cli.dry_run import announcement

    for plan in planned:
        for line in announcement(plan):
            typer.echo(line)


def _judge(plan: Plan) -> Result:
    from harness.report.console import print_report

    if plan.reach.insecure:
        typer.echo("harness: WARNING: --insecure: certificates are not checked, the token may go to anybody", err=True)
    gc.freeze()  # what is loaded by now stays: the collector need not walk through it page by page
    result = _checked(plan)
    print_report(result.folder, result.report, title=_title(plan))
    return result


def _checked(plan: Plan) -> Result:
    from harness.cli import client_session, session

    if plan.client is None:
        return session.check(plan, show_progress)
    return client_session.check(plan, show_progress)


def _title(plan: Plan) -> str:
    if plan.kind != "reference":
        return "check"
    return "self-check with faults" if plan.faults else "self-check: the bundled reference is judged, not your system"


def show_progress(text: str) -> None:
    """What is being done now, on stderr, where that is a terminal."""
    if sys.stderr.isatty():
        typer.echo(f"... {text}", err=True)
