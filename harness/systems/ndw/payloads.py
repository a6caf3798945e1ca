"""NDW's objects: strategies for property tests, and plain seeded code for bulk data, which `harness generate` prints.

Strategies: `locations`, `tariffs`, `feeds` and, for each field that AFIR adds, `locations_without`. Bulk: `KINDS`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from harness.generate.kind import Kind
from harness.standards.ocpi_2_2_1 import payloads as ocpi
from harness.systems.ndw.reference.feed import bulk_locations, bulk_tariffs

__all__ = [
    "AFIR_FIELDS", "KINDS", "TERMS", "bulk_locations", "bulk_price_list", "feeds", "locations", "locations_without",
    "tariffs",
]  # fmt: skip

Json = dict[str, Any]

AFIR_FIELDS: Mapping[str, tuple[str | int, ...]] = {
    "opening_times": ("opening_times",),
    "energy_mix": ("energy_mix",),
    "parking_restrictions": ("evses", 0, "parking_restrictions"),
    "max_electric_power": ("evses", 0, "connectors", 0, "max_electric_power"),
    "tariff_ids": ("evses", 0, "connectors", 0, "tariff_ids"),
}
"""What NDW wants though OCPI 2.2.1 leaves it open, and where the first of each stands in a Location."""

TERMS = ocpi.Terms(
    always=frozenset({*AFIR_FIELDS, "operator", "evse_id"}), time_zones=("Europe/Amsterdam",), prices=(("AC-ADHOC",),)
)
"""The Netherlands, complete by AFIR, with the ids of the charging points and the name of the operator."""

AD_HOC, ALL_SESSIONS = "AD_HOC_PAYMENT", None


def locations(terms: ocpi.Terms = TERMS, number: int | None = None) -> SearchStrategy[Json]:
    """A Location as NDW wants it; its first EVSE is not REMOVED."""
    return ocpi.locations(terms, number)


def tariffs(terms: ocpi.Terms = TERMS) -> SearchStrategy[Json]:
    """A Tariff, of any type."""
    return ocpi.tariffs(terms, None, (AD_HOC, "REGULAR", "PROFILE_GREEN", "PROFILE_CHEAP", "PROFILE_FAST", None))


def locations_without(field: str, terms: ocpi.Terms = TERMS) -> SearchStrategy[Json]:
    """A Location that lacks this field of `AFIR_FIELDS` in one place, and is sound otherwise."""

    def drop(location: Json) -> Json:
        *path, last = AFIR_FIELDS[field]
        owner: Any = location
        for step in path:
            owner = owner[step]
        del owner[last]
        return location

    return locations(terms).map(drop)


@st.composite
def feeds(draw: DrawFn, most: int = 3, terms: ocpi.Terms = TERMS) -> tuple[list[Json], list[Json]]:
    """Locations and the Tariffs that they name: each connector has an ad hoc price, and one tariff per type."""
    listed = [
        draw(ocpi.tariffs(terms, "AdHoc", (AD_HOC,))),
        draw(ocpi.tariffs(terms, "member/1", ("REGULAR",))),
        draw(ocpi.tariffs(terms, "everybody", (ALL_SESSIONS,))),
    ]
    named = replace(terms, prices=(("AdHoc",), ("AdHoc", "member/1"), ("everybody",)))
    return [draw(locations(named, number)) for number in range(1, draw(st.integers(1, most)) + 1)], listed


def bulk_price_list(count: int, seed: int, party: tuple[str, str], now: datetime) -> Iterator[Json]:
    """`count` Tariffs: the reference's price list, then the same in rounds with ids and prices of their own."""
    rng = Random(seed)  # noqa: S311 - sample data, no secret
    made, round_number = 0, 0
    while made < count:
        for tariff in bulk_tariffs(seed + round_number, party, now):
            if made == count:
                return
            yield tariff if round_number == 0 else _renewed(tariff, round_number, rng)
            made += 1
        round_number += 1


def _renewed(tariff: Json, round_number: int, rng: Random) -> Json:
    """The tariff under another id and with other prices per kWh."""
    for element in tariff["elements"]:
        for component in element["price_components"]:
            if component["type"] == "ENERGY":
                component["price"] = round(component["price"] + rng.randrange(1, 1_500) / 10_000, 4)
    return {**tariff, "id": f"{tariff['id']}-{round_number:04d}"}


_LOCATIONS = Kind(
    name="ndw-location",
    interface="ndw-pull",
    operation="getLocations",
    schema="Location",
    objects=bulk_locations,
    feed=False,
    title="NDW locations",
    names="ndw-tariff",
)
_TARIFFS = Kind(
    name="ndw-tariff",
    interface="ndw-pull",
    operation="getTariffs",
    schema="Tariff",
    objects=bulk_price_list,
    feed=False,
    title="NDW tariffs",
)
KINDS = (
    _LOCATIONS,
    _TARIFFS,
    replace(_LOCATIONS, name="ndw-locations", title="a feed of NDW locations", feed=True),
    replace(_TARIFFS, name="ndw-tariffs", title="a feed of NDW tariffs", feed=True),
)
"""What `harness generate` can print. The first 13 tariffs are those that the locations name."""
