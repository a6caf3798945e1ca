"""A guest's manners: a pause between requests to somebody else's server, none on loopback."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from harness.auth.vault import Vault
from harness.model.reach import Care
from harness.model.world import VirtualClock
from harness.wire.http import HttpWire, Outgoing, RequestsSpentError


def times_of(*urls: str, takes_s: float = 0, fails: bool = False, care: Care = Care()) -> list[float]:  # noqa: B008
    """When, in seconds of the wire's clock, each request arrived at a server that takes so long to answer, or that
    fails as one does which has given up a connection kept alive."""
    start = datetime(2026, 6, 1, tzinfo=UTC)
    clock = VirtualClock(start)
    arrived: list[float] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        arrived.append((clock.now() - start).total_seconds())
        clock.advance(takes_s)
        if fails:
            raise httpx.ReadError("reset")
        return httpx.Response(200)

    async def talk() -> None:
        async with HttpWire(Vault(), clock, transport=httpx.MockTransport(answer), care=care) as wire:
            for number, url in enumerate(urls):
                await wire.send(Outgoing(f"e{number}", "talk", None, "GET", url))

    asyncio.run(talk())
    return arrived


def test_requests_to_a_guest_are_a_tenth_of_a_second_apart() -> None:
    assert times_of(*["https://cpo.example/x"] * 4) == pytest.approx([0, 0.1, 0.2, 0.3])


def test_hosts_off_loopback_share_one_pace() -> None:
    assert times_of("https://cpo.example/", "http://10.0.0.1/", "https://cpo.example/") == pytest.approx([0, 0.1, 0.2])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "cpo.localhost"])
def test_nobody_waits_on_loopback(host: str) -> None:
    assert times_of(*[f"http://{host}:8000/"] * 5) == [0, 0, 0, 0, 0]


def test_a_server_that_takes_its_time_is_not_paused_for() -> None:
    assert times_of(*["https://cpo.example/"] * 3, takes_s=0.04) == pytest.approx([0, 0.1, 0.2])
    assert times_of(*["https://cpo.example/"] * 3, takes_s=0.5) == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize("url", ["https://cpo.example/", "http://127.0.0.1:8000/"])
def test_a_rate_that_is_given_counts_everywhere(url: str) -> None:
    assert times_of(*[url] * 3, care=Care(rate=0.5)) == pytest.approx([0, 2, 4])
    assert times_of(*[url] * 3, care=Care(rate=50)) == pytest.approx([0, 0.02, 0.04])


def test_a_second_try_keeps_the_pace_and_counts() -> None:
    assert times_of("https://cpo.example/", "https://cpo.example/", fails=True) == pytest.approx([0, 0.1, 0.2, 0.3])
    assert len(times_of(*["https://cpo.example/"] * 2, fails=True, care=Care(max_requests=4))) == 4
    with pytest.raises(RequestsSpentError):
        times_of(*["https://cpo.example/"] * 3, fails=True, care=Care(max_requests=4))
    with pytest.raises(RequestsSpentError):
        times_of(*["https://cpo.example/"] * 3, fails=True, care=Care(max_requests=3))


def test_no_more_is_sent_than_may_be() -> None:
    assert len(times_of(*["http://127.0.0.1/"] * 3, care=Care(max_requests=3))) == 3
    with pytest.raises(RequestsSpentError, match="--max-requests 2 was reached"):
        times_of(*["http://127.0.0.1/"] * 3, care=Care(max_requests=2))
