"""OCPI 2.2.1, coordinates: whether a charging point can be where it is said to be."""

from functools import partial
from math import asin, cos, hypot, radians, sin, sqrt

from harness.model.edit import Edit, with_field
from harness.model.exchange import Located
from harness.model.requirement import SHOULD, Basis, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI, Location
from harness.standards.ocpi_2_2_1.reading import parts, position
from scenarios.standards.ocpi_2_2_1.objects import location_page

Place = tuple[float, float]

EARTH_M = 6_371_000
FAR_M = 2_000
NEAR_DEGREES = FAR_M / 200_000  # anywhere on earth, both together are nearer than that
NOWHERE = 0.01
plausible = partial(
    requirement,
    SHOULD,
    OCPI["mod_locations 8.4.13"],
    basis=Basis.ASSUMED,
    row="sem-coordinates-plausible",
    since="2026.12",
)


def _at(pointer: str, latitude: str, longitude: str) -> Edit:
    value = {"latitude": latitude, "longitude": longitude}
    return with_field(f"{pointer}/coordinates", value).on(location_page)


def _on_earth(place: Place | None) -> bool:
    return place is not None and abs(place[0]) <= 90 and abs(place[1]) <= 180


def _nowhere(place: Place) -> bool:
    return hypot(*place) < NOWHERE


def _placed(found: Located[Location]) -> bool:
    return position(found.value) is not None


def _shown(place: Place) -> str:
    return f"{place[0]:g}, {place[1]:g}"


@plausible(
    when=_placed,
    broken_by=[_at("/data/0", "91.000000", "5.100000"), _at("/data/0", "52.100000", "-180.10000")],
    kept_by=[_at("/data/0", "-33.856784", "151.215297"), _at("/data/0", "90.000000", "180.000000")],
)
def coordinates_are_on_earth(found: Located[Location]) -> Problems:
    """Latitudes lie between -90 and 90, longitudes between -180 and 180.

    Why: a map drops such a point or fails on it.
    Fix: send degrees of WGS 84, not metres of a national grid; latitude is the first.
    """
    place = position(found.value)
    if place is not None and not _on_earth(place):
        yield Problem(found.at("coordinates"), "latitude within ±90 and longitude within ±180", _shown(place))


@plausible(
    when=_placed,
    broken_by=[_at("/data/0", "0.000000", "0.000000"), _at("/data/0", "-0.00000", "0.0000000")],
    kept_by=[_at("/data/0", "51.477800", "0.000000"), _at("/data/0", "0.000000", "9.454000")],
)
def coordinates_are_not_zero(found: Located[Location]) -> Problems:
    """A Location does not lie at 0, 0.

    Why: that is in the sea off Africa, and what a database holds where nobody filled in the place.
    Fix: find the true coordinates, or hold the Location back until they are known.
    """
    place = position(found.value)
    if place is not None and _nowhere(place):
        yield Problem(found.at("coordinates"), "where the Location is", _shown(place))


def _placed_with_evses(found: Located[Location]) -> bool:
    place = position(found.value)
    known = place is not None and _on_earth(place) and not _nowhere(place)
    return known and any(position(one) for _index, one in parts(found.value, "evses"))


@plausible(
    when=_placed_with_evses,
    broken_by=[
        _at("/data/0", "5.414660", "53.174860"),
        _at("/data/0/evses/0", "0.000000", "0.000000"),
        _at("/data/0/evses/0", "52.000000", "4.000000"),
    ],
    kept_by=[
        with_field("/data/0/evses/0/coordinates", None).on(location_page),
    ],
)
def evses_are_near_their_location(found: Located[Location]) -> Problems:
    """An EVSE is within two kilometres of its Location.

    Why: one of the two places is wrong, and the driver is sent there; swapped coordinates show here, too.
    Fix: compare both with the map; latitude first, and a Location of its own for every site.
    """
    place = position(found.value)
    placed = [(index, at) for index, one in parts(found.value, "evses") if (at := position(one)) is not None]
    far = [(index, at) for index, at in placed if place is not None and _is_far(place, at)]
    if place is not None and len(far) == len(placed) > 1:
        kilometres = _metres(place, far[0][1]) / 1000
        yield Problem(found.at("coordinates"), "near its EVSEs", f"{_shown(place)}: {kilometres:.0f} km away from all")
        return
    for index, at in far:
        yield Problem(found.at("evses", index, "coordinates"), "within 2 km of the Location", _shown(at))


def _is_far(one: Place, other: Place) -> bool:
    if abs(one[0] - other[0]) < NEAR_DEGREES and abs(one[1] - other[1]) < NEAR_DEGREES:
        return False
    return _metres(one, other) > FAR_M


def _metres(one: Place, other: Place) -> float:
    """The distance over the sphere."""
    (north, east), (other_north, other_east) = (map(radians, place) for place in (one, other))
    half = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, half)))
