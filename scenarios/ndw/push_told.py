"""NDW, push: what NDW knows by what a client has told it, and what a push is about. No clause of its own.

Of what was before the transcript nothing is known: what is not here may be known to NDW all the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from harness.model.edit import Edit, Rewrite
from harness.model.exchange import TOKEN_ENDPOINT, HttpExchange
from harness.standards.ocpi_2_2_1.reading import parts, text
from scenarios.ndw.push_words import is_done

LISTED = {"locations": ("PUT", "PATCH"), "tariffs": ("PUT", "DELETE")}
"""Module → the methods by which NDW's page lets a client write."""

READING = ("GET", "HEAD", "OPTIONS")
LOCATION, EVSE, CONNECTOR = 3, 4, 5
"""How many segments follow the module in the URL of each, two of them its owner."""


Said = Sequence[HttpExchange]


class Target(NamedTuple):
    """What a URL names: the module, and the segments after it, decoded and as written."""

    module: str
    segments: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The segments as they compare: without case."""
        return tuple(one.lower() for one in self.segments)


def target_of(exchange: HttpExchange) -> Target | None:
    """What a request is about; None where its URL names neither module."""
    written = urlsplit(exchange.request.url).path.split("/")
    at = next((index for index, one in enumerate(written) if one in LISTED), None)
    return None if at is None else Target(written[at], tuple(unquote(one) for one in written[at + 1 :]))


def writes(exchange: HttpExchange) -> bool:
    """The client wants to change something in one of the modules, by any method; nothing was altered on the way."""
    return (
        exchange.request.method not in READING
        and not exchange.tags & {TOKEN_ENDPOINT, "probe"}
        and target_of(exchange) is not None
    )


def in_all(edit: Edit, place: str = "") -> Rewrite:
    """The edit in every exchange that it fits; `place` is where the problem is then seen."""
    return Rewrite(edit.spelling, place or edit.place, lambda said: [edit.changed(one) or one for one in said])


def in_one(situation: str, spelling: str, place: str, change: Callable[[Said], list[HttpExchange]]) -> Rewrite:
    """A change of what was said in one situation alone."""

    def changed(said: Said) -> list[HttpExchange]:
        return change(said) if said and said[0].situation == situation else list(said)

    return Rewrite(spelling, place, changed)


def body_of(exchange: HttpExchange) -> Mapping[str, Any]:
    """The object in a request; empty where there is none."""
    value = exchange.request.body.value if exchange.request.body.is_json else None
    return value if isinstance(value, dict) else {}


def removes(exchange: HttpExchange) -> bool:
    """The push says of an EVSE that it is REMOVED."""
    body = body_of(exchange)
    return body.get("status") == "REMOVED" or any(one.get("status") == "REMOVED" for _at, one in parts(body, "evses"))


@dataclass
class Evse:
    """An EVSE as NDW knows it, since `since`: its status, and the tariffs that each Connector names, where told."""

    since: datetime
    status: str | None = None
    named: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass
class Told:
    """What the pushes heard so far come to: (country code, party, location) → EVSE → what is known; all in lower case.

    A push that was not taken, or whose answer was lost, makes nothing known; what it speaks of is in doubt from then.
    """

    locations: dict[tuple[str, ...], dict[str, Evse]] = field(default_factory=dict)

    def hear(self, exchange: HttpExchange) -> None:
        """Take in one more push."""
        target = target_of(exchange)
        if target is None or target.module != "locations" or not LOCATION <= len(target.key) <= CONNECTOR:
            return
        place, body, level = target.key[:LOCATION], body_of(exchange), len(target.key)
        if not is_done(exchange):
            self._doubt(target.key, exchange)
        elif level == LOCATION:
            self._location(place, exchange, body)
        else:
            evses = self.locations.setdefault(place, {})
            uid, put = target.key[EVSE - 1], exchange.request.method == "PUT"
            if level == EVSE:
                before = None if put else evses.get(uid)
                evses[uid] = _evse(body, before or Evse(exchange.received))
            else:
                known = evses.setdefault(uid, Evse(exchange.received))
                if put or "tariff_ids" in body:
                    known.named[target.key[CONNECTOR - 1]] = _tariffs(body)

    def _location(self, place: tuple[str, ...], exchange: HttpExchange, body: Mapping[str, Any]) -> None:
        if exchange.request.method == "PUT":
            before = self.locations.get(place, {})
            since = {uid: one.since for uid, one in before.items()}
            self.locations[place] = {
                uid: _evse(one, Evse(since.get(uid, exchange.received)))
                for _at, one in parts(body, "evses")
                if (uid := (text(one, "uid") or "").lower())
            }
        elif "evses" in body:  # whether that replaces the list is not settled
            self.locations.pop(place, None)

    def _doubt(self, key: tuple[str, ...], exchange: HttpExchange) -> None:
        evses = self.locations.get(key[:LOCATION], {})
        spoken_of = list(evses) if len(key) == LOCATION else [one for one in key[LOCATION:EVSE] if one in evses]
        gone = {
            (text(one, "uid") or "").lower()
            for _at, one in parts(body_of(exchange), "evses")
            if one.get("status") == "REMOVED"
        }
        for uid in spoken_of:
            evses[uid].named.clear()
            if uid in gone or (len(key) == EVSE and removes(exchange)):
                evses[uid].status = "REMOVED"


def _evse(body: Mapping[str, Any], known: Evse) -> Evse:
    """What is known of an EVSE after this object, or these members, were taken."""
    named = dict(known.named)
    if "connectors" in body:
        named = {(text(one, "id") or "").lower(): _tariffs(one) for _at, one in parts(body, "connectors")}
    return Evse(known.since, text(body, "status") or known.status, named)


def _tariffs(connector: Mapping[str, Any]) -> frozenset[str]:
    listed = connector.get("tariff_ids")
    return frozenset(one.lower() for one in (listed if isinstance(listed, list) else ()) if isinstance(one, str))


def tariffs_named(exchange: HttpExchange) -> Iterator[tuple[str, str]]:
    """The tariffs that a push names, each in lower case with its place in the body."""
    target, body = target_of(exchange), body_of(exchange)
    if target is None or target.module != "locations":
        return
    connectors = [("", body)] if len(target.segments) == CONNECTOR else []
    evses = [("", body)] if len(target.segments) == EVSE else []
    evses += [(f"/evses/{at}", one) for at, one in parts(body, "evses")]
    connectors += [(f"{path}/connectors/{at}", one) for path, evse in evses for at, one in parts(evse, "connectors")]
    for path, connector in connectors:
        listed = connector.get("tariff_ids")
        for at, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, str):
                yield one.lower(), f"{path}/tariff_ids/{at}"
