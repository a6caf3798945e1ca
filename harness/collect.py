"""Finds systems, requirements, exclusions, scenarios and situations by path. Nothing is registered by hand."""

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import harness.systems
from harness.model.requirement import OF_THE_WHOLE_RUN, SCHEMA_EVIDENCE, Binds, Exclusion, Requirement
from harness.model.scenario import Scenario
from harness.model.situation import Situation
from harness.model.system import Interface, System

if TYPE_CHECKING:
    from harness.spec.openapi import Document

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_content"
CONTENT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
"""The folder that holds ``scenarios`` and ``specs``: inside the installed package, or the checkout."""


@dataclass(frozen=True)
class Suite:
    """Everything that judges one interface."""

    system: System
    interface: Interface
    requirements: tuple[Requirement, ...]
    exclusions: tuple[Exclusion, ...]
    scenarios: tuple[Scenario, ...]
    situations: tuple[Situation, ...] = ()

    @property
    def document_path(self) -> Path:
        """The interface's OpenAPI document."""
        return CONTENT / "specs" / self.interface.document

    def load(self) -> "Document":
        """The document, joined with those that belong to the conversation besides."""
        from harness.spec.openapi import joined, load  # reads YAML and compiles schemas: only where somebody judges

        more = (CONTENT / "specs" / name for name in self.interface.more_documents)
        return joined([load(path) for path in (self.document_path, *more)])

    @property
    def turned(self) -> "Suite":
        """The same with the subject in the other chair, and of its clauses those that it shows there: it is no author
        of the objects, which clients write to servers here, and servers show to clients."""
        interface = self.interface.turned
        if interface.subject == "client":
            own = tuple(one for one in self.requirements if one.binds is Binds.CLIENT)
            return replace(self, interface=interface, requirements=own)
        from harness.spec.schema import CATCH_ALL  # compiles schemas: only where somebody judges

        shown = (one for one in self.requirements if one.id == CATCH_ALL or _is_shown_by_answers(one))
        return replace(self, interface=interface, requirements=tuple(shown))


@dataclass(frozen=True)
class Sight:
    """What a clause looks at: the conversations with the reference that it was seen in (`looks_at`), and those of which
    each shows it alone (`shown_by`). For a clause over the whole run they differ: it may need two."""

    looks_at: frozenset[str]
    shown_by: frozenset[str]


@cache
def systems() -> tuple[System, ...]:
    """Every system under ``harness/systems``, in the order of its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(harness.systems.__path__) if module.ispkg)
    return tuple(importlib.import_module(f"harness.systems.{name}").SYSTEM for name in names)


def interfaces() -> dict[str, tuple[System, Interface]]:
    """Every interface by its id."""
    return {interface.id: (system, interface) for system in systems() for interface in system.interfaces}


@cache
def suite(interface_id: str) -> Suite:
    """What judges an interface: the chapters that its system adopts for it, in that order; scenarios by turn.

    Clauses on whole lists are left out where none are read, and of the scenarios that a clause names those that the
    interface does not have.
    """
    system, interface = interfaces()[interface_id]
    _register_scenarios()
    adopted = importlib.import_module(f"scenarios.{system.name}").ADOPTS[interface_id]
    requirements: list[Requirement] = []
    exclusions: list[Exclusion] = []
    scenarios: list[Scenario] = []
    situations: list[Situation] = []
    for chapter in adopted:
        for value in _values(importlib.import_module(f"scenarios.{chapter}")):
            if isinstance(value, Requirement):
                if interface.crawled or value.evidence not in OF_THE_WHOLE_RUN:
                    requirements.append(value)
            elif isinstance(value, Exclusion):
                exclusions.append(value)
            elif isinstance(value, Scenario):
                scenarios.append(value)
            elif isinstance(value, Situation):
                situations.append(value)
    scenarios.sort(key=lambda scenario: scenario.turn)
    held = {one.id for one in scenarios} | {one.id for one in situations}
    known = tuple(_asked_by_some_of(one, held) for one in requirements)
    return Suite(system, interface, known, tuple(exclusions), tuple(scenarios), tuple(situations))


@cache
def sights(interface_id: str) -> Mapping[str, Sight]:
    """Requirement → what it looks at, as the generated ``requirements.json`` of the system knows it; a requirement that
    it does not know is missing here."""
    system, _interface = interfaces()[interface_id]
    path = CONTENT / "specs" / system.name / "requirements.json"
    if not path.is_file():
        return {}
    known = json.loads(path.read_text("utf-8"))["interfaces"].get(interface_id, [])
    return {
        one["id"]: Sight(frozenset(one["looks_at"]), frozenset(one.get("shown_by", one["looks_at"])))
        for one in known
        if one.get("looks_at")
    }


def _is_shown_by_answers(one: Requirement) -> bool:
    if one.binds is not Binds.AUTHOR:
        return one.binds is Binds.SERVER
    of_objects = one.evidence in (SCHEMA_EVIDENCE, "objects") or one.evidence.startswith("located")
    return not of_objects


def _asked_by_some_of(one: Requirement, scenarios: set[str]) -> Requirement:
    if scenarios.issuperset(one.asked_by):
        return one
    return replace(one, asked_by=tuple(name for name in one.asked_by if name in scenarios))


def _values(module: ModuleType) -> Iterator[object]:
    """What the module defines itself, in the order of its text; tuples (of exclusions) opened."""
    for value in vars(module).values():
        if isinstance(value, tuple):
            yield from value
        elif isinstance(value, (Requirement, Scenario, Situation)) and value.module == module.__name__:
            yield value


def _register_scenarios() -> None:
    """Make ``scenarios`` importable as one ordinary package, wherever its folder is."""
    if "scenarios" not in sys.modules:
        package = ModuleType("scenarios")
        package.__path__ = [str(CONTENT / "scenarios")]
        sys.modules["scenarios"] = package
