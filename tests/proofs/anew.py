"""The verdicts over an edited conversation, as far as the edit can change them: exact, and quick.

A clause about single answers is asked about those that were edited, one about a situation about those that hold one,
and of the pages of crawls only edited ones are read again. Everything else comes to what it came to before: judging it
anew for each of hundreds of edits would take most of the time of a test run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from harness.judge.crawling import Visit
from harness.model.requirement import OF_THE_WHOLE_RUN, SCHEMA_EVIDENCE, Requirement
from harness.model.verdict import Verdict
from tests.proofs.conversation import Bench, Held, bench, conforming

SINGLE = ("exchange", "text", "objects", "token", "located", "party-answer", SCHEMA_EVIDENCE)
"""Evidence that is one answer, or stands in one."""


def kind_of(requirement: Requirement) -> str:
    """The kind of evidence, without the name of a schema."""
    return requirement.evidence.partition(":")[0]


def is_single(requirement: Requirement) -> bool:
    """The clause looks at one answer at a time."""
    return kind_of(requirement) in SINGLE


def is_of_the_run(requirement: Requirement) -> bool:
    """The clause looks at what several situations show together."""
    return requirement.evidence in OF_THE_WHOLE_RUN


@dataclass(frozen=True)
class Before:
    """What the conforming conversation comes to, taken apart.

    `seen` counts, by exchange and requirement, the evidence of clauses about single answers; `visits` are the pages of
    crawls, by exchange.
    """

    verdicts: tuple[Verdict, ...]
    seen: Mapping[str, Mapping[str, int]]
    visits: Mapping[str, Visit]


def before(interface_id: str, way: str) -> Before:
    """The conversation in which access is given in this way."""
    return _before(interface_id, way)


@cache
def _before(interface_id: str, way: str) -> Before:
    at, held = bench(interface_id, way), conforming(interface_id, way)
    single = tuple(one for one in at.suite.requirements if is_single(one))
    seen: dict[str, Mapping[str, int]] = {}
    visits: dict[str, Visit] = {}
    for transcript in held:
        for exchange in transcript.exchanges:
            judge = at.judge(single)
            judge.take(exchange)
            seen[exchange.id] = _by_requirement(judge.verdicts())
            visits.update((visit.page.exchange, visit) for visit in judge.crawler.visits)
    return Before(tuple(at.verdicts(held)), seen, visits)


def _by_requirement(verdicts: Iterable[Verdict]) -> Mapping[str, int]:
    seen: dict[str, int] = {}
    for verdict in verdicts:
        if verdict.seen:
            seen[verdict.requirement] = seen.get(verdict.requirement, 0) + verdict.seen
    return seen


def verdicts_anew(at: Bench, way: str, now: Held, requirements: Iterable[Requirement]) -> list[Verdict]:
    """The verdicts of these requirements over an edited form of the conforming conversation.

    What was not edited is the very same object in both; of a clause about single answers, only edited ones are seen.
    """
    known, wanted = before(at.suite.interface.id, way), tuple(requirements)
    was = {one.situation: one for one in conforming(at.suite.interface.id, way)}
    unedited = {id(exchange) for one in was.values() for exchange in one.exchanges}
    judge, visits = at.judge(wanted), list[Visit]()
    for transcript in now:
        for exchange in transcript.exchanges:
            if id(exchange) in unedited:
                visits += [known.visits[exchange.id]] if exchange.id in known.visits else []
            else:
                judge.crawler.visits = []
                judge.take(exchange)
                visits += judge.crawler.visits
        if transcript is not was[transcript.situation]:
            judge.close(transcript)
    if not any(map(is_of_the_run, wanted)):
        return judge.verdicts()
    if visits != list(known.visits.values()):
        judge.crawler.visits = visits
        judge.finish()
        return judge.verdicts()
    ids = {one.id for one in wanted if is_of_the_run(one)}
    unchanged = [one for one in known.verdicts if one.requirement in ids]
    return [*(one for one in judge.verdicts() if one.requirement not in ids), *unchanged]
