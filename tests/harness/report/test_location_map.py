"""The map: places where they are, few enough marks, and none of the failing ones lost."""

from math import cos, radians
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report.html.gathered import Place, Weight
from harness.report.html.location_map import MOST_MARKS, LocationMap, location_map


def place(latitude: float, longitude: float, state: Weight | None = None, name: str = "L") -> Place:
    return Place("NL/ABC", name, latitude, longitude, state, int(state is not None))


def counted(drawn: LocationMap) -> dict[str, int]:
    return {kind: sum(mark.count for mark in marks) for kind, marks in drawn.marks.items()}


def test_a_kilometre_is_as_long_in_every_direction() -> None:
    drawn = location_map([place(52.0, 5.0, name="a"), place(53.0, 5.0, name="b"), place(52.0, 6.0, name="c")])
    a, b, c = drawn.marks["sound"]
    north, east = a.y - b.y, c.x - a.x
    assert east / north == pytest.approx(cos(radians(52.5)), rel=0.01)
    assert a.x == b.x
    assert a.y == c.y


def test_the_bar_is_as_long_as_it_says() -> None:
    drawn = location_map([place(51.0, 4.0), place(53.0, 6.0)])
    low, high = drawn.marks["sound"]
    pixels_per_km = (low.y - high.y) / (2 * 111.32)
    number, unit = drawn.bar_km.split()
    assert unit == "km"
    assert drawn.bar == pytest.approx(float(number) * pixels_per_km, rel=0.01)
    assert drawn.width / 8 < drawn.bar < drawn.width / 3


def test_degrees_are_round_and_told_where_they_are() -> None:
    drawn = location_map([place(51.0, 4.0), place(53.0, 6.0)])
    low, high = drawn.marks["sound"]
    at = {line.told: line.at for line in drawn.parallels}
    assert at["51° N"] == pytest.approx(low.y, abs=0.1)
    assert at["53° N"] == pytest.approx(high.y, abs=0.1)
    assert [line.told for line in drawn.meridians] == ["4° E", "4.5° E", "5° E", "5.5° E", "6° E"]


def test_marks_say_what_fails_and_are_of_their_kind() -> None:
    drawn = location_map([place(52, 5), place(52.1, 5, "warning", "W"), place(52.2, 5, "decides", "D")])
    assert drawn.counts == counted(drawn) == {"sound": 1, "warning": 1, "decides": 1}
    assert [mark.told for mark in drawn.marks["decides"]] == ["NL/ABC D: 1 clause"]
    assert [mark.told for mark in drawn.marks["sound"]] == [""]


def test_a_place_in_another_ocean_does_not_set_the_scale() -> None:
    random = Random(1)
    near = [place(random.uniform(51, 53), random.uniform(4, 7)) for _ in range(50)]
    swapped, nowhere = place(5.1, 52.2, "decides", "swapped"), place(0.0, 0.0, None, "zero")
    beyond = place(520.0, 5.0, "decides", "beyond")
    drawn = location_map([*near, swapped, nowhere, beyond])
    assert [one.id for one in drawn.outside] == ["swapped", "zero", "beyond"]
    assert len(drawn.marks["sound"]) == 50
    assert all(0 <= mark.x <= drawn.width and 0 <= mark.y <= drawn.height for mark in drawn.marks["sound"])


def test_of_too_many_one_mark_stands_for_its_neighbours() -> None:
    random = Random(2)
    states: list[Weight | None] = [None, "warning", "decides"]
    drawn = location_map(
        [place(random.gauss(52, 0.5), random.gauss(5, 0.5), states[n % 3], str(n)) for n in range(30_000)]
    )
    assert all(len(marks) <= MOST_MARKS[kind] for kind, marks in drawn.marks.items())
    assert sum(MOST_MARKS.values()) <= 3_000
    assert drawn.counts == {"sound": 10_000, "warning": 10_000, "decides": 10_000}
    assert sum(counted(drawn).values()) + len(drawn.outside) == 30_000


@given(
    st.lists(
        st.builds(
            place,
            st.floats(-400, 400, allow_nan=False),
            st.floats(-400, 400, allow_nan=False),
            st.sampled_from([None, "warning", "decides"]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_place_is_drawn_or_named(places: list[Place]) -> None:
    drawn = location_map(places)
    assert sum(counted(drawn).values()) + len(drawn.outside) == len(places)
    assert 0 < drawn.width <= 861
    assert 0 < drawn.height <= 681
