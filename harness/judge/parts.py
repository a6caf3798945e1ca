"""What one judge made of a part of the evidence, on its way to another judge. Ids travel, no clause does."""

from collections.abc import Iterable
from dataclasses import dataclass

from harness.judge.crawling import Visit
from harness.judge.judge import Judge
from harness.judge.tally import Finding
from harness.model.verdict import Problem

Key = tuple[str, str | None]
"""A clause, by its id, and a party."""


@dataclass(frozen=True)
class Part:
    """`told` are the problems in the order in which they came, each with what it is known by; `seen`, `inapplicable`
    and `crashes` are what a tally counts besides."""

    told: tuple[tuple[Key, Problem, object], ...]
    seen: tuple[tuple[Key, int], ...]
    inapplicable: tuple[tuple[Key, str], ...]
    crashes: tuple[tuple[Key, str], ...]
    visits: tuple[Visit, ...]
    own_faults: tuple[str, ...]


def part_of(judge: Judge, findings: Iterable[Finding]) -> Part:
    """All that a judge has to tell, `findings` being those that it gave away."""
    tallies = judge.tallies.items()
    return Part(
        tuple(((one.requirement.id, one.party), one.problem, one.identity) for one in findings),
        tuple((key, tally.seen) for key, tally in tallies if tally.seen),
        tuple((key, tally.inapplicable) for key, tally in tallies if tally.inapplicable is not None),
        tuple((key, tally.crash) for key, tally in tallies if tally.crash is not None),
        tuple(judge.crawler.visits),
        tuple(judge.own_faults),
    )


def absorb(judge: Judge, part: Part) -> list[Finding]:
    """As if the judge had seen the evidence itself; its visits stay with the caller. What is told already is no
    finding any more."""
    for key, seen in part.seen:
        judge.tallies[key].seen += seen
    for key, reason in part.inapplicable:
        judge.tallies[key].inapplicable = reason
    for key, crash in part.crashes:
        judge.tallies[key].crash = crash
    judge.own_faults += part.own_faults
    by_id = {requirement.id: requirement for requirement in judge.requirements}
    return [
        found
        for (name, party), problem, identity in part.told
        for found in judge.findings.take(by_id[name], party, problem, identity)
    ]
