"""The same request answered twice: a verdict that differs is shown as unstable, with both exchanges."""

from dataclasses import replace

import pytest

from harness.judge.judge import Judge
from harness.model.credential import Credential
from harness.model.exchange import HttpExchange
from harness.model.requirement import Problems
from harness.model.verdict import Problem
from tests.harness.judge.test_judge import clause, exchange, judge_of


def answers_200(answer: HttpExchange) -> Problems:
    if answer.response is not None and answer.response.status != 200:
        yield Problem("response.status", "200", str(answer.response.status))


def judge() -> Judge:
    return judge_of(clause(answers_200))


def unstable(judge: Judge) -> tuple[tuple[str, str], ...]:
    [verdict] = judge.verdicts()
    return verdict.unstable


@pytest.mark.parametrize(
    ("statuses", "pairs"),
    [
        ((200, 200), ()),
        ((500, 500), ()),
        ((200, 500), (("e1", "e0"),)),
        ((500, 200), (("e0", "e1"),)),
        ((500, 200, 200), (("e0", "e1"),)),
        ((200, 500, 200), (("e1", "e0"), ("e1", "e2"))),
        ((500, 200) * 4, (("e0", "e1"), ("e2", "e1"), ("e2", "e3"))),
    ],
)
def test_both_exchanges_are_named(statuses: tuple[int, ...], pairs: tuple[tuple[str, str], ...]) -> None:
    at = judge()
    for number, status in enumerate(statuses):
        at.take(exchange({}, status=status, id=f"e{number}"))
    assert unstable(at) == pairs


def test_another_request_is_another_matter() -> None:
    at, asked = judge(), exchange({}, status=500)
    at.take(asked)
    fine = exchange({}, id="e2")
    others = (
        replace(fine.request, url="http://h/sites?offset=1"),
        replace(fine.request, method="HEAD"),
        replace(fine.request, credential=Credential(1, "Token", "base64", 8)),
    )
    for other in others:
        at.take(replace(fine, request=other))
    at.take(replace(fine, tags=frozenset({"probe"})))
    assert unstable(at) == ()
    at.take(fine)
    assert unstable(at) == (("e1", "e2"),)


def test_a_clause_that_was_not_about_the_other_answer_says_nothing() -> None:
    about_errors = clause(answers_200, when=lambda one: one.response is not None and one.response.status >= 400)
    at = judge_of(about_errors)
    at.take(exchange({}, status=500))
    at.take(exchange({}, id="e2"))
    assert unstable(at) == ()
