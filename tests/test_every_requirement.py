"""Every clause is proven twice: what breaks it is found where it was broken, what is harmless changes no verdict."""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from harness import collect
from harness.model.requirement import MUST, Requirement
from harness.model.verdict import Outcome, Verdict
from tests.needs import MINUTES
from tests.proofs import proof
from tests.proofs.conversation import Bench, Held, bench, conforming, paged, ways
from tests.proofs.kill_matrix import breaks, committed, keeps, section
from tests.proofs.overlay import laid_over
from tests.proofs.proof import Score
from tests.proofs.sights import sights
from tests.proofs.variations import PAGE_SIZES, VARIATIONS, Variation

INTERFACES = sorted(collect.interfaces())
REQUIREMENTS = [(name, one) for name in INTERFACES for one in proof.own_clauses(name)]

NOT_PASSED: dict[tuple[str, str], str] = {}
"""Clauses that the conforming conversation does not pass: (interface, requirement) → why."""

WITHOUT_KEEP: dict[str, str] = {}
"""Clauses without a `kept_by`: requirement → why."""


@pytest.mark.parametrize("interface", INTERFACES)
def test_reference_passes_every_clause(interface: str) -> None:
    """In one way of access at least: in the other it may not apply, or find nothing to look at in a smaller world."""
    not_passed = {
        (interface, verdict.requirement): (verdict.outcome, verdict.reason, verdict.problems[:2])
        for way in ways(interface)
        for verdict in proof.verdicts_on_conforming(interface, way)
        if verdict.outcome is not Outcome.PASSED and not _passes_another_way(verdict, interface)
    }
    expected = {key for key in NOT_PASSED if key[0] == interface}
    assert not_passed.keys() == expected, not_passed


def _passes_another_way(verdict: Verdict, interface: str) -> bool:
    silent = verdict.outcome in (Outcome.INAPPLICABLE, Outcome.UNTESTED)
    return silent and any(verdict.requirement in proof.passed(interface, way) for way in ways(interface))


@pytest.mark.parametrize(
    ("interface", "requirement"), REQUIREMENTS, ids=[f"{name} {one.id}" for name, one in REQUIREMENTS]
)
def test_each_break_fails_the_clause_where_it_was_made_and_each_keep_leaves_it_passed(
    interface: str, requirement: Requirement
) -> None:
    """And the kill matrix says so, where there is time to see what else fails. That it speaks of every clause is looked
    at with the other generated files."""
    tried = [*breaks(interface, requirement, alone=not MINUTES), *keeps(interface, requirement)]
    assert [f"{one}: {one.fault}" for one in tried if one.fault] == []
    if not MINUTES:
        return
    told = committed(interface, requirement)
    if told is not None:  # of a system that was laid over this checkout, it says nothing
        made = section(interface, requirement).splitlines()
        assert told.splitlines() == made, "reports/kill-matrix.md is out of date: run python -m tests.generate"


@cache
def to_vary(interface: str, way: str) -> tuple[Bench, Held, Score]:
    """What a variation is laid over, and what it comes to without: of a further way, what the first does not show."""
    at, held = bench(interface, way), conforming(interface, way)
    if way:
        at = replace(at, suite=replace(at.suite, requirements=proof.only_shown_by(interface, way)))
        seen = {name for one in at.suite.requirements for name in sights(interface)[one.id].looks_at}
        needed = tuple(one for one in held if one.situation in seen)
        held = held if len(needed) == len(held) else needed
    return at, held, proof.score(at.verdicts(held))


@pytest.mark.parametrize("variation", VARIATIONS, ids=lambda one: one.name)
def test_harmless_variation_changes_no_verdict(variation: Variation) -> None:
    """An interface may have nothing to vary in this way, but not all of them. Without much time, in the first way."""
    laid: list[tuple[Held, Held]] = []
    for interface, way in [(name, way) for name in INTERFACES for way in (ways(name) if MINUTES else ways(name)[:1])]:
        at, held, before = to_vary(interface, way)
        varied = next((other for one, other in laid if one is held), None)  # two ways may share a conversation
        if varied is None:
            varied = laid_over(variation, held, at.document)
            laid.append((held, varied))
        ids = {one.id for one in at.suite.requirements}
        after = proof.score(at.verdicts(varied))
        differs = {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert differs == variation.advised_against.keys() & ids
    assert any(held != varied for held, varied in laid), "a variation that changes nothing proves nothing"


def test_a_harmless_variation_is_advised_against_by_no_must() -> None:
    known = {one.id: one.keyword for _, one in REQUIREMENTS}
    named = {name for variation in VARIATIONS for name in variation.advised_against}
    assert [name for name in named if known[name] is MUST] == []


@pytest.mark.parametrize("interface", INTERFACES)
@pytest.mark.parametrize("page_size", PAGE_SIZES)
def test_another_page_size_changes_no_verdict(interface: str, page_size: int) -> None:
    at, held, varied = bench(interface), conforming(interface), paged(interface, page_size)
    if varied is None:
        return
    assert sum(len(one.exchanges) for one in varied) != sum(len(one.exchanges) for one in held)
    assert proof.score(at.verdicts(varied)) == proof.score(at.verdicts(held))


def test_every_clause_has_a_break() -> None:
    assert [one.id for _, one in REQUIREMENTS if not one.broken_by] == []


def test_every_clause_has_a_keep_or_a_reason() -> None:
    assert {one.id for _, one in REQUIREMENTS if not one.kept_by} == WITHOUT_KEEP.keys()


@pytest.mark.parametrize("interface", INTERFACES)
def test_names_that_a_suite_uses_exist(interface: str) -> None:
    suite = collect.suite(interface)
    ids = Counter(one.id for one in suite.requirements)
    assert [one for one, count in ids.items() if count > 1] == []
    asking = {one.id for one in suite.scenarios} | {one.id for one in suite.situations}
    assert {name for one in suite.requirements for name in one.asked_by} <= asking
    assert {name for one in suite.requirements for name in one.rests_on} <= {
        setting.name for setting in suite.interface.settings
    }
    assert {one.same_as for one in suite.exclusions if one.same_as} <= ids.keys()
    assert bench(interface).document.requirement_ids <= ids.keys()
    assert not {old for one in suite.requirements for old in one.formerly} & ids.keys()
