"""What was counted of one clause and party: evidence, problems, crashes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from harness.model.requirement import Requirement
from harness.model.verdict import Inapplicable, NotEnough, Problem
from harness.model.waiver import Waiver

KEPT_PROBLEMS = 20
_REMEMBERED = 100_000


@dataclass(frozen=True)
class Finding:
    """A problem of one clause, as it arises; `identity` is what it is known by where it comes twice."""

    requirement: Requirement
    party: str | None
    problem: Problem
    identity: object = None


@dataclass
class Tally:
    """`seen` counts pieces of evidence, `problem_count` all problems; `excused_count` those that are waived or known
    from an earlier run."""

    seen: int = 0
    problem_count: int = 0
    waived_count: int = 0
    known_count: int = 0
    excused_count: int = 0
    waivers: list[Waiver] = field(default_factory=list)
    inapplicable: str | None = None
    not_enough: list[str] = field(default_factory=list)
    crash: str | None = None
    _told: set[int] = field(default_factory=set)
    _message: str = ""
    _told_of_it: set[int] = field(default_factory=set)
    _open: list[Problem] = field(default_factory=list)
    _excused: list[Problem] = field(default_factory=list)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The first ones, those that nothing excuses before the others."""
        return tuple([*self._open, *self._excused][:KEPT_PROBLEMS])

    def is_new(self, problem: Problem, identity: object = None, *, is_of_one_message: bool = False) -> bool:
        """False where it was told before: the same words of the same place, or of what `identity` says, such as one
        object on two pages. From now on it was. What is of one message alone is compared within that, and forgotten
        with the next: a client may say the same wrong thing all day."""
        same = (problem.where, problem.expected, problem.actual, problem.exchange, *problem.object.items())
        key = hash(identity or same)
        told = self._told
        if is_of_one_message:
            if self._message != problem.exchange:
                self._message, self._told_of_it = problem.exchange, set()
            told = self._told_of_it
        if key in told:
            return False
        if len(told) < _REMEMBERED:
            told.add(key)
        return True

    def copied(self) -> "Tally":
        """The same at this moment. What was told before is shared: it is only ever added to."""
        return replace(
            self,
            waivers=list(self.waivers),
            not_enough=list(self.not_enough),
            _told=self._told,
            _open=list(self._open),
            _excused=list(self._excused),
        )

    def set_aside(self, why: "Why") -> None:
        """The clause did not come to a verdict on a piece of evidence."""
        if isinstance(why, Inapplicable):
            self.inapplicable = why.reason
        elif why.reason not in self.not_enough:
            self.not_enough.append(why.reason)

    def count(self, problem: Problem, waiver: Waiver | None = None) -> None:
        """Count a new problem, and the waiver that covers it."""
        self.problem_count += 1
        self.waived_count += problem.waived
        self.known_count += problem.known
        self.excused_count += problem.is_excused
        if waiver is not None and waiver not in self.waivers:
            self.waivers.append(waiver)
        kept = self._excused if problem.is_excused else self._open
        if len(kept) < KEPT_PROBLEMS:
            kept.append(problem)


class Tallies(dict[tuple[str, str | None], Tally]):
    """One tally per clause (its id) and party."""

    def __missing__(self, key: tuple[str, str | None]) -> Tally:
        self[key] = tally = Tally()
        return tally

    def copied(self) -> "Tallies":
        """The same at this moment, to count on from here."""
        return Tallies({key: tally.copied() for key, tally in self.items()})

    def crashed(self, requirement: str, party: str | None, error: Exception) -> None:
        """Our own doing: it must not look like a fault of the subject."""
        self[requirement, party].crash = f"the harness failed: {type(error).__name__}: {error}"


Why = Inapplicable | NotEnough


def why_not(results: Iterable[Problem | Why]) -> Why | None:
    """Why the clause says that it does not apply, or that nobody can tell yet; None where it found a problem, or holds.

    What cannot be told yet is said before what does not apply.
    """
    reasons = list(results)
    if any(isinstance(one, Problem) for one in reasons):
        return None
    of_both = [one for one in reasons if isinstance(one, Why)]
    return next((one for one in of_both if isinstance(one, NotEnough)), of_both[0] if of_both else None)
