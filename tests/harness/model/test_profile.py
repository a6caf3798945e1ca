"""Profiles: how strongly a clause binds here."""

from collections.abc import Iterable

import pytest

from harness.model.profile import Profile
from harness.model.requirement import MAY, MUST, SHOULD, Basis, Keyword, Publication, Requirement, requirement
from harness.model.settings import Settings


def a_clause(
    keyword: Keyword, basis: Basis = Basis.PUBLISHED, rests_on: Iterable[str] = (), since: str = "2026.12"
) -> Requirement:
    def clause() -> None:
        """A clause."""

    clause.__module__ = "scenarios.acme.chapter"
    return requirement(keyword, Publication("A", basis)["1"], row="r", since=since, rests_on=rests_on)(clause)


def a_profile(
    *, confirmed: Iterable[str] = (), assumed: Iterable[str] = ("a", "b"), own: dict[str, Keyword | None] | None = None
) -> Profile:
    return Profile("p", "2026.12", Settings(), frozenset(assumed), dict.fromkeys(confirmed, "us"), own or {})


@pytest.mark.parametrize(
    ("keyword", "basis", "rests_on", "confirmed", "effective"),
    [
        (MUST, Basis.PUBLISHED, (), (), MUST),
        (MUST, Basis.PUBLISHED, ("a",), (), SHOULD),
        (MUST, Basis.PUBLISHED, ("a",), ("a",), MUST),
        (MUST, Basis.PUBLISHED, ("a", "b"), ("a",), SHOULD),
        (MUST, Basis.PUBLISHED, ("a", "b"), ("a", "b"), MUST),
        (MUST, Basis.PUBLISHED, ("known",), (), MUST),
        (MUST, Basis.ASSUMED, (), (), SHOULD),
        (MUST, Basis.ASSUMED, ("a",), (), SHOULD),
        (MUST, Basis.ASSUMED, ("a",), ("a",), MUST),
        (MUST, Basis.STANDARD, (), (), MUST),
        (MUST, Basis.OBSERVED, (), (), MUST),
        (SHOULD, Basis.ASSUMED, ("a",), (), SHOULD),
        (SHOULD, Basis.PUBLISHED, ("a",), ("a",), SHOULD),
        (MAY, Basis.ASSUMED, ("a",), (), MAY),
        (MAY, Basis.PUBLISHED, (), (), MAY),
    ],
)
def test_an_open_assumption_binds_at_most_as_a_should(
    keyword: Keyword, basis: Basis, rests_on: tuple[str, ...], confirmed: tuple[str, ...], effective: Keyword
) -> None:
    assert a_profile(confirmed=confirmed).effective(a_clause(keyword, basis, rests_on)) is effective


@pytest.mark.parametrize("keyword", [MUST, SHOULD, MAY])
@pytest.mark.parametrize("own", [MUST, SHOULD, MAY, None])
@pytest.mark.parametrize("basis", [Basis.PUBLISHED, Basis.ASSUMED])
def test_the_users_own_keyword_wins_over_everything(keyword: Keyword, own: Keyword | None, basis: Basis) -> None:
    assert a_profile(own={"acme/clause": own}).effective(a_clause(keyword, basis, ("a",))) is own


def test_a_keyword_for_another_clause_changes_nothing() -> None:
    assert a_profile(own={"acme/other": None}).effective(a_clause(MUST)) is MUST


def test_the_open_assumptions_are_named_for_the_report() -> None:
    assert a_profile(confirmed=["b"]).open_assumptions(a_clause(MUST, rests_on=("a", "b", "known"))) == ("a",)


@pytest.mark.parametrize(("since", "new"), [("2026.11", False), ("2026.12", False), ("2027.01", True)])
def test_a_clause_of_a_later_date_is_new(since: str, *, new: bool) -> None:
    assert a_profile().is_new(a_clause(MUST, since=since)) is new
