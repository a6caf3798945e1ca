"""How hard a client knocks, and how it keeps its token: what is no fault in real clients, and what is."""

from dataclasses import replace
from random import Random

import pytest

from harness.model.exchange import Conversation, HttpExchange, OutputLine
from harness.model.requirement import Requirement
from scenarios.ndw.push_client_token import no_ended_token_is_shown, tokens_are_used_again
from scenarios.ndw.push_pace import hammers, repeats_after_failures_are_spaced, retry_after_is_kept
from scenarios.ndw.push_secrets import no_secret_is_in_the_output
from scenarios.ndw.push_token_request import (
    token_requests_are_forms,
    token_requests_have_their_fields,
    token_requests_show_the_secret_in_the_form,
    token_server_is_not_hammered,
)
from tests.specs.made_up_client import EVSE, FORM, ask, push, said_by, stamp, talk

DATE = "Mon, 01 Jun 2026 08:00:21 GMT"


def failing(*pauses: float, path: str = EVSE, status: int | None = 503, start: float = 1) -> list[HttpExchange]:
    """A push that fails, and repeats of it after these pauses."""
    at, made = start, [push(start, path, status=status)]
    for pause in pauses:
        at += pause + 0.01
        made.append(push(at, path, status=status))
    return made


def workers(number: int, *pauses: float) -> list[HttpExchange]:
    """So many workers, each of which asks for a token in vain, waits, and asks again; at last each gets one."""
    asked = [
        ask(1 + worker / 100 + sum(pauses[:turn]), status=503, took=0.005)
        for worker in range(number)
        for turn in range(len(pauses) + 1)
    ]
    return [*asked, *(ask(900 + worker, 10 + worker) for worker in range(number))]


def told(tokens: int, pushes: int) -> list[HttpExchange]:
    """So many tokens, each shown by its share of so many pushes."""
    fetched = [ask(1 + n, 10 + n) for n in range(tokens)]
    return [*fetched, *(push(30 + n, f"{EVSE}{n}", token=10 + n % tokens) for n in range(pushes))]


PACES = [
    ("1, 2, 4 s", "passed", repeats_after_failures_are_spaced, talk(*failing(1, 2, 4, 8))),
    ("five seconds each", "passed", repeats_after_failures_are_spaced, talk(*failing(5, 5, 5, 5))),
    ("a tenth that doubles", "passed", repeats_after_failures_are_spaced, talk(*failing(0.1, 0.2, 0.4, 0.8))),
    ("one repeat by the library on a dropped connection", "passed", repeats_after_failures_are_spaced,
     talk(*failing(0, 1, 0, 2, 0, 4, status=None))),
    ("many objects, each repeated once", "not enough", repeats_after_failures_are_spaced,
     talk(*(one for n in range(20) for one in failing(0.5, path=f"{EVSE}{n}", start=1 + n / 100)))),
    ("one state after another of the same object", "not enough", repeats_after_failures_are_spaced,
     talk(*(push(n / 5, status=503, body={"status": "CHARGING", "last_updated": stamp(n)}) for n in range(9)))),
    ("a loop", "failed", repeats_after_failures_are_spaced, talk(*failing(0, 0, 0, 0, 0))),
    ("three times after half a second", "failed", repeats_after_failures_are_spaced, talk(*failing(0.5, 0.5, 0.5))),
    ("a loop at four objects of four", "failed", repeats_after_failures_are_spaced,
     talk(*(one for n in range(4) for one in failing(0, 0, 0, path=f"{EVSE}{n}")))),
    ("Retry-After in seconds, kept", "passed", retry_after_is_kept,
     talk(push(1, status=429, retry_after="20"), push(21.2))),
    ("kept, a state of its own meanwhile", "passed", retry_after_is_kept,
     talk(push(1, status=429, retry_after="20"), push(3, body={"status": "BLOCKED", "last_updated": stamp(3)}))),
    ("another was on its way", "passed", retry_after_is_kept,
     talk(push(1, status=429, retry_after="20"), push(1.5, status=429, retry_after="20"), push(22))),
    ("not kept", "failed", retry_after_is_kept, talk(push(1, status=429, retry_after="20"), push(6))),
    ("a date, kept", "passed", retry_after_is_kept, talk(push(1, status=503, retry_after=DATE), push(20.5))),
    ("a date, not kept", "failed", retry_after_is_kept, talk(push(1, status=503, retry_after=DATE), push(9))),
    ("not watched for so long", "not enough", retry_after_is_kept,
     talk(push(1, status=429, retry_after="20"), until=6)),
    ("no time that anybody understands", "silent", retry_after_is_kept,
     talk(push(1, status=429, retry_after="soon"), push(2))),
    ("one worker, 1, 2, 4 s", "passed", token_server_is_not_hammered, talk(*workers(1, 1, 2, 4))),
    ("eight workers, each with pauses that grow", "passed", token_server_is_not_hammered, talk(*workers(8, 1, 2, 4))),
    ("Basic, and the form at once", "passed", token_server_is_not_hammered,
     talk(*(ask(at + n / 100, status=503, headers=[("Authorization", "Basic [secret 1]")] if n == 0 else [])
            for at in (1, 2, 4, 8) for n in range(2)))),
    ("one worker in a loop", "failed", token_server_is_not_hammered,
     talk(*(ask(1 + n / 50, status=503) for n in range(20)), ask(1.4, 3))),
    ("down for one request", "not enough", token_server_is_not_hammered, talk(ask(1, status=503), ask(1.2, 3))),
    ("one token", "passed", tokens_are_used_again, talk(*told(1, 12))),
    ("eight workers with one each", "passed", tokens_are_used_again, talk(*told(8, 40))),
    ("one for each push", "failed", tokens_are_used_again, talk(*told(12, 12))),
    ("one for each of five pushes, or five workers", "not enough", tokens_are_used_again, talk(*told(5, 5))),
    ("eight workers, killed and started again", "passed", tokens_are_used_again,
     talk(*told(16, 40), happened=[("started", 0), ("killed", 9), ("started", 9)])),
    ("short lives", "silent", tokens_are_used_again, talk(*(ask(n, 10 + n, life=20) for n in range(20)), push(30))),
    ("eight workers for hours, five minutes early", "passed", tokens_are_used_again,
     talk(*(ask(n + turn * 1500.5, 10 + n + 8 * turn) for n in range(8) for turn in range(5)),
          *(push(30 + n, f"{EVSE}{n}") for n in range(90)))),
    ("a refused token for each", "passed", tokens_are_used_again,
     talk(*told(12, 40), *(push(2.5 + n, status=401) for n in range(6)))),
    ("renewed in time", "passed", no_ended_token_is_shown,
     talk(ask(0, 2, life=90), push(1), ask(80, 3, life=90), push(100, token=3))),
    ("sent just before the end", "passed", no_ended_token_is_shown,
     talk(ask(0, 2, life=90), push(91.5), ask(91, 3, life=90), push(100, token=3))),
    ("thirty minutes, whatever was said", "failed", no_ended_token_is_shown,
     talk(ask(0, 2, life=90), push(1), push(120, status=401))),
    ("nothing to push after the end", "not enough", no_ended_token_is_shown,
     talk(ask(0, 2, life=90), push(1), until=50)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "clause", "conversation"), [case[1:] for case in PACES], ids=[case[0] for case in PACES]
)
def test_who_is_polite_passes_and_who_storms_fails(
    outcome: str, clause: Requirement, conversation: Conversation
) -> None:
    assert said_by(clause, conversation).outcome == outcome


def test_pauses_made_by_chance_are_seldom_taken_for_a_storm() -> None:
    """The full jitter of a second that doubles, over four and more repeats."""
    random = Random(1)
    taken = sum(hammers([random.random() * 2**turn for turn in range(4)]) for _ in range(2000))
    assert taken < 20


FORMS = [
    ("as NDW shows it", {}, ("passed", "passed", "passed")),
    ("JSON", {"headers": [("Content-Type", "application/json")]}, ("failed", "silent", "passed")),
    ("Basic", {"headers": [("Authorization", "Basic [secret 1]")], "form": {"grant_type": "client_credentials"}},
     ("passed", "passed", "failed")),
    ("by refresh token", {"form": {"grant_type": "refresh_token", "refresh_token": "[secret 4]"}},
     ("passed", "silent", "passed")),
    ("as a user", {"form": {**FORM, "grant_type": "password"}}, ("passed", "failed", "passed")),
    ("a secret that is empty", {"form": {**FORM, "client_secret": ""}}, ("passed", "failed", "passed")),
]  # fmt: skip


@pytest.mark.parametrize(("options", "outcomes"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_a_token_is_asked_for_as_it_should_be(options: dict[str, object], outcomes: tuple[str, str, str]) -> None:
    clauses = (token_requests_are_forms, token_requests_have_their_fields, token_requests_show_the_secret_in_the_form)
    asked = ask(1, **options)  # type: ignore[arg-type]
    if "headers" in options and options["headers"] == [("Content-Type", "application/json")]:
        asked = _as_json(asked)
    assert tuple(said_by(one, asked).outcome for one in clauses) == outcomes


def _as_json(asked: HttpExchange) -> HttpExchange:
    headers = asked.request.headers.with_field("Content-Type", "application/json")
    return replace(asked, request=replace(asked.request, headers=headers))


@pytest.mark.parametrize(
    ("output", "outcome"),
    [
        (None, "not enough"),
        ((), "passed"),
        ((OutputLine("stderr", "> [secret 2]", ("access token",)),), "failed"),
    ],
)
def test_of_output_that_nobody_saw_nothing_is_said(output: tuple[OutputLine, ...] | None, outcome: str) -> None:
    said = said_by(no_secret_is_in_the_output, talk(push(1), output=output))
    assert said.outcome == outcome
    assert outcome != "not enough" or said.why == "needs the client's output: run it as a command"
