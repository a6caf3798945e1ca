"""Hooks of harness.toml: ``change = "POST http://localhost:8080/test/change"`` or ``change = ["./change.sh"]``."""

from collections.abc import Mapping

from harness.cli.plan import UsageError
from harness.cli.toml_file import TomlFile
from harness.model.spelling import did_you_mean
from harness.model.system import Interface

KNOWN = {"server": ("change",), "client": ("change", "restart", "export")}
"""The hooks that this version calls, by the chair of the subject."""

METHODS = ("POST", "PUT")


def hooks(interface: Interface, file: TomlFile) -> Mapping[str, tuple[str, ...]]:
    """Name → command, or method and URL. UsageError where one is neither."""
    given = file.flat(interface.id, "hooks")
    return {name: _hook(name, value, interface, file) for name, value in given.items()}


def _hook(name: str, value: object, interface: Interface, file: TomlFile) -> tuple[str, ...]:
    where = f"{file.origin(interface.id, 'hooks', name)}, [{interface.id}.hooks] {name}"
    if name not in KNOWN[interface.subject]:
        raise UsageError(f"{where}: no such hook{did_you_mean(name, KNOWN[interface.subject])}")
    if isinstance(value, list) and value and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    parts = value.split() if isinstance(value, str) else []
    if len(parts) == 2 and parts[0] in METHODS and parts[1].startswith(("http://", "https://")):
        return parts[0], parts[1]
    raise UsageError(f'{where}: write a command, ["./change.sh"], or a call, "POST http://localhost:8080/change"')


def is_call(hook: tuple[str, ...]) -> bool:
    """True for a method and a URL."""
    return len(hook) == 2 and hook[0] in METHODS and hook[1].startswith(("http://", "https://"))
