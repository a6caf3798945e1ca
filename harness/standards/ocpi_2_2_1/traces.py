"""What clauses over a whole crawl need of OCPI objects: ids, stamps, references and a digest; never the object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
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


def location_trace(value: Mapping[str, Any]) -> LocationTrace:
    """What is kept of a Location; whatever is of the wrong type is kept as absent."""
    evses = tuple(_evse_trace(one) for one in _objects(value, "evses"))
    return LocationTrace(_text(value, "id"), _stamp(value, "last_updated"), evses, _digest(value, "Location", "evses"))


def _evse_trace(value: Mapping[str, Any]) -> EvseTrace:
    return EvseTrace(
        _text(value, "uid"),
        _text(value, "evse_id"),
        _text(value, "status"),
        _stamp(value, "last_updated"),
        tuple(_connector_trace(one) for one in _objects(value, "connectors")),
        _digest(value, "EVSE", "connectors"),
    )


def _connector_trace(value: Mapping[str, Any]) -> ConnectorTrace:
    listed = value.get("tariff_ids")
    ids = tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()
    return ConnectorTrace(_text(value, "id"), _stamp(value, "last_updated"), ids, _digest(value, "Connector"))


def tariff_trace(value: Mapping[str, Any]) -> TariffTrace:
    """What is kept of a Tariff."""
    return TariffTrace(
        _text(value, "id"),
        _stamp(value, "last_updated"),
        _text(value, "type"),
        _stamp(value, "start_date_time"),
        _stamp(value, "end_date_time"),
        all(value.get(name) is None or _stamp(value, name) for name in ("start_date_time", "end_date_time")),
        _digest(value, "Tariff"),
    )


def _objects(value: Mapping[str, Any], member: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list member. Positions are lost where something else stands between them."""
    listed = value.get(member)
    yield from (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()


def _text(value: Mapping[str, Any], member: str) -> str | None:
    text = value.get(member)
    return text if isinstance(text, str) else None


def _stamp(value: Mapping[str, Any], member: str) -> datetime | None:
    text = _text(value, member)
    return instant(text) if text is not None else None


def _digest(value: Mapping[str, Any], name: str, *below: str) -> bytes:
    """Tells whether the content changed: everything but the own stamp and what has a digest of its own."""
    return blake2b(content(value, name, _APART[below]), digest_size=8).digest()
