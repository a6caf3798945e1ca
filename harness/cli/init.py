"""``harness init``: a harness.toml to start from, every key of it explained."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.plan import UsageError


def command(
    interface: Annotated[str, typer.Argument(help="ndw-pull or ndw-push")],
    config: Annotated[Path | None, typer.Option(help="Another file than ./harness.toml.")] = None,
) -> None:
    """Write a harness.toml with every key explained, and beside it the JSON Schema that editors help with.

    As written it fits the bundled reference. A file that is there already is left alone.
    """
    from harness.cli.names import interface_named
    from harness.cli.toml_file import chosen_path
    from harness.cli.toml_schema import toml_schema
    from harness.cli.toml_text import SCHEMA_NAME, toml_text, variable_of

    known, system = interface_named(interface)
    path = chosen_path(config, os.environ)
    schema = path.parent / SCHEMA_NAME
    _check_free(path, schema)
    _write(schema, json.dumps(toml_schema(), ensure_ascii=False, indent=1) + "\n")
    _write(path, toml_text(known, system))
    typer.echo(f"Wrote {path}, and {schema} for editors.\n")
    told = f" --config {path}" if config is not None else ""
    if known.subject == "client":
        typer.echo("As it is, it starts the bundled client. Try it:\n")
        typer.echo(f"  harness check{told}\n\nThen put your own command there. Where you start your client yourself:\n")
        typer.echo(f"  harness check {known.id} --attach{told}")
        return
    variable = variable_of(known)
    typer.echo("Next, for your own server: put its url there, then\n")
    typer.echo(f"  export {variable}=...    # the token that you would hand to {system.title}")
    typer.echo(f"  harness check{told}\n\nTo try it first on the bundled reference:\n")
    typer.echo(f"  export {variable}=try-it-out")
    typer.echo(f"  harness reference {system.name} --token-env {variable} &")
    typer.echo(f"  harness check{told}")


def _check_free(path: Path, schema: Path) -> None:
    """UsageError where writing would overwrite what somebody else wrote."""
    from harness.cli.toml_schema import ID

    if not path.parent.is_dir():
        raise UsageError(f"--config: there is no folder {str(path.parent)!r}; make it first")
    if path.exists():
        raise UsageError(f"{path} is there already and is left alone; move it away, or give another with --config FILE")
    if schema.exists() and f'"$id": "{ID}"' not in schema.read_text("utf-8", "replace"):
        raise UsageError(f"{schema} is there already and is not ours; move it away, or give another folder: --config")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); give another with --config FILE") from None
