"""``harness check``: judge a subject and write the report."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.plan import Plan

_WORST_FIRST = (130, 2, 4, 3, 1, 5, 0)


def command(
    interface: Annotated[str | None, typer.Argument(help="ndw-pull; without it, all that harness.toml names.")] = None,
    url: Annotated[str | None, typer.Option(help="The subject's address, above /locations.")] = None,
    token_env: Annotated[str | None, typer.Option(help="Name of the environment variable with the token.")] = None,
    party: Annotated[list[str] | None, typer.Option(help="A party expected in the data, e.g. NL/ABC.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE of a setting.")] = None,
    confirm: Annotated[list[str] | None, typer.Option(help="A setting that the party confirmed, or all.")] = None,
    name: Annotated[str | None, typer.Option(help="The subject's name in the report.")] = None,
    subject_version: Annotated[str | None, typer.Option(help="The subject's version in the report.")] = None,
    ca_file: Annotated[Path | None, typer.Option(help="PEM file of a CA to trust besides the machine's own.")] = None,
    reference: Annotated[bool, typer.Option("--reference", help="Judge the bundled reference: a self-check.")] = False,
    fault: Annotated[list[str] | None, typer.Option(help="OPERATION:EDIT(ARGS) on the reference.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A failed SHOULD, or an untested MUST, counts too.")] = False,
    seed: Annotated[int | None, typer.Option(help="Repeat the choices of an earlier run.")] = None,
    now: Annotated[str | None, typer.Option(help="Story time, e.g. 2026-06-01T08:00:00Z.")] = None,
    out: Annotated[Path | None, typer.Option(help="Run folder; reports/runs/<time>-<interface> by default.")] = None,
    config: Annotated[Path | None, typer.Option(help="Another file than ./harness.toml.")] = None,
) -> None:
    """Judge a subject clause by clause and write the report.

    Without INTERFACE: all that harness.toml configures; where it configures none, a self-check of every suite against
    its bundled reference, offline.
    """
    from harness.cli.settings import Flags, plans

    flags = Flags(
        url=url,
        token_env=token_env,
        parties=tuple(party or ()),
        settings=tuple(set_ or ()),
        confirm=tuple(confirm or ()),
        config=config,
        ca_file=ca_file,
        name=name,
        subject_version=subject_version,
        seed=seed,
        now=now,
        out=out,
        strict=strict,
        reference=reference,
        faults=tuple(fault or ()),
    )
    planned, _ = plans(interface, flags, os.environ, Path.cwd())
    if len(planned) > 1 and out is not None:
        planned = [replace(plan, out=out / plan.interface) for plan in planned]
    codes = {plan.interface: _judge(plan) for plan in planned}
    if len(codes) > 1:
        typer.echo("\n" + "  ".join(f"{name}: exit code {code}" for name, code in codes.items()))
    raise typer.Exit(min(codes.values(), key=_WORST_FIRST.index))


def _judge(plan: Plan) -> int:
    from harness.cli.session import check
    from harness.report.console import print_report

    result = check(plan, show_progress)
    print_report(result.folder, result.report, title=_title(plan))
    return result.exit


def _title(plan: Plan) -> str:
    if plan.kind != "reference":
        return "check"
    return "self-check with faults" if plan.faults else "self-check: the bundled reference is judged, not your system"


def show_progress(text: str) -> None:
    """What is being done now, on stderr, where that is a terminal."""
    if sys.stderr.isatty():
        typer.echo(f"... {text}", err=True)
