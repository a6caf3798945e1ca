"""A guest's manners: a pause between requests to somebody else's server, none on loopback."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from harness.auth.vault import Vault
from harness.model.world import VirtualClock
from harness.wire.http import HttpWire, Outgoing


def times_of(*urls: str, takes_s: float = 0) -> list[float]:
    """When, in seconds of the wire's clock, each request arrived at a server that takes so long to answer."""
    start = datetime(2026, 6, 1, tzinfo=UTC)
    clock = VirtualClock(start)
    arrived: list[float] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        arrived.append((clock.now() - start).total_seconds())
        clock.advance(takes_s)
        return httpx.Response(200)

    async def talk() -> None:
        async with HttpWire(Vault(), clock, transport=httpx.MockTransport(answer)) as wire:
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
