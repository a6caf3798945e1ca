"""The puller's ordinary conversation: both lists from the first page to the last, and single locations.

Needs the settings ``pull.limit_param``, ``pull.max_pages`` and ``limit.list_objects``.
"""

from collections.abc import Mapping
from urllib.parse import quote

from harness.judge.vocabulary import asked_properly, both, listed, next_link, operation, response_of, status, tagged
from harness.model.crawl import crawl_tag
from harness.model.exchange import HttpExchange
from harness.model.scenario import Asking, Steps, cannot_ask, get, scenario
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


LISTS = {"/locations": "Location", "/tariffs": "Tariff"}
"""The lists, and the schema of what they list."""


BARREN_PAGES = 25
"""Pages in a row that bring nothing new, after which a list counts as endless."""


def crawl(
    world: World,
    path: str,
    label: str = "all",
    query: Mapping[str, str | int] | None = None,
    at_most: int | None = None,
) -> Asking:
    """Follow the Link of every page, until there is none, it comes back, page after page brings nothing new,
    ``pull.max_pages``, ``limit.list_objects`` or `at_most` is reached. The value is the first page.

    `label` tells the crawls of a situation apart; ``all`` and ``again`` are those without any parameter, but for the
    limit that the puller itself sends (``pull.limit_param``).
    """
    tags = [crawl_tag(LISTS[path], label), *([] if query else ["whole list"])]
    first = page = yield from get(path, query=query or _of_the_puller(world), auth=world.credential, tags=tags)
    asked, known, barren, most = {page.request.url}, set(ids_on(page)), 0, world.settings.number("pull.max_pages")
    while (following := next_link(page)) is not None and len(asked) != at_most:
        too_many = len(asked) >= most or len(known) >= world.settings.number("limit.list_objects")
        if following in asked or barren == BARREN_PAGES or too_many:
            yield from cannot_ask(f"{path}: the crawl was ended after {len(asked)} pages, Link still given")
            break
        asked.add(following)
        page = yield from get(following, auth=world.credential, tags=tags, operation=page.operation)
        barren = 0 if set(ids_on(page)) - known else barren + 1
        known.update(ids_on(page))
    return first


def _of_the_puller(world: World) -> Mapping[str, str]:
    limit = world.settings.text("pull.limit_param")
    return {} if limit == "none" else {"limit": limit}


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
    moved = []
    for location_id in ids if len(ids) <= SAMPLED_LOCATIONS else world.random.sample(ids, SAMPLED_LOCATIONS):
        answer = yield from get(f"/locations/{quote(location_id, safe='')}", auth=world.credential, tags=["single"])
        if single(answer) and response_of(answer).body.at("/data/last_updated") != _stamp_on(page, location_id):
            moved.append(location_id)
    if moved:  # it may have changed in between: both are read once more
        yield from get("/locations", auth=world.credential)
    for location_id in moved:
        yield from get(f"/locations/{quote(location_id, safe='')}", auth=world.credential, tags=["single"])


def _stamp_on(page: HttpExchange, location_id: str) -> object:
    return next((entry.get("last_updated") for entry in listed(page) if entry.get("id") == location_id), None)
