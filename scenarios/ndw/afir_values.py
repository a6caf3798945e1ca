"""NDW beyond OCPI: whether what AFIR makes it ask for says anything. Nothing of it is published."""

from functools import partial

from harness.judge.vocabulary import shown
from harness.model.edit import with_field
from harness.model.exchange import Located
from harness.model.requirement import SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import EVSE, Connector
from scenarios.ndw.afir import CONNECTOR_AT, EVSE_AT, EXEMPT, SOURCE, connectors_of, is_removed, removed
from scenarios.standards.ocpi_2_2_1.objects import location_page, one_location

requirement = partial(declared, SHOULD, SOURCE, since="2026.12", binds=Binds.AUTHOR, basis=Basis.ASSUMED)


def _asked(evse: Located[EVSE], settings: Settings) -> bool:
    return not (is_removed(evse.value) and settings.flag(EXEMPT))


@requirement(
    row="ndw-evse-parking-restrictions",
    broken_by=[
        with_field(f"{EVSE_AT}/parking_restrictions", []).on(location_page),
        with_field("/data/evses/0/parking_restrictions", []).on(one_location),
    ],
    kept_by=[
        with_field(f"{EVSE_AT}/parking_restrictions", ["PLUGGED"]).on(location_page),
        removed(with_field(f"{EVSE_AT}/parking_restrictions", [])).on(location_page),
    ],
)
def parking_restrictions_are_not_empty(evse: Located[EVSE], settings: Settings) -> Problems:
    """The list of who may park at an EVSE has at least one entry.

    Why: no value says that anybody may park, so an empty list may be true; it may also be a column never filled.
    Fix: send EV_ONLY where only electric cars may stand, as at most charging points.
    """
    if evse.value.get("parking_restrictions") == [] and _asked(evse, settings):
        yield Problem(evse.at("parking_restrictions"), "at least one restriction", "[]")


@requirement(
    row="ndw-connector-max-electric-power",
    broken_by=[
        with_field(f"{CONNECTOR_AT}/max_electric_power", 0).on(location_page),
        with_field("/data/evses/0/connectors/0/max_electric_power", -1).on(one_location),
    ],
    kept_by=[with_field(f"{CONNECTOR_AT}/max_electric_power", 1).on(location_page)],
)
def power_is_positive(connector: Located[Connector]) -> Problems:
    """A Connector's power is more than nothing.

    Why: 0 stands for a value that nobody entered; a driver reads that there is no charging.
    Fix: take the power from the station's data, in watts.
    """
    power = connector.value.get("max_electric_power")
    if isinstance(power, (int, float)) and not isinstance(power, bool) and power <= 0:
        yield Problem(connector.at("max_electric_power"), "more than 0 W", shown(power))


@requirement(
    row="ndw-connector-tariff-ids-not-empty",
    broken_by=[
        with_field(f"{CONNECTOR_AT}/tariff_ids", []).on(location_page),
        with_field("/data/evses/0/connectors/0/tariff_ids", []).on(one_location),
    ],
    kept_by=[
        with_field(f"{CONNECTOR_AT}/tariff_ids", ["AC-ADHOC", "AC-REGULAR"]).on(location_page),
        removed(with_field(f"{CONNECTOR_AT}/tariff_ids", [])).on(location_page),
    ],
)
def tariff_ids_not_empty(evse: Located[EVSE], settings: Settings) -> Problems:
    """A Connector names at least one tariff.

    Why: an empty list leaves the price open; OCPI has even free charging name a tariff, one that costs nothing.
    Fix: name the tariff that holds for drivers without a contract; for free charging make one with a FLAT price of 0.
    """
    if not _asked(evse, settings):
        return
    for index, connector in connectors_of(evse.value):
        if connector.get("tariff_ids") == []:
            keys = {**evse.keys, "connector": str(connector.get("id", ""))}
            place = evse.at("connectors", index, "tariff_ids")
            yield Problem(place, "the id of at least one tariff", "[]", object=keys, inside="/tariff_ids")
