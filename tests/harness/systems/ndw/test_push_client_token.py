"""The reference's tokens: asked for once, kept, renewed in time, and never in a hot loop."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from urllib.parse import parse_qs

import httpx
import pytest

from tests.harness.systems.ndw.talking import NOW, SECRET, Talk, token


def get(talk: Talk, *at: float) -> list[str]:
    """The token at these seconds after the start."""

    async def ask() -> list[str]:
        found = []
        for seconds in at:
            talk.clock.instant = max(talk.clock.instant, NOW + timedelta(seconds=seconds))
            found.append(await talk.source.get())
        return found

    return asyncio.run(ask())


def test_it_is_asked_for_with_three_form_fields_by_one_of_many() -> None:
    talk = Talk([])

    async def many() -> set[str]:
        return set(await asyncio.gather(*(talk.source.get() for _ in range(10))))

    assert asyncio.run(many()) == {"token-1"}
    [(_at, request)] = talk.asked
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    fields = {"client_id": ["client-1"], "client_secret": [SECRET], "grant_type": ["client_credentials"]}
    assert parse_qs(request.content.decode()) == fields


@pytest.mark.parametrize(("life", "kept", "renewed"), [(1800, 1739, 1740), (90, 80.9, 81), (10, 8.9, 9)])
def test_it_is_renewed_shortly_before_it_ends(life: int, kept: float, renewed: float) -> None:
    talk = Talk([], [token(1, expires_in=life, refresh_expires_in=9999), token(2, expires_in=life)])
    assert get(talk, 0, kept, renewed) == ["token-1", "token-1", "token-2"]


@pytest.mark.parametrize("life", [None, "1800", True, -1])
def test_without_a_life_it_is_kept_until_it_is_dropped(life: object) -> None:
    talk = Talk([], [token(1, expires_in=life), token(2)])
    assert get(talk, 0, 100_000) == ["token-1"] * 2
    talk.source.drop("another")
    assert get(talk, 0) == ["token-1"]
    talk.source.drop("token-1")
    assert get(talk, 0) == ["token-2"]


def test_one_that_ends_at_once_serves_one_request() -> None:
    talk = Talk([], [token(number, expires_in=0) for number in (1, 2)])
    assert get(talk, 0, 0) == ["token-1", "token-2"]


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError,
        httpx.ReadTimeout,
        httpx.Response(503),
        httpx.Response(401, json={"error": "invalid_client"}),
        httpx.Response(200, text="hello"),
        httpx.Response(200, json=["x"]),
        httpx.Response(200, json={"access_token": "two words\r\n"}),
    ],
)
def test_a_token_server_in_trouble_is_asked_after_growing_pauses(trouble: httpx.Response | type[Exception]) -> None:
    talk = Talk([], [trouble] * 7 + [token()])
    assert get(talk, 0) == ["token-1"]
    times = [at for at, _request in talk.asked]
    gaps = [after - before for before, after in pairwise(times)]
    least = [1, 2, 4, 8, 16, 30, 30]
    assert all(a <= gap <= a * 1.2 + 0.001 for a, gap in zip(least, gaps, strict=True)), gaps


def test_while_it_cannot_be_renewed_the_old_one_serves_as_long_as_it_lives() -> None:
    down = httpx.Response(503, headers={"retry-after": "30"})
    talk = Talk([], [token(1, expires_in=1800), down, down, token(2, expires_in=1800)])
    assert get(talk, 0) == ["token-1"]
    asked_before = len(talk.asked)
    # the first one after the margin began waits out a pause; whoever comes meanwhile has the old one
    assert get(talk, 1745, 1750) == ["token-1", "token-1"]
    assert len(talk.asked) == asked_before + 1
    assert get(talk, 1799.5, 1801) == ["token-1", "token-2"]
