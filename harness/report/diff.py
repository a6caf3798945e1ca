"""Two runs of an interface side by side: what is new, fixed, still failing, and what only one of them tested."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.report.findings import Clause, RunFindings
from harness.report.identity import Identity
from harness.report.selection import partial_run
from harness.report.summary import KEYWORDS

SCHEMA = "harness-diff/1"

_ABSENT = "nothing"


@dataclass(frozen=True)
class Change:
    """A finding that one of the runs has, or both. `problem` is the first of the later run that has it; `verdict` that
    run's verdict on the clause, None where it was killed before one."""

    identity: Identity
    problem: Mapping[str, Any]
    verdict: Mapping[str, Any] | None

    @property
    def counts(self) -> bool:
        """It is a failed MUST, in force, of this profile, and nobody answers for it."""
        return _binds(self.verdict) and not self.problem.get("waived")


@dataclass(frozen=True)
class Retested:
    """A clause that only one of the runs tested, with what came of it there, and its findings."""

    clause: Clause
    verdict: Mapping[str, Any] | None
    findings: tuple[Change, ...]

    @property
    def outcome(self) -> str:
        """``passed`` or ``failed``."""
        return "failed" if self.findings or self.verdict is None else str(self.verdict["outcome"])


@dataclass(frozen=True)
class Unclear:
    """A clause of which a record names some problems only: how many there were before, and are now."""

    clause: Clause
    verdict: Mapping[str, Any] | None
    before: int
    after: int


@dataclass(frozen=True)
class Diff:
    """`differences` are of what was expected and of whom: what, before, after."""

    before: RunFindings
    after: RunFindings
    differences: tuple[tuple[str, str, str], ...]
    new: tuple[Change, ...]
    fixed: tuple[Change, ...]
    still_failing: tuple[Change, ...]
    no_longer_tested: tuple[Retested, ...]
    newly_tested: tuple[Retested, ...]
    unclear: tuple[Unclear, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing changed that the clauses tell of."""
        unclear = any(one.before != one.after for one in self.unclear)
        return not (self.new or self.fixed or self.no_longer_tested or self.newly_tested or unclear)

    @property
    def new_must(self) -> int:
        """So many MUST findings are in the later run only; a clause whose problems are not all named is one where there
        are more of them now."""
        found = (*self.new, *(change for one in self.newly_tested for change in one.findings))
        more = sum(_binds(one.verdict) and one.after > one.before for one in self.unclear)
        return sum(change.counts for change in found) + more

    @property
    def exit(self) -> int:
        """1 where a MUST fails that did not before, else 0."""
        return 1 if self.new_must else 0


def diff(before: RunFindings, after: RunFindings) -> Diff:
    """What changed from one run to the other, of the same interface."""
    clauses = sorted(before.clauses | after.clauses, key=lambda one: _order(one, _verdict(one, after, before)))
    lost = [one for one in clauses if before.tested(one) and not after.tested(one)]
    gained = [one for one in clauses if after.tested(one) and not before.tested(one)]
    both = [one for one in clauses if before.tested(one) and after.tested(one)]
    unclear = [one for one in both if not (before.names_all(one) and after.names_all(one))]
    sure = [one for one in both if one not in unclear]
    earlier, later = _changes(before), _changes(after)
    return Diff(
        before,
        after,
        tuple(_differences(before, after)),
        new=tuple(one for clause in sure for one in later.get(clause, ()) if one.identity not in before.found),
        fixed=tuple(one for clause in sure for one in earlier.get(clause, ()) if one.identity not in after.found),
        still_failing=tuple(one for clause in both for one in later.get(clause, ()) if one.identity in before.found),
        no_longer_tested=tuple(Retested(one, before.verdicts.get(one), earlier.get(one, ())) for one in lost),
        newly_tested=tuple(Retested(one, after.verdicts.get(one), later.get(one, ())) for one in gained),
        unclear=tuple(
            Unclear(one, _verdict(one, after, before), before.count(one), after.count(one)) for one in unclear
        ),
    )


def _verdict(clause: Clause, *runs: RunFindings) -> Mapping[str, Any] | None:
    """What the first run that has one says of it."""
    return next((run.verdicts[clause] for run in runs if clause in run.verdicts), None)


def _binds(verdict: Mapping[str, Any] | None) -> bool:
    return verdict is not None and verdict["effective"] == "MUST" and not verdict["new"]


def _order(clause: Clause, verdict: Mapping[str, Any] | None) -> tuple[int, str, str]:
    """The heaviest first."""
    effective = verdict["effective"] if verdict is not None else None
    return (KEYWORDS.index(effective) if effective in KEYWORDS else len(KEYWORDS), clause[0], clause[1] or "")


def _changes(run: RunFindings) -> dict[Clause, tuple[Change, ...]]:
    found: dict[Clause, list[Change]] = {}
    for identity, problem in sorted(run.found.items(), key=lambda one: (one[0][0], one[0][1] or "", *one[0][2:])):
        clause = (identity.requirement, identity.party)
        found.setdefault(clause, []).append(Change(identity, problem, run.verdicts.get(clause)))
    return {clause: tuple(changes) for clause, changes in found.items()}


def _differences(before: RunFindings, after: RunFindings) -> Iterator[tuple[str, str, str]]:
    """What was expected otherwise, or of another subject."""
    earlier, later = _expected(before), _expected(after)
    for name in dict.fromkeys((*earlier, *later)):
        if earlier.get(name) != later.get(name):
            yield name, earlier.get(name, _ABSENT), later.get(name, _ABSENT)


def _expected(run: RunFindings) -> dict[str, str]:
    report, subject = run.report, run.report["subject"]
    profile = report["profile"]
    told = {
        "harness": report["harness"]["version"],
        "profile": profile["id"],
        **{f"setting {name}": str(value) for name, value in profile["settings"].items()},
        **{f"confirmed {name}": str(source) for name, source in profile["confirmed"].items()},
        **{f"keyword of {name}": str(keyword) for name, keyword in profile["keywords"].items()},
        "selection": partial_run(report["selection"]) if report["selection"] else "everything",
        "subject": " ".join(str(subject[name]) for name in ("kind", "name", "version") if subject[name]),
        "parties": ", ".join(run.head.get("parties", ())),
        "faults": ", ".join(subject["faults"]),
        "documents": ", ".join(one["file"] for one in report["documents"]),
    }
    if subject["kind"] != "reference":  # which listens somewhere else every time
        told["address"] = subject["address"]
    return {name: value for name, value in told.items() if value}
