"""``harness serve``: mock servers for local development, until Ctrl-C."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import takes

_Option = typer.Option
_Many = tuple[str, ...]
FORMATS = ("text", "json")


@dataclass(frozen=True)
class Wanted:
    """What the command line wants served, and how."""

    ports: Annotated[
        _Many, _Option("--port", help="SYSTEM=N, or control=N; 0 takes a free one. With one SYSTEM, N alone.")
    ] = ()
    listen: Annotated[str, _Option(help="Address to listen on; only this machine reaches the usual one.")] = "127.0.0.1"
    public_url: Annotated[str | None, _Option(help="What URLs begin with that clients are given.")] = None
    tls: Annotated[bool, _Option("--tls", help="The same over TLS, 40 ports further on, by a CA of our own.")] = False
    store: Annotated[Path | None, _Option(help="SQLite file that keeps the state; in memory without it.")] = None
    data: Annotated[Path | None, _Option(help="Folder with a world of your own, a file per table.")] = None
    write_data: Annotated[Path | None, _Option(help="Write the present world into this folder, and end.")] = None
    faults: Annotated[_Many, _Option("--fault", help="OPERATION:EDIT(ARGS)[:times=N][:after=N]")] = ()
    settings: Annotated[_Many, _Option("--set", help="NAME=VALUE of a setting.")] = ()
    seed: Annotated[int, _Option(help="Seed of its world and of chance.")] = 1
    now: Annotated[str | None, _Option(help="Story time to begin with, e.g. 2026-06-01T08:00:00Z.")] = None
    pull_url: Annotated[str | None, _Option(help="Your server, to be pulled daily, or now by an action.")] = None
    token_env: Annotated[str | None, _Option(help="Variable with the token for --pull-url.")] = None
    format: Annotated[str, _Option(help="text, or json: one line once all listen.")] = "text"
    ready_file: Annotated[Path | None, _Option(help="Write that line into this file.")] = None
    out: Annotated[Path | None, _Option(help="Folder of the report on Ctrl-C.")] = None
    config: Annotated[Path | None, _Option(help="Another file than ./harness.toml.")] = None


def _serve(systems: tuple[str, ...], wanted: Wanted) -> None:
    """Play the counterparty: mock servers that refuse what it would refuse, and say why.

    On Ctrl-C the report on what your client sent is written.
    """
    from harness.cli.plan import UsageError
    from harness.cli.serving import serve

    if wanted.format not in FORMATS:
        raise UsageError(f"--format: {wanted.format!r} is none of {', '.join(FORMATS)}")
    serve(systems, wanted, os.environ, Path.cwd())


command = takes(
    Wanted, _serve, several=True, argument=typer.Argument(metavar="[SYSTEM]...", help="All of them by default.")
)
