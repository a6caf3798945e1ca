"""Which conversations with the reference each clause looks at, and which of them show it all alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from harness.collect import Sight
from harness.model.crawl import Crawl, Crawls, PartyCrawls
from harness.model.exchange import Transcript
from harness.model.requirement import Requirement
from harness.model.verdict import Outcome, Verdict
from tests.proofs.conversation import Bench, bench, conforming, ways

WHOLE_RUN = ("crawls", "inventory", "party-crawls")
"""Kinds of evidence that come of several conversations together."""


@cache
def sights(interface_id: str) -> Mapping[str, Sight]:
    """Requirement → what it looks at in the conversations with the reference, in all ways of access together."""
    looks_at: dict[str, set[str]] = {}
    shown_by: dict[str, set[str]] = {}
    for way in ways(interface_id):
        at, transcripts = bench(interface_id, way), conforming(interface_id, way)
        for situation, verdicts in alone(interface_id, way).items():
            for name in _shown(at, verdicts):
                shown_by.setdefault(name, set()).add(situation)
        for name, situations in _read(at, transcripts):
            looks_at.setdefault(name, set()).update(situations)
    for one in bench(interface_id).suite.requirements:
        if one.evidence not in WHOLE_RUN:
            looks_at[one.id] = shown_by.setdefault(one.id, set())
        looks_at.setdefault(one.id, set()).update(one.asked_by)
    return {name: Sight(frozenset(found), frozenset(shown_by.get(name, ()))) for name, found in looks_at.items()}


@cache
def alone(interface_id: str, way: str) -> Mapping[str, list[Verdict]]:
    """Conversation → the verdicts of a run that held nothing else."""
    at = bench(interface_id, way)
    return {one.situation: at.verdicts([one]) for one in conforming(interface_id, way)}


def _shown(at: Bench, verdicts: list[Verdict]) -> Iterator[str]:
    """The clauses of which these verdicts say something."""
    clauses = {one.id: one for one in at.suite.requirements}
    for verdict in verdicts:
        here = clauses[verdict.requirement].not_here(at.profile.settings) is None
        if verdict.seen or (here and verdict.outcome is Outcome.INAPPLICABLE):
            yield verdict.requirement


@dataclass(frozen=True)
class _Watched(Crawl):
    """A crawl that notes its situation in `read` whenever somebody looks at what it holds."""

    read: set[str] = field(default_factory=set, compare=False)

    def __getattribute__(self, name: str) -> Any:
        if name in ("pages", "entries"):
            object.__getattribute__(self, "read").add(object.__getattribute__(self, "situation"))
        return object.__getattribute__(self, name)


def _read(at: Bench, transcripts: tuple[Transcript, ...]) -> Iterator[tuple[str, set[str]]]:
    """Clause over the whole run → the conversations whose crawls it reads."""
    judge = at.judge(())
    for transcript in transcripts:
        for exchange in transcript.exchanges:
            judge.take(exchange)
    read: set[str] = set()
    crawls = Crawls(
        tuple(
            _Watched(one.situation, one.schema, one.label, one.pages, one.entries, read)
            for one in judge.crawler.crawls().crawls
        )
    )
    for requirement in at.suite.requirements:
        for evidence in _evidence(requirement, crawls):
            read.clear()
            _look(requirement, evidence, at)
            yield requirement.id, set(read)


def _evidence(requirement: Requirement, crawls: Crawls) -> Iterator[Crawls | PartyCrawls]:
    if requirement.evidence in ("crawls", "inventory"):
        yield crawls
    elif requirement.evidence == "party-crawls":
        for party in crawls.parties or (None,):
            yield PartyCrawls(party, crawls.owned_by(party), crawls)


def _look(requirement: Requirement, evidence: Crawls | PartyCrawls, at: Bench) -> None:
    assert requirement.check is not None
    if requirement.not_here(at.profile.settings) is None and requirement.when(evidence):
        list(requirement.check(*((evidence, at.profile.settings) if requirement.takes_settings else (evidence,))))
