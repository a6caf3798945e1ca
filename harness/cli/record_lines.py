"""The lines of a record that say who was judged how, and what came of it."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from harness import __version__
from harness.cli.plan import Plan
from harness.cli.route import told
from harness.collect import Suite
from harness.judge.judge import Judge
from harness.judge.score import Scored
from harness.judge.waiving import Standing
from harness.model.profile import Profile
from harness.model.requirement import Requirement
from harness.model.verdict import Outcome, Verdict
from harness.model.waiver import Waiver
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
        "selection": plan.selection.told if plan.selection is not None else None,
        "subject": {
            "kind": plan.kind,
            "name": interface.reference.title if reference else plan.name,
            "version": __version__ if reference else plan.version,
            "as": interface.subject,
            "address": plan.addresses.base,
            "faults": list(plan.faults),
            **({"demo": True} if plan.demo else {}),
        },
        "parties": list(plan.parties),
        "strict": plan.strict,
        "object_keys": sorted(interface.objects.names),
        "objects": [name for key in interface.objects.keys.values() for name in (key.name, *key.also)],
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


def places_lines(judge: Judge) -> Iterator[dict[str, Any]]:
    """Where the objects of whole lists are, one line per kind of object: ``[party, id, latitude, longitude]``, degrees
    to a metre."""
    for schema in judge.objects.place:
        places = [
            [one.party, one.id, round(one.latitude, 5), round(one.longitude, 5)] for one in judge.crawler.places(schema)
        ]
        if places:
            yield {"schema": schema, "key": judge.objects.keys[schema].name, "places": places}


def clause_lines(requirements: Iterable[Requirement], plan: Plan) -> list[dict[str, Any]]:
    """What each of the chosen clauses says: of a run that is killed, more is not there."""
    chosen = plan.selection.requirements if plan.selection is not None else None
    return [_clause(one, plan.profile) for one in requirements if chosen is None or one.id in chosen]


def _clause(requirement: Requirement, profile: Profile) -> dict[str, Any]:
    """All that a clause says, and how strongly it binds here."""
    return {
        "requirement": requirement.id,
        "row": requirement.row,
        "title": requirement.title,
        "why": requirement.why,
        "fix": requirement.fix,
        "keyword": requirement.keyword,
        "effective": profile.effective(requirement),
        "new": profile.is_new(requirement),
        "basis": requirement.basis,
        "rests_on": list(requirement.rests_on),
        "source": {"document": requirement.source.document, "section": requirement.source.section},
        "binds": requirement.binds,
        "evidence": requirement.evidence,
    }


def verdict_line(score: Scored, profile: Profile) -> dict[str, Any]:
    """A verdict with all that its clause says, so that the record alone renders."""
    verdict = score.verdict
    return {
        **_clause(score.requirement, profile),
        "party": verdict.party,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "waived": _waived(verdict),
        "waived_count": verdict.waived_count,
        "known_count": verdict.known_count,
        "known": verdict.is_excused and verdict.known_count > 0,
        "seen": verdict.seen,
        "problem_count": verdict.problem_count if verdict.outcome is Outcome.FAILED else 0,
        "problems": [asdict(problem) for problem in verdict.problems],
        "unstable": [list(pair) for pair in verdict.unstable],
    }


def _waived(verdict: Verdict) -> dict[str, Any] | None:
    """Who answers for all of a failure, and until when: of several waivers the one that ends first."""
    if not verdict.is_waived:
        return None
    first = min(verdict.waivers, key=lambda one: one.until)
    return {**_terms(first), "more": len(verdict.waivers) - 1}


def waiver_lines(standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """Every waiver of the run and what has become of it."""
    return [
        {
            "requirement": one.waiver.requirement,
            "party": one.waiver.party,
            "object": one.waiver.object,
            "where": one.waiver.where,
            **_terms(one.waiver),
            "state": one.state,
            "count": one.count,
            "told": one.told,
        }
        for one in standings
    ]


def _terms(waiver: Waiver) -> dict[str, Any]:
    return {
        "reason": waiver.reason,
        "owner": waiver.owner,
        "ticket": waiver.ticket,
        "until": waiver.until.isoformat(),
        "origin": waiver.origin,
    }
