"""Names of things that a user types, and what was probably meant."""

from harness.cli.plan import UsageError
from harness.collect import interfaces, suite, systems
from harness.model.requirement import Requirement
from harness.model.spelling import did_you_mean, nearest
from harness.model.system import Interface, System

_NEAR = 0.8
"""Names of interfaces are alike (ndw-pull, ndw-push): only a slip of the finger is taken for another one."""


def interface_named(name: str) -> tuple[Interface, System]:
    """The interface of this name, and its system; UsageError lists those that there are."""
    known = interfaces()
    if name in known:
        system, interface = known[name]
        return interface, system
    of_system = [interface.id for system, interface in known.values() if system.name == name.lower()]
    if of_system:
        raise UsageError(f"INTERFACE: {name!r} is a system; give an interface of it: {', '.join(of_system)}")
    listed = f"known: {', '.join(sorted(known))}"
    suggestion = did_you_mean(name, known) if nearest(name, known, _NEAR) else ""
    raise UsageError(f"INTERFACE: unknown interface {name!r}{suggestion}{' ' if suggestion else '; '}{listed}")


def reference_of(name: str) -> Interface:
    """The interface whose subject the bundled reference of this system is."""
    known = {system.name: system for system in systems()}
    if name not in known:
        raise UsageError(f"SYSTEM: unknown system {name!r}{did_you_mean(name, known)}")
    return known[name].interfaces[0]


def requirement_named(name: str) -> tuple[str, Requirement]:
    """The interface and the requirement of this id; a former id, or an id without its chapter, does as well."""
    known: dict[str, tuple[str, Requirement]] = {}
    for interface in interfaces():
        for one in suite(interface).requirements:
            for spelling in (one.id, *one.formerly, one.id.partition("/")[2]):
                known.setdefault(spelling, (interface, one))
    if name not in known:
        ids = [one.id for _, one in known.values()]
        raise UsageError(f"REQUIREMENT: unknown requirement {name!r}{_hint(name, list(known), ids)}")
    return known[name]


def _hint(name: str, spellings: list[str], ids: list[str]) -> str:
    near = nearest(name, spellings)
    if near is None:
        return "; see: harness list requirements"
    whole = next((one for one in ids if one == near or one.endswith("/" + near)), near)
    return f"; did you mean {whole!r}?"
