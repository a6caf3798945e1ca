"""What clauses over a whole crawl need of OCPI objects: ids, stamps, references and a digest; never the object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from math import isfinite
from sys import intern
from typing import Any

from harness.judge.vocabulary import instant
from harness.standards.ocpi_2_2_1.content import content


@dataclass(frozen=True, slots=True)
class ConnectorTrace:
    """A Connector: its id, stamp and tariffs."""

    id: str | None
    stamp: datetime | None
    tariff_ids: tuple[str, ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class EvseTrace:
    """An EVSE: its ids, status, stamp and connectors."""

    uid: str | None
    evse_id: str | None
    status: str | None
    stamp: datetime | None
    connectors: tuple[ConnectorTrace, ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class LocationTrace:
    """A Location: its id, stamp and EVSEs."""

    id: str | None
    stamp: datetime | None
    evses: tuple[EvseTrace, ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class TariffTrace:
    """A Tariff: its id, stamp, type, and when it is active; `dated` is False where a start or end cannot be read."""

    id: str | None
    stamp: datetime | None
    type: str | None
    start: datetime | None
    end: datetime | None
    dated: bool
    digest: bytes


_APART: Mapping[tuple[str, ...], frozenset[str]] = {
    below: frozenset({"last_updated", *below}) for below in ((), ("evses",), ("connectors",))
}


def location_trace(value: Mapping[str, Any], *, once: bool = False) -> LocationTrace:
    """What is kept of a Location; whatever is of the wrong type is kept as absent. `once`: it is seen once, so that
    nothing is kept by which it could be compared with itself, no stamp and no digest."""
    evses = tuple(_evse_trace(one, once) for one in _objects(value, "evses"))
    stamp, digest = _state(value, once, "Location", "evses")
    return LocationTrace(_text(value, "id"), stamp, evses, digest)


def location_place(value: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude of a Location (mod_locations 8.4.13), in degrees; None where they are no numbers."""
    told = value.get("coordinates")
    if not isinstance(told, dict):
        return None
    try:
        latitude, longitude = float(told["latitude"]), float(told["longitude"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return (latitude, longitude) if isfinite(latitude) and isfinite(longitude) else None


def _evse_trace(value: Mapping[str, Any], once: bool) -> EvseTrace:
    connectors = tuple(_connector_trace(one, once) for one in _objects(value, "connectors"))
    stamp, digest = _state(value, once, "EVSE", "connectors")
    status = _often(value.get("status"))
    return EvseTrace(_text(value, "uid"), _text(value, "evse_id"), status, stamp, connectors, digest)


def _connector_trace(value: Mapping[str, Any], once: bool) -> ConnectorTrace:
    listed = value.get("tariff_ids")
    ids = tuple(intern(one) for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()
    stamp, digest = _state(value, once, "Connector")
    return ConnectorTrace(_often(value.get("id")), stamp, ids, digest)


def tariff_trace(value: Mapping[str, Any], *, once: bool = False) -> TariffTrace:
    """What is kept of a Tariff."""
    stamp, digest = _state(value, once, "Tariff")
    return TariffTrace(
        _text(value, "id"),
        stamp,
        _text(value, "type"),
        _stamp(value, "start_date_time"),
        _stamp(value, "end_date_time"),
        all(value.get(name) is None or _stamp(value, name) for name in ("start_date_time", "end_date_time")),
        digest,
    )


def _state(value: Mapping[str, Any], once: bool, name: str, *below: str) -> tuple[datetime | None, bytes]:
    """By what an object is compared with itself: its stamp, and whether its content changed: everything but the stamp
    and what has a digest of its own."""
    if once:
        return None, b""
    said = content(value, name, _APART[below])
    digest = blake2b(said, digest_size=8).digest()
    return _stamp(value, "last_updated"), digest


def _objects(value: Mapping[str, Any], member: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list member. Positions are lost where something else stands between them."""
    listed = value.get(member)
    yield from (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()


def _text(value: Mapping[str, Any], member: str) -> str | None:
    text = value.get(member)
    return text if isinstance(text, str) else None


def _often(text: object) -> str | None:
    """A text that comes again and again, kept once."""
    return intern(text) if isinstance(text, str) else None


def _stamp(value: Mapping[str, Any], member: str) -> datetime | None:
    text = _text(value, member)
    return instant(text) if text is not None else None
