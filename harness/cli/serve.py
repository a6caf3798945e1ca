"""``harness serve``: mock servers for local development, until Ctrl-C."""

import os
from pathlib import Path
from typing import Annotated

import typer

_Option = typer.Option


def command(
    systems: Annotated[list[str] | None, typer.Argument(metavar="[SYSTEM]...", help="All of them by default.")] = None,
    port: Annotated[
        list[str] | None, _Option(help="SYSTEM=N, or control=N; 0 takes a free one. With one SYSTEM, N alone.")
    ] = None,
    listen: Annotated[
        str, _Option(help="Address to listen on; only this machine reaches it by default.")
    ] = "127.0.0.1",
    public_url: Annotated[str | None, _Option(help="What URLs begin with that clients are given.")] = None,
    tls: Annotated[bool, _Option("--tls", help="The same over TLS, 40 ports further on, by a CA of our own.")] = False,
    store: Annotated[Path | None, _Option(help="SQLite file that keeps the state; in memory without it.")] = None,
    data: Annotated[Path | None, _Option(help="Folder with a world of your own, a file per table.")] = None,
    write_data: Annotated[Path | None, _Option(help="Write the present world into this folder, and end.")] = None,
    fault: Annotated[list[str] | None, _Option(help="OPERATION:EDIT(ARGS)[:times=N][:after=N]")] = None,
    set_: Annotated[list[str] | None, _Option("--set", help="NAME=VALUE of a setting.")] = None,
    seed: Annotated[int, _Option(help="Seed of its world and of chance.")] = 1,
    now: Annotated[str | None, _Option(help="Story time to begin with, e.g. 2026-06-01T08:00:00Z.")] = None,
    pull_url: Annotated[str | None, _Option(help="Your server, to be pulled daily, or now by an action.")] = None,
    token_env: Annotated[str | None, _Option(help="Variable with the token for --pull-url.")] = None,
    format_: Annotated[str, _Option("--format", help="text, or json: one line once all listen.")] = "text",
    ready_file: Annotated[Path | None, _Option(help="Write that line into this file.")] = None,
    out: Annotated[Path | None, _Option(help="Folder of the report on Ctrl-C.")] = None,
    config: Annotated[Path | None, _Option(help="Another file than ./harness.toml.")] = None,
) -> None:
    """Play the counterparty: mock servers that refuse what it would refuse, and say why.

    On Ctrl-C the report on what your client sent is written.
    """
    from harness.cli.plan import UsageError
    from harness.cli.serving import Wanted, serve

    if format_ not in ("text", "json"):
        raise UsageError(f"--format: {format_!r} is none of text, json")
    serve(
        Wanted(
            systems=tuple(systems or ()),
            ports=tuple(port or ()),
            listen=listen,
            public_url=public_url,
            tls=tls,
            store=store,
            data=data,
            write_data=write_data,
            faults=tuple(fault or ()),
            settings=tuple(set_ or ()),
            seed=seed,
            now=now,
            pull_url=pull_url,
            token_env=token_env,
            as_json=format_ == "json",
            ready_file=ready_file,
            out=out,
            config=config,
        ),
        os.environ,
        Path.cwd(),
    )
