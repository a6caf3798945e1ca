"""Tables of a page: results by keyword and basis, clauses by kind of evidence, parties, and what was left open."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from harness.model.verdict import LOST
from harness.report.causes import STATES, State, anchor, state_of
from harness.report.summary import KEYWORDS

LISTED_PARTIES = 600
BASES = ("published", "standard", "observed", "assumed")
_KINDS = {
    "exchange": "Messages",
    "text": "Messages",
    "objects": "Messages",
    "token": "Tokens",
    "schema": "Document",
    "party-answer": "Party's document",
    "transcript": "Conversation",
    "crawls": "Lists",
    "inventory": "Lists",
    "party-crawls": "Lists",
}
_OUR_FAULT, _GONE = "Cannot tell (a fault of the harness)", "Cannot tell (the subject went away)"
_WORST = ("failed", "waived", "cannot_tell", "untested", "passed", "inapplicable")


@dataclass(frozen=True)
class Counted:
    """A row of counts by outcome; `basis` is empty in the sum of a keyword."""

    keyword: str
    basis: str
    counts: Mapping[str, int]


def by_basis(report: Mapping[str, Any]) -> list[Counted]:
    """Per keyword the sum, then what it is made of; what does not count has rows of its own."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for verdict in report["verdicts"]:
        counted = verdict["effective"] is not None and not verdict["new"]
        key = (verdict["effective"] if counted else "not counted", verdict["basis"])
        counts.setdefault(key, Counter())[outcome_of(verdict)] += 1
    rows = []
    for keyword in (*KEYWORDS, "not counted"):
        of_keyword = {basis: counts[keyword, basis] for basis in BASES if (keyword, basis) in counts}
        if of_keyword:
            rows.append(Counted(keyword, "", sum(of_keyword.values(), Counter())))
            rows += [Counted(keyword, basis, of_basis) for basis, of_basis in of_keyword.items()]
    return rows


def outcome_of(verdict: Mapping[str, Any]) -> str:
    """The outcome of a verdict: a failure that is waived is called so."""
    waived = verdict["outcome"] == "failed" and verdict["waived"] is not None
    return "waived" if waived else str(verdict["outcome"])


@dataclass
class Clause:
    """A row of the coverage: a clause with the worst of its outcomes, and how often it was looked at, by kind."""

    requirement: str
    told: Mapping[str, Any]
    outcomes: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def outcome(self) -> str:
        """The worst over all parties."""
        return min(self.outcomes, key=_WORST.index)

    @property
    def anchor(self) -> str:
        """Its name in links."""
        return anchor(self.requirement)


def coverage(report: Mapping[str, Any]) -> tuple[list[str], dict[str, list[Clause]]]:
    """The kinds of evidence, and the clauses of every chapter."""
    clauses: dict[str, Clause] = {}
    for verdict in report["verdicts"]:
        clause = clauses.setdefault(verdict["requirement"], Clause(verdict["requirement"], verdict))
        clause.outcomes.add(outcome_of(verdict))
        clause.seen[_kind(verdict)] += verdict["seen"]
    chapters: dict[str, list[Clause]] = {}
    for name, clause in clauses.items():
        chapters.setdefault(name.partition("/")[0], []).append(clause)
    kinds = list(dict.fromkeys([*_KINDS.values(), *(kind for clause in clauses.values() for kind in clause.seen)]))
    return [kind for kind in kinds if any(kind in clause.seen for clause in clauses.values())], chapters


def _kind(verdict: Mapping[str, Any]) -> str:
    evidence = str(verdict.get("evidence", ""))
    if evidence.startswith("located:"):
        return evidence.partition(":")[2]
    return _KINDS.get(evidence, evidence.capitalize() or "Looked at")


@dataclass(frozen=True)
class Party:
    """A row of the parties: what failed for its objects."""

    name: str
    counts: Mapping[str, int]
    failed: list[tuple[str, State]]
    places: int

    @property
    def anchor(self) -> str:
        """Its name in links."""
        return party_anchor(self.name)


def party_anchor(name: str) -> str:
    """``NL/ABC`` is at ``#party-NL-ABC``; one that calls itself otherwise is at a digest of its name."""
    if re.fullmatch(r"[A-Za-z0-9]+/[A-Za-z0-9]+", name):
        return f"party-{name.replace('/', '-')}"
    return f"party-{blake2b(name.encode('utf-8', 'backslashreplace'), digest_size=8).hexdigest()}"


def parties(report: Mapping[str, Any], places: Mapping[str, int]) -> list[Party]:
    """Every party that a verdict is about, the worst first; nothing where there is but one."""
    by_party: dict[str, list[Mapping[str, Any]]] = {}
    for verdict in report["verdicts"]:
        if verdict["party"]:
            by_party.setdefault(verdict["party"], []).append(verdict)
    if len(by_party) < 2:
        return []
    rows = []
    for name, verdicts in by_party.items():
        found = [(one["requirement"], state_of(one, report)) for one in verdicts if one["outcome"] == "failed"]
        told = sorted(found, key=lambda one: STATES.index(one[1]))
        counts = Counter[str](state for _id, state in told)
        counts["passed"] = sum(one["outcome"] == "passed" for one in verdicts)
        rows.append(Party(name, counts, told, places.get(name, 0)))
    return sorted(rows, key=lambda row: (-row.counts.get("decides", 0), -row.counts.get("warning", 0), row.name))


@dataclass(frozen=True)
class Open:
    """Clauses that were left open for one reason: keyword and id of each."""

    reason: str
    clauses: list[tuple[str, str]]


def left_open(report: Mapping[str, Any]) -> dict[str, list[Open]]:
    """What was not tested, and why: by kind of outcome, then by reason."""
    found: dict[str, dict[str, dict[tuple[str, str], None]]] = {}
    for verdict in report["verdicts"]:
        if verdict["outcome"] in ("untested", "cannot_tell", "inapplicable"):
            by_reason = found.setdefault(_called(verdict), {})
            clauses = by_reason.setdefault(verdict["reason"], {})
            clauses[verdict["effective"] or "off", verdict["requirement"]] = None
    order = (_OUR_FAULT, _GONE, "Not tested", "Not applicable")
    return {
        name: [Open(reason, list(clauses)) for reason, clauses in found[name].items()]
        for name in order
        if name in found
    }


def _called(verdict: Mapping[str, Any]) -> str:
    if verdict["outcome"] == "cannot_tell":
        return _GONE if str(verdict["reason"]).startswith(LOST) else _OUR_FAULT
    return "Not tested" if verdict["outcome"] == "untested" else "Not applicable"
