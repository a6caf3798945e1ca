"""How a client under test is had, of flags and harness.toml. Nothing is started here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.cli.client_way import ClientWay
from harness.cli.durations import seconds
from harness.cli.options import Flags
from harness.cli.own_names import env_of, render_of
from harness.cli.plan import Plan, UsageError
from harness.cli.ports import wanted_ports
from harness.cli.subject import checked_url
from harness.cli.subject_flags import OF_A_SERVER, OF_ANY_CLIENT, given_of
from harness.cli.toml_file import Given, Kind, TomlFile
from harness.model.spelling import did_you_mean
from harness.model.system import Interface, System

CLIENT_KEYS: Mapping[str, Kind] = {
    "command": "texts",
    "keep": "flag",
    "env": "table",
    "render": "table",
    "pull": "text",
    "quiet_s": "number",
    "limit_s": "number",
    "start_s": "number",
    "tls": "flag",
    "listen": "text",
    "public_url": "text",
}
"""The keys of an interface's table that say how a client is had."""


@dataclass(frozen=True)
class Asked:
    """What the user says of a client: flags, file, and where relative paths of flags are."""

    interface: Interface
    system: System
    flags: Flags
    file: TomlFile
    environment: Mapping[str, str]
    directory: Path


def is_configured(interface: Interface, file: TomlFile) -> bool:
    """True where the file names a client that can be started. One to attach to is waited for only where that is asked
    for by name."""
    return bool(file.value(interface.id, "command"))


def client_way(asked: Asked, pull_plan: Callable[[str, str | None], Plan]) -> tuple[ClientWay, dict[str, str]]:
    """How the user's client is had, and who said so; `pull_plan` makes the plan for an interface and the address of
    ``--pull-url``. UsageError where nobody says how."""
    flags, file, own = asked.flags, asked.file, asked.interface.id
    way, command, folder, origins = _way(asked)
    tls = flags.tls or file.value(own, "tls") is True
    patience = ClientWay.patience_s
    if flags.patience is not None:
        if way != "attach":
            raise UsageError("--for: is how long --attach waits; for a command that is start_s in harness.toml")
        patience = seconds(flags.patience, "--for")
    made = ClientWay(
        way,
        command,
        folder,
        quiet_s=_time(asked, "quiet_s", ClientWay.quiet_s),
        limit_s=_time(asked, "limit_s", ClientWay.limit_s),
        start_s=_time(asked, "start_s", ClientWay.start_s),
        patience_s=patience,
        passive=flags.passive,
        slow=flags.slow,
        env=env_of(asked.interface, asked.system, file, tls=tls),
        render=render_of(own, file),
        tls=tls,
        listen=_text(asked, "listen", flags.listen) or ClientWay.listen,
        public_url=_url(asked),
        ports=_ports(asked, way, tls=tls),
        pull=_pull(asked, pull_plan),
    )
    for key in (key for key in CLIENT_KEYS if file.value(own, key) is not None):
        origins.setdefault(key, file.origin(own, key))
    origins |= {name: flag for name, flag in given_of(flags, OF_ANY_CLIENT).items() if name in ("tls", "listen")}
    if made.quiet_s >= made.limit_s:
        raise UsageError(f"{file.where(own, 'quiet_s')}: so much quiet never comes within limit_s, {made.limit_s:g} s")
    return made, origins


def reference_way(flags: Flags) -> ClientWay:
    """How the bundled client is had: in this process."""
    return ClientWay("reference", passive=flags.passive, slow=flags.slow)


def pull_flags(flags: Flags) -> Flags:
    """What of the command line is about the client's own server, or about all."""
    kept = (*OF_A_SERVER, "settings", "confirm", "parties")
    return Flags(**{name: getattr(flags, name) for name in kept})


def _pull_interface(asked: Asked) -> str | None:
    """The interface by which the client's own server is read, or None where nobody says that it has one."""
    if asked.file.value(asked.interface.id, "pull") is not None and asked.flags.pull_url is None:
        return str(asked.file.value(asked.interface.id, "pull"))
    if asked.flags.pull_url is None:
        return None
    servers = _servers(asked)
    if not servers:
        raise UsageError(f"--pull-url: nothing is known by which a client of {asked.interface.id} could be read")
    return servers[0]


def _way(
    asked: Asked,
) -> tuple[Literal["command", "keep", "attach"], tuple[str, ...], Path, dict[str, str]]:
    flags, file, own = asked.flags, asked.file, asked.interface.id
    listed = tuple(one.text for one in file.several(own, "command", asked.environment))
    if file.value(own, "command") is not None and not (listed and listed[0].strip()):
        raise UsageError(f'{file.where(own, "command")}: is empty; write the program and its arguments: ["./pusher"]')
    if flags.attach and (flags.command or flags.keep):
        other = "-- COMMAND" if flags.command else "--keep"
        raise UsageError(f"--attach: you start the client yourself; leave out {other}, or --attach")
    if flags.command:
        if not flags.command[0].strip():
            raise UsageError("-- COMMAND: is empty; give the program and its arguments")
        return "keep" if flags.keep else "command", flags.command, asked.directory, {"command": "command line"}
    kept = flags.keep or file.value(own, "keep") is True
    if listed and not flags.attach:
        return "keep" if kept else "command", listed, file.folder, {"command": file.origin(own, "command")}
    if kept and not flags.attach:
        where = "--keep" if flags.keep else file.where(own, "keep")
        raise UsageError(f"{where}: there is no command to keep; give it after --: … --keep -- ./pusher")
    if flags.attach or own in file.data:
        return "attach", (), asked.directory, {"attach": "--attach" if flags.attach else file.origin(own)}
    raise UsageError(
        f"{own}: there is no client to check; give -- COMMAND (started for each situation), --keep -- COMMAND (started "
        f"once), --attach (you start it), command in [{own}] of harness.toml, or --reference for the bundled one"
    )


def _text(asked: Asked, key: str, flag: str | None) -> str | None:
    if flag is not None:
        return flag
    given = asked.file.given(asked.interface.id, key, asked.environment)
    return given.text if given is not None else None


def _url(asked: Asked) -> str | None:
    text = _text(asked, "public_url", asked.flags.public_url)
    if text is None:
        return None
    where = "--public-url" if asked.flags.public_url else asked.file.where(asked.interface.id, "public_url")
    return checked_url(Given(text, text, where, where)).rstrip("/")


def _ports(asked: Asked, way: str, *, tls: bool) -> tuple[str, ...]:
    """Checked here, as they were written; with ``--attach`` they stay from run to run, else free ones are taken."""
    wanted_ports(asked.flags.ports, (asked.system,), tls=tls)
    return asked.flags.ports or (() if way == "attach" else (f"{asked.system.name}=0", "control=0"))


def _time(asked: Asked, key: str, usual: float) -> float:
    value = asked.file.value(asked.interface.id, key)
    if value is None:
        return usual
    number = float(value) if isinstance(value, (int, float)) else 0.0
    if not 0 < number < float("inf"):
        raise UsageError(f"{asked.file.where(asked.interface.id, key)}: give seconds, more than 0")
    return number


def _servers(asked: Asked) -> list[str]:
    """The interfaces of the same system whose subject is a server."""
    return [one.id for one in asked.system.interfaces if one.subject == "server"]


def _pull(asked: Asked, pull_plan: Callable[[str, str | None], Plan]) -> Plan | None:
    name = _pull_interface(asked)
    if name is None:
        return None
    if name not in _servers(asked):
        where = asked.file.where(asked.interface.id, "pull")
        raise UsageError(f"{where}: {name!r} is no table of a server to read{did_you_mean(name, _servers(asked))}")
    return pull_plan(name, asked.flags.pull_url)
