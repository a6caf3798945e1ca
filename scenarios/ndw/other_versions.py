"""NDW takes OCPI 2.2.1 only: names that exist in another version betray data of that version.

Values of other versions are told by the document, which sends them here: so they are reported once.
"""

from collections.abc import Iterator
from typing import Any

from harness.judge.vocabulary import asked_properly, both, operation
from harness.model.edit import with_field
from harness.model.exchange import Located
from harness.model.requirement import MUST, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import (
    EVSE,
    FIELDS_OF_OTHER_VERSIONS,
    Connector,
    Location,
    Tariff,
)
from scenarios.ndw import NDW

SINCE = "2026.12"
SOURCE = NDW["Data Submission with OCPI 2.2.1"]
a_location_page = both(asked_properly, operation("getLocations"))
a_tariff_page = both(asked_properly, operation("getTariffs"))


def _foreign_fields(found: Located[Any], schema: str, *below: str) -> Iterator[Problem]:
    value: Any = found.value
    for token in below:
        value = value.get(token) if isinstance(value, dict) else None
    for name, version in FIELDS_OF_OTHER_VERSIONS[schema].items() if isinstance(value, dict) else ():
        if name in value:
            yield Problem(found.at(*below, name), "a member of OCPI 2.2.1", f"{name}, which is of OCPI {version}")


@requirement(
    MUST,
    SOURCE,
    row="pull-version-2-2-1-only",
    since=SINCE,
    broken_by=[
        with_field("/data/0/type", "ON_STREET").on(a_location_page),
        with_field("/data/0/help_phone", "+31301234567").on(a_location_page),
        with_field("/data/0/parking_places", []).on(a_location_page),
    ],
    kept_by=[with_field("/data/0/x_type", "ON_STREET").on(a_location_page)],
)
def locations_are_of_2_2_1(location: Located[Location]) -> Problems:
    """A Location has no member that exists in another version of OCPI only.

    Why: NDW supports OCPI 2.2.1 alone; data written for another version loses what it says there.
    Fix: map to the 2.2.1 names (parking_type for type of 2.1.1) and leave out what 2.2.1 does not have.
    """
    yield from _foreign_fields(location, "Location")


@requirement(
    MUST,
    SOURCE,
    row="pull-version-2-2-1-only",
    since=SINCE,
    broken_by=[
        with_field("/data/0/evses/0/parking", []).on(a_location_page),
        with_field("/data/0/evses/0/accepted_service_providers", []).on(a_location_page),
        with_field("/data/0/evses/0/parking_restrictions", ["EV_ONLY", "TAXIS"]).on(a_location_page),
    ],
    kept_by=[with_field("/data/0/evses/0/parking_restrictions", ["EV_ONLY", "DISABLED"]).on(a_location_page)],
)
def evses_are_of_2_2_1(evse: Located[EVSE]) -> Problems:
    """An EVSE has no member and no parking restriction that exists in another version of OCPI only.

    Why: NDW supports OCPI 2.2.1 alone; data written for another version loses what it says there.
    Fix: leave out what 2.2.1 does not have; EMPLOYEES, TAXIS and TENANTS are of 2.3.0.
    """
    yield from _foreign_fields(evse, "EVSE")


@requirement(
    MUST,
    SOURCE,
    row="pull-version-2-2-1-only",
    since=SINCE,
    broken_by=[
        with_field("/data/0/evses/0/connectors/0/voltage", 230).on(a_location_page),
        with_field("/data/0/evses/0/connectors/0/amperage", 32).on(a_location_page),
        with_field("/data/0/evses/0/connectors/0/tariff_id", "T1").on(a_location_page),
        with_field("/data/0/evses/0/connectors/0/capabilities", []).on(a_location_page),
        with_field("/data/0/evses/0/connectors/0/standard", "MCS").on(a_location_page),
    ],
    kept_by=[with_field("/data/0/evses/0/connectors/0/standard", "CHADEMO").on(a_location_page)],
)
def connectors_are_of_2_2_1(connector: Located[Connector]) -> Problems:
    """A Connector has no member and no standard that exists in another version of OCPI only.

    Why: NDW supports OCPI 2.2.1 alone; voltage, amperage and tariff_id of 2.1.1 are not read.
    Fix: write max_voltage, max_amperage and tariff_ids; MCS and SAE_J3400 are of 2.3.0.
    """
    yield from _foreign_fields(connector, "Connector")


@requirement(
    MUST,
    SOURCE,
    row="pull-version-2-2-1-only",
    since=SINCE,
    broken_by=[
        with_field("/data/0/tax_included", "YES").on(a_tariff_page),
        with_field("/data/0/preauthorize_amount", 30).on(a_tariff_page),
        with_field("/data/0/min_price", {"excl_vat": 1, "before_taxes": 1}).on(a_tariff_page),
        with_field("/data/0/max_price", {"excl_vat": 9, "after_taxes": 10}).on(a_tariff_page),
    ],
    kept_by=[with_field("/data/0/min_price", {"excl_vat": 1.0, "incl_vat": 1.21}).on(a_tariff_page)],
)
def tariffs_are_of_2_2_1(tariff: Located[Tariff]) -> Problems:
    """A Tariff has no member that exists in another version of OCPI only.

    Why: NDW supports OCPI 2.2.1 alone; taxes written the way of 2.3.0 are not read as prices.
    Fix: write excl_vat and incl_vat in price bounds, and leave tax_included and preauthorize_amount out.
    """
    yield from _foreign_fields(tariff, "Tariff")
    yield from _foreign_fields(tariff, "Price", "min_price")
    yield from _foreign_fields(tariff, "Price", "max_price")
