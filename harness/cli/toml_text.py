"""The text of a harness.toml to start from: what is needed in force, all else behind a #, every key explained."""

import json
import textwrap
from collections.abc import Iterator

from harness.cli.settings import tables
from harness.cli.subject import usual_variable
from harness.cli.toml_file import WAIVERS
from harness.cli.toml_keys import SYSTEM_KEYS, key_of
from harness.cli.waivers import KEYS as WAIVER_KEYS
from harness.cli.waivers import NEEDED
from harness.collect import suite
from harness.model.settings import Setting
from harness.model.system import Interface, System

SCHEMA_NAME = "harness.schema.json"
_WIDTH = 100
_WAIVERS = (
    "A failure that somebody answers for until a day: shown as waived everywhere, and no reason for exit code 1. Write "
    "[[waivers]] once for each. In a glob * stays within one step of a path, ** does not."
)
_EXAMPLES = {
    "party": "NL/ABC",
    "object": "LOC-0417/*",
    "where": "/capabilities/*",
    "reason": "the gateway strips it",
    "owner": "ops",
    "ticket": "OPS-12",
    "until": "2027-03-01",
}
_LOCAL_PORT = 8080
"""Of a system whose listeners have no port of their own."""


def variable_of(interface: Interface) -> str:
    """The environment variable in which the file looks for the token."""
    return usual_variable(interface, "token")


def toml_text(interface: Interface, system: System) -> str:
    """The whole file. As it is, it fits the bundled reference at its usual address."""
    blocks = [*_head(interface), *_subject(interface, system), *_expected(interface, system)]
    return "\n\n".join(blocks) + "\n"


def _head(interface: Interface) -> Iterator[str]:
    yield "\n".join(
        (
            f"#:schema ./{SCHEMA_NAME}",
            *_prose(
                f"What harness check and harness doctor go by in this folder. harness init {interface.id} made it."
            ),
            *_prose("What stands behind a # is not in force: it shows a default, or an example where there is none."),
            *_prose('Options win over this file. No secret stands in it: "${NAME}" takes environment variable NAME.'),
        )
    )


def _subject(interface: Interface, system: System) -> Iterator[str]:
    in_force = {
        "url": f'"{_origin(system)}{interface.reference.base_path}"',
        "token": f'"${{{variable_of(interface)}}}"',
        "command": json.dumps(list(interface.reference.command)),
    }
    yield "\n".join((f"[{interface.id}]", *_prose(f"Your system, the {interface.subject}: {interface.title}.")))
    for name in tables()[interface.id]:
        if name in SYSTEM_KEYS:
            continue
        key = key_of(interface, name)
        here = {"url": f"Here: where harness reference {system.name} serves.", "command": "Here: the bundled one."}
        told = here.get(name, f"Default: {key.default}.")
        value = f"{name} = {in_force[name]}" if name in in_force else f"# {name} = {key.example}"
        yield "\n".join((*_prose(f"{key.meaning} {told}"), value))


def _origin(system: System) -> str:
    """Where the bundled reference listens by default."""
    return f"http://127.0.0.1:{system.port or _LOCAL_PORT}"


def _expected(interface: Interface, system: System) -> Iterator[str]:
    assumed = [setting for setting in interface.settings if setting.assumed]
    yield "\n".join((f"[{system.name}.settings]", *_prose(SYSTEM_KEYS["settings"])))
    for one in interface.settings:
        yield "\n".join((*_prose(_question(one, system)), f'# "{one.name}" = {_value(one)}'))
    yield "\n".join((f"[{system.name}.confirmed]", *_prose(SYSTEM_KEYS["confirmed"])))
    if assumed:
        yield f'# "{assumed[0].name}" = "mail of {system.title}, 2026-11-18"'
    yield "\n".join((f"[{system.name}.keywords]", *_prose(SYSTEM_KEYS["keywords"])))
    yield f'# "{suite(interface.id).requirements[0].id}" = "SHOULD"'
    yield "\n".join((*_prose(_WAIVERS), f"# [[{WAIVERS}]]"))
    examples = {"requirement": suite(interface.id).requirements[0].id, **_EXAMPLES}
    for key, meaning in WAIVER_KEYS.items():
        needed = "Needed." if key in NEEDED else "May be left out."
        value = examples[key] if key == "until" else f'"{examples[key]}"'
        yield "\n".join((*_prose(f"{meaning} {needed}"), f"# {key} = {value}"))


def _question(setting: Setting, system: System) -> str:
    possible = setting.possible()
    values = f"{possible[:1].upper()}{possible[1:]}."
    asked = f" Assumed until {system.title} answers: " if setting.assumed else " "
    return values + asked + setting.question


def _value(setting: Setting) -> str:
    default = setting.default
    if isinstance(default, str):
        return f'"{default}"'
    return str(default).lower() if isinstance(default, bool) else str(default)


def _prose(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
