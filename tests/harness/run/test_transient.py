"""Trouble of the moment: tried again with a pause, told in the record, and judged only where it stays."""

import asyncio
from random import Random

import httpx
import pytest

from harness.auth.vault import Vault
from harness.model.address import Addresses
from harness.model.credential import Client
from harness.model.exchange import RETRIED, THROTTLED, TOKEN_ENDPOINT, HttpExchange
from harness.model.reach import Care
from harness.model.scenario import Ask, token_request
from harness.model.settings import Settings
from harness.model.world import VirtualClock, World
from harness.run.access_token import AccessToken
from harness.run.drive import Drive, SubjectLostError
from harness.standards.ocpi_2_2_1 import TOKEN_PRESENTATIONS
from harness.wire.http import HttpWire, RequestsSpentError
from tests.harness.run.told import DOCUMENT, OK, START, SUITE, Answer, Told

RESET = httpx.ReadError("gone")
SILENCE = httpx.ReadTimeout("silence")
REFUSED = httpx.ConnectError("All connection attempts failed")


def status(code: int) -> httpx.Response:
    return httpx.Response(code, json={})


TROUBLES = [
    (RESET, "reset"),
    (SILENCE, "timeout"),
    (REFUSED, "refused"),
    (status(502), "502"),
    (status(503), "503"),
    (status(504), "504"),
]


@pytest.mark.parametrize(("trouble", "name"), TROUBLES)
def test_a_trouble_that_passes_is_recorded_and_no_evidence(trouble: Answer, name: str) -> None:
    told = Told(OK, trouble, OK, targets=("/locations", "/locations"))
    assert told.arrived == [0, 0, 1]
    _, seen = told.transcript.exchanges
    assert seen.response is not None
    assert (seen.response.status, seen.attempts, seen.retried) == (200, 2, (name,))
    _, passed, last = told.recorded
    assert passed.tags == {"authorised", RETRIED}
    assert last is seen
    assert passed.id != seen.id
    assert passed.request.headers.get("X-Request-ID") != seen.request.headers.get("X-Request-ID")
    assert told.transcript.not_asked == ()


def test_the_second_pause_is_longer_and_every_trouble_is_named() -> None:
    told = Told(OK, status(503), RESET, OK, targets=("/locations", "/tariffs"))
    assert told.arrived == [0, 0, 1, 4]
    assert told.transcript.exchanges[1].attempts == 3
    assert told.transcript.exchanges[1].retried == ("503", "reset")


@pytest.mark.parametrize(("trouble", "name"), TROUBLES)
def test_a_trouble_that_stays_for_three_attempts_stands(trouble: Answer, name: str) -> None:
    told = Told(OK, trouble, targets=("/locations", "/tariffs"))
    assert told.arrived == [0, 0, 1, 4]
    seen = told.transcript.exchanges[1]
    assert (seen.attempts, seen.retried, RETRIED in seen.tags) == (3, (name, name), False)
    if isinstance(trouble, httpx.Response):
        assert seen.response is not None
        assert seen.response.status == int(name)
    else:
        assert seen.failure is not None
        assert told.transcript.not_asked == (f"GET http://127.0.0.1/ocpi/tariffs: {seen.failure.detail}",)


@pytest.mark.parametrize("answer", [status(500), status(501), status(429), status(404), httpx.ConnectTimeout("x")])
def test_only_these_are_of_the_moment(answer: Answer) -> None:
    told = Told(OK, answer, targets=("/locations", "/tariffs"))
    assert len(told.arrived) == (4 if isinstance(answer, httpx.TimeoutException) else 2)


@pytest.mark.parametrize(
    "error",
    [httpx.RemoteProtocolError("illegal status line"), httpx.DecodingError("x"), httpx.ProxyError("407")],
)
def test_what_is_no_trouble_of_the_moment_is_asked_once(error: Exception) -> None:
    assert Told(OK, error, targets=("/locations", "/tariffs")).arrived == [0, 0]


def test_what_stays_is_asked_once_only_until_it_works_again() -> None:
    down = status(503)
    told = Told(OK, *[down] * 5, OK, down, OK, targets=("/tariffs", *["/locations"] * 5))
    #           tariffs, 3 tries, once, once, works, tried again
    assert told.arrived == [0, 0, 1, 4, 4, 4, 4, 4, 5]
    assert [one.attempts for one in told.transcript.exchanges] == [1, 3, 1, 1, 1, 2]


def test_one_operation_that_is_down_costs_the_others_no_attempt() -> None:
    told = Told(OK, *[status(503)] * 4, OK, targets=("/tariffs", "/locations", "/tariffs"))
    assert [one.attempts for one in told.transcript.exchanges] == [1, 3, 2]


@pytest.mark.parametrize(("trouble", "attempts"), [(RESET, 2), (SILENCE, 2), (status(502), 2), (REFUSED, 1)])
def test_before_the_first_answer_it_is_rather_a_wrong_address(trouble: Answer, attempts: int) -> None:
    [seen] = Told(trouble).transcript.exchanges
    assert seen.attempts == attempts


def test_a_wait_that_was_asked_for_is_no_attempt_and_the_two_do_not_add_up() -> None:
    throttled = httpx.Response(503, headers={"Retry-After": "7"})
    told = Told(OK, throttled, RESET, throttled, status(502), OK, targets=("/locations", "/tariffs"))
    assert told.arrived == [0, 0, 7, 8, 15, 18]
    assert told.transcript.exchanges[1].retried == ("reset", "502")
    assert [sorted(one.tags & {RETRIED, THROTTLED}) for one in told.recorded[1:]] == [
        *([THROTTLED], [RETRIED]) * 2,
        [],
    ]


def test_a_subject_that_goes_away_is_given_up_soon_and_the_moment_is_known() -> None:
    with pytest.raises(SubjectLostError, match="connection refused") as lost:
        Told(OK, REFUSED, targets=("/locations", "/tariffs") * 10, rests_s=1)
    assert (lost.value.since - START).total_seconds() == 1


def test_an_answer_in_between_ends_the_silence() -> None:
    told = Told(OK, *[RESET] * 3, OK, RESET, OK, targets=("/locations", "/tariffs", "/locations", "/locations"))
    assert [one.attempts for one in told.transcript.exchanges] == [1, 3, 1, 2]


def test_every_attempt_counts_as_a_request() -> None:
    with pytest.raises(RequestsSpentError, match="--max-requests 2"):
        Told(OK, RESET, OK, targets=("/locations", "/tariffs"), care=Care(max_requests=2))


def test_a_token_endpoint_is_given_a_second_chance_too() -> None:
    answers = iter([OK, status(503), httpx.Response(200, json={"access_token": "acc-Tok3n-0001", "expires_in": 900})])
    recorded: list[HttpExchange] = []
    vault, clock = Vault(), VirtualClock(START)
    client = Client("me", vault.keep("s3cr3t-0001"), "http://127.0.0.1/token", "body")
    settings = Settings({one.name: one.default for one in SUITE.interface.settings})
    world = World(clock, clock, Random(1), settings, client.secret, TOKEN_PRESENTATIONS[0], client=client)

    async def talk() -> HttpExchange:
        transport = httpx.MockTransport(lambda _request: next(answers))
        async with HttpWire(vault, clock, transport=transport) as wire:
            drive = Drive(wire, SUITE.interface, DOCUMENT, Addresses("http://127.0.0.1/ocpi"), recorded.append)
            drive.access = AccessToken(vault, client)
            await drive.ask(Ask("GET", "/locations"), world, "talk")
            got = await drive.ask(token_request(client), world, "talk")
            assert drive.access.secret is not None
            return got

    got = asyncio.run(talk())
    assert (got.attempts, got.retried) == (2, ("503",))
    assert [one.tags for one in recorded] == [{TOKEN_ENDPOINT, RETRIED, "authorised"}]
