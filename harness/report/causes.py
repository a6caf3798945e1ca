"""Failed verdicts grouped by what they have in common: one cause, one thing to mend.

Every clause is one cause, whosoever the objects are, unless the data tells of less: clauses that fail in the same place
of the same exchange with the same actual value, on an answer that as a whole is not what it should be (such as a
framework's own error page), or on the same member of the same object, are one cause together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Literal

from harness.report.summary import KEYWORDS

State = Literal["preflight", "decides", "known", "warning", "new", "off", "waived"]
STATES: tuple[State, ...] = ("preflight", "decides", "known", "warning", "new", "off", "waived")
"""How much a failure weighs: it stood in the way of the run; decides; would decide, but the baseline knew it; is one
of a SHOULD or MAY; of a clause younger than the profile; of one that was switched off; is waived."""

_WHOLE_ANSWER = ("response.status", "response.header:content-type", "response.body:")
_Mark = tuple[object, ...]


@dataclass(frozen=True)
class FailedClause:
    """One clause that failed: its failed verdicts, one per party, the worst first, all of one `state`."""

    requirement: str
    state: State
    verdicts: tuple[Mapping[str, Any], ...]

    @property
    def told(self) -> Mapping[str, Any]:
        """Title, why, fix, source and the like: the same in every verdict."""
        return self.verdicts[0]

    @property
    def anchor(self) -> str:
        """``ocpi-2.2.1-message-ids-echoed``; what is waived for some parties only stands twice."""
        return anchor(self.requirement) + ("-waived" if self.state == "waived" else "")

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties for whose objects it failed."""
        return tuple(verdict["party"] for verdict in self.verdicts if verdict["party"])

    @property
    def problem_count(self) -> int:
        """All problems, also those that were not kept."""
        return sum(verdict["problem_count"] for verdict in self.verdicts)

    @property
    def affected(self) -> int:
        """So many objects, or answers, are affected, as far as it was counted."""
        return sum(verdict.get("objects", verdict["problem_count"]) for verdict in self.verdicts)

    @property
    def problems(self) -> Iterator[Mapping[str, Any]]:
        """The kept problems; of several parties in turn, so that the first ones are of different parties."""
        longest = max(len(verdict["problems"]) for verdict in self.verdicts)
        for position in range(longest):
            for verdict in self.verdicts:
                yield from verdict["problems"][position : position + 1]


@dataclass(frozen=True)
class Cause:
    """What is to be mended: failed clauses with one cause, or a `check` of the preflight that stood in the way.

    `said` is a sentence on what the clauses have in common; of a single clause it is its title. `number` counts checks.
    """

    state: State
    said: str
    clauses: tuple[FailedClause, ...] = ()
    check: Mapping[str, Any] | None = None
    number: int = 1

    @property
    def anchor(self) -> str:
        """Stable as long as the first clause stays the first."""
        name = self.clauses[0].anchor if self.clauses else f"preflight-{self.number}"
        return f"cause-{name}"

    @property
    def affected(self) -> int:
        """So many objects, or answers, are affected."""
        return max((clause.affected for clause in self.clauses), default=0)


def anchor(requirement: str) -> str:
    """The name of a clause in links: ``ocpi-2.2.1/message-ids-echoed`` is at ``#ocpi-2.2.1-message-ids-echoed``."""
    return requirement.replace("/", "-")


def causes(report: Mapping[str, Any]) -> list[Cause]:
    """What is to be done, in the order of weight: what decides first, then by the number of objects it is about."""
    in_the_way = [check for check in report["preflight"] if check["outcome"] == "failed"]
    found = [Cause("preflight", check["detail"], check=check, number=at) for at, check in enumerate(in_the_way, 1)]
    clauses = failed_clauses(report)
    found += [_cause(group) for group in _grouped(clauses)]
    return sorted(found, key=lambda cause: (STATES.index(cause.state), -cause.affected))


def failed_clauses(report: Mapping[str, Any]) -> list[FailedClause]:
    """Every clause that failed, for all parties together; apart where it is waived for some of them only."""
    found: dict[tuple[str, bool], list[Mapping[str, Any]]] = {}
    for verdict in report["verdicts"]:
        if verdict["outcome"] == "failed":
            found.setdefault((verdict["requirement"], verdict["waived"] is not None), []).append(verdict)
    clauses = []
    for (requirement, _waived), verdicts in found.items():
        verdicts.sort(key=lambda one: (STATES.index(state_of(one, report)), -one["problem_count"]))
        clauses.append(FailedClause(requirement, state_of(verdicts[0], report), tuple(verdicts)))
    return clauses


def state_of(verdict: Mapping[str, Any], report: Mapping[str, Any]) -> State:
    """How much a failed verdict weighs in its report: in a strict run a SHOULD decides as well, and where only new
    failures count, one that the baseline knew does not."""
    if verdict["waived"] is not None:
        return "waived"
    if verdict["effective"] is None:
        return "off"
    if verdict["new"]:
        return "new"
    if verdict["effective"] not in (("MUST", "SHOULD") if report.get("strict") else ("MUST",)):
        return "warning"
    only_new_ones = (report.get("baseline") or {}).get("fail_on") == "new"
    return "known" if only_new_ones and verdict.get("known") else "decides"


def _cause(clauses: list[FailedClause]) -> Cause:
    clauses.sort(key=lambda one: (STATES.index(one.state), KEYWORDS.index(one.told["keyword"]), -one.affected))
    first, *others = clauses
    if not others:
        return Cause(first.state, first.told["title"], (first,))
    problem = next(first.problems)
    where = "the same member of the same object" if problem["object"] else "the same place of the same answers"
    if not problem["object"] and _is_of_the_whole(problem):
        where = "the same answers, which as a whole are not what they should be"
    return Cause(first.state, f"{len(clauses)} clauses fail in one place: {where}", tuple(clauses))


def _grouped(clauses: list[FailedClause]) -> list[list[FailedClause]]:
    """Clauses that share at least half of the marks of the one that has fewer are of one group, and so on."""
    marks = [frozenset(mark for problem in clause.problems for mark in _marks(problem)) for clause in clauses]
    bearers: dict[_Mark, list[int]] = {}
    for number, of_clause in enumerate(marks):
        for mark in of_clause:
            bearers.setdefault(mark, []).append(number)
    shared = Counter(pair for numbers in bearers.values() for pair in combinations(numbers, 2))
    for mark, numbers in bearers.items():
        outer = {number for around in _around(mark) for number in bearers.get(around, ())}
        shared.update((min(pair), max(pair)) for pair in product(numbers, outer) if pair[0] != pair[1])
    leader = list(range(len(clauses)))
    for (one, other), count in shared.items():
        if clauses[one].state == "waived" or clauses[other].state == "waived":
            continue
        if 2 * count >= min(len(marks[one]), len(marks[other])):
            _join(leader, one, other)
    groups: dict[int, list[FailedClause]] = {}
    for number, clause in enumerate(clauses):
        groups.setdefault(_first(leader, number), []).append(clause)
    return list(groups.values())


def _marks(problem: Mapping[str, Any]) -> Iterable[_Mark]:
    """By what a problem can be known to be another one's as well: one mark, so that shares can be counted."""
    where, exchange = problem["where"], problem["exchange"]
    if problem["object"] and (inside := _inside(problem)):
        return [("member", tuple(sorted(problem["object"].items())), inside)]
    if not exchange:
        return []
    if _is_of_the_whole(problem):
        return [("answer", exchange)]
    return [("place", exchange, where, problem["actual"])]


def _around(mark: _Mark) -> Iterator[_Mark]:
    """The members of the same object that this one is a part of: of ``/coordinates/latitude``, ``/coordinates``."""
    if mark[0] == "member":
        inside = str(mark[2])
        while inside := inside.rpartition("/")[0]:
            yield (*mark[:2], inside)


def _is_of_the_whole(problem: Mapping[str, Any]) -> bool:
    return str(problem["where"]).lower() in _WHOLE_ANSWER


def _inside(problem: Mapping[str, Any]) -> str:
    """The place within the object; of older records, as much of it as follows the last position in a list."""
    if "inside" in problem:
        return str(problem["inside"])
    pointer = str(problem["where"]).partition(":")[2]
    tokens = pointer.split("/")[1:]
    last = max((number for number, token in enumerate(tokens) if token.isdigit()), default=-1)
    return "".join(f"/{token}" for token in tokens[last + 1 :])


def _first(leader: list[int], number: int) -> int:
    while leader[number] != number:
        number = leader[number]
    return number


def _join(leader: list[int], one: int, other: int) -> None:
    one, other = sorted((_first(leader, one), _first(leader, other)))
    leader[other] = one
