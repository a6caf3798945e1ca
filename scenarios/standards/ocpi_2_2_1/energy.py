"""OCPI 2.2.1, energy mix: shares that add up, and green that is green. Of Locations and of Tariffs."""

from collections.abc import Callable
from functools import partial

from harness.model.edit import Edit, with_field
from harness.model.exchange import Located
from harness.model.requirement import SHOULD, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI, Location, Tariff
from harness.standards.ocpi_2_2_1.reading import Members, number, part, parts
from scenarios.standards.ocpi_2_2_1.objects import location_page, tariff_page

Mixed = Located[Location] | Located[Tariff]

NOT_GREEN = ("NUCLEAR", "GENERAL_FOSSIL", "COAL", "GAS")
TOLERANCE = 0.1
ROUNDING = 1e-6
SOURCES, IMPACTS = "energy_sources", "environ_impact"
energy = partial(requirement, SHOULD, row="sem-energy-consistent", since="2026.12")


def _mix(found: Mixed) -> Members:
    return part(found.value, "energy_mix")


def _lists(member: str) -> Callable[[Mixed], bool]:
    return lambda found: bool(parts(_mix(found), member))


def _green(member: str) -> Callable[[Mixed], bool]:
    """Energy that is called green, and says where it comes from or what it does."""
    return lambda found: _mix(found).get("is_green_energy") is True and bool(parts(_mix(found), member))


def _of(*shares: tuple[str, float], green: bool = False, where: str = "location") -> Edit:
    """Energy of these shares."""
    value = {"is_green_energy": green, SOURCES: [{"source": name, "percentage": share} for name, share in shares]}
    return with_field("/data/0/energy_mix", value).on(location_page if where == "location" else tariff_page)


def _with(*impacts: tuple[str, float], green: bool = True, where: str = "location") -> Edit:
    """Energy with these impacts."""
    value = {"is_green_energy": green, IMPACTS: [{"category": name, "amount": amount} for name, amount in impacts]}
    return with_field("/data/0/energy_mix", value).on(location_page if where == "location" else tariff_page)


def _sum(found: Mixed) -> Problems:
    shares = [number(one, "percentage") for _index, one in parts(_mix(found), SOURCES)]
    known = [share for share in shares if share is not None]
    if len(known) == len(shares) and abs(sum(known) - 100) > TOLERANCE + ROUNDING:
        yield Problem(found.at("energy_mix", SOURCES), "shares that sum to 100", f"{sum(known):g}")


def _grey_shares(found: Mixed) -> Problems:
    for index, one in parts(_mix(found), SOURCES):
        share = number(one, "percentage")
        if one.get("source") in NOT_GREEN and share is not None and share > 0:
            expected = "no nuclear or fossil source, since the energy is green"
            yield Problem(found.at("energy_mix", SOURCES, index), expected, f"{one['source']} {share:g}")


def _impacts(found: Mixed) -> Problems:
    for index, one in parts(_mix(found), IMPACTS):
        amount = number(one, "amount")
        if amount is not None and amount > 0:
            place = found.at("energy_mix", IMPACTS, index, "amount")
            yield Problem(place, "0, since the energy is green", f"{amount:g}")


@energy(
    OCPI["mod_locations 8.4.6, 8.4.7"],
    when=_lists(SOURCES),
    broken_by=[
        _of(("WIND", 60), ("GAS", 30)),
        _of(("SOLAR", 0.4), ("WIND", 0.6)),
        _of(("SOLAR", 100), ("WIND", 100)),
        _of(("WIND", 99.89)),
    ],
    kept_by=[
        _of(("WIND", 33.3), ("SOLAR", 33.3), ("WATER", 33.4)),
        _of(("WIND", 33.3), ("SOLAR", 33.3), ("WATER", 33.3)),
        _of(("GENERAL_GREEN", 100.0), ("NUCLEAR", 0)),
    ],
)
def location_energy_shares_sum_to_100(found: Located[Location]) -> Problems:
    """The percentages of a Location's energy sources sum to 100, give or take 0.1.

    Why: shares that do not add up cannot be compared; 0.4 and 0.6 read as next to nothing.
    Fix: write percent, not fractions of one; list the rest as GENERAL_FOSSIL or GENERAL_GREEN.
    """
    yield from _sum(found)


@energy(
    OCPI["mod_tariffs 11.3.1, mod_locations 8.4.6, 8.4.7"],
    when=_lists(SOURCES),
    broken_by=[_of(("WIND", 60), ("SOLAR", 30), where="tariff"), _of(("WIND", 1), where="tariff")],
    kept_by=[_of(("WIND", 33.3), ("SOLAR", 33.3), ("WATER", 33.4), where="tariff")],
)
def tariff_energy_shares_sum_to_100(found: Located[Tariff]) -> Problems:
    """The percentages of a Tariff's energy sources sum to 100, give or take 0.1.

    Why: shares that do not add up cannot be compared; 0.4 and 0.6 read as next to nothing.
    Fix: write percent, not fractions of one; list the rest as GENERAL_FOSSIL or GENERAL_GREEN.
    """
    yield from _sum(found)


@energy(
    OCPI["mod_locations 8.4.6"],
    when=_green(SOURCES),
    broken_by=[_of((name, 40), ("WIND", 60), green=True) for name in NOT_GREEN],
    kept_by=[
        _of(("NUCLEAR", 0), ("COAL", 0.0), ("WIND", 100), green=True),
        _of(("GENERAL_GREEN", 100), green=True),
    ],
)
def green_energy_has_green_sources(found: Located[Location]) -> Problems:
    """A Location whose energy is green has no share of nuclear or fossil sources.

    Why: is_green_energy means all of it; one of the two statements is untrue, and both are shown to the public.
    Fix: set is_green_energy to false, or list the sources of the energy that is bought for the site, not of the grid.
    """
    yield from _grey_shares(found)


@energy(
    OCPI["mod_locations 8.4.6"],
    when=_green(IMPACTS),
    broken_by=[_with(("CARBON_DIOXIDE", 372)), _with(("CARBON_DIOXIDE", 0), ("NUCLEAR_WASTE", 0.0005))],
    kept_by=[_with(("CARBON_DIOXIDE", 0.0), ("NUCLEAR_WASTE", 0))],
)
def green_energy_has_no_impact(found: Located[Location]) -> Problems:
    """A Location whose energy is green states no carbon dioxide and no nuclear waste, or 0 of them.

    Why: OCPI calls energy green where both are zero; another amount contradicts it.
    Fix: set is_green_energy to false, or state the impact of the energy that is bought for the site, not of the grid.
    """
    yield from _impacts(found)


@energy(
    OCPI["mod_tariffs 11.3.1, mod_locations 8.4.6"],
    when=lambda found: _green(SOURCES)(found) or _green(IMPACTS)(found),
    broken_by=[
        _of(("COAL", 40), ("WIND", 60), green=True, where="tariff"),
        _with(("CARBON_DIOXIDE", 372), where="tariff"),
    ],
    kept_by=[
        _of(("NUCLEAR", 0), ("WATER", 100), green=True, where="tariff"),
        _with(("CARBON_DIOXIDE", 0), where="tariff"),
    ],
)
def tariffs_for_green_energy_are_green(found: Located[Tariff]) -> Problems:
    """A Tariff for green energy has no share of nuclear or fossil sources, no carbon dioxide and no nuclear waste.

    Why: drivers choose such a Tariff for that promise.
    Fix: set is_green_energy to false, or describe the energy that this Tariff sells.
    """
    yield from _grey_shares(found)
    yield from _impacts(found)
