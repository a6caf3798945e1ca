"""The reference's push client: what it sends, what it makes of every answer, and how long it waits."""

import asyncio
import logging
from datetime import timedelta
from email.utils import format_datetime
from random import Random

import httpx
import orjson
import pytest

from harness.systems.ndw.reference.pause import Pause
from harness.systems.ndw.reference.push_client import Answer
from harness.systems.ndw.reference.pushes import Push
from tests.harness.systems.ndw.talking import (
    DELETE,
    NOW,
    PUSH_URL,
    SECRET,
    STATUS,
    TARIFF,
    Clock,
    Talk,
    envelope,
    token,
)

DONE = envelope(1000)


def grows(gaps: list[float]) -> bool:
    """1, 2, 4 … 30 seconds, each up to a fifth longer."""
    wanted = [min(30.0, 2.0**number) for number in range(len(gaps))]
    return all(least <= gap <= least * 1.2 + 0.001 for least, gap in zip(wanted, gaps, strict=True))


def test_a_push_carries_token_ids_and_type() -> None:
    odd = Push("PUT", ("locations", "NL", "XPO", "P+R 0009/A*%"), {"id": "P+R 0009/A*%"})
    talk = Talk([DONE, DONE, httpx.Response(204)])
    assert talk.push(odd, TARIFF, DELETE) == [Answer.DONE] * 3
    first, second, third = (request for _at, request in talk.seen)
    assert first.url.raw_path == b"/ocpi/2.2.1/locations/NL/XPO/P%2BR%200009%2FA%2A%25"
    assert orjson.loads(second.content) == TARIFF.body
    for request in (first, second):
        assert request.headers["content-type"] == "application/json"
    assert (third.method, third.content, "content-type" in third.headers) == ("DELETE", b"", False)
    for name in ("x-request-id", "x-correlation-id"):
        assert len({request.headers[name] for request in (first, second, third)}) == 3
    assert {request.headers["authorization"] for _at, request in talk.seen} == {"Bearer token-1"}
    assert len(talk.asked) == 1


@pytest.mark.parametrize(
    ("push", "answer", "meaning"),
    [
        (TARIFF, envelope(1000, 201), Answer.DONE),
        (TARIFF, envelope(1900), Answer.DONE),
        (TARIFF, envelope(2001), Answer.REFUSED),
        (TARIFF, envelope(2003), Answer.REFUSED),
        (TARIFF, envelope(2000, 404), Answer.REFUSED),
        (TARIFF, envelope(2000, 400), Answer.REFUSED),
        (TARIFF, httpx.Response(405, text="no"), Answer.REFUSED),
        (TARIFF, httpx.Response(302, headers={"location": "https://elsewhere.example"}), Answer.REFUSED),
        (STATUS, envelope(2001), Answer.REFUSED),
        (STATUS, envelope(2003), Answer.UNKNOWN),
        (STATUS, envelope(2000, 404), Answer.UNKNOWN),
        (Push("PUT", STATUS.path, {}), envelope(2000, 404), Answer.UNKNOWN),
        (DELETE, httpx.Response(204), Answer.DONE),
        (DELETE, envelope(1000), Answer.DONE),
        (DELETE, envelope(2000, 404), Answer.DONE),
    ],
)
def test_what_is_clear_is_not_sent_again(push: Push, answer: httpx.Response, meaning: Answer) -> None:
    talk = Talk([answer])
    assert talk.push(push) == [meaning]
    assert len(talk.seen) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        envelope(2000, 503),
        envelope(2000, 429),
        envelope(3000),
        httpx.Response(500, text="<html>"),
        httpx.Response(200, text="<html>"),
        httpx.Response(429, headers={"retry-after": "soon"}),
        httpx.ReadTimeout,
        httpx.ConnectError,
        httpx.RemoteProtocolError,
    ],
)
def test_trouble_is_waited_out_with_growing_pauses(trouble: httpx.Response | type[Exception]) -> None:
    talk = Talk([trouble] * 8 + [DONE, trouble, DONE])
    assert talk.push(TARIFF, TARIFF) == [Answer.DONE] * 2
    assert grows(talk.gaps[:8]), talk.gaps
    assert grows(talk.gaps[9:]), "after a success it begins with a short one"
    first, *others = [request for _at, request in talk.seen[:9]]
    assert len({request.headers["x-request-id"] for request in (first, *others)}) == 9
    assert {request.headers["x-correlation-id"] for request in others} == {first.headers["x-correlation-id"]}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("seconds", [3, 100])
@pytest.mark.parametrize("dated", [False, True])
def test_a_retry_after_is_kept_to(status: int, seconds: int, dated: bool) -> None:
    told = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True) if dated else str(seconds)
    talk = Talk([httpx.Response(status, headers={"retry-after": told}), DONE])
    assert talk.push(TARIFF) == [Answer.DONE]
    assert talk.gaps == [seconds]


def test_after_trouble_everybody_waits() -> None:
    talk = Talk([envelope(2000, 503), envelope(2000, 503), *[DONE] * 8])

    async def one() -> None:
        errand = talk.client.errand()
        while (await talk.client.push(errand, lambda: TARIFF) or (TARIFF, Answer.DONE))[1] is Answer.AGAIN:
            pass

    async def all_at_once() -> None:
        await asyncio.gather(*(one() for _ in range(8)))

    asyncio.run(all_at_once())
    times = [at for at, _request in talk.seen]
    assert len(times) == 10
    assert times[0] == 0
    assert 1 <= times[1] <= 1.2
    assert times[2] - times[1] >= 2


def test_of_failures_side_by_side_only_the_first_makes_pauses_grow() -> None:
    clock = Clock()
    pause = Pause(clock.now, clock.sleep, Random(1))
    for grown in (1, 2, 4):
        began = clock.now()
        assert all(grown <= pause.failed(began) <= grown * 1.2 for _ in range(4))
        asyncio.run(pause.over())
    assert pause.left() == 0


def test_a_401_is_answered_with_one_new_token_and_one_repeat() -> None:
    talk = Talk([DONE, envelope(2000, 401), DONE, DONE])
    assert talk.push(TARIFF, TARIFF, TARIFF) == [Answer.DONE] * 3
    assert [request.headers["authorization"][-1] for _at, request in talk.seen] == ["1", "1", "2", "2"]
    assert talk.gaps == [0, 0, 0]
    again = [request for _at, request in talk.seen[1:3]]
    assert len({request.headers["x-request-id"] for request in again}) == 2
    assert len({request.headers["x-correlation-id"] for request in again}) == 1


def test_a_401_for_good_is_no_hot_loop() -> None:
    talk = Talk([envelope(2000, 401)] * 8 + [DONE])
    assert talk.push(TARIFF) == [Answer.DONE]
    assert talk.gaps[::2] == [0] * 4
    assert grows(talk.gaps[1::2]), talk.gaps
    assert len(talk.asked) == 5


def test_what_to_send_is_asked_after_the_waiting() -> None:
    talk = Talk([envelope(2000, 503), DONE])
    told: list[float] = []

    def wanted() -> Push:
        told.append((talk.clock.now() - NOW).total_seconds())
        return TARIFF

    async def twice() -> None:
        errand = talk.client.errand()
        await talk.client.push(errand, wanted)
        await talk.client.push(errand, wanted)
        assert await talk.client.push(errand, lambda: None) is None

    asyncio.run(twice())
    assert told == [at for at, _request in talk.seen]
    assert told[1] >= 1


def test_a_refusal_is_told_and_no_secret_is(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    errors = [{"path": "/elements", "message": f"too short for token-1, {SECRET}"}]
    refused = envelope(2001, status_message=f"not compliant: token-1 {SECRET}", data={"errors": errors})
    talk = Talk(
        [refused, httpx.ReadTimeout, envelope(2000, 401), httpx.LocalProtocolError, DONE],
        [
            httpx.ConnectError,
            httpx.Response(401, json={"error": SECRET, "error_description": SECRET}),
            token(),
            token(2),
        ],
    )
    assert talk.push(TARIFF, TARIFF) == [Answer.REFUSED, Answer.DONE]
    assert "PUT tariffs/NL/XPO/T-1: refused (200 2001 not compliant: *** ***; /elements: too short for ***, ***)" in (
        caplog.messages
    )
    shown = [caplog.text, repr(talk.source), repr(talk.client), repr(vars(talk.source)["_token"]), PUSH_URL]
    shown += [str(request.url) for _at, request in talk.seen + talk.asked]
    assert not [text for text in shown if SECRET in text or "token-" in text]
