"""Troubles as values: what becomes of the request, of the answer and of the connection."""

from datetime import UTC, datetime

import pytest

from harness.mock.fault import edit_of
from harness.mock.trouble import TROUBLES, Trouble
from harness.wire.breakable import Break

BODY = b"0123456789"


def trouble(spelling: str) -> Trouble:
    made = edit_of(spelling)
    assert isinstance(made, Trouble)
    return made


TABLE = [
    ("delay(2)", True, None),
    ("stall()", True, Break("stall")),
    ("drop_before()", False, Break("drop before")),
    ("drop_after()", True, Break("drop before")),
    ("close_after()", True, Break("drop after")),
    ("reset()", False, Break("reset")),
    ("truncated(3)", True, Break("truncate", 3)),
    ("truncated()", True, Break("truncate", 5)),
    ("truncated(99)", True, Break("truncate", 99)),
    ("throttled(30)", False, None),
    ("throttled_until(30)", False, None),
    ("failing(500)", False, None),
    ("failing(503)", False, None),
    ("unknown()", False, None),
    ("token_ended()", False, None),
    ("token_revoked()", False, None),
]


@pytest.mark.parametrize(("spelling", "carried_out", "break_"), TABLE)
def test_a_trouble_says_if_the_request_is_carried_out_and_how_the_connection_breaks(
    spelling: str, carried_out: bool, break_: Break | None
) -> None:
    made = trouble(spelling)
    assert (made.carried_out, made.break_of(BODY), str(made)) == (carried_out, break_, spelling)


def test_the_table_holds_every_trouble() -> None:
    assert {spelling.partition("(")[0] for spelling, *_ in TABLE} == set(TROUBLES)


@pytest.mark.parametrize(
    ("spelling", "status", "retry_after"),
    [
        ("throttled(30)", 429, "30"),
        ("throttled(0)", 429, "0"),
        ("throttled()", 429, ""),
        ("throttled('Wed, 21 Oct 2026 07:28:00 GMT')", 429, "Wed, 21 Oct 2026 07:28:00 GMT"),
        ("throttled_until(90)", 429, "Mon, 01 Jun 2026 12:01:30 GMT"),
        ("failing(503)", 503, ""),
    ],
)
def test_who_is_asked_to_wait_is_told_how_long(spelling: str, status: int, retry_after: str) -> None:
    made = trouble(spelling)
    assert (made.status, made.retry_after(datetime(2026, 6, 1, 12, tzinfo=UTC))) == (status, retry_after)
