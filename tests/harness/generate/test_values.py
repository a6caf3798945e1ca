"""Values that look real."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from harness.generate import values
from harness.judge.vocabulary import instant
from tests.harness.generate.pages import moderately

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
LAST = FIRST + timedelta(days=200)


@moderately(100)
@given(values.dutch_coordinates())
def test_coordinates_are_texts_inside_the_netherlands(point: dict[str, str]) -> None:
    assert re.fullmatch(r"[0-9]{2}\.[0-9]{5,7}", point["latitude"])
    assert re.fullmatch(r"[0-9]\.[0-9]{5,7}", point["longitude"])
    assert 50.7 < float(point["latitude"]) < 53.7
    assert 3.2 < float(point["longitude"]) < 7.3


@moderately(100)
@given(values.date_times(FIRST, LAST))
def test_moments_come_in_every_spelling_of_at_most_25_characters(text: str) -> None:
    moment = instant(text)
    assert moment is not None
    assert FIRST <= moment <= LAST
    assert len(text) <= 25


@pytest.mark.parametrize("form", values.DATE_TIME_FORMS)
def test_a_fraction_is_cut_off(form: values.Form) -> None:
    text = values.date_time(datetime(2026, 6, 1, 8, 0, 5, 999_999, UTC), form)
    fraction = "." + "9" * form.digits if form.digits else ""
    assert text == f"2026-06-01T08:00:05{fraction}{'Z' if form.designated else ''}"


@moderately(50)
@given(values.party_ids().flatmap(lambda party: values.evse_ids(("NL", party))))
def test_ids_of_charging_points_name_country_and_operator(text: str) -> None:
    assert re.fullmatch(r"NL\*?[A-Z0-9]{3}\*?E[A-Z0-9][A-Z0-9*]{0,30}", text)


@moderately(50)
@given(values.postal_codes(), values.addresses(), values.times_of_day(), values.time_zones(), values.prices(2.5))
def test_small_values(code: str, address: str, time: str, zone: str, price: float) -> None:
    assert re.fullmatch(r"[1-9][0-9]{3} ?[A-Z]{2}", code)
    assert code[-2:] not in {"SA", "SD", "SS"}
    assert len(address) <= 45
    assert re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", time)
    assert ZoneInfo(zone).key == zone
    assert 0 < price <= 2.5
    assert price == round(price, 4)


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_shares_sum_to_100(parts: int) -> None:
    @moderately(30)
    @given(values.shares(parts))
    def check(found: list[float]) -> None:
        assert len(found) == parts
        assert min(found) > 0
        assert abs(sum(found) - 100) < 1e-9

    check()
