"""Cards: what a person reads of one failed clause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from markupsafe import escape

from harness.report.causes import Cause, FailedClause
from harness.report.next_step import explained, judged_again

EXAMPLES = 3
LONGEST_IN_A_ROW = 160
ALL_ROWS, MOST_ROWS, FEWEST_ROWS = 6000, 400, 20
"""So many further problems are listed in all, and of one clause at most and at least."""
ALL_SIGNS = 2_500_000
"""What these rows may take of the page: a subject may write long, and in signs that take more room when escaped."""
_SIGNS_OF_A_ROW = 120


@dataclass(frozen=True)
class Example:
    """One problem in full; `asked` is the exchange that showed it, None for one in a file or in nothing single."""

    problem: Mapping[str, Any]
    object: str
    asked: Mapping[str, Any] | None
    curl: str


@dataclass(frozen=True)
class Card:
    """A failed clause: a few examples in full, further problems as rows, and how many are in neither."""

    clause: FailedClause
    weight: str
    examples: list[Example]
    rows: list[tuple[Mapping[str, Any], str]]
    left_out: int
    unstable: list[tuple[str, Mapping[str, Any] | None, str, Mapping[str, Any] | None]]
    commands: str

    @property
    def told(self) -> Mapping[str, Any]:
        """Title, why, fix and the like."""
        return self.clause.told


def cards(report: Mapping[str, Any], found: list[Cause]) -> dict[str, list[Card]]:
    """The cards of every cause, by its anchor."""
    clauses = max(1, sum(len(cause.clauses) for cause in found))
    most, signs = min(MOST_ROWS, max(FEWEST_ROWS, ALL_ROWS // clauses)), ALL_SIGNS // clauses
    return {cause.anchor: [_card(report, clause, most, signs) for clause in cause.clauses] for cause in found}


def _card(report: Mapping[str, Any], clause: FailedClause, most: int, signs: int) -> Card:
    exchanges: Mapping[str, Any] = report.get("exchanges", {})
    problems = clause.problems
    examples: list[Example] = []
    curls: set[str] = set()
    for problem in islice(problems, EXAMPLES):
        asked = exchanges.get(problem["exchange"])
        curl = asked.get("curl", "") if asked and problem["exchange"] not in curls else ""
        curls.add(problem["exchange"])
        examples.append(Example(problem, in_own_keys(problem), asked, curl))
    rows = []
    for problem in islice(problems, most):
        rows.append((problem, in_own_keys(problem)))
        signs -= _SIGNS_OF_A_ROW + sum(len(escape(text)) for text in (rows[-1][1][:LONGEST_IN_A_ROW], *_texts(problem)))
        if signs < 0:
            break
    pairs = [pair for verdict in clause.verdicts for pair in verdict.get("unstable", ())][:EXAMPLES]
    unstable = [(one, exchanges.get(one), other, exchanges.get(other)) for one, other in pairs]
    commands = f"{explained(clause.requirement)}\n{judged_again(report, clause.requirement, clause.problems)}"
    left_out = clause.problem_count - len(examples) - len(rows)
    return Card(clause, weight(clause.told), examples, rows, left_out, unstable, commands)


def in_own_keys(problem: Mapping[str, Any]) -> str:
    """The object in the user's own keys: ``NL/ABC, location LOC-1, evse EV-1``."""
    return ", ".join(value if key == "party" else f"{key} {value}" for key, value in problem["object"].items())


def _texts(problem: Mapping[str, Any]) -> Iterator[str]:
    """Of what a row shows, the parts that a subject may make long."""
    yield from (str(problem[name])[:LONGEST_IN_A_ROW] for name in ("where", "expected", "actual", "exchange"))


def weight(verdict: Mapping[str, Any]) -> str:
    """How strongly a clause binds here, where that is not as the source has it."""
    effective, keyword = verdict["effective"], verdict["keyword"]
    if effective is None:
        return f"switched off in this run (a {keyword} in the source)"
    told = [] if effective == keyword else [f"a {keyword} in the source"]
    told += ["younger than the profile: not counted"] if verdict["new"] else []
    return f"{effective} ({'; '.join(told)})" if told else str(effective)
