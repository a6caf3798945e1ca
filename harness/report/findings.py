"""The findings of a run, read from its record, which names them all: report.json keeps twenty of each verdict."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.report.identity import Identities, Identity
from harness.report.record import read
from harness.report.summary import report_of

Clause = tuple[str, str | None]
"""A requirement, by its id of today, and a party."""

_TESTED = ("passed", "failed")


@dataclass(frozen=True)
class RunFindings:
    """`report` and `head`, the first line of the record, are the run's; `found` maps each finding to its first problem;
    `verdicts` are by clause; `recorded` counts the problems of a clause that the record names."""

    report: Mapping[str, Any]
    head: Mapping[str, Any]
    found: Mapping[Identity, Mapping[str, Any]]
    verdicts: Mapping[Clause, Mapping[str, Any]]
    recorded: Mapping[Clause, int]

    @property
    def is_cut_off(self) -> bool:
        """It was killed, or interrupted: of what has no finding nothing is known."""
        return self.report["exit"] in (None, 130)

    @property
    def clauses(self) -> set[Clause]:
        """All that it says anything of."""
        return {*self.verdicts, *self.recorded}

    def count(self, clause: Clause) -> int:
        """How many problems of it there were."""
        verdict = self.verdicts.get(clause)
        return verdict["problem_count"] if verdict is not None else self.recorded.get(clause, 0)

    def tested(self, clause: Clause) -> bool:
        """Something was seen of it, good or bad."""
        verdict = self.verdicts.get(clause)
        return verdict["outcome"] in _TESTED if verdict is not None else clause in self.recorded

    def names_all(self, clause: Clause) -> bool:
        """The record names every problem of it; of large files it names some and counts the rest."""
        verdict = self.verdicts.get(clause)
        return verdict is None or verdict["problem_count"] <= self.recorded.get(clause, 0)


def findings_of(folder: Path, former: Mapping[str, str]) -> RunFindings:
    """Read the run in this folder; `former` maps ids that requirements had to those of today."""
    report = report_of(folder)
    entries = read(folder)
    head = next(entries)
    names = frozenset(head["object_keys"]) if "object_keys" in head else None
    identities = Identities(names, former)
    found: dict[Identity, Mapping[str, Any]] = {}
    recorded: Counter[Clause] = Counter()
    for entry in entries:
        if entry["kind"] == "exchange":
            response = entry["response"]
            identities.saw(entry["id"], entry["operation"], response["status"] if response else None)
        elif entry["kind"] == "problem":
            name, party = former.get(entry["requirement"], entry["requirement"]), entry["party"]
            recorded[name, party] += 1
            identity = identities.of(name, party, entry["problem"])
            first = found.setdefault(identity, entry["problem"])
            if first.get("waived") and not entry["problem"].get("waived"):  # what counts says what it is
                found[identity] = entry["problem"]
    verdicts = {(former.get(one["requirement"], one["requirement"]), one["party"]): one for one in report["verdicts"]}
    return RunFindings(report, head, found, verdicts, recorded)
