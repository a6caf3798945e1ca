"""OCPI 2.2.1, single locations: the same object as in the list, under the id that the list gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

from harness.judge.vocabulary import (
    answered,
    asked_properly,
    body_problem,
    both,
    instant,
    listed,
    next_link,
    response_of,
    shown,
    status_problem,
    tagged,
)
from harness.model.edit import with_bytes_replaced, with_field, with_status, without_field
from harness.model.exchange import HttpExchange, Transcript
from harness.model.pointer import MISSING, join, value_at
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, requirement
from harness.model.scenario import Steps, cannot_ask, get, scenario
from harness.model.verdict import Problem
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.content import differences
from scenarios.standards.ocpi_2_2_1.conversation import ids_on, single

clause = partial(requirement, since="2026.12", binds=Binds.SERVER, asked_by=("ocpi-2.2.1/read-single-locations",))
SINGLE = OCPI["mod_locations 8.2.1, 8.2.1.2"]
AWKWARD = "*/ %+;"
"""Characters of real ids that do not survive in a path as they are, or that routers treat in a way of their own."""

FURTHER_PAGES, ENOUGH_IDS = 9, 50
"""How far such ids are looked for: over so many pages, where they are small."""

MOVING = timedelta(seconds=60)
"""How young a stamp may be for the object to be changing right now."""


@scenario
def read_locations_with_awkward_ids(world: World) -> Steps:
    """The puller reads locations whose ids hold a space, a slash or another such character, percent-encoded."""
    page = yield from get("/locations", auth=world.credential)
    ids = ids_on(page)
    for _ in range(FURTHER_PAGES):
        following = next_link(page)
        if following is None or len(ids) >= ENOUGH_IDS:
            break
        page = yield from get(following, auth=world.credential, operation=page.operation)
        ids += ids_on(page)
    found: dict[str, str] = {}
    for location_id in ids:
        for character in set(AWKWARD) & set(location_id):
            found.setdefault(character, location_id)
    if not found:
        yield from cannot_ask(f"no listed location has one of these characters in its id: {AWKWARD!r}")
    for location_id in sorted(set(found.values())):
        yield from get(f"/locations/{quote(location_id, safe='')}", auth=world.credential, tags=["encoded id"])


def _wanted(exchange: HttpExchange) -> str:
    """The id that was asked for; the address may end in a slash, the id's own would be encoded."""
    return unquote(exchange.request.url.partition("?")[0].rstrip("/").rpartition("/")[2])


def _has_an_id(exchange: HttpExchange) -> bool:
    return isinstance(response_of(exchange).body.at("/data/id"), str)


def _with_other_case(exchange: HttpExchange) -> bool:
    return single(exchange) and _wanted(exchange).lower() != _wanted(exchange)


@clause(
    MUST,
    OCPI["mod_locations 8.3.1"],
    row="single-id-verbatim",
    when=both(single, _has_an_id),
    broken_by=[
        with_bytes_replaced('"id":"LOC', '"id":"loc').on(_with_other_case),
        with_bytes_replaced('"id":"', '"id":"NL-XPO-'),
        with_field("/data/id", "LOC-OTHER"),
    ],
    kept_by=[with_field("/data/name", "loc-0001")],
)
def single_location_has_the_id_of_the_list(exchange: HttpExchange) -> Problems:
    """A single location has the id under which the list shows it, letter for letter.

    Why: ids may differ in case and still be the same; a reader that compares texts takes it for another location.
    Fix: send ids as they are stored, in both answers; no prefix, no change of case.
    """
    if response_of(exchange).body.at("/data/id") != _wanted(exchange):
        yield body_problem(response_of(exchange).body, "/data/id", shown(_wanted(exchange)))


@dataclass(frozen=True)
class _Pair:
    """A single location and the entry of the list that was read just before."""

    entry: dict[str, Any]
    answer: HttpExchange

    @property
    def data(self) -> dict[str, Any]:
        """The single location."""
        found: dict[str, Any] = response_of(self.answer).body.at("/data")
        return found

    @property
    def moved(self) -> bool:
        """The stamps differ."""
        return bool(_stamp(self.entry) != _stamp(self.data))


def _stamp(location: dict[str, Any]) -> Any:
    text = location.get("last_updated")
    return instant(text) if isinstance(text, str) else text


def _is_object(exchange: HttpExchange) -> bool:
    return isinstance(response_of(exchange).body.at("/data"), dict)


def _of_the_same_owner(entries: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, Any]:
    """The entry that the answer is about: two operators of one platform may use the same id."""
    return next((entry for entry in entries if _owner(entry) == _owner(answer)), entries[0])


def _owner(location: dict[str, Any]) -> str:
    return f"{location.get('country_code')}/{location.get('party_id')}".upper()


def _by_id(listed: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in listed:
        if isinstance(entry.get("id"), str):
            found.setdefault(entry["id"], []).append(entry)
    return found


def _pairs(transcript: Transcript) -> Iterator[_Pair]:
    """The last pair of each location: where a stamp had moved between two answers, both were asked for once more."""
    entries: dict[str, list[dict[str, Any]]] = {}
    pairs: dict[str, _Pair] = {}
    for exchange in transcript.exchanges:
        if exchange.operation == "getLocations" and asked_properly(exchange):
            entries |= _by_id(listed(exchange))
        elif single(exchange) and _wanted(exchange) in entries and _is_object(exchange):
            entry = _of_the_same_owner(entries[_wanted(exchange)], response_of(exchange).body.at("/data"))
            pairs[_wanted(exchange)] = _Pair(entry, exchange)
    yield from pairs.values()


_one = both(single, lambda exchange: isinstance(response_of(exchange).body.at("/data/evses/0/connectors/0"), dict))


@clause(
    MUST,
    SINGLE,
    basis=Basis.PUBLISHED,
    row="single-equals-list-entry",
    when=lambda transcript: any(True for _ in _pairs(transcript)),
    broken_by=[
        without_field("/data/operator").on(_one),
        without_field("/data/evses/0").on(_one),
        with_field("/data/evses/0/status", "OUTOFORDER").on(_one),
        with_field("/data/evses/0/connectors/0/max_amperage", 33).on(_one),
        with_field("/data/evses/0/connectors/0/tariff_ids", ["OTHER"]).on(_one),
        with_field("/data/opening_times/twentyfourseven", None).on(_one),
        with_field("/data/last_updated", "2026-01-01T00:00:00Z").on(_one),
    ],
    kept_by=[
        with_field("/data/images", []).on(both(_one, lambda exchange: not _images(exchange))),
        with_field("/data/suboperator", None).on(_one),
        with_field("/data/x_read_at", "2026-06-01T08:00:05Z").on(_one),
        with_field("/data/last_updated", "2026-06-01T08:00:04.5Z").on(_one),
    ],
)
def single_location_equals_its_list_entry(transcript: Transcript) -> Problems:
    """A single location has the content of its entry in the list.

    Why: the puller reads the list once a day and single locations in between; both must say the same.
    Fix: make both answers from the same data by the same code, without a cache of their own.
    """
    for pair in _pairs(transcript):
        entry, data, answer = pair.entry, pair.data, pair.answer
        if pair.moved:
            if not _is_changing(pair):
                yield _differs(answer, entry, ("last_updated",))
            continue
        for tokens in differences(entry, data, "Location", frozenset({"id"})):
            yield _differs(answer, entry, tokens)


def _images(exchange: HttpExchange) -> Any:
    return response_of(exchange).body.at("/data/images")


def _is_changing(pair: _Pair) -> bool:
    """The single location is the newer one, and so young that it changed while it was read twice."""
    stamp, listed_stamp = _stamp(pair.data), _stamp(pair.entry)
    if not hasattr(stamp, "tzinfo") or not hasattr(listed_stamp, "tzinfo"):
        return False
    return bool(stamp > listed_stamp and stamp > pair.answer.sent - MOVING)


def _differs(answer: HttpExchange, entry: dict[str, Any], tokens: tuple[str | int, ...]) -> Problem:
    place = join(["data", *tokens])
    value, wanted = response_of(answer).body.at(place), value_at(entry, join(tokens))
    return Problem(
        f"response.body:{place}",
        f"what the list says: {'nothing' if wanted is MISSING else shown(wanted)}",
        "absent" if value is MISSING else shown(value),
        answer.id,
        answer.situation,
        {"location": str(entry["id"])},
    )


@clause(
    SHOULD,
    OCPI["mod_locations 8.2.1.1, types 16.1"],
    basis=Basis.ASSUMED,
    row="single-url-encoded-id",
    asked_by=["ocpi-2.2.1/read-locations-with-awkward-ids"],
    when=both(answered, tagged("encoded id")),
    broken_by=[
        with_status(404),
        with_status(400),
        with_field("/data/id", "P R 0004/A*"),
        with_field("/data/id", "A*"),
    ],
    kept_by=[with_field("/data/name", "P+R"), with_field("/status_code", 1001)],
)
def encoded_ids_are_decoded_once(exchange: HttpExchange) -> Problems:
    """A location whose id holds *, a space, a slash or a percent sign is found by its percent-encoded id.

    Why: such ids are allowed; a puller that reads the location by itself has no other way to write it in a path.
    Fix: split the path before decoding, decode each segment once, and let encoded slashes pass your proxy.
    """
    if response_of(exchange).status != 200:
        yield status_problem(exchange, "200")
    elif response_of(exchange).body.at("/data/id") != _wanted(exchange):
        yield body_problem(response_of(exchange).body, "/data/id", shown(_wanted(exchange)))
