"""The puller's ordinary conversation: both lists from the first page to the last, and single locations.

Needs the setting ``pull.max_pages``.
"""

from collections.abc import Generator
from typing import Any
from urllib.parse import quote

from harness.judge.vocabulary import listed, next_link
from harness.model.exchange import HttpExchange
from harness.model.scenario import Step, Steps, cannot_ask, get, scenario
from harness.model.world import World

SAMPLED_LOCATIONS = 5


def crawl(world: World, path: str) -> Generator[Step, Any, list[str]]:
    """Follow the Link of every page; the value is the ids of all objects, in the order in which they came."""
    ids: list[str] = []
    page = yield from get(path, auth=world.credential, tags=["whole list"])
    asked: set[str] = set()
    for _ in range(world.settings.number("pull.max_pages")):
        ids += [entry["id"] for entry in listed(page) if isinstance(entry.get("id"), str)]
        following = next_link(page)
        if following is None or following in asked:
            return ids
        asked.add(following)
        page = yield from follow(world, page, following)
    return ids


def follow(world: World, page: HttpExchange, following: str) -> Generator[Step, Any, HttpExchange]:
    """GET the next page of the same list."""
    return (yield from get(following, auth=world.credential, operation=page.operation))


def first_ids(world: World) -> Generator[Step, Any, list[str]]:
    """The ids on the first page of locations."""
    page = yield from get("/locations", auth=world.credential)
    return [entry["id"] for entry in listed(page) if isinstance(entry.get("id"), str)]


@scenario
def crawl_locations(world: World) -> Steps:
    """The puller walks all pages of the location list."""
    yield from crawl(world, "/locations")


@scenario
def crawl_tariffs(world: World) -> Steps:
    """The puller walks all pages of the tariff list."""
    yield from crawl(world, "/tariffs")


@scenario
def read_single_locations(world: World) -> Steps:
    """The puller reads some of the listed locations one by one."""
    ids = yield from first_ids(world)
    if not ids:
        yield from cannot_ask("the location list is empty")
    for location_id in ids if len(ids) <= SAMPLED_LOCATIONS else world.random.sample(ids, SAMPLED_LOCATIONS):
        yield from get(f"/locations/{quote(location_id, safe='')}", auth=world.credential, tags=["single"])
