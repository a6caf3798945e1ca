"""Retry-After: obeyed within bounds, recorded, and nothing that a scenario or a clause sees."""

import httpx
import pytest

from harness.model.exchange import THROTTLED
from tests.harness.run.told import OK, Told


def later(after: str, status: int = 429, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={"Retry-After": after, **headers})


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "answer",
    [
        {"after": "7"},
        {"after": "Mon, 01 Jun 2026 08:00:07 GMT"},
        {"after": "Monday, 01-Jun-26 08:00:07 GMT"},
        {"after": "Thu, 31 Dec 2020 00:00:07 GMT", "Date": "Thu, 31 Dec 2020 00:00:00 GMT"},
    ],
)
def test_what_is_asked_is_waited_and_the_answer_after_it_counts(status: int, answer: dict[str, str]) -> None:
    told = Told(later(status=status, **answer), OK)
    assert told.arrived == [0, 7]
    [seen] = told.transcript.exchanges
    assert seen.response is not None
    assert seen.response.status == 200
    assert seen.tags == {"authorised"}
    throttled, last = told.recorded
    assert throttled.tags == {"authorised", THROTTLED}
    assert last is seen
    assert throttled.id != seen.id
    assert throttled.request.headers.get("X-Request-ID") != seen.request.headers.get("X-Request-ID")
    assert told.transcript.not_asked == ()


@pytest.mark.parametrize("after", ["", "soon", "-5", "7.5", "7 s"])
def test_a_429_that_asks_for_no_time_is_an_answer_like_any_other(after: str) -> None:
    told = Told(later(after))
    [seen] = told.transcript.exchanges
    assert seen.response is not None
    assert (seen.response.status, THROTTLED in seen.tags, told.arrived) == (429, False, [0])


def test_a_moment_that_is_past_is_now() -> None:
    assert Told(later("Mon, 01 Jun 2026 07:00:00 GMT"), OK).arrived == [0, 0]


def test_other_answers_with_retry_after_are_not_waited_for() -> None:
    assert Told(later("7", 404)).arrived == [0]
    assert Told(later("7", 301)).arrived == [0]


def test_more_than_a_minute_is_not_waited_and_the_operation_is_left_alone_until_then() -> None:
    told = Told(later("120"), OK, targets=("/locations", "/locations", "/tariffs", "/locations"), rests_s=50)
    assert told.arrived == [0, 100, 150]
    first, second, tariffs, third = told.transcript.exchanges
    assert THROTTLED in first.tags & second.tags
    assert first.response is not None
    assert second.failure is not None
    assert (second.failure.kind, second.response) == ("throttled", None)
    assert tariffs.response is not None
    assert third.response is not None
    reason = "429 with Retry-After asks for a wait of 120 s; longer than 60 s is not waited"
    assert told.transcript.not_asked == (reason, reason)


def test_three_times_is_enough() -> None:
    told = Told(later("10"))
    assert told.arrived == [0, 10, 20, 30]
    assert told.transcript.not_asked == ("429 with Retry-After asks for a wait of 10 s, after 3 waits already",)
    assert len(told.recorded) == 4


def test_five_minutes_in_all_are_enough() -> None:
    told = Told(later("60"), targets=("/locations", "/tariffs"))
    assert told.arrived == [0, 60, 120, 180, 180, 240, 300]
    assert told.transcript.not_asked[1].endswith("more than 300 s are not waited in one run")


def test_a_server_that_throttles_is_not_gone() -> None:
    assert len(Told(later("3600"), targets=("/locations",) * 20).transcript.exchanges) == 20
