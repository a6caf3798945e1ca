"""OCPI 2.2.1, last_updated: what holds a changed object has changed as well."""

from datetime import timedelta
from functools import partial

from harness.model.edit import with_field
from harness.model.exchange import Located
from harness.model.requirement import MUST, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import EVSE, OCPI, Location
from harness.standards.ocpi_2_2_1.reading import Members, moment, parts
from scenarios.standards.ocpi_2_2_1.objects import location_page

ONE_SECOND = timedelta(seconds=1)
rising = partial(requirement, MUST, OCPI["mod_locations 8.2.1.1"], row="sem-last-updated-parents", since="2026.12")


def _stamped(value: Members, below: str) -> bool:
    return moment(value, "last_updated") is not None and any(
        moment(one, "last_updated") for _index, one in parts(value, below)
    )


def _younger(found: Located[EVSE] | Located[Location], below: str, what: str) -> Problems:
    """A problem for every part that is newer than the whole; below a second, writing stamps more or less exactly can
    make the difference."""
    mine, written = moment(found.value, "last_updated"), found.value.get("last_updated")
    for index, one in parts(found.value, below):
        if one.get("last_updated") == written:
            continue
        stamp = moment(one, "last_updated")
        if mine is not None and stamp is not None and stamp - mine >= ONE_SECOND:
            expected = f"not later than that of its {what}, {found.value['last_updated']}"
            yield Problem(found.at(below, index, "last_updated"), expected, one["last_updated"])


def _stamped_evse(found: Located[EVSE]) -> bool:
    return _stamped(found.value, "connectors")


def _stamped_location(found: Located[Location]) -> bool:
    return _stamped(found.value, "evses")


@rising(
    when=_stamped_evse,
    broken_by=[
        with_field("/data/0/evses/0/connectors/0/last_updated", "2026-06-01T08:00:00Z").on(location_page),
        with_field("/data/0/evses/0/connectors/0/last_updated", "2026-05-31T23:59:59.5").on(location_page),
    ],
    kept_by=[with_field("/data/0/evses/0/connectors/0/last_updated", "2019-01-01T00:00:00").on(location_page)],
)
def evse_is_as_new_as_its_connectors(found: Located[EVSE]) -> Problems:
    """The last_updated of an EVSE is not before that of any of its Connectors.

    Why: who asks for what changed since yesterday gets no EVSE that looks unchanged, and misses its new price or power.
    Fix: when a Connector changes, stamp its EVSE and Location with the same moment, in the same transaction.
    """
    yield from _younger(found, "connectors", "EVSE")


@rising(
    when=_stamped_location,
    broken_by=[
        with_field("/data/0/evses/0/last_updated", "2026-06-01T08:00:00Z").on(location_page),
        with_field("/data/0/evses/0/last_updated", "2026-05-31T23:59:59.5").on(location_page),
    ],
    kept_by=[with_field("/data/0/last_updated", "2027-01-01T00:00:00.25").on(location_page)],
)
def location_is_as_new_as_its_evses(found: Located[Location]) -> Problems:
    """The last_updated of a Location is not before that of any of its EVSEs.

    Why: date_from selects by the Location's stamp alone; a change of status below an old stamp reaches nobody.
    Fix: when an EVSE changes, stamp its Location with the same moment; do not keep the stamp of the last edit by hand.
    """
    yield from _younger(found, "evses", "Location")
