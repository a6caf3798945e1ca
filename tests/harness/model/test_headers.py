"""Header fields: names without case, order and repetition kept."""

import pytest

from harness.model.exchange import Headers

FIELDS = Headers((("Date", "now"), ("link", " <a> "), ("X-Limit", "10"), ("LINK", "<b>")))


@pytest.mark.parametrize("name", ["Link", "link", "LINK"])
def test_names_have_no_case_and_repeated_fields_are_one_list(name: str) -> None:
    assert FIELDS.all(name) == ["<a>", "<b>"]
    assert FIELDS.get(name) == "<a>, <b>"


def test_an_absent_field_is_none_and_an_empty_one_is_not() -> None:
    assert FIELDS.get("X-Total-Count") is None
    assert Headers.of({"X-Total-Count": ""}).get("x-total-count") == ""


def test_a_field_put_anew_keeps_its_place_and_takes_that_of_all_others() -> None:
    assert FIELDS.with_field("Link", "<c>").fields == (("Date", "now"), ("link", "<c>"), ("X-Limit", "10"))


def test_a_new_field_goes_to_the_end() -> None:
    assert FIELDS.with_field("Age", "1").fields == (*FIELDS.fields, ("Age", "1"))


def test_without_takes_every_spelling_out() -> None:
    assert FIELDS.without("lInK").fields == (("Date", "now"), ("X-Limit", "10"))


def test_a_mapping_and_pairs_make_the_same() -> None:
    assert Headers.of({"a": "1", "b": "2"}) == Headers.of([("a", "1"), ("b", "2")])
