"""``harness env``: the settings that a client needs to reach a mock that is running."""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from harness.cli.plan import UsageError

CONTROL = "http://127.0.0.1:7400"


_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=~-]*")


def _dotenv(text: str) -> str:
    """As readers of .env files understand it: bare where that is safe, since docker takes quotes for a part of it."""
    if _PLAIN.fullmatch(text):
        return text
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def _property(text: str) -> str:
    """As java.util.Properties reads it, of any version: beyond ASCII as UTF-16 in hexadecimal."""
    units = text.encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2)]
    return "".join(
        f"\\{chr(code)}" if chr(code) in "\\:=#! " else chr(code) if 32 < code < 127 else f"\\u{code:04x}"
        for code in codes
    )


_FORMATS: Mapping[str, Callable[[str, str], str]] = {
    "sh": lambda name, value: f"export {name}={shlex.quote(value)}",
    "dotenv": lambda name, value: f"{name}={_dotenv(value)}",
    "properties": lambda name, value: f"{name}={_property(value)}",
    "powershell": lambda name, value: "$env:{} = '{}'".format(name, value.replace("'", "''")),
}


def command(
    system: Annotated[str, typer.Argument(help="ndw")],
    format_: Annotated[str, typer.Option("--format", help="sh, dotenv, properties, powershell or json.")] = "sh",
    session: Annotated[str, typer.Option(help="Session of the mock.")] = "default",
    control: Annotated[str, typer.Option(help="Where its control listener is.")] = CONTROL,
) -> None:
    """Print the settings for a client of a running mock, such as: eval "$(harness env ndw)"."""
    from harness.cli.mocks import mocked_systems

    if format_ not in (*_FORMATS, "json"):
        raise UsageError(f"--format: {format_!r} is none of {', '.join([*_FORMATS, 'json'])}")
    chosen = mocked_systems([system])[0].name
    settings = _of_system(_settings(control.rstrip("/"), session), chosen)
    if not settings:
        raise UsageError(f"SYSTEM: the mock at {control} does not serve {chosen}; start: harness serve {chosen}")
    if format_ == "json":
        typer.echo(json.dumps(settings, indent=1))
        return
    for name, value in settings.items():
        typer.echo(_FORMATS[format_](name, value))


def _of_system(settings: Mapping[str, str], system: str) -> dict[str, str]:
    """Those of one system, and those that are everybody's."""
    everybodys = ("HARNESS_", "SSL_", "NODE_")
    return {name: value for name, value in settings.items() if name.startswith((f"{system.upper()}_", *everybodys))}


def _settings(control: str, session: str) -> dict[str, str]:
    from harness.cli.control_client import asked

    sessions: list[dict[str, Any]] = asked(control, "/sessions")["sessions"]
    known = {str(one["id"]): one["env"] for one in sessions}
    if session not in known:
        raise UsageError(f"--session: the mock has no session {session!r}; it has {', '.join(known)}")
    env: dict[str, str] = known[session]
    return env
