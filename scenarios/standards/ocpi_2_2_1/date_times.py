"""OCPI 2.2.1, types 16.2: every moment in the objects of an answer."""

import re
from functools import partial

from harness.judge.vocabulary import instant
from harness.model.edit import with_field
from harness.model.exchange import Showing
from harness.model.requirement import MAY, MUST, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.standards.ocpi_2_2_1.objects import (
    contents,
    location_page,
    one_location,
    page_with,
    problem_at,
    shows_objects,
    tariff_page,
)

SINCE = "2026.12"
requirement = partial(declared, since=SINCE, binds=Binds.AUTHOR)

CONNECTOR = "/data/0/evses/0/connectors/0"
PROPER = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?Z?"
)
"""The form of a DateTime; that the day exists is another matter."""


@requirement(
    MUST,
    OCPI["types 16.2"],
    row="datetime-utc-format",
    refuses=True,
    when=shows_objects,
    broken_by=[
        *(
            with_field("/data/0/last_updated", wrong).on(location_page)
            for wrong in (
                "2026-03-29T02:00:00+02:00", "2026-03-29T02:00:00-05:00", "2026-03-29 02:00:00Z", "2026-03-29",
                "2026-13-01T02:00:00Z", "2026-03-29T24:00:00Z", "2026-03-29T02:00Z", "2026-03-29t02:00:00z", "",
                1780000000, "2026-02-30T02:00:00Z", "2025-02-29T02:00:00", "2026-03-29T02:00:60Z",
            )
        ),
        with_field("/data/evses/0/last_updated", "2026-04-31T00:00:00.5Z").on(one_location),
        with_field(f"{CONNECTOR}/last_updated", "yesterday").on(location_page),
        with_field(f"{CONNECTOR}/last_updated", "2026-02-30T00:00:00Z").on(location_page),
        with_field("/data/0/start_date_time", "2026-11-01T00:00:00+01:00").on(tariff_page),
        with_field("/data/0/end_date_time", "2027-02-29T00:00:00Z").on(tariff_page),
        with_field(
            "/data/0/opening_times",
            {
                "twentyfourseven": True,
                "exceptional_closings": [{"period_begin": "2026-12-26", "period_end": "2026-12-27T00:00:00Z"}],
            },
        ).on(location_page),
        with_field(
            "/data/0/evses/0/status_schedule", [{"period_begin": "2026-02-30T00:00:00Z", "status": "PLANNED"}]
        ).on(page_with("StatusSchedule")),
    ],
    kept_by=[
        *(
            with_field("/data/0/last_updated", right).on(location_page)
            for right in (
                "2026-03-29T02:00:00", "2026-03-29T02:30:00.25Z", "2028-02-29T23:59:59.123456Z", "1999-12-31T23:59:59Z",
                "2026-03-29T02:30:00.1",
            )
        ),
        with_field("/data/0/end_date_time", None).on(tariff_page),
    ],
)  # fmt: skip
def date_times_are_in_utc(exchange: Showing) -> Problems:
    """Every moment is a date that exists and a time in UTC, by RFC 3339, with Z or no designator at the end.

    Why: a time with an offset, or local time that looks like UTC, is read hours off, and then the newer of two states
    is thrown away.
    Fix: convert to UTC before writing, and write like 2026-06-01T08:00:05Z.
    """
    for spot in contents(exchange).texts["DateTime"]:
        if PROPER.fullmatch(spot.value) and instant(spot.value) is None:  # any other form is the document's own error
            yield problem_at(spot.tokens, "a day that is in the calendar", spot.value)


@requirement(
    MUST,
    OCPI["types 16.2"],
    row="datetime-utc-format",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/last_updated", "2026-03-29T02:00:00+00:00").on(location_page),
        with_field("/data/evses/0/last_updated", "2026-03-29T02:00:00.123-00:00").on(one_location),
        with_field("/data/0/start_date_time", "2026-11-01T00:00:00+00:00").on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/last_updated", "2026-03-29T00:00:00").on(location_page),
        with_field("/data/0/last_updated", "2026-03-29T00:00:00.00Z").on(location_page),
    ],
)
def date_times_have_no_offset_of_zero() -> None:
    """No moment ends in +00:00: it says UTC, but OCPI wants Z, or nothing.

    Why: readers built for OCPI take exactly one form; this one is what many libraries write unasked.
    Fix: let the serialiser write Z (Jackson and .NET: a UTC kind; Python: replace "+00:00").
    """


@requirement(
    MAY,
    OCPI["types 16.2"],
    basis=Basis.ASSUMED,
    row="datetime-utc-format",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/last_updated", "2026-03-29T02:00:00").on(location_page),
        with_field("/data/0/end_date_time", "2027-03-01T00:00:00.5").on(tariff_page),
    ],
    kept_by=[with_field("/data/0/last_updated", "2026-03-29T02:00:00.5Z").on(location_page)],
)
def date_times_end_in_z(exchange: Showing) -> Problems:
    """Every moment ends in Z, though it need not.

    Why: a time without a designator is allowed and means UTC; many a library reads it as local time all the same.
    Fix: write the Z.
    """
    for spot in contents(exchange).texts["DateTime"]:
        if not spot.value.endswith("Z") and instant(spot.value) is not None:
            yield problem_at(spot.tokens, "Z at the end", spot.value)


@requirement(
    SHOULD,
    OCPI["types 16.2"],
    row="datetime-length-25",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/last_updated", "2026-03-29T02:00:00.123456Z").on(location_page),
        with_field("/data/evses/0/last_updated", "2026-03-29T02:00:00.123456").on(one_location),
        with_field("/data/0/end_date_time", "2027-03-01T00:00:00.00000Z").on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/last_updated", "2026-03-29T02:00:00.1234Z").on(location_page),
        with_field("/data/0/last_updated", "2026-03-29T02:00:00.12345").on(location_page),
    ],
)
def date_times_have_at_most_25_characters(exchange: Showing) -> Problems:
    """No moment has more than 25 characters, so four digits of a fraction at most where it ends in Z.

    Why: OCPI allows fractions, and 25 characters; microseconds with Z need 27 and do not fit a column made for it.
    Fix: write whole seconds, or milliseconds.
    """
    for spot in contents(exchange).texts["DateTime"]:
        if len(spot.value) > 25 and instant(spot.value) is not None:
            yield problem_at(spot.tokens, "at most 25 characters", spot.value)
