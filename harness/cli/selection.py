"""Which clauses are judged, and which conversations are held for them: ``--only``, ``--skip`` and ``--again``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from harness.cli.options import Flags
from harness.cli.plan import Selection, UsageError
from harness.collect import Suite, sights, suite
from harness.model.requirement import Requirement
from harness.model.spelling import did_you_mean

_TO_REPEAT = ("failed", "untested", "cannot_tell")
_SEE = "; see: harness list requirements, harness list scenarios, harness list situations"


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. `earlier` is the report of the run that ``--again`` names at `again`."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    again: Path | None = None
    earlier: Mapping[str, Any] | None = None

    def __bool__(self) -> bool:
        return bool(self.only or self.skip or self.again)


def wanted(flags: Flags, directory: Path) -> Wanted:
    """What these flags ask for. UsageError where there is no run to repeat."""
    from harness.cli.earlier_run import earlier_run

    earlier = earlier_run(directory / flags.again, "--again") if flags.again is not None else None
    return Wanted(flags.only, flags.skip, flags.again, earlier)


def selections(interface_ids: Iterable[str], asked: Wanted, *, turned: bool = False) -> dict[str, Selection | None]:
    """Interface → what of it is judged (None: everything). An interface of which nothing is left is not in it.
    `turned`: the subject sits in the other chair.

    UsageError where a glob matches nothing of any interface, and where ``--only`` and ``--skip`` leave nothing.
    """
    if not asked:
        return dict.fromkeys(interface_ids)
    choices = {name: _Choice(suite(name).turned if turned else suite(name)) for name in interface_ids}
    for flag, globs in (("--only", asked.only), ("--skip", asked.skip)):
        for glob in globs:
            _check(flag, glob, choices.values())
    made = {name: _selection(choice, asked) for name, choice in choices.items()}
    left = {name: one for name, one in made.items() if one.requirements}
    if not left and asked.again is None:
        raise UsageError("--only, --skip: together they leave nothing to judge; leave one of them out")
    return dict(left)


def _check(flag: str, glob: str, choices: Iterable["_Choice"]) -> None:
    if any(choice.clauses(glob) or choice.conversations(glob) for choice in choices):
        return
    known = {name for choice in choices for names in choice.names for name in names}
    raise UsageError(f"{flag}: nothing matches {glob!r}{did_you_mean(glob, known, _SEE)}")


@dataclass(frozen=True)
class _Choice:
    """The clauses and conversations of one interface, to choose from."""

    suite: Suite

    @property
    def names(self) -> list[tuple[str, ...]]:
        """All that a glob may match."""
        return [*map(_spellings, self.suite.requirements), *map(_names, self.every)]

    @cached_property
    def every(self) -> frozenset[str]:
        """All conversations: scenarios held with a server, situations that a client meets."""
        is_client = self.suite.interface.subject == "client"
        return frozenset(one.id for one in (self.suite.situations if is_client else self.suite.scenarios))

    def clauses(self, glob: str) -> set[str]:
        """The clauses that a glob names, by id, former id or chapter."""
        return {one.id for one in self.suite.requirements if _matches(glob, _spellings(one))}

    def conversations(self, glob: str) -> set[str]:
        """The conversations that a glob names, by id or by name."""
        return {name for name in self.every if _matches(glob, _names(name))}

    def meant(self, globs: tuple[str, ...]) -> tuple[set[str], frozenset[str]]:
        """The clauses and the conversations that globs name. One that names a clause means no conversation."""
        clauses: set[str] = set()
        conversations: set[str] = set()
        for glob in globs:
            found = self.clauses(glob)
            clauses |= found
            conversations |= set() if found else self.conversations(glob)
        return clauses, frozenset(conversations)

    def looks_at(self, requirement: Requirement) -> frozenset[str]:
        """The conversations that a clause needs; all of them where nothing is known of it."""
        sight = sights(self.suite.interface.id).get(requirement.id)
        known = frozenset(requirement.asked_by) | (sight.looks_at if sight else frozenset())
        return known & self.every or self.every

    def is_shown(self, requirement: Requirement, held: frozenset[str]) -> bool:
        """True where these conversations may show the clause."""
        looks_at = self.looks_at(requirement)
        sight = sights(self.suite.interface.id).get(requirement.id)
        is_known = sight is not None and bool(sight.looks_at & self.every)
        return bool((sight.shown_by if sight is not None and is_known else looks_at) & held) or looks_at <= held


def _selection(choice: _Choice, asked: Wanted) -> Selection:
    clauses, conversations = choice.meant(asked.only)
    skipped, not_held = choice.meant(asked.skip)
    may_hold = choice.every - not_held
    again = _to_repeat(choice, asked.earlier) if asked.earlier is not None else None
    judged: dict[str, frozenset[str]] = {}
    for one in choice.suite.requirements:
        named = not asked.only or one.id in clauses
        pool = may_hold if named else may_hold & conversations
        if one.id not in skipped and (again is None or one.id in again) and choice.is_shown(one, pool):
            judged[one.id] = choice.looks_at(one) & pool
    return Selection(
        only=asked.only,
        skip=asked.skip,
        again=str(asked.again) if asked.again is not None else None,
        requirements=frozenset(judged),
        scenarios=frozenset().union(*judged.values()),
        of=len(choice.suite.requirements),
        of_scenarios=len(choice.every),
    )


def _to_repeat(choice: _Choice, report: Mapping[str, Any]) -> set[str]:
    """The clauses that failed, or that nothing was shown of, by their ids of today. A run that was killed has said
    nothing of a clause without a verdict."""
    if report["interface"] != choice.suite.interface.id:
        return set()
    outcomes = {verdict["requirement"]: set[str]() for verdict in report["verdicts"]}
    for verdict in report["verdicts"]:
        outcomes[verdict["requirement"]].add(verdict["outcome"])
    killed = report["exit"] is None
    found = set()
    for one in choice.suite.requirements:
        told = {outcome for name in (one.id, *one.formerly) for outcome in outcomes.get(name, ())}
        if told & set(_TO_REPEAT) or (killed and not told):
            found.add(one.id)
    return found


def _spellings(requirement: Requirement) -> tuple[str, ...]:
    former = (name for old in requirement.formerly for name in _names(old))
    return (*_names(requirement.id), requirement.chapter, *former)


def _names(name: str) -> tuple[str, str]:
    """An id, and the same without its chapter."""
    return name, name.partition("/")[2]


def _matches(glob: str, names: Iterable[str]) -> bool:
    return any(fnmatchcase(name.lower(), glob.lower()) for name in names)
