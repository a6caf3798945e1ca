"""OCPI 2.2.1, power and voltage of a Connector: numbers that fit each other.

Needs the settings ``sem.power_tolerance`` and ``sem.voltage_ac3_max``.
"""

from functools import lru_cache, partial

from harness.model.edit import Edit, with_field
from harness.model.exchange import Located
from harness.model.requirement import SHOULD, Basis, Problems, requirement
from harness.model.settings import Settings
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI, Connector
from harness.standards.ocpi_2_2_1.reading import Members, number
from scenarios.standards.ocpi_2_2_1.objects import location_page

CONDUCTORS = {"AC_1_PHASE": 1, "DC": 1, "AC_2_PHASE": 2, "AC_2_PHASE_SPLIT": 2, "AC_3_PHASE": 3}
ONE_KILOWATT = 1000
POWER = "max_electric_power"
plausible = partial(
    requirement,
    SHOULD,
    OCPI["mod_locations 8.3.3"],
    basis=Basis.ASSUMED,
    row="sem-power-plausible",
    since="2026.12",
)


def _most(connector: Members) -> float | None:
    """Volts times amperes of a Connector, over all its conductors; None where that cannot be said."""
    volts, amps = number(connector, "max_voltage"), number(connector, "max_amperage")
    return None if volts is None or amps is None else _carried(volts, amps, str(connector.get("power_type")))


@lru_cache(maxsize=256)
def _carried(volts: float, amps: float, power_type: str) -> float | None:
    times = CONDUCTORS.get(power_type)
    return None if times is None or min(volts, amps) <= 0 else volts * amps * times


def _measured(found: Located[Connector]) -> bool:
    power = number(found.value, POWER)
    return power is not None and power > 0 and _most(found.value) is not None


def _plug(power_type: str, volts: float, amps: float, watts: float) -> Edit:
    """A Connector with these numbers."""
    value = {
        "id": "1",
        "standard": "DOMESTIC_F" if power_type == "AC_1_PHASE" else "IEC_62196_T2_COMBO",
        "format": "CABLE",
        "power_type": power_type,
        "max_voltage": volts,
        "max_amperage": amps,
        POWER: watts,
        "tariff_ids": ["AC-ADHOC"],
        "last_updated": "2015-01-01T00:00:00Z",
    }
    return with_field("/data/0/evses/0/connectors/0", value).on(location_page)


@plausible(
    rests_on=["sem.power_tolerance"],
    when=_measured,
    broken_by=[
        _plug("AC_3_PHASE", 230, 32, 22_080_000),
        _plug("AC_1_PHASE", 230, 32, 22_080),
        _plug("AC_2_PHASE", 230, 16, 11_040),
        _plug("DC", 500, 125, 150_000),
        _plug("AC_3_PHASE", 230, 16, 12_200),
    ],
    kept_by=[
        _plug("DC", 920, 500, 400_000),
        _plug("AC_1_PHASE", 230, 32, 7_400),
        _plug("AC_3_PHASE", 230, 32, 11_000),
        _plug("AC_3_PHASE", 240, 16, 12_100),
        _plug("AC_2_PHASE_SPLIT", 120, 40, 9_600),
        _plug("DC", 1000, 500, 350_000.0),
    ],
)
def power_fits_voltage_and_current(found: Located[Connector], settings: Settings) -> Problems:
    """A Connector gives no more power than its voltage times its current, over all phases, plus a tenth.

    Why: 22 MW on a street post is a unit that was mistaken; drivers sort by this number.
    Fix: max_electric_power is in watts; raise max_voltage or max_amperage where they are those of another plug.
    """
    most, power = _most(found.value), number(found.value, POWER)
    if most is not None and power is not None and power > most * (1 + settings.fraction("sem.power_tolerance")):
        yield Problem(found.at(POWER), f"at most {most:g} W, which voltage and current allow", f"{power:g}")


@plausible(
    when=_measured,
    broken_by=[_plug("AC_3_PHASE", 230, 32, 22), _plug("DC", 920, 500, 300), _plug("AC_1_PHASE", 230, 16, 3.7)],
    kept_by=[
        _plug("AC_1_PHASE", 230, 1, 230),
        _plug("AC_1_PHASE", 48, 20, 900),
        _plug("AC_1_PHASE", 230, 10, 1000),
    ],
)
def power_is_in_watts(found: Located[Connector]) -> Problems:
    """A Connector whose voltage and current make a kilowatt or more gives at least 1000 watts.

    Why: 22 is read as 22 watts, the power of a telephone charger.
    Fix: write watts: 22 kW is 22000.
    """
    volts, amps = number(found.value, "max_voltage"), number(found.value, "max_amperage")
    power = number(found.value, POWER)
    if volts is not None and amps is not None and power is not None and power < ONE_KILOWATT <= volts * amps:
        yield Problem(found.at(POWER), f"watts, since {volts:g} V and {amps:g} A are available", f"{power:g}")


@requirement(
    SHOULD,
    OCPI["mod_locations 8.3.3"],
    row="sem-voltage-line-to-neutral",
    since="2026.12",
    rests_on=["sem.voltage_ac3_max"],
    when=lambda found: found.value.get("power_type") == "AC_3_PHASE" and number(found.value, "max_voltage") is not None,
    broken_by=[_plug("AC_3_PHASE", 400, 32, 22_080), _plug("AC_3_PHASE", 301, 32, 22_080)],
    kept_by=[
        _plug("AC_3_PHASE", 230, 32, 22_080),
        _plug("AC_3_PHASE", 240, 16, 11_040),
        _plug("AC_3_PHASE", 277, 32, 22_080),
        _plug("AC_3_PHASE", 300, 32, 22_080),
    ],
)
def voltage_is_line_to_neutral(found: Located[Connector], settings: Settings) -> Problems:
    """The voltage of a three-phase Connector is that between one phase and neutral: 230, not 400.

    Why: with 400 the power that readers compute is 70 percent too high.
    Fix: send 230 for AC_3_PHASE in the European grid; direct current keeps its high voltage.
    """
    volts = number(found.value, "max_voltage") or 0
    if volts > settings.number("sem.voltage_ac3_max"):
        yield Problem(found.at("max_voltage"), "line to neutral, such as 230", f"{volts:g}")
