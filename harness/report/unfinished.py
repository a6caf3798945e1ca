"""Verdicts of a run that was killed: of what it had found by then, and of nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.judge.tally import KEPT_PROBLEMS
from harness.report.ending import CUT_OFF


@dataclass
class _Found:
    """What was found of one clause and party."""

    count: int = 0
    waived: int = 0
    exchanges: set[str] = field(default_factory=set)
    kept: list[Mapping[str, Any]] = field(default_factory=list)

    def take(self, problem: Mapping[str, Any]) -> None:
        self.count += 1
        self.waived += bool(problem.get("waived"))
        self.exchanges.add(problem["exchange"])
        if len(self.kept) < KEPT_PROBLEMS:
            self.kept.append(problem)


class Unfinished:
    """Takes the ``clauses`` and ``problem`` lines of a record."""

    def __init__(self) -> None:
        self._clauses: list[Mapping[str, Any]] = []
        self._found: dict[str, dict[str | None, _Found]] = {}

    def take(self, entry: Mapping[str, Any]) -> None:
        """Keep what is needed of a line."""
        if entry["kind"] == "clauses":
            self._clauses = entry["clauses"]
        else:
            by_party = self._found.setdefault(entry["requirement"], {})
            by_party.setdefault(entry["party"], _Found()).take(entry["problem"])

    def verdicts(self) -> list[dict[str, Any]]:
        """One per clause and party: failed where a problem was found by then, untested otherwise. Of records that are
        older than the line ``clauses``, none."""
        verdicts: list[dict[str, Any]] = []
        for clause in self._clauses:
            by_party = self._found.get(clause["requirement"], {None: _Found()})
            parties = sorted(by_party, key=lambda name: name or "")
            verdicts += [_verdict(clause, party, by_party[party]) for party in parties]
        return verdicts


def _verdict(clause: Mapping[str, Any], party: str | None, found: _Found) -> dict[str, Any]:
    return {
        **clause,
        "party": party,
        "outcome": "failed" if found.count else "untested",
        "reason": None if found.count else CUT_OFF,
        "waived": None,
        "waived_count": found.waived,
        "seen": len(found.exchanges),
        "problem_count": found.count,
        "problems": found.kept,
    }
