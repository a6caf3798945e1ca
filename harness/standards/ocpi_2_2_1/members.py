"""The members of OCPI 2.2.1's classes, and what stands in the objects of one answer.

The document of an interface says the same as a schema; this table is for clauses that a schema cannot say, or that
are weaker than what a document demands. A test holds the two against each other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from harness.model.body import Body
from harness.model.pointer import MISSING, join

Tokens = tuple[str | int, ...]


@dataclass(frozen=True)
class Member:
    """A member of a class. `kind` is the name of its class, or ``id``, ``ci`` (CiString), ``text`` (string), ``URL``,
    ``DateTime``, or ``-`` for numbers, booleans, fixed values, and texts that have a pattern."""

    kind: str
    required: bool
    many: bool


_TABLES = {
    "Location": """
        country_code id 1, party_id id 1, id id 1, publish - 1, publish_allowed_to PublishTokenType *, name text ?,
        address text 1, city text 1, postal_code text ?, state text ?, country text 1, coordinates GeoLocation 1,
        related_locations AdditionalGeoLocation *, parking_type - ?, evses EVSE *, directions DisplayText *,
        operator BusinessDetails ?, suboperator BusinessDetails ?, owner BusinessDetails ?, facilities - *,
        time_zone text 1, opening_times Hours ?, charging_when_closed - ?, images Image *, energy_mix EnergyMix ?,
        last_updated DateTime 1""",
    "EVSE": """
        uid id 1, evse_id ci ?, status - 1, status_schedule StatusSchedule *, capabilities - *, connectors Connector +,
        floor_level text ?, coordinates GeoLocation ?, physical_reference text ?, directions DisplayText *,
        parking_restrictions - *, images Image *, last_updated DateTime 1""",
    "Connector": """
        id id 1, standard - 1, format - 1, power_type - 1, max_voltage - 1, max_amperage - 1, max_electric_power - ?,
        tariff_ids id *, terms_and_conditions URL ?, last_updated DateTime 1""",
    "GeoLocation": "latitude - 1, longitude - 1",
    "AdditionalGeoLocation": "latitude - 1, longitude - 1, name DisplayText ?",
    "BusinessDetails": "name text 1, website URL ?, logo Image ?",
    "Hours": """
        twentyfourseven - 1, regular_hours RegularHours *, exceptional_openings ExceptionalPeriod *,
        exceptional_closings ExceptionalPeriod *""",
    "RegularHours": "weekday - 1, period_begin - 1, period_end - 1",
    "ExceptionalPeriod": "period_begin DateTime 1, period_end DateTime 1",
    "EnergyMix": """
        is_green_energy - 1, energy_sources EnergySource *, environ_impact EnvironmentalImpact *, supplier_name text ?,
        energy_product_name text ?""",
    "EnergySource": "source - 1, percentage - 1",
    "EnvironmentalImpact": "category - 1, amount - 1",
    "StatusSchedule": "period_begin DateTime 1, period_end DateTime ?, status - 1",
    "Image": "url URL 1, thumbnail URL ?, category - 1, type ci 1, width - ?, height - ?",
    "PublishTokenType": "uid id ?, type - ?, visual_number text ?, issuer text ?, group_id id ?",
    "DisplayText": "language - 1, text text 1",
    "Tariff": """
        country_code id 1, party_id id 1, id id 1, currency text 1, type - ?, tariff_alt_text DisplayText *,
        tariff_alt_url URL ?, min_price Price ?, max_price Price ?, elements TariffElement +,
        start_date_time DateTime ?, end_date_time DateTime ?, energy_mix EnergyMix ?, last_updated DateTime 1""",
    "TariffElement": "price_components PriceComponent +, restrictions TariffRestrictions ?",
    "PriceComponent": "type - 1, price - 1, vat - ?, step_size - 1",
    "TariffRestrictions": """
        start_time - ?, end_time - ?, start_date - ?, end_date - ?, min_kwh - ?, max_kwh - ?, min_current - ?,
        max_current - ?, min_power - ?, max_power - ?, min_duration - ?, max_duration - ?, day_of_week - *,
        reservation - ?""",
    "Price": "excl_vat - 1, incl_vat - ?",
}


def _members(table: str) -> dict[str, Member]:
    rows = (row.split() for row in table.split(","))
    return {name: Member(kind, card in "1+", card in "*+") for name, kind, card in rows}


CLASSES: Mapping[str, Mapping[str, Member]] = {name: _members(table) for name, table in _TABLES.items()}
"""Class → member → what it is (mod_locations 8.3 and 8.4, mod_tariffs 11.3 and 11.4, types 16)."""

MANDATORY_UNDER_AFIR = frozenset(
    {
        ("Location", "opening_times"),
        ("Location", "energy_mix"),
        ("EVSE", "parking_restrictions"),
        ("Connector", "max_electric_power"),
        ("Connector", "tariff_ids"),
    }
)
"""Optional members of OCPI that the EU's regulation 2023/1804 makes national access points ask for: null there is a
field that is missing, and a matter of their own clauses."""

NO_DATA = "#NA"
"""What stands in a required text for which there is no data (transport_and_format 4.1.9)."""


class Spot(NamedTuple):
    """A value at a place in a body."""

    tokens: Tokens
    value: Any
    member: Member


@dataclass
class Contents:
    """What stands in the objects of one answer, from one walk.

    `places` holds every value that stands where a class is expected, by class; `texts` the texts of the kinds ``URL``
    and ``DateTime``; `nulls` and `empties` the optional members that are null or an empty text; `marked` the texts that
    say that there is no data; `unknown` the members that no class has, with the class.
    """

    places: dict[str, list[tuple[Tokens, Any]]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, list[Spot]] = field(default_factory=lambda: {"URL": [], "DateTime": []})
    nulls: list[Tokens] = field(default_factory=list)
    empties: list[Tokens] = field(default_factory=list)
    marked: list[Spot] = field(default_factory=list)
    unknown: list[tuple[Tokens, str]] = field(default_factory=list)

    def objects(self, name: str) -> Iterator[tuple[Tokens, dict[str, Any]]]:
        """Every object of a class, with its place."""
        return ((tokens, value) for tokens, value in self.places.get(name, ()) if isinstance(value, dict))


@lru_cache(maxsize=1)
def contents_of(body: Body, name: str, many: bool, member: str | None = "data") -> Contents:
    """What stands in this member of a body, or (None) in the body as a whole: one object of this class, or (`many`) a
    list of them."""
    found = Contents()
    tokens: Tokens = () if member is None else (member,)
    data = body.at(join(tokens))
    if data is not MISSING and data is not None:
        _values(found, Member(name, required=True, many=many), tokens, data)
    return found


def _values(found: Contents, member: Member, tokens: Tokens, value: Any) -> None:
    """Walk the value of a member that is of a class."""
    if not member.many:
        found.places[member.kind].append((tokens, value))
        if isinstance(value, dict):
            _object(found, member.kind, tokens, value)
    elif isinstance(value, list) and value:
        places = found.places[member.kind]
        for index, one in enumerate(value):
            place = (*tokens, index)
            places.append((place, one))
            if isinstance(one, dict):
                _object(found, member.kind, place, one)


_NOTED, _MARKED, _PASSED, _CLASS = "noted", "marked", "passed", "class"


def _way(member: Member) -> str:
    """How the values of a member are looked at: kept, looked into, looked at for the sign of no data, or passed by."""
    if member.kind in CLASSES:
        return _CLASS
    return {"URL": _NOTED, "DateTime": _NOTED, "-": _PASSED}.get(member.kind, _MARKED)


_WAYS = {name: {key: (_way(member), member) for key, member in members.items()} for name, members in CLASSES.items()}


def _object(found: Contents, name: str, tokens: Tokens, value: Mapping[str, Any]) -> None:
    """Note what is to be noted of an object; every member of every object comes by here, so it is kept quick."""
    known = _WAYS[name].get
    for key, inner in value.items():
        step = known(key)
        if step is None:
            found.unknown.append(((*tokens, key), name))
            continue
        way, member = step
        if inner.__class__ is str:
            if way is _NOTED or (way is _MARKED and (inner == "" or inner == NO_DATA)):
                _text(found, Spot((*tokens, key), inner, member))
            elif way is _CLASS:
                _values(found, member, (*tokens, key), inner)
        elif inner is None:
            if not member.required and (name, key) not in MANDATORY_UNDER_AFIR:
                found.nulls.append((*tokens, key))
        elif way is _CLASS:
            _values(found, member, (*tokens, key), inner)
        elif way is not _PASSED and member.many and isinstance(inner, list) and NO_DATA in inner:
            places = [(*tokens, key, index) for index, one in enumerate(inner) if one == NO_DATA]
            found.marked.extend(Spot(place, NO_DATA, member) for place in places)


def _text(found: Contents, spot: Spot) -> None:
    if spot.value == "":
        if not spot.member.required:
            found.empties.append(spot.tokens)
    elif spot.value == NO_DATA:
        found.marked.append(spot)
    else:
        found.texts[spot.member.kind].append(spot)
