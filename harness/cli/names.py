"""Names that a user types, and what was probably meant."""

import difflib
from collections.abc import Iterable

from harness.cli.plan import UsageError
from harness.collect import interfaces, suite, systems
from harness.model.requirement import Requirement


def suggestion(name: str, known: Iterable[str]) -> str:
    """``; did you mean X?`` where something known looks like it, else nothing."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def known_interface(name: str) -> str:
    """The interface of this name; UsageError lists those that there are."""
    known = list(interfaces())
    if name not in known:
        raise UsageError(f"no interface {name}: there is {', '.join(known)}{suggestion(name, known)}")
    return name


def interface_of_system(name: str) -> str:
    """The interface whose subject the system's bundled reference is."""
    known = {system.name: system for system in systems()}
    if name not in known:
        raise UsageError(f"no system {name}: there is {', '.join(known)}{suggestion(name, known)}")
    return known[name].interfaces[0].id


def requirement_named(name: str) -> tuple[str, Requirement]:
    """The interface and requirement of this id, or of a former id."""
    known = {one.id: (interface, one) for interface in interfaces() for one in suite(interface).requirements}
    for interface, one in list(known.values()):
        for former in one.formerly:
            known.setdefault(former, (interface, one))
    if name not in known:
        short = {one.partition("/")[2]: one for one in known}
        if name in short:
            return known[short[name]]
        hint = suggestion(name, known) or suggestion(name, short)
        raise UsageError(f"no requirement {name}{hint or '; harness list requirements names them'}")
    return known[name]
