"""The lines of a record that say who was judged how, and what came of it."""

from dataclasses import asdict
from typing import Any

from harness import __version__
from harness.cli.plan import Plan
from harness.cli.route import told
from harness.collect import Suite
from harness.judge.score import Scored
from harness.model.verdict import Outcome
from harness.spec.party_document import PartyDocument


def head(plan: Plan, suite: Suite, seed: int, run: str, party_document: PartyDocument | None) -> dict[str, Any]:
    """The first line: harness, profile, subject, and all that a report needs beside the events."""
    profile, interface = plan.profile, suite.interface
    reach, more_origins = told(plan)
    reference = plan.kind == "reference"
    return {
        "harness": {"version": __version__},
        "run": run,
        "interface": plan.interface,
        "profile": {
            "id": profile.id,
            "settings": dict(profile.settings.values),
            "confirmed": dict(profile.confirmed),
            "keywords": {name: keyword or "off" for name, keyword in profile.keywords.items()},
        },
        "assumed": {setting.name: setting.question for setting in interface.settings if setting.assumed},
        "selection": None,
        "subject": {
            "kind": plan.kind,
            "name": interface.reference.title if reference else plan.name,
            "version": __version__ if reference else plan.version,
            "as": interface.subject,
            "address": plan.addresses.base,
            "faults": list(plan.faults),
        },
        "parties": list(plan.parties),
        "seed": seed,
        "origins": {**plan.origins, **more_origins},
        "reach": reach,
        "stages": [
            {
                "name": stage.name,
                "title": stage.title,
                "why": stage.why,
                "requirements": [one.id for one in suite.requirements if stage.decides(one.row)],
            }
            for stage in interface.stages
        ],
        "documents": _documents(party_document),
    }


def _documents(party_document: PartyDocument | None) -> list[dict[str, Any]]:
    """The party's own document, and which of its operations judges which of ours."""
    if party_document is None:
        return []
    matches = [
        {"operation": name, "theirs": f"{match.method} {match.template}" if match else None}
        for name, match in party_document.matches.items()
    ]
    return [{"file": party_document.name, "matches": matches}]


def verdict_line(score: Scored) -> dict[str, Any]:
    """A verdict with all that its clause says, so that the record alone renders."""
    requirement, verdict = score.requirement, score.verdict
    return {
        "requirement": requirement.id,
        "row": requirement.row,
        "title": requirement.title,
        "why": requirement.why,
        "fix": requirement.fix,
        "keyword": requirement.keyword,
        "effective": score.effective,
        "new": score.is_new,
        "basis": requirement.basis,
        "rests_on": list(requirement.rests_on),
        "source": {"document": requirement.source.document, "section": requirement.source.section},
        "binds": requirement.binds,
        "party": verdict.party,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "waived": None,
        "seen": verdict.seen,
        "problem_count": verdict.problem_count if verdict.outcome is Outcome.FAILED else 0,
        "problems": [asdict(problem) for problem in verdict.problems],
    }
