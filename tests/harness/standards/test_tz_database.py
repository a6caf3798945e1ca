"""Names of time zones: those that there are, those that may come, and those that will never be."""

import pytest

from harness.standards.tz_database import may_be_newer, names


def test_the_names_come_from_the_package_and_hold_old_ones_too() -> None:
    assert {"Europe/Amsterdam", "America/Kralendijk", "UTC", "Asia/Calcutta", "Etc/GMT+1"} <= names()
    assert "localtime" not in names()


@pytest.mark.parametrize(
    "name",
    ["Europe/Utrecht", "America/North_Dakota/New_Place", "America/Port-aux-Iles", "Antarctica/D'Urville", "Asia/X"],
)
def test_a_name_of_the_right_form_may_be_newer(name: str) -> None:
    assert may_be_newer(name)


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Amsterdam",
        "europe/utrecht",
        "EUROPE/AMSTERDAM",
        "Europe/Amsterdam2",
        "Europe/utrecht",
        "Europe/Utrecht/Centrum/Zuid",
        "Europe/'s-Hertogenbosch",
        "Europe/Sint_Philipsland",
        "Europe/Utrecht\n",
        "Europe/",
        "Europe",
        "Utrecht",
        "Etc/GMT+15",
        "CEST",
        "",
    ],
)
def test_a_name_of_another_form_or_case_is_none_that_will_come(name: str) -> None:
    assert not may_be_newer(name)


def test_most_names_that_there_are_have_the_form_of_those_to_come() -> None:
    """So that the form is the one by which the database has named places so far."""
    areas = {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
    named = {name for name in names() if name.partition("/")[0] in areas}
    renamed = {f"{name[:-1]}{'a' if name[-1] != 'a' else 'e'}" for name in named} - names()
    assert len(renamed) > 400
    assert {name for name in renamed if not may_be_newer(name)} == set()
