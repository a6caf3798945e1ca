"""NDW beyond OCPI: what data on charging in the Netherlands looks like. Nothing of it is published."""

import re
from functools import partial

from harness.judge.vocabulary import shown
from harness.model.edit import with_field, without_field
from harness.model.exchange import Located
from harness.model.requirement import SHOULD, Basis, Binds, Problems, Publication
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import Location, Tariff
from scenarios.standards.ocpi_2_2_1.objects import location_page, one_location, tariff_page

SCOPE = Publication("NDW's task: charging points in the Netherlands under AFIR, this project's reading", Basis.ASSUMED)
requirement = partial(declared, since="2026.12", binds=Binds.AUTHOR)

LATITUDES, LONGITUDES = (50.7, 53.7), (3.2, 7.3)
DEGREES = re.compile(r"-?[0-9]{1,3}\.[0-9]+")


@requirement(
    SHOULD,
    SCOPE["country"],
    row="ndw-country-scope",
    broken_by=[
        with_field("/data/0/country", "DEU").on(location_page),
        with_field("/data/country", "BEL").on(one_location),
    ],
    kept_by=[
        with_field("/data/0/country", "nld").on(location_page),  # another clause's
        with_field("/data/0/country_code", "BE").on(location_page),
    ],
)
def locations_are_in_the_netherlands(location: Located[Location]) -> Problems:
    """A location that is sent to NDW lies in the Netherlands.

    Why: NDW is the national access point of the Netherlands; other countries have their own.
    Fix: send NDW the Dutch locations only; the operator may be from anywhere.
    """
    country = location.value.get("country")
    if isinstance(country, str) and re.fullmatch("[A-Z]{3}", country) and country != "NLD":
        yield Problem(location.at("country"), "NLD", shown(country))


@requirement(
    SHOULD,
    SCOPE["coordinates"],
    row="ndw-country-scope",
    broken_by=[
        with_field("/data/0/coordinates/latitude", "50.650000").on(location_page),  # Liège
        with_field("/data/0/coordinates/latitude", "53.900000").on(location_page),
        with_field("/data/0/coordinates/longitude", "2.900000").on(location_page),  # Ostend
        with_field("/data/coordinates/longitude", "7.460000").on(one_location),  # Dortmund
        with_field("/data/0/coordinates", {"latitude": "5.121420", "longitude": "52.090740"}).on(location_page),
    ],
    kept_by=[
        with_field("/data/0/coordinates", {"latitude": "50.75000", "longitude": "6.0200000"}).on(location_page),
        with_field("/data/0/coordinates", {"latitude": "53.489000", "longitude": "06.200000"}).on(location_page),
        with_field("/data/0/coordinates", {"latitude": "51.370000", "longitude": "3.370000"}).on(location_page),
    ],
)
def coordinates_are_in_the_netherlands(location: Located[Location]) -> Problems:
    """A location's coordinates lie in the box around the Netherlands.

    Why: points elsewhere are mostly latitude and longitude swapped, or an address that was looked up wrongly.
    Fix: check the point on a map; latitude comes to 50.7 to 53.7, longitude to 3.2 to 7.3.
    """
    coordinates = location.value.get("coordinates")
    for name, (least, most) in (("latitude", LATITUDES), ("longitude", LONGITUDES)):
        text = coordinates.get(name) if isinstance(coordinates, dict) else None
        if isinstance(text, str) and DEGREES.fullmatch(text) and not least <= float(text) <= most:
            yield Problem(location.at("coordinates", name), f"{least} to {most}", shown(text))


@requirement(
    SHOULD,
    SCOPE["currency"],
    row="ndw-country-scope",
    rests_on=["ndw.currency"],
    broken_by=[with_field("/data/0/currency", "GBP").on(tariff_page)],
    kept_by=[with_field("/data/0/currency", "€").on(tariff_page)],  # another clause's
)
def prices_are_in_the_currency_of_the_country(tariff: Located[Tariff], settings: Settings) -> Problems:
    """A tariff that is sent to NDW is in euro.

    Why: AFIR has prices shown so that they can be compared; in the Netherlands that is in euro.
    Fix: set currency to EUR; if NDW takes another one, set ndw.currency.
    """
    currency = tariff.value.get("currency")
    wanted = settings.text("ndw.currency")
    if isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) and currency != wanted:
        yield Problem(tariff.at("currency"), wanted, shown(currency))


@requirement(
    SHOULD,
    SCOPE["operator"],
    row="ndw-operator-named",
    broken_by=[
        without_field("/data/0/operator").on(location_page),
        with_field("/data/operator", None).on(one_location),
    ],
    kept_by=[
        with_field("/data/0/operator", {"name": "Stroom"}).on(location_page),
        without_field("/data/0/owner").on(location_page),
    ],
)
def operators_are_named(location: Located[Location]) -> Problems:
    """A location names its operator.

    Why: OCPI lets it be left out where both sides know it from their credentials exchange, which NDW does not have.
    Fix: send operator with at least the commercial name.
    """
    if location.value.get("operator") is None:
        yield Problem(location.at("operator"), "the operator's name", "absent or null")


@requirement(
    SHOULD,
    SCOPE["publish"],
    row="",
    broken_by=[
        with_field("/data/0/publish", False).on(location_page),
        with_field("/data/publish", False).on(one_location),
    ],
    kept_by=[with_field("/data/0/publish_allowed_to", []).on(location_page)],
)
def locations_may_be_published(location: Located[Location]) -> Problems:
    """A location that is sent to NDW may be shown to the public.

    Why: NDW publishes what it gets; what it does with a location that says publish: false is not known.
    Fix: leave private locations out of what NDW is sent, or set publish to true.
    """
    if location.value.get("publish") is False:
        yield Problem(location.at("publish"), "true", "false")
