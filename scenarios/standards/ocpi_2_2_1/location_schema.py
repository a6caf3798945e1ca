"""OCPI 2.2.1, mod_locations 8.3: Location, EVSE and Connector, their members, and which of them must be there."""

from functools import partial

from harness.model.edit import with_bytes_replaced, with_field, without_field
from harness.model.requirement import MUST, Binds
from harness.model.requirement import requirement as declared
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.standards.ocpi_2_2_1.objects import location_page, one_location, shows

SINCE = "2026.12"
requirement = partial(declared, since=SINCE, binds=Binds.AUTHOR)

LOCATION, EVSE, CONNECTOR = "/data/0", "/data/0/evses/0", "/data/0/evses/0/connectors/0"
ALLOWED = [
    {"uid": "04AB12", "type": "RFID"},
    {"visual_number": "NL-HRN-1", "issuer": "Stroom aan Zee"},
    {"group_id": "visitors", "uid": None, "type": None, "visual_number": None},
]


@requirement(
    MUST,
    OCPI["mod_locations 8.3.1"],
    row="location-has-required-fields",
    when=shows("Location"),
    broken_by=[
        *(
            without_field(f"{LOCATION}/{name}").on(location_page)
            for name in (
                "country_code", "party_id", "id", "publish", "address", "city", "country", "coordinates", "time_zone",
                "last_updated",
            )
        ),
        with_field(f"{LOCATION}/time_zone", None).on(location_page),
        with_field(f"{LOCATION}/coordinates", None).on(location_page),
        with_field(f"{LOCATION}/id", None).on(location_page),
        with_field("/data/last_updated", None).on(one_location),
        without_field("/data/publish").on(one_location),
    ],
    kept_by=[
        with_field(f"{LOCATION}/publish", False).on(location_page),
        with_field(f"{LOCATION}/city", "").on(location_page),
        with_field(f"{LOCATION}/address", "#NA").on(location_page),
        with_field(f"{LOCATION}/evses", None).on(location_page),
        without_field(f"{LOCATION}/postal_code").on(location_page),
        without_field("/data/evses").on(one_location),
    ],
)  # fmt: skip
def location_has_required_fields() -> None:
    """A Location says whose it is, what it is called, where it lies, whether it may be shown, and when it changed.

    Why: country_code, party_id, id, publish, address, city, country, coordinates, time_zone and last_updated are what
    a reader cannot do without; one location that lacks one is dropped, or takes its page along.
    Fix: fill the member; a text for which there is no data may read #NA.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.3.1, 8.4.12, 8.4.18, 8.4.20"],
    row="location-field-types-and-enums",
    when=shows("Location"),
    broken_by=[
        with_field(LOCATION, "LOC-1").on(location_page),
        with_field(f"{LOCATION}/id", "i" * 37).on(location_page),
        with_field("/data/id", 17).on(one_location),
        with_field(f"{LOCATION}/country_code", "NLD").on(location_page),
        with_field(f"{LOCATION}/party_id", "ABCD").on(location_page),
        with_field(f"{LOCATION}/publish", "true").on(location_page),
        with_field(f"{LOCATION}/name", "n" * 256).on(location_page),
        with_field(f"{LOCATION}/name", {"nl": "Haven"}).on(location_page),
        with_field(f"{LOCATION}/address", "a" * 256).on(location_page),
        with_field(f"{LOCATION}/city", "c" * 46).on(location_page),
        with_field(f"{LOCATION}/postal_code", "1234 AB (NL)").on(location_page),
        with_field(f"{LOCATION}/postal_code", 1234).on(location_page),
        with_field(f"{LOCATION}/state", "s" * 46).on(location_page),
        with_field(f"{LOCATION}/country", "NLDX").on(location_page),
        with_field(f"{LOCATION}/time_zone", 1).on(location_page),
        with_field(f"{LOCATION}/parking_type", "on_street").on(location_page),
        with_field(f"{LOCATION}/facilities", ["PUB"]).on(location_page),
        with_field(f"{LOCATION}/facilities", "HOTEL").on(location_page),
        with_field(f"{LOCATION}/evses", {}).on(location_page),
        with_field(f"{LOCATION}/images", "a.png").on(location_page),
        with_field(f"{LOCATION}/charging_when_closed", "yes").on(location_page),
        with_field("/data/publish_allowed_to", ALLOWED).on(one_location),
        *(
            with_field(LOCATION, {"publish": False, "publish_allowed_to": [wrong]}).on(location_page)
            for wrong in ({}, {"uid": "04AB12"}, {"visual_number": "1"}, {"group_id": "g", "type": "rfid"}, "g")
        ),
    ],
    kept_by=[
        with_field(f"{LOCATION}/publish_allowed_to", []).on(location_page),
        with_field(f"{LOCATION}/publish_allowed_to", None).on(location_page),
        with_field(LOCATION, {"publish": False, "publish_allowed_to": ALLOWED}).on(location_page),
        with_field(f"{LOCATION}/facilities", ["FUEL_STATION", "WIFI"]).on(location_page),
        with_field(f"{LOCATION}/parking_type", "UNDERGROUND_GARAGE").on(location_page),
        with_field(f"{LOCATION}/name", "é" * 255).on(location_page),
        with_field(f"{LOCATION}/address", "ë" * 255).on(location_page),
        with_field(f"{LOCATION}/state", "s" * 45).on(location_page),
        with_field(f"{LOCATION}/id", " a/b*c%2F " + "x" * 26).on(location_page),
        with_field("/data/x_extension", {"anything": [1, None]}).on(one_location),
    ],
)
def location_fields_are_as_defined() -> None:
    """The members of a Location have the types, lengths and values that OCPI defines.

    Part of it: publish_allowed_to is given only where publish is false; each entry names a token by its uid (with the
    type), by its visual number (with the issuer), or a group.

    Why: a typed reader refuses the location, or the whole page, for one text that is too long or a value in other
    letters.
    Fix: compare the member at the place shown with the table of Location; values are spelt exactly so, in capitals.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.3.2"],
    row="evse-has-required-fields",
    when=shows("EVSE"),
    broken_by=[
        *(
            without_field(f"{EVSE}/{name}").on(location_page)
            for name in ("uid", "status", "connectors", "last_updated")
        ),
        with_field(f"{EVSE}/connectors", []).on(location_page),
        with_field("/data/evses/0/connectors", None).on(one_location),
        with_field("/data/evses/0/uid", None).on(one_location),
    ],
    kept_by=[
        with_field(f"{EVSE}/status", "UNKNOWN").on(location_page),
        without_field(f"{EVSE}/evse_id").on(location_page),
        with_field("/data/evses/0/capabilities", []).on(one_location),
    ],
)
def evse_has_required_fields() -> None:
    """An EVSE has its uid, its status, at least one connector, and the moment of its last change.

    Why: without uid no status can be brought to it; without a connector nobody can charge there.
    Fix: fill the member; an EVSE that is gone keeps its connectors and gets the status REMOVED.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.3.2, 8.4.3, 8.4.17, 8.4.22"],
    row="evse-field-types-and-enums",
    when=shows("EVSE"),
    broken_by=[
        with_field(EVSE, "EV-1").on(location_page),
        with_field(f"{EVSE}/status", "Available").on(location_page),
        with_field(f"{EVSE}/uid", "u" * 37).on(location_page),
        with_field(f"{EVSE}/uid", 4711).on(location_page),
        with_field(f"{EVSE}/evse_id", "NL*ABC*E" + "1" * 41).on(location_page),
        with_field(f"{EVSE}/floor_level", "minus").on(location_page),
        with_field("/data/evses/0/floor_level", -1).on(one_location),
        with_field(f"{EVSE}/physical_reference", "p" * 17).on(location_page),
        with_field(f"{EVSE}/capabilities", ["RFID_READER", "PLUG_AND_CHARGE"]).on(location_page),
        with_field(f"{EVSE}/capabilities", "RFID_READER").on(location_page),
        with_field(f"{EVSE}/parking_restrictions", ["EV_ONLY", "evonly"]).on(location_page),
        with_field(f"{EVSE}/connectors", {}).on(location_page),
    ],
    kept_by=[
        with_field(f"{EVSE}/capabilities", ["PED_TERMINAL", "CONTACTLESS_CARD_SUPPORT"]).on(location_page),
        with_field(f"{EVSE}/status", "OUTOFORDER").on(location_page),
        with_field(f"{EVSE}/floor_level", "-1½").on(location_page),
        with_field(f"{EVSE}/parking_restrictions", []).on(location_page),
        with_field(f"{EVSE}/status_schedule", []).on(location_page),
        with_field("/data/evses/0/evse_id", None).on(one_location),
    ],
)
def evse_fields_are_as_defined() -> None:
    """The members of an EVSE have the types, lengths and values that OCPI defines.

    Why: a status in other letters than OCPI's is no status, and a driver sees none.
    Fix: compare the member at the place shown with the table of EVSE; values are spelt exactly so, in capitals.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.3.3"],
    row="connector-has-required-fields",
    when=shows("Connector"),
    broken_by=[
        *(
            without_field(f"{CONNECTOR}/{name}").on(location_page)
            for name in ("id", "standard", "format", "power_type", "max_voltage", "max_amperage", "last_updated")
        ),
        with_field(f"{CONNECTOR}/power_type", None).on(location_page),
        with_field("/data/evses/0/connectors/0/max_voltage", None).on(one_location),
    ],
    kept_by=[
        without_field(f"{CONNECTOR}/terms_and_conditions").on(location_page),
        with_field(f"{CONNECTOR}/max_amperage", 0).on(location_page),
    ],
)
def connector_has_required_fields() -> None:
    """A Connector has its id, plug, format, kind of current, voltage, current, and the moment of its last change.

    Why: without any of them nobody can tell whether a car can charge there, and how fast.
    Fix: fill the member from the station's hardware data.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.3.3, 8.4.4, 8.4.5, 8.4.19"],
    row="connector-field-types-and-enums",
    when=shows("Connector"),
    broken_by=[
        with_field(CONNECTOR, 1).on(location_page),
        with_field(f"{CONNECTOR}/id", 1).on(location_page),
        with_field(f"{CONNECTOR}/id", "i" * 37).on(location_page),
        with_field(f"{CONNECTOR}/standard", "Type2").on(location_page),
        with_field(f"{CONNECTOR}/standard", "IEC_60309_2_SINGLE_16").on(location_page),
        with_field(f"{CONNECTOR}/format", "Socket").on(location_page),
        with_field(f"{CONNECTOR}/power_type", "AC").on(location_page),
        with_field(f"{CONNECTOR}/max_voltage", "230").on(location_page),
        with_field(f"{CONNECTOR}/max_voltage", True).on(location_page),
        with_field(f"{CONNECTOR}/max_amperage", 16.5).on(location_page),
        with_field(f"{CONNECTOR}/max_electric_power", 11040.5).on(location_page),
        with_field("/data/evses/0/connectors/0/max_electric_power", "22 kW").on(one_location),
        with_field(f"{CONNECTOR}/tariff_ids", [1]).on(location_page),
        with_field(f"{CONNECTOR}/tariff_ids", ["t" * 37]).on(location_page),
        with_field(f"{CONNECTOR}/terms_and_conditions", {}).on(location_page),
    ],
    kept_by=[
        with_bytes_replaced('"max_voltage":230,', '"max_voltage":230.0,').on(location_page),
        with_bytes_replaced('"max_amperage":32,', '"max_amperage":3.2e1,').on(location_page),
        with_field(f"{CONNECTOR}/standard", "IEC_60309_2_single_16").on(location_page),
        with_field(f"{CONNECTOR}/standard", "NEMA_14_50").on(location_page),
        with_field(f"{CONNECTOR}/power_type", "AC_2_PHASE_SPLIT").on(location_page),
        with_field(f"{CONNECTOR}/terms_and_conditions", None).on(location_page),
        with_field(f"{CONNECTOR}/tariff_ids", []).on(location_page),
    ],
)
def connector_fields_are_as_defined() -> None:
    """The members of a Connector have the types, lengths and values that OCPI defines.

    Why: a voltage in quotes or a plug by its popular name is not read, and the connector is left out.
    Fix: write volts, amperes and watts as whole numbers, and the names of OCPI's lists exactly as they are spelt.
    """
