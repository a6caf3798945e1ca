"""The puller's ordinary conversation: both lists from the first page to the last, and single locations.

Needs the setting ``pull.max_pages``.
"""

from urllib.parse import quote

from harness.judge.vocabulary import asked_properly, both, listed, next_link, operation, response_of, status, tagged
from harness.model.exchange import HttpExchange
from harness.model.scenario import Steps, cannot_ask, get, scenario
from harness.model.world import World

SAMPLED_LOCATIONS = 5

answered_ok = both(asked_properly, status(200))
answered_json = both(answered_ok, lambda exchange: isinstance(response_of(exchange).body.value, dict))
locations_page = both(answered_ok, tagged("whole list"), operation("getLocations"))
single = both(answered_ok, tagged("single"))


def ids_on(page: HttpExchange) -> list[str]:
    """The ids of the objects on a page, in the order in which they came."""
    return [entry["id"] for entry in listed(page) if isinstance(entry.get("id"), str)]


def plain_ids_on(page: HttpExchange) -> list[str]:
    """The ids on a page that any router can carry in a path segment.

    Many servers cannot route an encoded slash or percent sign; that is a clause of its own, not one about single
    locations.
    """
    return [one for one in ids_on(page) if not set(one) & set("/\\%;?#") and one not in (".", "..")]


def crawl(world: World, path: str) -> Steps:
    """Follow the Link of every page, until there is none, it comes back, or ``pull.max_pages`` is reached."""
    page = yield from get(path, auth=world.credential, tags=["whole list"])
    asked: set[str] = set()
    while (following := next_link(page)) is not None:
        if following in asked or len(asked) >= world.settings.number("pull.max_pages"):
            yield from cannot_ask(f"{path}: the crawl was ended after {len(asked) + 1} pages, Link still given")
            return
        asked.add(following)
        page = yield from get(following, auth=world.credential, tags=["whole list"], operation=page.operation)


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
    page = yield from get("/locations", auth=world.credential)
    ids = plain_ids_on(page)
    if not ids:
        yield from cannot_ask("no location with a plain id is on the first page")
    for location_id in ids if len(ids) <= SAMPLED_LOCATIONS else world.random.sample(ids, SAMPLED_LOCATIONS):
        yield from get(f"/locations/{quote(location_id, safe='')}", auth=world.credential, tags=["single"])
