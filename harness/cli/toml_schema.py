"""The JSON Schema of harness.toml, for editors: made of what the file's reader accepts."""

from collections.abc import Iterable
from typing import Any

from harness.cli.hook_settings import KNOWN as HOOKS
from harness.cli.hook_settings import METHODS
from harness.cli.own_names import names_given
from harness.cli.settings import tables
from harness.cli.toml_file import VARIABLE, WAIVERS, Kind
from harness.cli.toml_keys import SYSTEM_KEYS, key_of
from harness.cli.waivers import KEYS as WAIVER_KEYS
from harness.cli.waivers import NEEDED
from harness.collect import interfaces, suite, systems
from harness.model.requirement import Requirement
from harness.model.settings import Setting, Value
from harness.model.system import Interface, System

ID = "harness-toml/1"

_ONLY_A_VARIABLE = {"type": "string", "pattern": f"^{VARIABLE}$"}
_SHAPES: dict[str, dict[str, Any]] = {
    "token": _ONLY_A_VARIABLE,
    "client_secret": _ONLY_A_VARIABLE,
    "headers": {"type": "object", "additionalProperties": _ONLY_A_VARIABLE},
    "parties": {"type": "array", "items": {"type": "string", "pattern": r"^[A-Za-z]{2}/[A-Za-z0-9]{3}$|\$\{"}},
    "rate": {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*/\s*(s|min)\s*$|\$\{"},
    "command": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "render": {"type": "object", "additionalProperties": {"type": "string", "pattern": r"\S"}},
}
"""Keys of which more is known than their kind."""

_KINDS: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "table": {"type": "object"},
    "flag": {"type": "boolean"},
    "number": {"type": "number", "exclusiveMinimum": 0},
}
_HOOK = {
    "anyOf": [
        {"type": "string", "pattern": rf"^\s*({'|'.join(METHODS)})\s+https?://\S+\s*$"},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
    ]
}
_GLOB = {"type": "string", "minLength": 1}
_DAY = {"format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$", "not": {"type": ["number", "boolean", "array", "object"]}}
"""A date of TOML, or a text; JSON Schema has no type for the former, so it is told by what it is not."""
_KEYWORD = {
    "type": "string",
    "anyOf": [{"enum": ["MUST", "SHOULD", "MAY", "off"]}, {"pattern": "^[Oo][Ff][Ff]$"}],
}


def toml_schema() -> dict[str, Any]:
    """The schema. Whatever the reader takes, it takes; of what the reader refuses, all that a shape can tell."""
    found: dict[str, dict[str, Any]] = {name: {} for name in tables()}
    for system in systems():
        found[system.name] |= {key: _expected(system, key) for key in tables()[system.name] if key in SYSTEM_KEYS}
    for interface in (one for _system, one in interfaces().values() if one.id in found):
        keys = {key: kind for key, kind in tables()[interface.id].items() if key not in SYSTEM_KEYS}
        found[interface.id] |= {key: _of_subject(interface, key, kind) for key, kind in keys.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "harness.toml",
        **_closed({**{name: _closed(properties) for name, properties in found.items()}, WAIVERS: _waivers()}),
        "$defs": {"keyword": _KEYWORD},
    }


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _of_subject(interface: Interface, name: str, kind: Kind) -> dict[str, Any]:
    key = key_of(interface, name)
    shape = _own_shape(interface, name) or _SHAPES.get(name, _KINDS[kind])
    return {"description": f"{key.meaning} Default: {key.default}.", **shape}


def _own_shape(interface: Interface, name: str) -> dict[str, Any] | None:
    """The shape of a key that depends on the interface."""
    if name == "hooks":
        return _closed(dict.fromkeys(HOOKS[interface.subject], _HOOK))
    if name == "pull":
        beside = (one for system, one in interfaces().values() if interface in system.interfaces)
        return {"enum": [one.id for one in beside if one.subject == "server"]}
    if name == "env":
        system = next(system for system, one in interfaces().values() if one is interface)
        known = "|".join(names_given(interface, system, tls=True))
        ours = {"type": "string", "pattern": rf"^([^$]|\$(?!\{{)|\$\{{({known})\}})*$"}
        return {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
            "additionalProperties": ours,
        }
    return None


def _expected(system: System, key: str) -> dict[str, Any]:
    settings = {setting.name: setting for interface in system.interfaces for setting in interface.settings}
    if key == "settings":
        shape = _closed(_dotted({name: _setting(one) for name, one in settings.items()}))
    elif key == "confirmed":
        source = {"type": "string", "pattern": r"\S"}
        open_ones = {name: one for name, one in settings.items() if one.assumed}
        shape = _closed(_dotted({name: {"description": one.question, **source} for name, one in open_ones.items()}))
    else:
        shape = _closed(_keywords(one for interface in system.interfaces for one in suite(interface.id).requirements))
    return {"description": SYSTEM_KEYS[key], **shape}


def _waivers() -> dict[str, Any]:
    chosen = [one for interface in interfaces() for one in suite(interface).requirements]
    names = {name for _system, one in interfaces().values() for name in one.objects.known_as}
    text = {"type": "string", "pattern": r"\S"}
    shapes: dict[str, dict[str, Any]] = {
        "requirement": {"enum": sorted({name for one in chosen for name in (one.id, *one.formerly)})},
        "party": {"type": "string", "pattern": "^[A-Za-z]{2}/[A-Za-z0-9]{3}$"},
        "object": {"oneOf": [text, {**_closed(dict.fromkeys(sorted(names), _GLOB)), "minProperties": 1}]},
        "until": _DAY,
    }
    properties = {key: {"description": meaning, **shapes.get(key, text)} for key, meaning in WAIVER_KEYS.items()}
    return {"type": "array", "items": {**_closed(properties), "required": list(NEEDED)}}


def _keywords(requirements: Iterable[Requirement]) -> dict[str, Any]:
    keyword = {"$ref": "#/$defs/keyword"}
    found: dict[str, Any] = {}
    for one in requirements:
        found[one.id] = {"description": one.title, **keyword}
        found |= {old: {"description": f"Now {one.id}.", "deprecated": True, **keyword} for old in one.formerly}
    return found


def _dotted(leaves: dict[str, Any]) -> dict[str, Any]:
    """Every leaf under its name in quotes, and under the same without them: ``a.b = 1`` is a table in TOML."""
    found: dict[str, Any] = dict(leaves)
    for name, leaf in leaves.items():
        *above, last = name.split(".")
        inner = found
        for key in above:
            inner = inner.setdefault(key, _closed({}))["properties"]
        inner[last] = leaf
    return found


def _setting(setting: Setting) -> dict[str, Any]:
    """What `Setting.read` takes: a value, or the text that the command line would give for it."""
    told = {"description": setting.question, "default": setting.default}
    if setting.alternatives:
        values = (setting.default, *setting.alternatives)
        return {**told, "enum": [*values, *(_text(value) for value in values if not isinstance(value, str))]}
    if setting.or_number:
        return {**told, "anyOf": [{"const": setting.default}, *_ANY[int]]}
    return {**told, "anyOf": _ANY[type(setting.default)]}


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_ANY: dict[type, list[dict[str, Any]]] = {
    bool: [{"enum": [True, False, "true", "false"]}],
    int: [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^0*[1-9][0-9]*$"}],
    float: [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^\s*\+?[0-9.]"}],
    str: [{"type": "string"}],
}
