"""OCPI 2.2.1, the receiver interfaces: taking away what was pushed, as far as there is a way to.

A tariff is deleted, an EVSE is set to REMOVED. A location cannot be taken away (mod_locations 8.1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from harness.judge.vocabulary import as_whole_number
from harness.model.exchange import HttpExchange, HttpRequest
from harness.model.scenario import Steps, note, send
from harness.model.world import World
from harness.standards.ocpi_2_2_1.receiver import path_of

_REMOVED = "REMOVED"
_SHOWN = 5

_Named = tuple[str, ...]
"""The owner, ``NL/ABC``, and the ids from the outside in."""


@dataclass
class _Left:
    """What is there by now; each with the tags of what wrote it."""

    tariffs: dict[_Named, str] = field(default_factory=dict)
    locations: dict[_Named, str] = field(default_factory=dict)
    evses: dict[_Named, str] = field(default_factory=dict)

    def saw(self, exchange: HttpExchange) -> None:
        """Something was pushed, and may have been stored."""
        request, tag = exchange.request, "probe" if "probe" in exchange.tags else "known"
        module, named = _named_by(request)
        if not named or not _may_be_stored(exchange):
            return
        value = request.body.value if isinstance(request.body.value, dict) else {}
        if module == "tariffs" and request.method == "DELETE":
            self.tariffs.pop(named, None)
        elif module == "tariffs" and request.method == "PUT":
            self.tariffs.setdefault(named, tag)
        elif module == "locations" and request.method == "PUT":
            self._put(named, value, tag)
        elif len(named) == 3 and value.get("status") == _REMOVED:
            self.evses.pop(named, None)

    def _put(self, named: _Named, value: dict[str, Any], tag: str) -> None:
        if len(named) == 2:
            self.locations.setdefault(named, tag)
            for uid in _uids(value):
                self.evses.setdefault((*named, uid), tag)
        elif len(named) == 3 and value.get("status") == _REMOVED:
            self.evses.pop(named, None)
        elif len(named) == 3:
            self.evses.setdefault(named, tag)


def take_away(world: World, said: Sequence[HttpExchange]) -> Steps:
    """Delete the tariffs and remove the EVSEs that were pushed in all that was said; note what stays."""
    left, headers = _Left(), [("Content-Type", "application/json")]
    for exchange in said:
        left.saw(exchange)
    headers += _routing(said)
    for (party, *ids), tag in left.evses.items():
        change = {"status": _REMOVED, "last_updated": _stamp(world.wire.now())}
        path = path_of("EVSE", party, *ids)
        yield from send("PATCH", path, change, headers=headers, auth=world.credential, tags=[tag])
    kept: list[_Named] = []
    for named, tag in left.tariffs.items():
        path = path_of("Tariff", *named)
        gone = yield from send("DELETE", path, headers=headers, auth=world.credential, tags=[tag])
        kept += [named] if gone.response is None or gone.response.status not in (200, 204, 404) else []
    stays = [*_told("location", "with all EVSEs REMOVED: there is no way to take them away", left.locations)]
    stays += _told("tariff", "whose DELETE was refused", kept)
    yield from note(f"left behind: {'; '.join(stays)}" if stays else "left behind: nothing")


def _routing(said: Sequence[HttpExchange]) -> list[tuple[str, str]]:
    """The fields for platforms and hubs (transport_and_format 4.1.8.2), where they were sent before."""
    fields = (one.request.headers.fields for one in said)
    return next(filter(None, ([pair for pair in one if pair[0].lower().startswith("ocpi-")] for one in fields)), [])


def _told(what: str, how: str, left: Sequence[_Named] | dict[_Named, str]) -> Iterator[str]:
    if left:
        names = ["/".join(named) for named in left]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield f"{len(names)} {what}{'s' if len(names) > 1 else ''}, {how} ({', '.join(names[:_SHOWN])}{more})"


def _named_by(request: HttpRequest) -> tuple[str, _Named]:
    """The module and the object that a URL names; empty where it names none."""
    segments = request.url.partition("?")[0].split("/")
    for module in ("locations", "tariffs"):
        if module in segments:
            owner_and_ids = [unquote(one) for one in segments[segments.index(module) + 1 :]]
            return module, ("/".join(owner_and_ids[:2]), *owner_and_ids[2:]) if len(owner_and_ids) > 2 else ()
    return "", ()


def _may_be_stored(exchange: HttpExchange) -> bool:
    """The answer does not say that nothing was done. One that was lost says nothing."""
    if exchange.response is None:
        return True
    code = as_whole_number(exchange.response.body.at("/status_code"))
    return exchange.response.status < 300 and (code is None or code < 2000)


def _uids(location: dict[str, Any]) -> Iterator[str]:
    listed = location.get("evses")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and isinstance(one.get("uid"), str) and one.get("status") != _REMOVED:
            yield one["uid"]


def _stamp(now: datetime) -> str:
    return now.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
