"""Hooks of harness.toml: ``change = "POST http://localhost:8080/test/change"`` or ``change = ["./change.sh"]``."""

from collections.abc import Mapping

from harness.cli.plan import UsageError
from harness.cli.toml_file import TomlFile
from harness.model.spelling import did_you_mean

KNOWN = ("change",)
"""Hooks that some scenario of this version calls."""

METHODS = ("POST", "PUT")


def hooks(interface_id: str, file: TomlFile) -> Mapping[str, tuple[str, ...]]:
    """Name → command, or method and URL. UsageError where one is neither."""
    return {name: _hook(name, value, interface_id, file) for name, value in file.flat(interface_id, "hooks").items()}


def _hook(name: str, value: object, interface_id: str, file: TomlFile) -> tuple[str, ...]:
    where = f"{file.origin(interface_id, 'hooks', name)}, [{interface_id}.hooks] {name}"
    if name not in KNOWN:
        raise UsageError(f"{where}: no such hook{did_you_mean(name, KNOWN)}")
    if isinstance(value, list) and value and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    parts = value.split() if isinstance(value, str) else []
    if len(parts) == 2 and parts[0] in METHODS and parts[1].startswith(("http://", "https://")):
        return parts[0], parts[1]
    raise UsageError(f'{where}: write a command, ["./change.sh"], or a call, "POST http://localhost:8080/change"')


def is_call(hook: tuple[str, ...]) -> bool:
    """True for a method and a URL."""
    return len(hook) == 2 and hook[0] in METHODS and hook[1].startswith(("http://", "https://"))
