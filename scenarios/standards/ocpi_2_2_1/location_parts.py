"""OCPI 2.2.1, mod_locations 8.4: what Locations, EVSEs and Tariffs are made of below their own members."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from harness.judge.vocabulary import Predicate
from harness.model.edit import Edit, with_bytes_replaced, with_field, without_field
from harness.model.requirement import MUST, Binds
from harness.model.requirement import requirement as declared
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.standards.ocpi_2_2_1.objects import location_page, one_location, page_with, shows, tariff_page

SINCE = "2026.12"
requirement = partial(declared, since=SINCE, binds=Binds.AUTHOR)

LOCATION, EVSE = "/data/0", "/data/0/evses/0"
IMAGE: dict[str, Any] = {"url": "https://haven.example/1.png", "category": "ENTRANCE", "type": "png"}
PERIOD: dict[str, Any] = {"period_begin": "2026-12-25T00:00:00Z", "period_end": "2026-12-25T23:00:00Z"}
HOURS: dict[str, Any] = {"weekday": 7, "period_begin": "08:00", "period_end": "23:59"}
ALWAYS: dict[str, Any] = {"twentyfourseven": True}
SCHEDULE: dict[str, Any] = {"period_begin": "2026-12-25T00:00:00Z", "status": "INOPERATIVE"}


def without(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The value without one of its members."""
    return {key: one for key, one in value.items() if key != name}


def image(**other: Any) -> dict[str, Any]:
    """An image with other members."""
    return {**IMAGE, **other}


def hours(*regular: Any) -> dict[str, Any]:
    """Opening times with these regular hours."""
    return {"twentyfourseven": False, "regular_hours": list(regular)}


def each(pointer: str, scope: Predicate, *values: object) -> list[Edit]:
    """One edit for each value at this place."""
    return [with_field(pointer, value).on(scope) for value in values]


@requirement(
    MUST,
    OCPI["mod_locations 8.4.13, 8.4.1"],
    row="geolocation-format",
    when=shows("GeoLocation", "AdditionalGeoLocation"),
    broken_by=[
        *each(
            f"{LOCATION}/coordinates/latitude", location_page, 53.17486, "53.1748", "53.17486001", "53,174860", "N53"
        ),
        *each(f"{LOCATION}/coordinates/longitude", location_page, 5.41466, "5.4146", "-179.1234567", "5.414660E", ""),
        without_field(f"{LOCATION}/coordinates/latitude").on(location_page),
        without_field(f"{LOCATION}/coordinates/longitude").on(location_page),
        with_field(f"{LOCATION}/coordinates", [52.1, 5.1]).on(location_page),
        with_field("/data/coordinates", "52.1,5.1").on(one_location),
        with_field(f"{EVSE}/coordinates/latitude", "52.1").on(location_page),
        with_field(f"{LOCATION}/related_locations", [{"latitude": "52.10000"}]).on(location_page),
    ],
    kept_by=[
        *each(f"{LOCATION}/coordinates/latitude", location_page, "53.17486", "53.1748600", "-3.100000", "03.10000"),
        *each(f"{LOCATION}/coordinates/longitude", location_page, "5.0000000", "-175.123456", "005.123456"),
        with_field(f"{EVSE}/coordinates", None).on(location_page),
    ],
)
def coordinates_are_as_defined() -> None:
    """Coordinates are two texts, degrees with a point and five to seven decimals, 10 and 11 characters at most.

    Why: a number loses its trailing zeros; with four decimals a charging point lies on the other side of the road.
    Fix: keep latitude and longitude as text from the source on, formatted with six decimals.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.4.2"],
    row="business-details-schema",
    when=shows("BusinessDetails"),
    broken_by=[
        without_field(f"{LOCATION}/operator/name").on(location_page),
        *each(f"{LOCATION}/operator/name", location_page, None, 7, "n" * 101),
        *each(f"{LOCATION}/operator", location_page, "Example Power", [{"name": "Example Power"}]),
        with_field(f"{LOCATION}/owner", {"website": "https://stroom.example"}).on(location_page),
        with_field("/data/suboperator", {"name": "Stroom", "website": 1}).on(one_location),
    ],
    kept_by=[
        *each(f"{LOCATION}/operator/name", location_page, "Stroom aan Zee B.V. – één", "n" * 100),
        with_field(f"{LOCATION}/operator", {"name": "Stroom", "website": None, "logo": IMAGE}).on(location_page),
        without_field(f"{LOCATION}/owner").on(location_page),
    ],
)
def companies_are_as_defined() -> None:
    """Operator, suboperator and owner each have a name of at most 100 characters.

    Why: the name is what drivers look for; a company without one is not shown.
    Fix: send {"name": ...}; leave the whole member out where there is no such company.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.4.14, 8.4.21, 8.4.11"],
    row="hours-schema",
    when=shows("Hours"),
    broken_by=[
        *each(f"{LOCATION}/opening_times", location_page, {}, {"twentyfourseven": "true"}, {"twentyfourseven": None}),
        *(
            with_field(f"{LOCATION}/opening_times", hours({**HOURS, **wrong})).on(location_page)
            for wrong in (
                {"weekday": 0}, {"weekday": 8}, {"weekday": "MONDAY"}, {"weekday": 1.5}, {"period_begin": "8:00"},
                {"period_begin": "08:00:00"}, {"period_end": "24:00"}, {"period_end": "8 pm"}, {"period_end": 2359},
            )
        ),
        *(
            with_field("/data/opening_times", hours(without(HOURS, name))).on(one_location)
            for name in HOURS
        ),
        *(
            with_field("/data/opening_times", {**ALWAYS, member: [without(PERIOD, name)]}).on(one_location)
            for member, name in (("exceptional_openings", "period_begin"), ("exceptional_closings", "period_end"))
        ),
        with_field(f"{LOCATION}/opening_times", {**ALWAYS, "exceptional_closings": PERIOD}).on(location_page),
    ],
    kept_by=[
        *each(
            f"{LOCATION}/opening_times",
            location_page,
            {"twentyfourseven": True, "regular_hours": None, "exceptional_openings": None},
            {"twentyfourseven": True, "regular_hours": [], "exceptional_closings": []},
            {"twentyfourseven": False, "regular_hours": [HOURS, {**HOURS, "weekday": 1.0, "period_begin": "00:00"}]},
            {"twentyfourseven": True, "exceptional_openings": [PERIOD], "exceptional_closings": [PERIOD]},
        ),
    ],
)  # fmt: skip
def opening_times_are_as_defined() -> None:
    """Opening times say whether it is always open; hours have a weekday from 1 to 7 and times like 08:00.

    Exceptions have a beginning and an end.

    Why: "24:00" and "8:00" are read by some and refused by others; weekday 0 is nobody's Monday.
    Fix: write hours and minutes with two digits each, 00:00 to 23:59; number the weekdays from 1, Monday, to 7.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.4.6, 8.4.7, 8.4.8, 8.4.9, 8.4.10"],
    row="energy-mix-schema",
    when=shows("EnergyMix"),
    broken_by=[
        without_field(f"{LOCATION}/energy_mix/is_green_energy").on(location_page),
        *each(f"{LOCATION}/energy_mix/is_green_energy", location_page, None, "true", 1),
        *(
            with_field(f"{LOCATION}/energy_mix/energy_sources", [wrong]).on(location_page)
            for wrong in (
                {"source": "TIDES", "percentage": 100}, {"source": "WIND", "percentage": 120}, {"source": "WIND"},
                {"source": "WIND", "percentage": -1}, {"source": "WIND", "percentage": "100"}, {"percentage": 100},
            )
        ),
        *(
            with_field("/data/energy_mix/environ_impact", [wrong]).on(one_location)
            for wrong in (
                {"category": "CO2", "amount": 1}, {"category": "CARBON_DIOXIDE", "amount": -1}, {"amount": 1},
                {"category": "CARBON_DIOXIDE"},
            )
        ),
        with_field(f"{LOCATION}/energy_mix/supplier_name", "s" * 65).on(location_page),
        with_field(f"{LOCATION}/energy_mix/energy_product_name", 7).on(location_page),
        with_field("/data/0/energy_mix", {"energy_sources": []}).on(tariff_page),
    ],
    kept_by=[
        *each(
            f"{LOCATION}/energy_mix",
            location_page,
            {"is_green_energy": False},
            {"is_green_energy": False, "energy_sources": [], "environ_impact": None, "supplier_name": None},
            {"is_green_energy": True, "energy_sources": [{"source": "WATER", "percentage": 100.0}]},
            {"is_green_energy": False, "environ_impact": [{"category": "NUCLEAR_WASTE", "amount": 0.00006}]},
        ),
    ],
)  # fmt: skip
def energy_mixes_are_as_defined() -> None:
    """An energy mix says whether all of it is green; shares have a known source and lie between 0 and 100.

    Environmental impacts have a known category and an amount that is not negative.

    Why: AFIR asks for the share of renewable energy; a source under another name is not counted.
    Fix: use the categories of OCPI, percentages as numbers, and grams per kWh.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.4.15"],
    row="image-and-schedule-schema",
    when=shows("Image"),
    broken_by=[
        *(
            with_field(f"{LOCATION}/images", [without(IMAGE, name)]).on(page_with("Image"))
            for name in ("url", "category", "type")
        ),
        *(
            with_field(f"{LOCATION}/images", [wrong]).on(page_with("Image"))
            for wrong in (
                image(type="image/png"), image(category="PHOTO"), image(width=100000), image(height="720"),
                image(url=1), image(url=None), image(thumbnail=[]),
            )
        ),
        with_field(f"{EVSE}/images", ["https://haven.example/1.png"]).on(page_with("Image")),
        with_field(f"{LOCATION}/operator", {"name": "Stroom", "logo": without(IMAGE, "type")}).on(page_with("Image")),
    ],
    kept_by=[
        with_field(f"{LOCATION}/images", []).on(page_with("Image")),
        with_field(f"{LOCATION}/images", [IMAGE, {**IMAGE, "thumbnail": None, "width": 99999.0, "height": None}]).on(
            page_with("Image")
        ),
        with_field(f"{LOCATION}/images", [{**IMAGE, "type": "webp"}]).on(page_with("Image")),
    ],
)  # fmt: skip
def images_are_as_defined() -> None:
    """An image has an address, a category and a type of at most four characters; sizes have at most five digits.

    Why: the type chooses how it is shown; "image/png" is a media type and does not fit.
    Fix: write png, jpeg, gif or svg, and one of OCPI's image categories.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.4.23"],
    row="image-and-schedule-schema",
    when=shows("StatusSchedule"),
    broken_by=[
        *(
            with_field(f"{EVSE}/status_schedule", [without(SCHEDULE, name)]).on(page_with("StatusSchedule"))
            for name in SCHEDULE
        ),
        *each(f"{EVSE}/status_schedule", page_with("StatusSchedule"), [{**SCHEDULE, "status": "closed"}], ["CHARGING"]),
    ],
    kept_by=[
        *each(
            f"{EVSE}/status_schedule",
            page_with("StatusSchedule"),
            [],
            [SCHEDULE, {**SCHEDULE, "period_end": None}, {**SCHEDULE, "period_end": "2027-01-01T00:00:00"}],
        ),
    ],
)
def status_schedules_are_as_defined() -> None:
    """What is planned for the status of an EVSE has a beginning and one of OCPI's statuses; an end where it is known.

    Why: a plan without a beginning or a status tells a driver nothing.
    Fix: leave out entries that are not settled; spell the status as OCPI does.
    """


@requirement(
    MUST,
    OCPI["types 16.3"],
    row="display-text-schema",
    when=shows("DisplayText"),
    broken_by=[
        *(
            with_field(f"{LOCATION}/directions", [wrong]).on(page_with("DisplayText"))
            for wrong in (
                {"language": "nl-NL", "text": "x"}, {"language": "n", "text": "x"}, {"language": "1!", "text": "x"},
                {"text": "x"}, {"language": "nl"}, {"language": "nl", "text": "t" * 513},
                {"language": "nl", "text": None}, {"language": None, "text": "x"}, "Achter het hek",
            )
        ),
        with_field(f"{LOCATION}/tariff_alt_text", [{"language": "dutch", "text": "x"}]).on(tariff_page),
    ],
    kept_by=[
        with_field(f"{LOCATION}/directions", [{"language": "nl", "text": "é" * 512}]).on(page_with("DisplayText")),
        with_field(f"{LOCATION}/directions", [{"language": "NL", "text": ""}]).on(page_with("DisplayText")),
        with_bytes_replaced('"language":"nl"', '"language":"fy"').on(tariff_page),
    ],
)  # fmt: skip
def display_texts_are_as_defined() -> None:
    """A text for drivers has a language of two letters, and at most 512 characters.

    Why: the language chooses which text is shown; nl-NL or dutch matches nobody's choice.
    Fix: write the two letters of ISO 639-1, such as nl; one entry for each language.
    """
