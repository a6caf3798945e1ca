"""Clauses that hold under some settings only, and evidence that is no part of the API."""

from dataclasses import replace
from datetime import UTC, datetime

from harness.judge.judge import Judge, judged
from harness.judge.score import PASSED, exit_code, scored
from harness.model.body import Body
from harness.model.exchange import (
    TOKEN_ENDPOINT,
    Headers,
    HttpExchange,
    HttpRequest,
    HttpResponse,
    TokenExchange,
    Transcript,
)
from harness.model.profile import Profile
from harness.model.requirement import MUST, Basis, Problems, Publication, Requirement, requirement
from harness.model.settings import Settings
from harness.model.system import DomainObjects
from harness.model.verdict import Outcome, Problem, Verdict
from harness.spec.openapi import Document

SOURCE = Publication("A page", Basis.PUBLISHED)["1"]
NOW = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
API = HttpExchange(
    "e1", "talk", None, HttpRequest("GET", "https://x/", Headers()), HttpResponse(200, Headers(), Body(b"")), NOW, NOW
)  # fmt: skip
LOGIN = replace(API, id="e2", tags=frozenset({TOKEN_ENDPOINT}))


def on_any(exchange: HttpExchange) -> Problems:
    """An answer of the API is seen."""
    yield Problem("response.status", "", exchange.id)


def on_login(exchange: TokenExchange) -> Problems:
    """An answer of the token endpoint is seen."""
    yield Problem("response.status", "", exchange.id)


def on_talk(transcript: Transcript) -> Problems:
    """What was said to the API is seen."""
    for exchange in transcript.exchanges:
        yield Problem("transcript", "", exchange.id)


def clause(check: object, **where: str) -> Requirement:
    check.__module__ = "scenarios.acme.talks"
    made = requirement(MUST, SOURCE, row="", since="2026.12", only_where=where)
    return made(check)  # type: ignore[arg-type]


def verdict(one: Requirement, **settings: str) -> Verdict:
    profile = Profile("acme", "2026.12", Settings(settings))
    judge = Judge((one,), profile, Document("x", {}, ()), DomainObjects({}), "server")
    (found,) = judged(judge, [Transcript("talk", (API, LOGIN))])
    return found


def seen(one: Verdict) -> list[str]:
    return [problem.actual for problem in one.problems]


def test_an_answer_of_the_token_endpoint_is_judged_by_clauses_on_it_alone() -> None:
    assert seen(verdict(clause(on_any))) == ["e1"]
    assert seen(verdict(clause(on_talk))) == ["e1"]
    assert seen(verdict(clause(on_login))) == ["e2"]
    assert clause(on_login).evidence == "token"


def test_a_clause_of_other_settings_does_not_apply_and_says_so() -> None:
    one = clause(on_any, way="b")
    assert verdict(one, way="b").outcome is Outcome.FAILED
    other = verdict(one, way="a")
    assert (other.outcome, other.seen) == (Outcome.INAPPLICABLE, 0)
    assert other.reason == "only where way = b; here it is a"


def test_what_does_not_apply_makes_no_strict_run_fail() -> None:
    passing, profile = clause(on_any), Profile("acme", "2026.12", Settings({"way": "a"}))
    other = replace(clause(on_login, way="b"), id="acme/other")
    verdicts = [Verdict(passing.id, None, Outcome.PASSED, None, 1, 0, ()), replace(verdict(other, way="a"))]
    assert exit_code(scored(verdicts, (passing, other), profile), strict=True) == PASSED
