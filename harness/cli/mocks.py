"""Mocks put together: documents, clauses, behaviour and what is expected, one session or many."""

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from harness.cli.expected import Wishes, check_wishes, profile
from harness.cli.plan import UsageError
from harness.cli.toml_file import TomlFile
from harness.collect import CONTENT, Suite, interfaces, suite, systems
from harness.mock.call import Behaviour
from harness.mock.session import DEFAULT, Home, Offered, Served, Session, Sessions, kinds_of
from harness.mock.tables import Snapshot, TableKind, Tables
from harness.model.profile import Profile
from harness.model.settings import Settings
from harness.model.spelling import did_you_mean
from harness.model.system import Interface, Mock, Service, System
from harness.model.world import Clock
from harness.spec.openapi import load

MakeHome = Callable[[str, tuple[TableKind, ...]], Home]
"""Makes the home of a session of this id."""


def mocked_systems(names: Iterable[str]) -> tuple[System, ...]:
    """The systems of these names that have a mock, all of them where none is named; UsageError for any other name."""
    known = {system.name: system for system in systems() if system.mock is not None}
    for name in names:
        if name not in known:
            raise UsageError(f"SYSTEM: there is no mock of {name!r}{did_you_mean(name, known)}")
    return tuple(known[name] for name in dict.fromkeys(names)) or tuple(known.values())


def served_as_configured(chosen: Iterable[System], file: TomlFile, wishes: Wishes) -> tuple[Served, ...]:
    """The systems as harness.toml and flags want them served."""
    chosen = tuple(chosen)
    check_wishes(wishes, chosen)
    return tuple(served(one, mock_of(one), profile(one, _interface(one), file, wishes)[0]) for one in chosen)


def served_by_default(name: str, settings: Mapping[str, object] | None = None) -> Served:
    """A system with every setting at its default, but for these."""
    system = mocked_systems([name])[0]
    wishes = Wishes(tuple(f"{key}={value}" for key, value in (settings or {}).items()))
    return served_as_configured([system], TomlFile(), wishes)[0]


def served(system: System, mock: Mock, expected: Profile) -> Served:
    """A system served with these expectations."""
    chosen = suite(mock.interface)
    behaviour: Behaviour = importlib.import_module(mock.module).BEHAVIOUR
    offered = tuple(_offered(service, expected.settings) for service in mock.services)
    return Served(system, chosen.interface, behaviour, offered, chosen.requirements, expected)


def _offered(service: Service, settings: Settings) -> Offered:
    """A service at the paths that the settings say."""
    document = load(CONTENT / "specs" / service.document)
    if service.path_setting:
        path = _as_path(settings.text(service.path_setting))
        document = replace(document, operations=tuple(replace(one, template=path) for one in document.operations))
    given = settings.text(service.base_path_setting) if service.base_path_setting else service.base_path
    base = _as_path(given)
    return Offered(service, document, base)


def _as_path(text: str) -> str:
    trimmed = text.strip("/")
    return f"/{trimmed}" if trimmed else ""


def mock_of(system: System) -> Mock:
    """The mock of a system that has one."""
    assert system.mock is not None  # noqa: S101 - chosen by that
    return system.mock


def mock_for(chosen: Suite) -> Mock:
    """The mock that a client meets by this suite: its system's, or that of the other chair."""
    other = chosen.interface.other_chair
    turned = other.mock if chosen.interface.is_turned and other is not None else None
    return turned or mock_of(chosen.system)


def _interface(system: System) -> Interface:
    return interfaces()[mock_of(system).interface][1]


def mock_sessions(
    all_served: tuple[Served, ...],
    wire: Clock,
    *,
    seed: int = 1,
    home: MakeHome = lambda _name, kinds: Home(Tables(kinds)),
    world: Snapshot | None = None,
    situations: Iterable[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Sessions:
    """The sessions of a process, the default one among them, which begins with this `world`. `environment` is given
    to the clients of each, besides what its systems give.

    ValueError where a session is asked for with a system or a situation that there is none of.
    """

    def make(name: str, names: tuple[str, ...], situation: str, own_seed: int) -> Session:
        known = {one.system.name: one for one in all_served}
        for system in names:
            if system not in known:
                raise ValueError(f"no system {system!r} is served here{did_you_mean(system, known)}")
        if situation not in ("serve", *situations):
            raise ValueError(f"no situation is called {situation!r}")
        chosen = tuple(known[one] for one in names) or all_served
        own_home = home(name, kinds_of(chosen))
        own = world if name == DEFAULT else None
        made = Session(name, chosen, wire, seed=own_seed, situation=situation, home=own_home, world=own)
        made.more_environment = environment or {}
        return made

    return Sessions(make, seed)
