"""The waivers of a run: which problems they cover, and afterwards what has become of each of them."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from harness.model.verdict import Outcome, Problem, Verdict
from harness.model.waiver import PARTY, Waiver


class State(StrEnum):
    """What has become of a waiver in a run."""

    USED = "used"
    STALE = "stale"
    UNTESTED = "untested"
    EXPIRED = "expired"
    CONTRADICTORY = "contradictory"


AMISS = frozenset({State.STALE, State.EXPIRED, State.CONTRADICTORY})
"""What somebody should put right: with ``--strict`` it counts."""

_TESTED = (Outcome.PASSED, Outcome.FAILED)


@dataclass(frozen=True)
class Standing:
    """A waiver after a run. `count` problems are such as it means, whether it is in force or not; `told` says in words
    what is wrong with it, or why nothing is known of it."""

    waiver: Waiver
    state: State
    count: int
    told: str = ""


@dataclass
class Waivers:
    """`today` is the day on the wire clock; `alone` the party of a subject that has one only: what belongs to nobody is
    its own. `names` are the names of ids that tell objects apart."""

    of_run: tuple[Waiver, ...] = ()
    today: date = date.min
    alone: str | None = None
    names: frozenset[str] = frozenset()
    _counts: Counter[int] = field(default_factory=Counter)
    _against: dict[int, Waiver] = field(default_factory=dict)
    _by_clause: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, one in enumerate(self.of_run):
            self._by_clause.setdefault(one.requirement, []).append(number)

    def covering(self, requirement: str, party: str | None, problem: Problem) -> Waiver | None:
        """The waiver in force that covers this problem; of several, the first. To be asked of every problem once."""
        candidates = self._by_clause.get(requirement)
        if candidates is None:
            return None
        named, owner = problem.object, party or problem.object.get(PARTY) or self.alone
        ids = {name: value for name, value in named.items() if name in self.names}
        where, inside = problem.where, problem.inside
        found = [one for one in candidates if self.of_run[one].covers(owner, where, inside, named, ids)]
        self._counts.update(found)
        in_force = [number for number in found if not self._is_over(self.of_run[number])]
        for number in in_force:
            others = [one for one in in_force if self.of_run[one].terms != self.of_run[number].terms]
            if others:
                self._against.setdefault(number, self.of_run[others[0]])
        return self.of_run[in_force[0]] if in_force else None

    def standings(self, verdicts: Iterable[Verdict], off: Collection[str]) -> list[Standing]:
        """Every waiver of the run. `off` are the clauses that the user switched off."""
        by_clause: dict[str, list[Verdict]] = {}
        for verdict in verdicts:
            by_clause.setdefault(verdict.requirement, []).append(verdict)
        return [
            Standing(one, *self._standing(number, one, by_clause.get(one.requirement, []), off))
            for number, one in enumerate(self.of_run)
        ]

    def _standing(
        self, number: int, waiver: Waiver, verdicts: list[Verdict], off: Collection[str]
    ) -> tuple[State, int, str]:
        count = self._counts[number]
        if self._is_over(waiver):
            again = f": {count} problem{'s' * (count != 1)} that it covered count again" if count else ""
            return State.EXPIRED, count, f"it ended on {waiver.until}{again}"
        if waiver.requirement in off:
            return State.CONTRADICTORY, count, "the keywords switch this requirement off: keep one of the two"
        if number in self._against:
            other = self._against[number]
            return State.CONTRADICTORY, count, f"the waiver at {other.origin} covers the same on other terms"
        if count:
            return State.USED, count, ""
        tested = [one for one in verdicts if one.outcome in _TESTED]
        mine = [one for one in tested if waiver.party in (None, one.party or self.alone)]
        if mine:
            return State.STALE, 0, "its requirement was tested, and nothing that failed is what it means"
        if self.alone is None and any(one.party is None for one in tested):
            return State.STALE, 0, "what this requirement says is of no single party: leave party out"
        return State.UNTESTED, 0, "its requirement was not tested in this run"

    def _is_over(self, waiver: Waiver) -> bool:
        return waiver.until < self.today
