"""``harness explain``: one requirement in full."""

from typing import Annotated

import typer


def command(requirement: Annotated[str, typer.Argument(help="Id of a requirement.")]) -> None:
    """Say what a requirement asks, why, where it comes from, how to meet it, and what breaks and keeps it."""
    from harness.cli.names import requirement_named

    interface, found = requirement_named(requirement)
    profile_note = ", ".join(found.rests_on)
    typer.echo(f"{found.id}\n\n{found.title}\n")
    for name, value in (
        ("Why", found.why),
        ("Fix", found.fix),
        ("Keyword", found.keyword.value),
        ("Basis", found.basis.value),
        ("Source", f"{found.source.document}, {found.source.section}"),
        ("Row", found.row),
        ("Binds", found.binds.value),
        ("Interface", interface),
        ("Since", found.since),
        ("Looks at", found.evidence),
        ("Asked by", ", ".join(found.asked_by)),
        ("Rests on", profile_note and f"{profile_note} (at most a SHOULD until that is confirmed)"),
        ("Only where", ", ".join(f"{name} = {value}" for name, value in found.only_where)),
        ("Formerly", ", ".join(found.formerly)),
    ):
        if value:
            typer.echo(f"{name:<12}{value}")
    _print_edits("Broken by", [str(edit) for edit in found.broken_by])
    _print_edits("Kept by", [str(edit) for edit in found.kept_by])


def _print_edits(title: str, spellings: list[str]) -> None:
    if spellings:
        typer.echo(f"\n{title}:")
    for spelling in spellings:
        typer.echo(f"  {spelling}")
