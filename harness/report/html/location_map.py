"""A map of places, drawn without any other map: degrees, a scale bar, and marks told apart by shape and colour."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians, sqrt

from harness.report.html.gathered import Place

MOST_MARKS = {"sound": 1600, "warning": 600, "decides": 800}
"""So many marks are drawn of each; beyond that, one mark stands for its neighbours too."""
_WIDTH, _HEIGHT, _MARGIN = 860.0, 680.0, 46.0
_KM_PER_DEGREE = 111.32
_SMALLEST_SPAN = 0.02


@dataclass(frozen=True)
class Mark:
    """A mark of the map at x and y, which stands for `count` places; `told` names it where it is one."""

    x: float
    y: float
    count: int
    told: str

    @property
    def radius(self) -> float:
        """Larger for more places."""
        return round(min(9.0, 1.8 + 0.7 * sqrt(self.count)), 1)


@dataclass(frozen=True)
class Line:
    """A line of the grid at x or y, and what it is called."""

    at: float
    told: str


@dataclass(frozen=True)
class LocationMap:
    """What a template draws. `marks`, and `counts` of all places, are by ``sound``, ``warning`` and ``decides``;
    `outside` lie off the map."""

    width: float
    height: float
    margin: float
    marks: dict[str, list[Mark]]
    meridians: list[Line]
    parallels: list[Line]
    bar: float
    bar_km: str
    counts: Counter[str]
    outside: list[Place]


def location_map(places: Sequence[Place]) -> LocationMap:
    """The map of these places, at least one; far outliers do not set its scale."""
    frame = _frame(places)
    by_kind: dict[str, list[Place]] = {"sound": [], "warning": [], "decides": []}
    for place in places:
        if frame.holds(place):
            by_kind[place.state or "sound"].append(place)
    km = _nice(frame.east_west_km / 4)
    return LocationMap(
        max(1.0, round(frame.width, 1)),
        max(1.0, round(frame.height, 1)),  # two places round the world on one parallel have none
        _MARGIN,
        {kind: list(_marks(found, frame, MOST_MARKS[kind])) for kind, found in by_kind.items()},
        [Line(round(frame.x(degree), 1), _degree(degree, "E", "W")) for degree in _ticks(frame.west, frame.east)],
        [Line(round(frame.y(degree), 1), _degree(degree, "N", "S")) for degree in _ticks(frame.south, frame.north)],
        round(km / _KM_PER_DEGREE * frame.scale, 1),
        f"{km:g} km" if km >= 1 else f"{km * 1000:g} m",
        Counter(place.state or "sound" for place in places),
        [place for place in places if not frame.holds(place)],
    )


@dataclass(frozen=True)
class _Frame:
    """Degrees at the edges. A degree of longitude is as wide as it is in the middle."""

    south: float
    west: float
    north: float
    east: float

    @property
    def _narrowing(self) -> float:
        return max(0.05, cos(radians((self.south + self.north) / 2)))

    @property
    def scale(self) -> float:
        """Pixels per degree of latitude."""
        return min(_WIDTH / ((self.east - self.west) * self._narrowing), _HEIGHT / (self.north - self.south))

    @property
    def width(self) -> float:
        return (self.east - self.west) * self._narrowing * self.scale

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.scale

    @property
    def east_west_km(self) -> float:
        return (self.east - self.west) * self._narrowing * _KM_PER_DEGREE

    def x(self, longitude: float) -> float:
        return (longitude - self.west) * self._narrowing * self.scale

    def y(self, latitude: float) -> float:
        return (self.north - latitude) * self.scale

    def holds(self, place: Place) -> bool:
        return self.south <= place.latitude <= self.north and self.west <= place.longitude <= self.east


def _frame(places: Sequence[Place]) -> _Frame:
    on_earth = [place for place in places if abs(place.latitude) <= 90 and abs(place.longitude) <= 180]
    south, north = _edges([place.latitude for place in on_earth] or [0.0])
    west, east = _edges([place.longitude for place in on_earth] or [0.0])
    return _Frame(south, west, north, east)


def _edges(values: list[float]) -> tuple[float, float]:
    """Around most values, with some air: what lies three times as far out as the middle half is wide is left out."""
    ranked = sorted(values)
    low, high = ranked[len(ranked) // 4], ranked[(3 * len(ranked)) // 4]
    reach = 3 * max(high - low, 0.3)
    kept = [value for value in ranked if low - reach <= value <= high + reach]
    first, last = kept[0], kept[-1]
    air = max((last - first) * 0.04, _SMALLEST_SPAN / 2)
    return first - air, last + air


def _marks(places: list[Place], frame: _Frame, most: int) -> Iterator[Mark]:
    """A mark for each; where there are too many, one for all of a square, in squares just large enough."""
    points = [(frame.x(place.longitude), frame.y(place.latitude)) for place in places]
    if len(points) <= most:
        for place, (x, y) in zip(places, points, strict=True):
            yield Mark(round(x, 1), round(y, 1), 1, _told(place))
        return
    side = max(4.0, sqrt(frame.width * frame.height / most) / 2)
    squares = _squares(points, side)
    while len(squares) > most:
        side *= 1.25
        squares = _squares(points, side)
    for members in squares.values():
        across, down = (sum(points[one][axis] for one in members) / len(members) for axis in (0, 1))
        told = _told(places[members[0]]) if len(members) == 1 else ""
        yield Mark(round(across, 1), round(down, 1), len(members), told)


def _squares(points: Sequence[tuple[float, float]], side: float) -> dict[tuple[int, int], list[int]]:
    squares: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(points):
        squares.setdefault((int(x // side), int(y // side)), []).append(number)
    return squares


def _told(place: Place) -> str:
    if place.state is None:
        return ""
    whose = f"{place.party} " if place.party else ""
    return f"{whose}{place.id}: {place.clauses} clause{'s' * (place.clauses > 1)}"


def _ticks(first: float, last: float) -> Iterable[float]:
    """Round degrees between two, four to ten of them."""
    step = _nice((last - first) / 4)
    number = floor(first / step) + 1
    while number * step < last:
        yield round(number * step, 6)
        number += 1


def _nice(length: float) -> float:
    """The largest of 1, 2, 5, 10 … that is no longer."""
    power = 10.0 ** floor(log10(max(length, 1e-9)))
    return float(max(factor * power for factor in (1, 2, 5) if factor * power <= length * 1.0001))


def _degree(degree: float, positive: str, negative: str) -> str:
    return f"{abs(degree):g}° {positive if degree > 0 else negative if degree < 0 else ''}".strip()
