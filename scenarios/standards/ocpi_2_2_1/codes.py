"""OCPI 2.2.1, mod_locations 8.3: codes, names of time zones and ids that are more than a text of some length."""

import re
from collections.abc import Iterator
from functools import partial

from harness.judge.vocabulary import shown
from harness.model.edit import with_field
from harness.model.exchange import HttpExchange, Located, Showing
from harness.model.pointer import join
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.verdict import Problem
from harness.standards import tz_database
from harness.standards.ocpi_2_2_1 import EVSE, OCPI, Location
from harness.standards.ocpi_2_2_1.members import NO_DATA, Tokens
from scenarios.standards.ocpi_2_2_1.objects import (
    contents,
    location_page,
    one_location,
    problem_at,
    shows,
    shows_objects,
    tariff_page,
)

SINCE = "2026.12"
requirement = partial(declared, since=SINCE, binds=Binds.AUTHOR)

COUNTRY_CODE = re.compile("[A-Za-z]{2}")
COUNTRY = re.compile("[A-Z]{3}")
PARTY = re.compile("[A-Za-z0-9]{3}")
EVSE_ID = re.compile(r"[A-Za-z]{2}\*?[A-Za-z0-9]{3}\*?[Ee][A-Za-z0-9][A-Za-z0-9*]{0,30}")
"""ISO 15118 and eMI3: country, operator, E, and the operator's own number; letters of either case are the same."""


def _codes(exchange: HttpExchange, member: str, code: re.Pattern[str], longest: int, expected: str) -> Problems:
    """What is too long, or no text, is the business of the clauses about types."""
    found = contents(exchange)
    for name in ("Location", "Tariff"):
        for tokens, value in found.objects(name):
            text = value.get(member)
            if isinstance(text, str) and len(text) <= longest and text != NO_DATA and not code.fullmatch(text):
                yield problem_at((*tokens, member), expected, text)


@requirement(
    MUST,
    OCPI["mod_locations 8.3.1, mod_tariffs 11.3.1"],
    row="location-codes-and-time-zone",
    refuses=True,
    when=shows_objects,
    broken_by=[
        with_field("/data/0/country_code", "31").on(location_page),
        with_field("/data/0/country_code", "N").on(location_page),
        with_field("/data/0/country_code", "").on(tariff_page),
        with_field("/data/country_code", "N*").on(one_location),
    ],
    kept_by=[
        with_field("/data/0/country_code", "nl").on(location_page),
        with_field("/data/0/country_code", "BE").on(tariff_page),
    ],
)
def country_codes_have_two_letters(exchange: Showing) -> Problems:
    """The country of the operator is a code of two letters, as ISO 3166-1 has them.

    Why: it is half of the name under which an operator is known; under another form the data belongs to nobody.
    Fix: write NL, not the country's number or telephone prefix.
    """
    yield from _codes(exchange, "country_code", COUNTRY_CODE, 2, "two letters, such as NL")


@requirement(
    MUST,
    OCPI["mod_locations 8.3.1"],
    row="location-codes-and-time-zone",
    refuses=True,
    when=shows("Location"),
    broken_by=[
        with_field("/data/0/country", "NL").on(location_page),
        with_field("/data/0/country", "nld").on(location_page),
        with_field("/data/0/country", "").on(location_page),
        with_field("/data/country", "528").on(one_location),
    ],
    kept_by=[
        with_field("/data/0/country", "DEU").on(location_page),
        with_field("/data/0/country", NO_DATA).on(location_page),
    ],
)
def countries_have_three_capital_letters(exchange: Showing) -> Problems:
    """The country in which a location lies is a code of three letters, as ISO 3166-1 has them.

    Why: OCPI uses two letters for operators and three for places; a reader that looks NL up among the codes of three
    letters finds no country.
    Fix: write NLD.
    """
    yield from _codes(exchange, "country", COUNTRY, 3, "three capital letters, such as NLD")


@requirement(
    SHOULD,
    OCPI["mod_locations 8.3.1, mod_tariffs 11.3.1"],
    basis=Basis.ASSUMED,
    row="location-codes-and-time-zone",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/party_id", "A-B").on(location_page),
        with_field("/data/0/party_id", "").on(location_page),
        with_field("/data/0/party_id", "AB").on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/party_id", "xpo").on(location_page),
        with_field("/data/0/party_id", "3XP").on(tariff_page),
    ],
)
def party_ids_have_three_characters(exchange: Showing) -> Problems:
    """The operator's id is three letters or digits, as those are given out for charge point operators.

    Why: NDW shows data under the id of the operator that owns the charging point, and these have three characters.
    Fix: use the id that was given out to the operator, not a name of your own for it.
    """
    yield from _codes(exchange, "party_id", PARTY, 3, "three letters or digits")


def _time_zones(exchange: HttpExchange) -> Iterator[tuple[Tokens, str]]:
    """The time zones of Locations with their places, where they are texts that are looked up."""
    for tokens, location in contents(exchange).objects("Location"):
        name = location.get("time_zone")
        if isinstance(name, str) and len(name) <= 255 and name != NO_DATA:
            yield (*tokens, "time_zone"), name


@requirement(
    MUST,
    OCPI["mod_locations 8.3.1"],
    row="location-codes-and-time-zone",
    refuses=True,
    when=shows("Location"),
    broken_by=[
        with_field("/data/0/time_zone", "W. Europe Standard Time").on(location_page),
        with_field("/data/0/time_zone", "Europe/Amsterdam2").on(location_page),
        with_field("/data/0/time_zone", "Amsterdam").on(location_page),
        with_field("/data/0/time_zone", "CEST").on(location_page),
        with_field("/data/0/time_zone", "+01:00").on(location_page),
        with_field("/data/0/time_zone", "localtime").on(location_page),
        with_field("/data/0/time_zone", "europe/amsterdam").on(location_page),
        with_field("/data/time_zone", "").on(one_location),
    ],
    kept_by=[
        with_field("/data/0/time_zone", "Europe/Brussels").on(location_page),
        with_field("/data/0/time_zone", "America/Kralendijk").on(location_page),
        with_field("/data/0/time_zone", "America/Argentina/Buenos_Aires").on(location_page),
        with_field("/data/0/time_zone", "UTC").on(location_page),
        with_field("/data/0/time_zone", "Europe/Nieuw-Zeeburg").on(location_page),
        with_field("/data/0/time_zone", NO_DATA).on(location_page),
    ],
)
def time_zones_are_in_the_tz_database(exchange: Showing) -> Problems:
    """The time zone of a location is a name that the tz database has or may come to have, spelt as there.

    Why: opening times and tariffs are local; without a zone that can be looked up nobody knows when they hold.
    Fix: write Europe/Amsterdam; map the names of Windows, such as W. Europe Standard Time, by CLDR's table.
    """
    for tokens, name in _time_zones(exchange):
        if name not in tz_database.names() and not tz_database.may_be_newer(name):
            yield problem_at(tokens, "a name of the tz database, such as Europe/Amsterdam", name)


@requirement(
    SHOULD,
    OCPI["mod_locations 8.3.1"],
    row="location-codes-and-time-zone",
    when=shows("Location"),
    broken_by=[
        with_field("/data/0/time_zone", "Europe/Utrecht").on(location_page),
        with_field("/data/time_zone", "America/Aruba/Oranjestad").on(one_location),
    ],
    kept_by=[
        with_field("/data/0/time_zone", "Europe/Brussels").on(location_page),
        with_field("/data/0/time_zone", "America/Port-au-Prince").on(location_page),
        with_field("/data/time_zone", NO_DATA).on(one_location),
    ],
)
def time_zones_are_known(exchange: Showing) -> Problems:
    """The time zone of a location is in the release of the tz database that this check knows.

    Why: a name that is not is a mistake (there is no Europe/Utrecht), or so new that readers do not know it either.
    Fix: write the zone's own name, Europe/Amsterdam for all of the Netherlands; wait with one that is newer.
    """
    for tokens, name in _time_zones(exchange):
        if tz_database.may_be_newer(name):
            expected, place = "a name of the tz database, such as Europe/Amsterdam", f"response.body:{join(tokens)}"
            yield Problem(place, expected, f"{shown(name)}, which is in no release known here")


@requirement(
    SHOULD,
    OCPI["mod_locations 8.3.2"],
    basis=Basis.ASSUMED,
    row="evse-id-format",
    broken_by=[
        with_field("/data/0/evses/0/evse_id", "NL-ABC-E1").on(location_page),
        with_field("/data/0/evses/0/evse_id", "NL*ABC*123").on(location_page),
        with_field("/data/0/evses/0/evse_id", "NL*ABC*E").on(location_page),
        with_field("/data/0/evses/0/evse_id", "NL*ABC*E1-2").on(location_page),
        with_field("/data/evses/0/evse_id", "9b2e1c5a-0f4d-4c1e-8a63-5d7f0e9c2b41").on(one_location),
    ],
    kept_by=[
        with_field("/data/0/evses/0/evse_id", "NLABCE123456").on(location_page),
        with_field("/data/0/evses/0/evse_id", "nl*abc*e1*2").on(location_page),
        with_field("/data/0/evses/0/evse_id", "DE*8AAE1A2B3C4D5E").on(location_page),
        with_field("/data/0/evses/0/evse_id", None).on(location_page),
        with_field("/data/evses/0/evse_id", "").on(one_location),
    ],
)
def evse_ids_are_those_on_the_charging_point(evse: Located[EVSE]) -> Problems:
    """An evse_id is written as ISO 15118 and eMI3 have it: country, operator, E, and a number, with or without stars.

    Why: it is what drivers read on the charging point and type into an app; a technical id belongs into uid.
    Fix: send the id printed on the charging point, such as NL*ABC*E1234*1; leave it out where there is none.
    """
    name = evse.value.get("evse_id")
    if isinstance(name, str) and name not in ("", NO_DATA) and len(name) <= 48 and not EVSE_ID.fullmatch(name):
        yield Problem(evse.at("evse_id"), "an id such as NL*ABC*E1234*1", shown(name))


def _longer(location: Located[Location], member: str, limit: int, most: int) -> Problems:
    text = location.value.get(member)
    if isinstance(text, str) and limit < len(text) <= most:
        yield Problem(location.at(member), f"at most {limit} characters", f"{len(text)}: {shown(text)}")


@requirement(
    SHOULD,
    OCPI["mod_locations 8.3.1"],
    basis=Basis.ASSUMED,
    row="location-address-length",
    broken_by=[
        with_field("/data/0/address", "a" * 46).on(location_page),
        with_field("/data/address", "a" * 200).on(one_location),
    ],
    kept_by=[
        with_field("/data/0/address", "é" * 45).on(location_page),
        with_field("/data/0/address", "").on(location_page),
    ],
)
def addresses_have_at_most_45_characters(location: Located[Location]) -> Problems:
    """An address has at most 45 characters, as many as OCPI 2.2.1 allowed until May 2026.

    Why: readers built before that cut a longer one off, or refuse the location; which limit NDW has is not published.
    Fix: keep street and number here; town, postal code and hints on the way have members of their own.
    """
    yield from _longer(location, "address", 45, 255)


@requirement(
    SHOULD,
    OCPI["mod_locations 8.3.1"],
    basis=Basis.ASSUMED,
    row="location-address-length",
    broken_by=[
        with_field("/data/0/state", "s" * 21).on(location_page),
        with_field("/data/state", "s" * 45).on(one_location),
    ],
    kept_by=[
        with_field("/data/0/state", "Fryslân").on(location_page),
        with_field("/data/0/state", None).on(location_page),
    ],
)
def states_have_at_most_20_characters(location: Located[Location]) -> Problems:
    """A state or province has at most 20 characters, as many as OCPI 2.2.1 allowed until May 2026.

    Why: readers built before that cut a longer one off, or refuse the location; which limit NDW has is not published.
    Fix: send the name of the province, or leave the member out.
    """
    yield from _longer(location, "state", 20, 45)
