"""The decorators that make clauses and scenarios of functions."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.model.exchange import HttpExchange, Located, Transcript
from harness.model.requirement import (
    MUST,
    SCHEMA_EVIDENCE,
    Basis,
    Publication,
    Reason,
    Requirement,
    derived_id,
    excluded,
    requirement,
)
from harness.model.scenario import Steps, scenario
from harness.model.settings import Settings
from harness.model.verdict import Problem
from harness.model.world import World


class Thing(dict[str, Any]):
    """A domain object of these tests."""


Check = Callable[..., Any]


def made(check: Check) -> Requirement:
    check.__module__ = "scenarios.acme.chapter_one"
    source = Publication("Acme API", Basis.OBSERVED)["3.2"]
    return requirement(MUST, source, row="acme-1", since="2026.12")(check)


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        ("scenarios.standards.ocpi_2_2_1.transport", "a_b", "ocpi-2.2.1/a-b"),
        ("scenarios.standards.http", "a", "http/a"),
        ("scenarios.standards.problem_details", "a", "problem-details/a"),
        ("scenarios.ndw.pull", "tls_1_2_is_offered", "ndw/tls-1-2-is-offered"),
        ("scenarios.ndw", "x", "ndw/x"),
    ],
)
def test_an_id_is_derived_from_chapter_and_name(module: str, name: str, expected: str) -> None:
    assert derived_id(module, name) == expected


def test_the_docstring_is_the_clause_its_reason_and_its_remedy() -> None:
    def clause(_exchange: HttpExchange) -> Iterator[Problem]:
        """Every answer says when
        it was made.

        More that is told to maintainers only.

        Why: a client cannot
            tell old from new.
        Fix: fill it from
        the clock.
        """
        yield from ()

    found = made(clause)
    assert found.title == "Every answer says when it was made."
    assert found.why == "a client cannot tell old from new."
    assert found.fix == "fill it from the clock."
    assert (found.id, found.chapter, found.basis) == ("acme/clause", "acme", Basis.OBSERVED)


def test_what_a_clause_looks_at_is_read_off_its_annotation() -> None:
    def of_message(_exchange: HttpExchange) -> Iterator[Problem]:
        yield from ()

    def of_conversation(_transcript: Transcript, _settings: Settings) -> Iterator[Problem]:
        yield from ()

    def of_object(_thing: Located[Thing]) -> Iterator[Problem]:
        yield from ()

    def of_document() -> None: ...

    checks: list[Check] = [of_message, of_conversation, of_object, of_document]
    kinds = [(one.evidence, one.takes_settings) for one in map(made, checks)]
    assert kinds == [("exchange", False), ("transcript", True), ("located:Thing", False), (SCHEMA_EVIDENCE, False)]
    assert made(of_document).check is None


def test_a_clause_of_another_kind_is_refused_by_its_name() -> None:
    def of_text(_text: str) -> Iterator[Problem]:
        yield from ()

    def with_world(_exchange: HttpExchange, _world: World) -> Iterator[Problem]:
        yield from ()

    def without_annotation(_exchange) -> Any:  # type: ignore[no-untyped-def]
        yield from ()

    for check, hint in ((of_text, "look at"), (with_world, "Settings"), (without_annotation, "look at")):
        with pytest.raises(TypeError, match=f"{check.__name__}: .*{hint}"):
            made(check)


@pytest.mark.parametrize(
    ("reason", "same_as"), [(Reason.SAME_AS, None), (Reason.NEEDS_TIME, "acme/x"), (Reason.NO_HOOK, "")]
)
def test_an_exclusion_names_the_covering_clause_if_and_only_if_there_is_one(
    reason: Reason, same_as: str | None
) -> None:
    with pytest.raises(ValueError, match="row-1: same_as"):
        excluded("A sentence.", "row-1", reason, "why", same_as=same_as)


def test_exclusions_that_are_whole() -> None:
    assert excluded("A.", "r", Reason.SAME_AS, "d", same_as="acme/x").same_as == "acme/x"
    assert excluded("A.", "r", Reason.NOT_OBSERVABLE, "d").same_as is None


def test_a_scenario_is_named_by_its_first_line() -> None:
    def walk_all_pages(_world: World) -> Steps:
        """The puller walks all pages.

        Smallest pages first.
        """
        yield from ()

    walk_all_pages.__module__ = "scenarios.standards.ocpi_2_2_1.conversation"
    found = scenario(walk_all_pages)
    assert (found.id, found.title) == ("ocpi-2.2.1/walk-all-pages", "The puller walks all pages.")
