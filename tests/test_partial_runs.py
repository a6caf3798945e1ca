"""A partial run says of a clause what the whole one would: the conversations that are held for it are all it needs."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from harness import collect
from harness.cli.selection import Wanted, selections
from harness.model.exchange import Transcript
from harness.model.verdict import Outcome, Verdict
from tests.proofs import proof
from tests.proofs.conversation import SITUATIONS, Bench, bench, conforming, held, ways
from tests.proofs.sights import WHOLE_RUN, alone
from tests.proofs.two_parties import DECLARED, INTERFACE, platform

INTERFACES = sorted(collect.interfaces())
WAYS = [(name, way) for name in INTERFACES for way in ways(name)]


def is_turned(interface: str, way: str) -> bool:
    """The subject of this way is the server, where it is usually the client."""
    return collect.suite(interface).interface.subject == "client" and way != SITUATIONS


@cache
def by_conversations(interface: str, *, turned: bool = False) -> dict[frozenset[str], list[str]]:
    """The conversations that are held where a clause alone is chosen → the clauses for which it is these."""
    found: dict[frozenset[str], list[str]] = {}
    suite = collect.suite(interface).turned if turned else collect.suite(interface)
    for one in suite.requirements:
        chosen = selections([interface], Wanted(only=(one.id,)), turned=turned)[interface]
        assert chosen is not None
        assert chosen.requirements == {one.id}
        found.setdefault(chosen.scenarios, []).append(one.id)
    return found


def told_otherwise(
    at: Bench, transcripts: tuple[Transcript, ...], whole: Iterable[Verdict], *, turned: bool = False
) -> Iterator[str]:
    """The clauses of whose verdicts those of a partial run differ."""
    of_whole: dict[str, list[Verdict]] = {}
    for verdict in whole:
        of_whole.setdefault(verdict.requirement, []).append(verdict)
    ours = {one.id: one for one in at.suite.requirements}
    for conversations, named in by_conversations(at.suite.interface.id, turned=turned).items():
        names = [name for name in named if name in ours]
        if not names:
            continue
        judge = at.judge(tuple(ours[name] for name in names))
        for transcript in transcripts:
            if transcript.situation in conversations:
                for exchange in transcript.exchanges:
                    judge.take(exchange)
                judge.close(transcript)
        judge.finish()
        verdicts = judge.verdicts()
        for name in names:
            if [one for one in verdicts if one.requirement == name] != of_whole[name]:
                yield name


@pytest.mark.parametrize(("interface", "way"), WAYS, ids=[" ".join(one).strip() for one in WAYS])
def test_every_clause_alone_ends_as_in_the_whole_run(interface: str, way: str) -> None:
    """In a further way of access, the clauses that the first does not show."""
    at = bench(interface, way)
    if way and way != SITUATIONS:
        at = replace(at, suite=replace(at.suite, requirements=proof.only_shown_by(interface, way)))
    transcripts = conforming(interface, way)
    turned = is_turned(interface, way)
    assert list(told_otherwise(at, transcripts, at.verdicts(transcripts), turned=turned)) == []


def test_every_clause_over_the_whole_run_ends_alike_where_there_are_two_parties() -> None:
    at = bench(INTERFACE).declaring(*DECLARED)
    over_all = tuple(one for one in at.suite.requirements if one.evidence in WHOLE_RUN)
    at, transcripts = replace(at, suite=replace(at.suite, requirements=over_all)), held(INTERFACE, platform)
    whole = at.verdicts(transcripts)
    assert len({verdict.party for verdict in whole}) > len(DECLARED)
    assert list(told_otherwise(at, transcripts, whole)) == []


@pytest.mark.parametrize("interface", INTERFACES)
def test_no_conversation_alone_fails_a_correct_system(interface: str) -> None:
    failed = {
        (situation, verdict.requirement)
        for situation, verdicts in alone(interface, "").items()
        for verdict in verdicts
        if verdict.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)
    }
    assert failed == set()
