"""The options of ``harness check``, each said once: what the command line gives, and how it is asked for."""

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperCommand

_Option = typer.Option
_Many = tuple[str, ...]


@dataclass(frozen=True)
class Flags:
    """What the command line gave; None or empty where it gave nothing. `settings` are ``NAME=VALUE``; `confirm`
    holds names of settings, or ``all``; `header_env` holds ``NAME=VARIABLE``; `command` is what stands after ``--``."""

    url: Annotated[str | None, _Option(help="The subject's address, above /locations.")] = None
    token_env: Annotated[str | None, _Option(help="Name of the environment variable with the token.")] = None
    client_id: Annotated[str | None, _Option(help="OAuth2 client id, where the subject gives access that way.")] = None
    client_secret_env: Annotated[str | None, _Option(help="Environment variable with the client's secret.")] = None
    token_url: Annotated[str | None, _Option(help="The token endpoint that this client asks for tokens.")] = None
    parties: Annotated[_Many, _Option("--party", help="A party expected in the data, e.g. NL/ABC.")] = ()
    settings: Annotated[_Many, _Option("--set", help="NAME=VALUE of a setting.")] = ()
    confirm: Annotated[_Many, _Option(help="A setting that the party confirmed, or all.")] = ()
    openapi: Annotated[Path | None, _Option(help="The party's own OpenAPI document: one more judge.")] = None
    pull_url: Annotated[str | None, _Option(help="Of a client: its own server, where what it holds is read.")] = None
    command: _Many = ()
    keep: Annotated[bool, _Option("--keep", help="Start COMMAND once and keep it over all situations.")] = False
    attach: Annotated[bool, _Option("--attach", help="You start the client; its settings are printed.")] = False
    patience: Annotated[str | None, _Option("--for", help="How long --attach waits for a call: 90s, 10m, 2h.")] = None
    passive: Annotated[bool, _Option("--passive", help="Do nothing wrong to a client on purpose.")] = False
    slow: Annotated[bool, _Option("--slow", help="Play the situations that take long, too.")] = False
    tls: Annotated[bool, _Option("--tls", help="Let a client reach us over TLS, by a CA of our own.")] = False
    listen: Annotated[str | None, _Option(help="Address to listen on for a client; 127.0.0.1 by default.")] = None
    public_url: Annotated[str | None, _Option(help="What URLs begin with that a client is given.")] = None
    ports: Annotated[_Many, _Option("--port", help="SYSTEM=N to listen on for a client; 0 takes a free one.")] = ()
    chair: Annotated[str | None, _Option("--as", help="client or server: the HTTP role of the subject.")] = None
    allow_writes: Annotated[bool, _Option("--allow-writes", help="Your server may be written to.")] = False
    name: Annotated[str | None, _Option(help="The subject's name in the report.")] = None
    subject_version: Annotated[str | None, _Option(help="The subject's version in the report.")] = None
    ca_file: Annotated[Path | None, _Option(help="PEM file of a CA to trust besides the machine's own.")] = None
    client_cert: Annotated[Path | None, _Option(help="PEM file of the client certificate to show.")] = None
    client_key: Annotated[Path | None, _Option(help="PEM file of its key, where it lies apart.")] = None
    insecure: Annotated[bool, _Option("--insecure", help="Take any certificate: for a test set-up only.")] = False
    connect_to: Annotated[str | None, _Option(help="HOST:PORT to connect to instead of the URL's.")] = None
    proxy: Annotated[str | None, _Option(help="URL of a proxy, or none; otherwise as the environment says.")] = None
    header_env: Annotated[_Many, _Option(help="NAME=V: one more request header, its value in variable V.")] = ()
    rate: Annotated[str | None, _Option(help="At most so many requests: N/s or N/min; 10/s off loopback.")] = None
    max_requests: Annotated[int | None, _Option(help="Stop asking after so many requests.")] = None
    only: Annotated[_Many, _Option(help="GLOB of requirement, chapter, scenario or situation: judge this alone.")] = ()
    skip: Annotated[_Many, _Option(help="GLOB of what to leave out; wins over --only.")] = ()
    again: Annotated[Path | None, _Option(help="Run to repeat: what failed or was untested there.")] = None
    previous: Annotated[_Many, _Option(help="FILE (or KIND=FILE): an earlier state of a list, to compare with.")] = ()
    jobs: Annotated[int | None, _Option(min=1, help="Processes that judge side by side; one per core by default.")] = (
        None
    )
    reference: Annotated[bool, _Option("--reference", help="Judge the bundled reference: a self-check.")] = False
    faults: Annotated[_Many, _Option("--fault", help="OPERATION:EDIT(ARGS) on the reference.")] = ()
    dry_run: Annotated[bool, _Option("--dry-run", help="Say what would be asked, and send nothing.")] = False
    baseline: Annotated[Path | None, _Option(help="Run whose failures are known.")] = None
    fail_on: Annotated[str | None, _Option(help="With --baseline: new (as usual; known ones do not count) or all.")] = (
        None
    )
    strict: Annotated[
        bool, _Option("--strict", help="A failed SHOULD, an untested MUST or a stale waiver counts too.")
    ] = False
    seed: Annotated[int | None, _Option(help="Repeat the choices of an earlier run.")] = None
    now: Annotated[str | None, _Option(help="Story time, e.g. 2026-06-01T08:00:00Z.")] = None
    out: Annotated[Path | None, _Option(help="Run folder; reports/runs/<time>-<interface> by default.")] = None
    config: Annotated[Path | None, _Option(help="Another file than ./harness.toml.")] = None


INTERFACE = typer.Argument(help="ndw-pull or ndw-push; without it, all that harness.toml names.")
_OF_FILES = ("previous", "jobs")


class WithCommand(TyperCommand):
    """A command of ours that takes one of the user's after ``--``, as `command`; nothing of that is read as ours."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Our own part; the user's goes past it as it is."""
        at = args.index("--") if "--" in args else len(args)
        rest = super().parse_args(ctx, args[:at])
        ctx.obj = {"command": tuple(args[at + 1 :])}
        return rest

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The usage line, with that part."""
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND ...]"]


def takes_flags(
    command: Callable[[Any, Flags], None],
    names: Collection[str] | None = None,
    *,
    several: bool = False,
    argument: Any = INTERFACE,
) -> Callable[..., None]:
    """A command for typer: an optional `argument` (its text or None; with `several`, any number, as a tuple), and the
    options of `Flags` of these names, or all those of a check."""
    left_out = _OF_FILES if names is None else [one.name for one in fields(Flags) if one.name not in names]
    return takes(Flags, command, left_out, several=several, argument=argument)


def takes(
    options: type[Any],
    command: Callable[[Any, Any], None],
    left_out: Collection[str] = (),
    *,
    several: bool,
    argument: Any,
) -> Callable[..., None]:
    """The same with the options of any such class, but for those that are left out."""
    hints = get_type_hints(options, include_extras=True)
    many = {name for name, hint in hints.items() if get_args(hint)[0] == _Many}

    def called(ctx: typer.Context, **given: Any) -> None:
        given |= ctx.obj or {}
        named = tuple(given.pop("interface") or ()) if several else given.pop("interface")
        command(named, options(**{name: tuple(one or ()) if name in many else one for name, one in given.items()}))

    def parameter(name: str, default: Any) -> inspect.Parameter:
        hint = hints[name]
        if name in many:
            hint, default = Annotated[list[str] | None, *get_args(hint)[1:]], None
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)

    called.__doc__ = command.__doc__
    kind = Annotated[list[str] | None, argument] if several else Annotated[str | None, argument]
    first = inspect.Parameter("interface", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
    asked = [one for one in fields(options) if one.name not in left_out and get_origin(hints[one.name]) is Annotated]
    chosen = [parameter(one.name, one.default) for one in asked]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    called.__signature__ = inspect.Signature([context, first, *chosen])  # type: ignore[attr-defined]
    return called
