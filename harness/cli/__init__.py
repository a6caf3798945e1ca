"""The command line: parsing and wiring only, one file per command."""

import sys
import traceback

import typer

from harness import __version__
from harness.cli import (
    ca,
    check,
    demo,
    diff,
    doctor,
    env,
    explain,
    generate,
    init,
    listing,
    reference,
    report,
    serve,
    validate,
)
from harness.cli.options import WithCommand
from harness.cli.plan import UsageError

USAGE, OURS = 2, 4

app = typer.Typer(
    name="harness",
    help="Mock and conformance test harness for Dutch and Belgian energy APIs.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)
app.command("check", cls=WithCommand)(check.command)
app.command("demo")(demo.command)
app.command("doctor", cls=WithCommand)(doctor.command)
app.command("serve")(serve.command)
app.command("env")(env.command)
app.command("reference")(reference.command)
app.command("generate")(generate.command)
app.command("list")(listing.command)
app.command("explain")(explain.command)
app.command("validate")(validate.command)
app.command("report")(report.command)
app.command("diff")(diff.command)
app.command("init")(init.command)
app.add_typer(ca.app, name="ca")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"energy-harness {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Test your side of an energy API as its counterparty would, clause by clause."""


def main() -> None:
    """Run the command line. Wrong usage is one line and exit code 2; a crash of ours is exit code 4."""
    try:
        app()
    except UsageError as error:
        print(f"harness: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(USAGE)
    except Exception:  # noqa: BLE001 - whatever it is, it is ours and must not look like a verdict
        traceback.print_exc()
        print("harness: this is a fault of the harness, not of your system; please report it", file=sys.stderr)  # noqa: T201
        sys.exit(OURS)
