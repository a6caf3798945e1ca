"""Members of OCPI objects, whatever came in their place."""

from typing import Any

import pytest

from harness.standards.ocpi_2_2_1.reading import (
    comparable_evse_id,
    given,
    minutes,
    moment,
    number,
    operator_of,
    part,
    parts,
    position,
    text,
)

OF_ANOTHER_TYPE: list[Any] = [None, True, 7, 1.5, "x", [], [1], {}, {"y": 1}, 10**400, float("inf"), float("nan")]


@pytest.mark.parametrize("value", OF_ANOTHER_TYPE, ids=repr)
def test_nothing_of_another_type_is_read_or_does_harm(value: Any) -> None:
    members = {"x": value}
    assert text(members, "x") in (None, value)
    assert number(members, "x") in (None, 7.0, 1.5)
    assert (moment(members, "x"), minutes(members, "x"), position(members, "x")) == (None, None, None)
    assert part(members, "x") in ({}, value)
    assert parts(members, "x") == []


def test_positions_are_those_in_the_list() -> None:
    assert parts({"x": [1, {"a": 1}, None, {}]}, "x") == [(1, {"a": 1}), (3, {})]


def test_null_and_an_empty_list_say_nothing() -> None:
    values: list[Any] = [None, [], 0, False, "", [1], {}]
    assert [given({"x": value}, "x") for value in values] == [False] * 2 + [True] * 5
    assert not given({}, "x")


@pytest.mark.parametrize(
    ("time", "expected"), [("00:00", 0), ("23:59", 1439), ("24:00", None), ("8:00", None), ("08:00:00", None)]
)
def test_times_of_the_day(time: str, expected: int | None) -> None:
    assert minutes({"x": time}, "x") == expected


@pytest.mark.parametrize(
    ("latitude", "expected"),
    [
        ("52.1", 52.1),
        ("-0.00000", 0.0),
        ("091.5", 91.5),
        ("52,1", None),
        ("5_2.1", None),
        (" 52.1", None),
        (52.1, None),
    ],
)
def test_degrees(latitude: Any, expected: float | None) -> None:
    found = position({"coordinates": {"latitude": latitude, "longitude": "5.1"}})
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    ("evse_id", "operator"),
    [
        ("NL*ABC*E1", "NL/ABC"),
        ("nlabce1", "NL/ABC"),
        ("NL*ABCE1*2", "NL/ABC"),
        ("NL-ABC-E1", None),
        ("+49*810*000*1", None),
        ("NL*ABC*C1", None),
        ("NL*ABC*E", None),
        ("", None),
        (None, None),
    ],
)
def test_operators(evse_id: str | None, operator: str | None) -> None:
    assert operator_of(evse_id) == operator


def test_evse_ids_compare_without_case_and_first_separators() -> None:
    same = {comparable_evse_id(one) for one in ("NL*ABC*E12*3", "nlabce12*3", "NLABC*E12*3")}
    assert len(same) == 1
    assert comparable_evse_id("NL*ABC*E1*23") not in same
    assert comparable_evse_id("Something-Else") == "something-else"
