"""Strategies for values that look real: Dutch places, ids of charging points and parties, moments, prices."""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy


class Place(NamedTuple):
    """A Dutch town: its centre in degrees (WGS 84), and a closed range of postal codes that are in use there."""

    city: str
    province: str
    latitude: float
    longitude: float
    first_code: int
    last_code: int


PLACES = (
    Place("Amersfoort", "Utrecht", 52.1561, 5.3878, 3811, 3829),
    Place("Assen", "Drenthe", 52.9925, 6.5649, 9401, 9408),
    Place("Breda", "Noord-Brabant", 51.5866, 4.7752, 4811, 4839),
    Place("Goes", "Zeeland", 51.5043, 3.8890, 4461, 4465),
    Place("Gouda", "Zuid-Holland", 52.0115, 4.7105, 2801, 2809),
    Place("Heerenveen", "Fryslân", 52.9600, 5.9200, 8441, 8449),
    Place("Lelystad", "Flevoland", 52.5185, 5.4714, 8211, 8245),
    Place("Roermond", "Limburg", 51.1942, 5.9870, 6041, 6045),
    Place("Stadskanaal", "Groningen", 52.9895, 6.9504, 9501, 9503),
    Place("'s-Hertogenbosch", "Noord-Brabant", 51.6978, 5.3037, 5211, 5237),
    Place("Zaandam", "Noord-Holland", 52.4420, 4.8292, 1501, 1509),
    Place("Zwolle", "Overijssel", 52.5168, 6.0830, 8011, 8043),
)
STREETS = (
    "Burgemeester van Tuyllplein", "Dorpsstraat", "Eikenlaan", "Kadijk", "Kerkplein", "Laan van Nieuw Oosteinde",
    "Molenweg", "Pastoor Geurtsstraat", "Stationsweg", "Twijnstraat aan de Werf", "Vrijheidsallée", "Zuidergracht",
)  # fmt: skip
TIME_ZONES = ("Europe/Amsterdam", "Europe/Brussels", "Europe/Berlin", "Atlantic/Canary")
"""Names of the tz database that have been in it for decades."""

_SPREAD = 9_000  # about a kilometre, in millionths of a degree of latitude
_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"  # those that the Dutch post uses in postal codes
_UNUSED = {"SA", "SD", "SS"}
_PAIRS = tuple(one + other for one in _LETTERS for other in _LETTERS if one + other not in _UNUSED)
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def places() -> SearchStrategy[Place]:
    """A Dutch town."""
    return st.sampled_from(PLACES)


def degrees(spread: int = _SPREAD) -> SearchStrategy[tuple[int, int]]:
    """How far from a centre, in millionths of a degree, and with how many decimals; for `degrees_near`."""
    return _offsets(spread)


@cache
def _offsets(spread: int) -> SearchStrategy[tuple[int, int]]:
    return st.integers(-3 * spread, 3 * spread).map(lambda drawn: (drawn // 3, (6, 5, 7)[drawn % 3]))


def degrees_near(centre: float, off: tuple[int, int]) -> str:
    """A coordinate as a text with five to seven decimals."""
    return f"{centre + off[0] / 1_000_000:.{off[1]}f}"


@cache
def dutch_coordinates(place: Place | None = None) -> SearchStrategy[dict[str, str]]:
    """A point in a Dutch town, as texts, so that no digit is lost."""
    if place is None:
        return places().flatmap(dutch_coordinates)
    return st.builds(
        lambda north, east: {
            "latitude": degrees_near(place.latitude, north),
            "longitude": degrees_near(place.longitude, east),
        },
        degrees(),
        degrees(),
    )


def party_ids() -> SearchStrategy[str]:
    """The id of an operator: three letters or digits (ISO 15118)."""
    return st.text(_UPPER + "0123456789", min_size=3, max_size=3)


def evse_id(party: tuple[str, str], name: str, *, separated: bool = True) -> str:
    """The id that a driver can read, of a name of letters and digits: ``NL*XPO*E0001`` or ``NLXPOE0001``."""
    star = "*" if separated else ""
    return f"{party[0]}{star}{party[1]}{star}E{name}"


def evse_ids(party: tuple[str, str]) -> SearchStrategy[str]:
    """Ids of charging points of an operator, with and without separators."""
    names = st.text(_UPPER + "0123456789", min_size=1, max_size=8)
    return st.builds(lambda name, separated: evse_id(party, name, separated=separated), names, st.booleans())


@cache
def postal_codes(place: Place | None = None) -> SearchStrategy[str]:
    """A Dutch postal code, with or without its space; of this town or of any."""
    if place is None:
        return places().flatmap(postal_codes)
    return st.builds(
        "{}{}{}".format,
        st.integers(place.first_code, place.last_code),
        st.sampled_from((" ", "")),
        st.sampled_from(_PAIRS),
    )


def addresses() -> SearchStrategy[str]:
    """A street and a number; at most 45 characters."""
    return st.builds("{} {}{}".format, st.sampled_from(STREETS), st.integers(1, 399), st.sampled_from(("", "A", "-2")))


class Form(NamedTuple):
    """A spelling of a moment: digits of its fraction of a second, and whether it ends in Z."""

    digits: int
    designated: bool


DATE_TIME_FORMS = (Form(0, True), Form(3, True), Form(0, False), Form(1, True), Form(4, True), Form(5, False))
"""The spellings of an OCPI DateTime that fit into 25 characters."""


def date_time(moment: datetime, form: Form) -> str:
    """An aware datetime as an OCPI DateTime (UTC), its fraction cut off, not rounded."""
    fraction = f".{moment.microsecond:06d}"[: form.digits + 1] if form.digits else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{'Z' if form.designated else ''}"


def date_times(first: datetime, last: datetime) -> SearchStrategy[str]:
    """An OCPI DateTime between two moments (aware, UTC), in any of its spellings."""
    return st.builds(date_time, moments(first, last), st.sampled_from(DATE_TIME_FORMS))


def moments(first: datetime, last: datetime) -> SearchStrategy[datetime]:
    """A moment between two (aware, UTC), in tenths of milliseconds; no spelling of it loses a digit but whole ones."""
    steps = int((last - first) / timedelta(microseconds=100))
    return st.integers(0, steps).map(lambda step: first + timedelta(microseconds=100) * step)


def times_of_day() -> SearchStrategy[str]:
    """Hours and minutes, 00:00 to 23:59."""
    return st.integers(0, 24 * 60 - 1).map(time_of_day)


def time_of_day(minutes: int) -> str:
    """``hh:mm`` of minutes after midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def time_zones() -> SearchStrategy[str]:
    """A name of the tz database."""
    return st.sampled_from(TIME_ZONES)


def prices(highest: float) -> SearchStrategy[float]:
    """A price above zero with at most four decimals."""
    return st.integers(1, round(highest * 10_000)).map(lambda tenths: tenths / 10_000)


@cache
def shares(parts: int) -> SearchStrategy[list[float]]:
    """Percentages above zero, in tenths, that sum to 100."""
    cuts = st.lists(st.integers(1, 999), min_size=parts - 1, max_size=parts - 1, unique=True).map(sorted)
    return cuts.map(lambda cut: [(end - begin) / 10 for begin, end in zip([0, *cut], [*cut, 1_000], strict=True)])
