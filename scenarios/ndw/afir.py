"""NDW beyond OCPI: what AFIR makes it ask for."""

from functools import partial
from typing import Any

from harness.model.edit import Edit, together, with_field, without_field
from harness.model.exchange import HttpExchange, Located, Showing
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, Problem
from harness.standards.ocpi_2_2_1 import EVSE
from scenarios.ndw import NDW
from scenarios.standards.ocpi_2_2_1.objects import (
    contents,
    location_page,
    one_location,
    problem_at,
    shows,
)

SOURCE = NDW["Data Submission with OCPI 2.2.1"]
requirement = partial(declared, since="2026.12", binds=Binds.AUTHOR)

EXEMPT = "ndw.removed_evse_exempt"
EVSE_AT, CONNECTOR_AT = "/data/0/evses/0", "/data/0/evses/0/connectors/0"


def removed(*edits: Edit) -> Edit:
    """The edits on an EVSE that was removed; the place is that of the last."""
    return together(with_field(f"{EVSE_AT}/status", "REMOVED").on(location_page), *edits)


def is_removed(evse: dict[str, Any]) -> bool:
    """The EVSE's status is REMOVED."""
    return evse.get("status") == "REMOVED"


def connectors_of(evse: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The connectors of an EVSE that are objects, with their place in the list."""
    listed = evse.get("connectors")
    return [
        (index, one) for index, one in enumerate(listed if isinstance(listed, list) else ()) if isinstance(one, dict)
    ]


def _of_removed(exchange: HttpExchange, settings: Settings, member: str, *, below: bool) -> Problems:
    """Removed EVSEs (or their connectors) without the member, where the settings do not let that pass.

    The document asks all others; what it says of them is not said twice.
    """
    if settings.flag(EXEMPT):
        return
    for tokens, evse in contents(exchange).objects("EVSE"):
        if is_removed(evse):
            for place, value in _additions(evse, member, below=below):
                if value is None:
                    yield problem_at((*tokens, *place), f"{member}, of a removed EVSE too", None)


def _additions(evse: dict[str, Any], member: str, *, below: bool) -> list[tuple[tuple[str | int, ...], Any]]:
    if not below:
        return [((member,), evse.get(member))]
    return [(("connectors", index, member), one.get(member)) for index, one in connectors_of(evse)]


@requirement(
    MUST,
    SOURCE,
    row="ndw-location-opening-times",
    when=shows("Location"),
    broken_by=[
        without_field("/data/0/opening_times").on(location_page),
        with_field("/data/0/opening_times", None).on(location_page),
        with_field("/data/0/opening_times", "24/7").on(location_page),
        without_field("/data/opening_times").on(one_location),
    ],
    kept_by=[
        with_field("/data/0/opening_times", {"twentyfourseven": True, "regular_hours": []}).on(location_page),
        with_field("/data/0/opening_times", {}).on(location_page),
    ],
)
def locations_have_opening_times() -> None:
    """A Location says when it is open.

    Why: AFIR has drivers told when they can get in; OCPI leaves the member out where a location is always open.
    Fix: send {"twentyfourseven": true} for a location that never closes.
    """


@requirement(
    MUST,
    SOURCE,
    row="ndw-location-energy-mix",
    when=shows("Location"),
    broken_by=[
        without_field("/data/0/energy_mix").on(location_page),
        with_field("/data/0/energy_mix", None).on(location_page),
        with_field("/data/0/energy_mix", ["WIND"]).on(location_page),
        without_field("/data/energy_mix").on(one_location),
    ],
    kept_by=[
        with_field("/data/0/energy_mix", {"is_green_energy": False}).on(location_page),
        with_field("/data/0/energy_mix", {}).on(location_page),
    ],
)
def locations_have_an_energy_mix() -> None:
    """A Location says where its energy comes from.

    Why: AFIR has drivers told whether it is all renewable.
    Fix: send at least {"is_green_energy": true} or false, as your supply contract has it.
    """


@requirement(
    MUST,
    SOURCE,
    row="ndw-evse-parking-restrictions",
    refuses=True,
    when=shows("EVSE"),
    broken_by=[
        without_field(f"{EVSE_AT}/parking_restrictions").on(location_page),
        with_field(f"{EVSE_AT}/parking_restrictions", None).on(location_page),
        with_field(f"{EVSE_AT}/parking_restrictions", "EV_ONLY").on(location_page),
        removed(with_field(f"{EVSE_AT}/parking_restrictions", "EV_ONLY")),
        without_field("/data/evses/0/parking_restrictions").on(one_location),
    ],
    kept_by=[
        with_field(f"{EVSE_AT}/parking_restrictions", []).on(location_page),
        with_field(f"{EVSE_AT}/parking_restrictions", ["DISABLED", "CUSTOMERS"]).on(location_page),
        removed(without_field(f"{EVSE_AT}/parking_restrictions")).on(location_page),
    ],
)
def evses_have_parking_restrictions(exchange: Showing, settings: Settings) -> Problems:
    """An EVSE has a list of who may park there, be it an empty one.

    Why: AFIR has drivers told whether a place is for them, such as one for people with a disability.
    Fix: send the list for every EVSE; [] where anybody may park, until NDW says otherwise.
    """
    yield from _of_removed(exchange, settings, "parking_restrictions", below=False)


@requirement(
    MUST,
    SOURCE,
    row="ndw-connector-max-electric-power",
    refuses=True,
    when=shows("Connector"),
    broken_by=[
        without_field(f"{CONNECTOR_AT}/max_electric_power").on(location_page),
        with_field(f"{CONNECTOR_AT}/max_electric_power", None).on(location_page),
        with_field("/data/evses/0/connectors/0/max_electric_power", None).on(one_location),
    ],
    kept_by=[
        with_field(f"{CONNECTOR_AT}/max_electric_power", 0).on(location_page),
        with_field(f"{CONNECTOR_AT}/max_electric_power", 22080.0).on(location_page),
        removed(without_field(f"{CONNECTOR_AT}/max_electric_power")).on(location_page),
    ],
)
def connectors_have_their_power(exchange: Showing, settings: Settings) -> Problems:
    """A Connector says how many watts it gives at most.

    Why: AFIR has drivers told the power; OCPI asks for it only where it is less than volts times amperes.
    Fix: send max_electric_power for every connector, in watts.
    """
    yield from _of_removed(exchange, settings, "max_electric_power", below=True)


@requirement(
    MUST,
    SOURCE,
    row="ndw-connector-tariff-ids",
    refuses=True,
    when=shows("Connector"),
    broken_by=[
        without_field(f"{CONNECTOR_AT}/tariff_ids").on(location_page),
        with_field(f"{CONNECTOR_AT}/tariff_ids", None).on(location_page),
        with_field(f"{CONNECTOR_AT}/tariff_ids", "AC-ADHOC").on(location_page),
        together(
            with_field(f"{CONNECTOR_AT}/tariff_id", "AC-ADHOC").on(location_page),
            without_field(f"{CONNECTOR_AT}/tariff_ids").on(location_page),
        ),
        removed(with_field(f"{CONNECTOR_AT}/tariff_ids", {"id": "AC-ADHOC"}).on(location_page)),
        without_field("/data/evses/0/connectors/0/tariff_ids").on(one_location),
    ],
    kept_by=[
        with_field(f"{CONNECTOR_AT}/tariff_ids", []).on(location_page),
        with_field(f"{CONNECTOR_AT}/tariff_ids", ["AC-ADHOC"]).on(location_page),
        removed(with_field(f"{CONNECTOR_AT}/tariff_ids", None)).on(location_page),
    ],
)
def connectors_have_tariff_ids(exchange: Showing, settings: Settings) -> Problems:
    """A Connector has a list of the tariffs that hold there.

    Why: AFIR has drivers told the price before they charge; tariff_id of OCPI 2.1.1 is not read.
    Fix: send tariff_ids, a list, for every connector.
    """
    yield from _of_removed(exchange, settings, "tariff_ids", below=True)


@requirement(
    SHOULD,
    SOURCE,
    basis=Basis.ASSUMED,
    row="ndw-evse-parking-restrictions",
    rests_on=[EXEMPT],
    when=lambda found: is_removed(found.value),
    broken_by=[
        removed(without_field(f"{EVSE_AT}/parking_restrictions")).on(location_page),
        removed(with_field(f"{CONNECTOR_AT}/max_electric_power", None)).on(location_page),
        removed(without_field(f"{CONNECTOR_AT}/tariff_ids")).on(location_page),
    ],
    kept_by=[
        without_field(f"{EVSE_AT}/parking_restrictions").on(location_page),
        with_field(f"{CONNECTOR_AT}/max_electric_power", None).on(location_page),
    ],
)
def removed_evses_keep_what_ndw_asks_for(evse: Located[EVSE], settings: Settings) -> Problems:
    """An EVSE with the status REMOVED keeps its parking restrictions, and its connectors their power and tariffs.

    Why: the page makes no exception for it; yet nobody charges there any more, so this is advice.
    Fix: change nothing but the status, and last_updated, when an EVSE is taken away.
    """
    if not settings.flag(EXEMPT):
        yield Inapplicable(f"{EXEMPT} = false: removed EVSEs are asked like all others")
        return
    for member, below in (("parking_restrictions", False), ("max_electric_power", True), ("tariff_ids", True)):
        for place, value in _additions(evse.value, member, below=below):
            if value is None:
                yield Problem(evse.at(*place), f"{member}, as before the EVSE was removed", "absent or null")
