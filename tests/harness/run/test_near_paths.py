"""The search for the lists near the address that was given: which addresses are asked, and where it stops."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import httpx
import pytest

from harness import collect
from harness.auth.vault import Vault
from harness.model.address import Addresses
from harness.model.reach import Care
from harness.model.settings import Settings
from harness.model.system import Interface, NearPaths
from harness.model.world import VirtualClock, World
from harness.run.drive import Drive
from harness.run.near_paths import MOST_REQUESTS, Found, Search
from harness.standards.ocpi_2_2_1 import TOKEN_PRESENTATIONS
from harness.wire.http import HttpWire

SUITE = collect.suite("ndw-pull")
DOCUMENT = SUITE.load()
HOST = "https://cpo.example"
LIST = {"data": [], "status_code": 1000}
Answer = Callable[[httpx.Request], httpx.Response]


def searched(
    answer: Answer,
    base: str = f"{HOST}/ocpi",
    care: Care = Care(),  # noqa: B008 - frozen
    interface: Interface = SUITE.interface,
) -> tuple[Found | None, list[str]]:
    """What the search comes to, and every URL that it asked."""
    asked: list[str] = []

    def noted(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return answer(request)

    async def search() -> Found | None:
        clock, vault = VirtualClock(datetime(2026, 6, 1, tzinfo=UTC)), Vault()
        settings = Settings({one.name: one.default for one in interface.settings})
        world = World(clock, clock, Random(1), settings, vault.keep("s3cr3t-Token-1"), TOKEN_PRESENTATIONS[0])
        async with HttpWire(vault, clock, transport=httpx.MockTransport(noted), care=care) as wire:
            drive = Drive(wire, interface, DOCUMENT, Addresses(base), lambda _: None)
            return await Search(drive, world, TOKEN_PRESENTATIONS[0], "preflight").found()

    return asyncio.run(search()), asked


def nothing(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(404)


@pytest.mark.parametrize(
    "base", [HOST, f"{HOST}/", f"{HOST}/ocpi", f"{HOST}/a/very/long/path/2.2.1", f"{HOST}/ocpi/versions"]
)
def test_no_address_is_asked_twice_and_few_are(base: str) -> None:
    found, asked = searched(nothing, base)
    assert found is None
    assert len(set(asked)) == len(asked) <= MOST_REQUESTS
    assert {url.split("/")[2] for url in asked} == {"cpo.example"}
    assert f"{base.rstrip('/')}/locations" not in asked


def test_the_address_that_was_given_may_be_that_of_the_versions_module() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        data = [{"version": "2.0", "url": f"{HOST}/2.0"}]
        return httpx.Response(200, json={"data": data}) if request.url.path == "/ocpi/versions" else httpx.Response(404)

    found, _ = searched(answer, f"{HOST}/ocpi/versions")
    assert found is not None
    assert found.seen == f"{HOST}/ocpi/versions says: it serves OCPI 2.0, and 2.2.1 is not among them"


def test_no_other_host_is_asked_whatever_the_subject_lists() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        data = [{"version": "2.2.1", "url": "https://elsewhere.example/2.2.1"}]
        return (
            httpx.Response(200, json={"data": data}) if request.url.path.endswith("/versions") else httpx.Response(404)
        )

    found, asked = searched(answer)
    assert found is None
    assert {url.split("/")[2] for url in asked} == {"cpo.example"}


def test_a_list_that_opens_matters_more_than_one_that_asks_for_a_token() -> None:
    statuses = {"/ocpi/2.2.1/locations": 401, "/2.2.1/locations": 200}
    found, _ = searched(lambda request: httpx.Response(statuses.get(request.url.path, 404), json=LIST))
    assert found == Found(f"{HOST}/2.2.1/locations answers 200", f"give {HOST}/2.2.1 as --url")


def test_a_web_page_or_a_broken_server_is_no_find() -> None:
    found, _ = searched(lambda _request: httpx.Response(200, html="<html>Welcome"))
    assert found is None
    found, _ = searched(lambda _request: httpx.Response(500, json={}))
    assert found is None


def test_where_no_more_requests_may_be_sent_the_search_is_over() -> None:
    found, asked = searched(nothing, care=Care(max_requests=3))
    assert found is None
    assert len(asked) == 3


def test_an_interface_that_knows_no_near_paths_looks_above_and_at_slashes() -> None:
    _, asked = searched(nothing, interface=replace(SUITE.interface, near=NearPaths()))
    assert asked == [f"{HOST}/locations", f"{HOST}/ocpi/locations/", f"{HOST}/ocpi/tariffs/"]
