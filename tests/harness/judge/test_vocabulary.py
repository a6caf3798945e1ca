"""Words of clauses: links, instants and numbers in all the ways they are written."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.judge.vocabulary import as_whole_number, date_time_at, header_problem, instant, links, listed, next_link
from harness.model.body import Body
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NEXT = "https://cpo.example/ocpi/locations?offset=50&limit=50"


def exchange(*fields: tuple[str, str], body: bytes = b"") -> HttpExchange:
    response = HttpResponse(200, Headers(fields), Body(body))
    return HttpExchange("e1", "s", None, HttpRequest("GET", NEXT, Headers()), response, NOW, NOW)


@pytest.mark.parametrize(
    "value",
    [
        f'<{NEXT}>; rel="next"',
        f"<{NEXT}>; rel=next",
        f"<{NEXT}>;rel=next",
        f'<{NEXT}> ; REL = "NEXT"',
        f'< {NEXT} >; rel="next"',
        f'<{NEXT}>; rel="prev next last"',
        f'<{NEXT}>; title="a, <b>; rel=prev"; rel="next"',
        f'<{NEXT}>; title="say \\"hi\\", please"; rel="next"',
        f'<{NEXT}>; rel="next"; rel="prev"',
        f"<{NEXT}>; type=text/html; rel=next; hreflang=nl",
        f"<{NEXT}>; flag; rel=next",
        f'<https://cpo.example/?offset=0>; rel="prev", <{NEXT}>; rel="next"',
        f'<{NEXT}>; rel="next",<https://cpo.example/?offset=0>; rel="first"',
        f'</locations?offset=50>; rel="next", <{NEXT}>; rel="next"',
        f'<http://[bad>; rel="next", <{NEXT}>; rel="next"',
    ],
)
def test_the_next_page_is_found_however_the_field_is_written(value: str) -> None:
    assert next_link(exchange(("LINK", value))) == NEXT


def test_several_fields_are_one_list() -> None:
    answer = exchange(("Link", "<https://a.example/>; rel=prev"), ("Date", "now"), ("link", f"<{NEXT}>; rel=next"))
    assert next_link(answer) == NEXT


def test_commas_and_semicolons_in_a_target_belong_to_it() -> None:
    target = "https://cpo.example/a,b;c?ids=1,2;rel=prev"
    assert links(exchange(("Link", f"<{target}>; rel=next")), "next") == [target]


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", ",", "next", NEXT, "<>", "<", ">", "<<>>", "; rel=next", '"', "<a", "\xff\xfe", "<" * 5_000),
        *(f"<{NEXT}>", f'<{NEXT}>; rel="prev"', f"<{NEXT}>; rel=nextish", f'<{NEXT}>; xrel="next"', f"<{NEXT}>; rel"),
        *(f'<{NEXT}>; rel="', f'<{NEXT}>; title="; rel=next"', f'{NEXT}; rel="next"', f"<{NEXT}>, rel=next"),
        *("<>; rel=next", "</relative>; rel=next", "<ftp://a/b>; rel=next", "<https:///x>; rel=next"),
        *("<http://[::1>; rel=next", "<//cpo.example/x>; rel=next", f'<{NEXT}>; rel="prev"; rel="next"'),
        f"<{NEXT}>;" + " " * 50_000 + "x",
    ],
)
def test_what_is_no_link_to_an_absolute_next_page_is_none_and_breaks_nothing(value: str) -> None:
    assert next_link(exchange(("Link", value))) is None


def test_an_answer_without_the_field_has_no_links() -> None:
    assert links(exchange(), "next") == []
    assert header_problem(exchange(), "Link", "a next page").actual == "absent"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-01T08:00:05Z", datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)),
        ("2026-06-01T08:00:05", datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)),
        ("2026-06-01T08:00:05.5Z", datetime(2026, 6, 1, 8, 0, 5, 500_000, tzinfo=UTC)),
        ("2026-06-01T08:00:05.123456789Z", datetime(2026, 6, 1, 8, 0, 5, 123_457, tzinfo=UTC)),
        ("2026-06-01T08:00:05.9999999999", datetime(2026, 6, 1, 8, 0, 5, 999_999, tzinfo=UTC)),
        ("2028-02-29T23:59:59Z", datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("2000-02-29T00:00:00Z", datetime(2000, 2, 29, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_every_allowed_form(text: str, expected: datetime) -> None:
    assert instant(text) == expected
    assert instant(text) is not None
    assert list(date_time_at(Body(f'{{"at": "{text}"}}'.encode()), "/at")) == []


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-29T08:00:05Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z"),
        *("2026-00-10T00:00:00Z", "0000-01-01T00:00:00Z", "2026-06-01T24:00:00Z", "2026-06-01T23:60:00Z"),
        *("2026-06-01T08:00:05+00:00", "2026-06-01T10:00:05+02:00", "2026-06-01T08:00:05-00:00"),
        *("2026-06-01 08:00:05Z", "2026-06-01T08:00Z", "2026-06-01", "20260601T080005Z", "2026-W23-1T08:00:05Z"),
        *("2026-06-01T08:00:05.Z", "2026-06-01T08:00:05,5Z", "2026-06-01T08:00:05Z\n", " 2026-06-01T08:00:05Z"),
        *("2026-06-01T08:00:05ZZ", "２026-06-01T08:00:05Z", "yesterday", "", "1780300805"),
    ],
)
def test_what_is_no_instant_of_ocpi_is_refused(text: str) -> None:
    assert instant(text) is None


@pytest.mark.parametrize("value", [b"1780300805", b"null", b'["2026-06-01T08:00:05Z"]', b"{}"])
def test_an_instant_is_a_text(value: bytes) -> None:
    [problem] = date_time_at(Body(b'{"at": ' + value + b"}"), "/at")
    assert (problem.where, problem.actual) == ("response.body:/at", value.decode())


def test_instants_in_different_forms_are_equal() -> None:
    first, second = instant("2026-06-01T08:00:05"), instant("2026-06-01T08:00:05.000Z")
    assert first is not None
    assert second is not None
    assert first - second == timedelta(0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("1000", 1000), ("1000.0", 1000), ("1e3", 1000), ("-0.0", 0), ("0", 0), ("9223372036854775807", 2**63 - 1)),
        *(("1000.5", None), ("1e400", None), ("-1e400", None), ("1e19", None), ("9" * 400, None), ("NaN", None)),
        *(("true", None), ("false", None), ("null", None), ('"1000"', None), ("[1]", None)),
    ],
)
def test_a_whole_number_is_one_however_it_is_spelt(text: str, number: int | None) -> None:
    found = as_whole_number(Body(text.encode()).value)
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 2**63])
def test_no_number_is_too_odd(value: Any) -> None:
    assert as_whole_number(value) is None


@pytest.mark.parametrize(
    ("body", "count"),
    [
        *((b'{"data": [{}, {"id": 1}]}', 2), (b'{"data": [1, null, {}]}', 1), (b'{"data": {}}', 0), (b"[]", 0)),
        *((b"", 0), (b"<html>", 0), (b"{}", 0)),
    ],
)
def test_a_list_is_its_objects(body: bytes, count: int) -> None:
    assert len(listed(exchange(body=body))) == count
