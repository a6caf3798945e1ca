"""A comparison of two runs as text, Markdown and JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from harness.report.diff import SCHEMA, Change, Diff, Retested
from harness.report.findings import Clause, RunFindings
from harness.report.markdown import code, prose
from harness.report.visible import visible

_SHOWN, _SHOWN_CLAUSES = 5, 100
"""So many findings of a clause, and clauses of a section, are told in text and Markdown; JSON tells all."""


@dataclass(frozen=True)
class _Group:
    """A clause in a section: how much it weighs, what is said of it, and its findings; `is_told`: with what came."""

    weight: str
    clause: Clause
    said: str
    changes: tuple[Change, ...] = ()
    is_told: bool = False

    @property
    def name(self) -> str:
        """The requirement, and whose."""
        return self.clause[0] + (f" for {self.clause[1]}" if self.clause[1] else "")


def as_text(found: Diff, paths: tuple[str, str]) -> str:
    """For a terminal, harmless whatever the subject wrote."""
    before, after = (_run(run, path) for run, path in zip((found.before, found.after), paths, strict=True))
    lines = [f"diff: {found.after.report['interface']}", f"Before    {before}", f"Now       {after}"]
    lines += [f"Otherwise {line}" for line in _otherwise(found)]
    for title, groups in _sections(found):
        lines += ["", title]
        for group in groups[:_SHOWN_CLAUSES]:
            lines.append(f"  {group.weight:<6}  {group.name}{f': {group.said}' if group.said else ''}")
            for change in group.changes[:_SHOWN]:
                lines.append(f"    {_place(change)}{' (waived)' * bool(change.problem.get('waived'))}")
                if group.is_told:
                    lines.append(f"      Expected  {change.problem['expected']}")
                    lines.append(f"      Actual    {change.problem['actual']}")
            if len(group.changes) > _SHOWN:
                lines.append(f"    and {len(group.changes) - _SHOWN} more")
        lines += [f"  {line}" for line in _left_out(groups)]
    lines += ["", f"Result    {_result(found)}"]
    return "\n".join(map(visible, lines)) + "\n"


def as_markdown(found: Diff, paths: tuple[str, str]) -> str:
    """For a comment on a change: the result first."""
    before, after = (_run(run, path) for run, path in zip((found.before, found.after), paths, strict=True))
    lines = [f"**{prose(_result(found))}**", "", f"- before: {prose(before)}", f"- now: {prose(after)}"]
    lines += [f"- otherwise: {prose(line)}" for line in _otherwise(found)]
    for title, groups in _sections(found):
        lines += ["", f"## {title}", ""]
        for group in groups[:_SHOWN_CLAUSES]:
            lines.append(f"- {group.weight} {code(group.name)}{f': {prose(group.said)}' if group.said else ''}")
            for change in group.changes[:_SHOWN]:
                waived = " (waived)" if change.problem.get("waived") else ""
                told = f"; expected {code(change.problem['expected'])}, actual {code(change.problem['actual'])}"
                lines.append(f"  - {code(_place(change))}{waived}{told if group.is_told else ''}")
            if len(group.changes) > _SHOWN:
                lines.append(f"  - and {len(group.changes) - _SHOWN} more")
        lines += [f"- {line}" for line in _left_out(groups)]
    return "\n".join(lines) + "\n"


def as_json(found: Diff, paths: tuple[str, str]) -> str:
    """For programs: every finding, by ``reports/schema/diff.json``."""
    runs = {
        name: {
            "path": path,
            "run": run.report["run"],
            "started": run.report["started"],
            "exit": run.report["exit"],
            "findings": len(run.found),
        }
        for name, run, path in zip(("before", "after"), (found.before, found.after), paths, strict=True)
    }
    told = {
        "schema": SCHEMA,
        "interface": found.after.report["interface"],
        **runs,
        "differences": [{"what": what, "before": old, "after": new} for what, old, new in found.differences],
        "exit": found.exit,
        "new_must": found.new_must,
        "new": [_finding(change) for change in found.new],
        "fixed": [_finding(change) for change in found.fixed],
        "still_failing": [_finding(change) for change in found.still_failing],
        "no_longer_tested": [_retested(one) for one in found.no_longer_tested],
        "newly_tested": [_retested(one) for one in found.newly_tested],
        "unclear": [
            {**_clause(one.clause, one.verdict), "before": one.before, "after": one.after} for one in found.unclear
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _left_out(groups: list[_Group]) -> Iterator[str]:
    if len(groups) > _SHOWN_CLAUSES:
        yield f"and {len(groups) - _SHOWN_CLAUSES} clauses more: see --format json"


def _result(found: Diff) -> str:
    if found.new_must:
        return f"{found.new_must} new MUST failure{'s' * (found.new_must != 1)} (exit code 1)"
    return f"{'nothing changed' if found.is_empty else 'no new MUST failure'} (exit code 0)"


def _run(run: RunFindings, path: str) -> str:
    ended = "; it was cut off, so what it does not name may be there all the same" if run.is_cut_off else ""
    return f"{path}, run {run.report['run']} of {run.report['started'][:19]}Z, {len(run.found)} findings{ended}"


def _otherwise(found: Diff) -> Iterator[str]:
    for what, old, new in found.differences:
        yield f"{what}: {old} before, {new} now"


def _sections(found: Diff) -> Iterator[tuple[str, list[_Group]]]:
    gone, now = found.no_longer_tested, found.newly_tested
    unclear = [
        _Group(_weight(one.verdict), one.clause, f"{one.before} problems before, {one.after} now")
        for one in found.unclear
    ]
    sections = (
        ("New", len(found.new), _groups(found.new, is_told=True)),
        ("Newly tested", len(now), (_group(one, "now", is_told=True) for one in now)),
        ("Still failing", len(found.still_failing), _groups(found.still_failing)),
        ("Fixed", len(found.fixed), _groups(found.fixed)),
        ("No longer tested", len(gone), (_group(one, "before") for one in gone)),
        ("Not to be told one by one: a record names some of the problems only", len(unclear), unclear),
    )
    return ((f"{title} ({count})", list(groups)) for title, count, groups in sections if count)


def _groups(changes: Iterable[Change], *, is_told: bool = False) -> Iterator[_Group]:
    for clause, of_clause in groupby(changes, key=lambda one: (one.identity.requirement, one.identity.party)):
        several = tuple(of_clause)
        yield _Group(_weight(several[0].verdict), clause, "", several, is_told)


def _group(one: Retested, when: str, *, is_told: bool = False) -> _Group:
    said = f"{one.outcome} {when}"
    return _Group(_weight(one.verdict), one.clause, said, one.findings, is_told)


def _weight(verdict: Mapping[str, Any] | None) -> str:
    if verdict is None:
        return "?"
    return f"{verdict['effective'] or 'off'}{', new' if verdict['new'] else ''}"


def _place(change: Change) -> str:
    """The object and the place inside it; without an object, the place and what was asked for."""
    one = change.identity
    if one.object:
        ids = dict(one.object)
        about = ", ".join(f"{name} {ids[name]}" for name in change.problem["object"] if name in ids)
        return f"{about}: {one.place}" if one.place else about
    asked = " ".join(filter(None, (one.operation, one.status)))
    return f"{one.place} of {asked}" if asked else one.place


def _clause(clause: Clause, verdict: Mapping[str, Any] | None) -> dict[str, Any]:
    effective = verdict["effective"] if verdict is not None else None
    return {"requirement": clause[0], "party": clause[1], "effective": effective}


def _finding(change: Change) -> dict[str, Any]:
    one = change.identity
    return {
        **_clause((one.requirement, one.party), change.verdict),
        "object": dict(one.object),
        "place": one.place,
        "operation": one.operation,
        "status": one.status,
        "waived": bool(change.problem.get("waived")),
        "expected": change.problem["expected"],
        "actual": change.problem["actual"],
        "exchange": change.problem["exchange"],
    }


def _retested(one: Retested) -> dict[str, Any]:
    return {
        **_clause(one.clause, one.verdict),
        "outcome": one.outcome,
        "findings": [_finding(change) for change in one.findings],
    }
