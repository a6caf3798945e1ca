"""What was counted of one clause and party: evidence, problems, crashes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.model.requirement import Requirement
from harness.model.verdict import Inapplicable, Problem

KEPT_PROBLEMS = 20
_REMEMBERED = 100_000


@dataclass(frozen=True)
class Finding:
    """A problem of one clause, as it arises."""

    requirement: Requirement
    party: str | None
    problem: Problem


@dataclass
class Tally:
    """`seen` counts pieces of evidence; `problems` are the first ones, `problem_count` counts all."""

    seen: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    inapplicable: str | None = None
    crash: str | None = None
    _told: set[int] = field(default_factory=set)

    def take(self, problem: Problem, identity: object = None) -> bool:
        """Count a problem; False where it was told before: the same words of the same place, or of what `identity`
        says, such as one object on two pages."""
        same = (problem.where, problem.expected, problem.actual, problem.exchange, *problem.object.items())
        key = hash(identity or same)
        if key in self._told:
            return False
        if len(self._told) < _REMEMBERED:
            self._told.add(key)
        self.problem_count += 1
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)
        return True


class Tallies(dict[tuple[str, str | None], Tally]):
    """One tally per clause (its id) and party."""

    def __missing__(self, key: tuple[str, str | None]) -> Tally:
        self[key] = tally = Tally()
        return tally

    def crashed(self, requirement: str, party: str | None, error: Exception) -> None:
        """Our own doing: it must not look like a fault of the subject."""
        self[requirement, party].crash = f"the harness failed: {type(error).__name__}: {error}"


def why_not(results: Iterable[Problem | Inapplicable]) -> str | None:
    """Why the clause says that it does not apply; None where it does."""
    reasons = [one.reason if isinstance(one, Inapplicable) else None for one in results]
    return reasons[0] if reasons and None not in reasons else None
