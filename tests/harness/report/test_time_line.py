"""The time line of a situation: everything on one axis, few marks however much was said, and the same as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.report.html.moments import Asked, Came, Fault, Issued, Moment, Moments
from harness.report.html.time_line import LEFT, WIDTH, TimeLine, time_line, words
from harness.report.html.time_marks import MOST_MARKS
from harness.report.html.time_table import rows

START = datetime(2026, 6, 1, 8, tzinfo=UTC)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def asked(
    number: int, second: float, lane: str = "PUT", came: Came = "done", answer: str = "200", *,
    token: int | None = None, trouble: str = "",
) -> Asked:  # fmt: skip
    return Asked(f"e{number}", at(second), at(second + 0.01), lane, came, answer, bool(trouble), trouble, token)


def happened(kind: str, second: float, detail: str = "") -> Moment:
    return Moment(at(second), at(second), kind, detail)


def drawn(met: Moments, seconds: float | None = None) -> TimeLine:
    found = time_line(met, seconds)
    assert found is not None
    return found


def x(second: float, of: float) -> float:
    return LEFT + second / of * (WIDTH - LEFT - 22)


def test_nothing_that_happened_is_no_drawing() -> None:
    assert time_line(Moments({}), 3.0) is None


def test_what_happens_at_a_moment_is_drawn_there() -> None:
    met = Moments({}, [asked(1, 2.5), asked(2, 10, "PATCH")], happened=[happened("started", 0)])
    marks = {one.exchange: one for one in drawn(met, 20.0).marks if one.exchange}
    assert marks["e1"].x == pytest.approx(x(2.5, 20), abs=0.2)
    assert marks["e2"].x == pytest.approx(x(10, 20), abs=0.2)
    lanes = {lane.name: lane.y for lane in drawn(met, 20.0).lanes}
    assert (marks["e1"].y, marks["e2"].y) == (lanes["PUT"], lanes["PATCH"])


def test_of_a_client_that_ran_before_the_axis_begins_with_its_first_word() -> None:
    met = Moments({}, [asked(1, 100), asked(2, 104)])
    assert drawn(met, 300.0).seconds == pytest.approx(4.01)


def test_a_token_lasts_as_long_as_it_says_and_no_longer_than_it_is_taken() -> None:
    tokens = [Issued(1, at(0), 5), Issued(2, at(0), 1800), Issued(3, at(0), 1800)]
    said = [asked(1, 0), asked(2, 8, came="4xx", answer="401", token=2), asked(3, 10, token=3)]
    bars = {bar.text: bar for bar in drawn(Moments({one.n: one for one in tokens}, said, tokens)).bars}
    ends = {name: bar.x + bar.width for name, bar in bars.items()}
    assert {name: bar.end for name, bar in bars.items()} == {
        "token 1, 5 s": "over", "token 2, 1800 s": "cut", "token 3, 1800 s": "open",
    }  # fmt: skip
    assert ends["token 1, 5 s"] == pytest.approx(x(5, 10.01), abs=0.3)
    assert ends["token 2, 1800 s"] == pytest.approx(x(8, 10.01), abs=0.3)
    assert ends["token 3, 1800 s"] == pytest.approx(x(10.01, 10.01), abs=0.3)
    assert len({bar.y for bar in bars.values()}) == 3


def test_a_token_that_was_refused_once_and_then_taken_is_not_cut() -> None:
    token = Issued(1, at(0), 1800)
    said = [asked(1, 1, came="4xx", answer="401", token=1, trouble="token revoked"), asked(2, 3, token=1)]
    bars = [bar for bar in drawn(Moments({1: token}, said, [token])).bars if bar.kind == "token"]
    assert [bar.end for bar in bars] == ["open"]


def test_a_token_of_an_earlier_situation_is_there_from_the_beginning() -> None:
    met = Moments({7: Issued(7, at(-60), 1800)}, [asked(1, 0, token=7), asked(2, 5, token=7)])
    (bar,) = [bar for bar in drawn(met).bars if bar.kind == "token"]
    assert bar.x == LEFT
    assert "of an earlier situation" in bar.told


def test_what_was_spoilt_on_purpose_is_marked_apart() -> None:
    met = Moments({}, [asked(1, 1, came="5xx", answer="503", trouble="fail"), asked(2, 3, came="5xx", answer="500")])
    marks = [one for one in drawn(met).marks if one.exchange]
    assert [(one.exchange, one.kind, one.spoilt) for one in marks] == [
        ("e1", "fault", False), ("e1", "5xx", True), ("e2", "5xx", False),
    ]  # fmt: skip


def test_faults_that_have_no_end_last_to_the_edge() -> None:
    trouble = [happened("troubled", 2, "push:failing(503)"), happened("well", 6), happened("troubled", 8, "again")]
    bars = [
        one for one in drawn(Moments({}, [asked(1, 0), asked(2, 10)], happened=trouble)).bars if one.kind == "trouble"
    ]
    assert [(one.end, one.told) for one in bars] == [
        ("over", "faults may strike: push:failing(503)"), ("open", "faults may strike: again"),
    ]  # fmt: skip


def test_a_client_that_was_killed_and_started_again_has_two_lives() -> None:
    lives = [happened("started", 0), happened("killed", 4), happened("started", 5, "again"), happened("ended", 9, "0")]
    drawing = drawn(Moments({}, [asked(1, 1)], happened=lives))
    assert [bar.kind for bar in drawing.bars] == ["client", "client"]
    assert [mark.kind for mark in drawing.marks if mark.y == drawing.lanes[0].y] == [
        "started",
        "killed",
        "started",
        "ended",
    ]


def test_a_failed_clause_is_marked_at_its_exchange_or_at_the_end() -> None:
    met = Moments({}, [asked(1, 2), asked(2, 10)])
    met.failed += [Fault("x/one", "e1", "decides"), Fault("x/two", "", "warning")]
    marks = [one for one in drawn(met).marks if one.kind.startswith("failed")]
    assert [one.kind for one in marks] == ["failed decides", "failed warning"]
    assert [one.x for one in marks] == pytest.approx([x(0, 8.01), x(8.01, 8.01)], abs=0.2)


def test_long_pauses_are_told_in_seconds() -> None:
    met = Moments({}, [asked(number, second) for number, second in enumerate((0, 0.1, 1.1, 5.1, 13.1), 1)])
    assert [one.text for one in drawn(met).pauses] == ["4.0 s", "8.0 s"]


@pytest.mark.parametrize("count", [301, 5_000])
def test_of_much_one_mark_stands_for_many_and_none_is_lost(count: int) -> None:
    kinds: list[tuple[Came, str]] = [
        ("done", "200"),
        ("refused", "200 with 2001"),
        ("4xx", "404"),
        ("none", "no answer"),
    ]
    said = [
        asked(
            number,
            number / 40,
            ("PUT", "PATCH", "DELETE")[number % 3],
            *kinds[number % 4],
            trouble="fail" * (number % 5 == 0),
        )
        for number in range(count)
    ]
    drawing = drawn(Moments({}, said))
    assert len(drawing.marks) <= MOST_MARKS
    assert sum(one.number for one in drawing.marks if one.kind != "fault") == count
    assert all(LEFT <= one.x <= WIDTH for one in drawing.marks)
    assert len(drawing.bars) < 100
    lines, left_out = rows(Moments({}, said))
    assert len(lines) <= 140
    assert (left_out > 0) == (len(lines) >= 120)


def test_the_table_tells_the_same_with_like_requests_as_one() -> None:
    token = Issued(1, at(0.5), 1800)
    met = Moments(
        {1: token},
        [asked(1, 0.5, "Token"), *(asked(number, 1 + number / 10) for number in range(2, 6)), asked(9, 3, "PATCH")],
        [token],
        [happened("started", 0), happened("ended", 4, "0")],
        [Moment(at(2), at(2.5), "change", "evse EVSE-1")],
        [Fault("x/one", "e9", "decides"), Fault("x/two", "", "decides")],
    )
    assert rows(met) == ([
        ("0.0 s", "the client was started", ""),
        ("0.5 s", "token request", "200"),
        ("0.5 s", "a new access token", "for 1800 s"),
        ("1.2 to 1.5 s", "4 × PUT", "200"),
        ("2.0 to 2.5 s", "hook change", "evse EVSE-1"),
        ("3.0 s", "PATCH", "200; fails x/one"),
        ("4.0 s", "the client ended by itself with exit code 0", ""),
        ("the whole", "the conversation", "fails x/two"),
    ], 0)  # fmt: skip


def test_where_that_is_too_much_all_that_was_done_is_told_together() -> None:
    met = Moments({}, [asked(number, number / 10, ("PUT", "PATCH")[number % 2]) for number in range(100)])
    assert rows(met) == ([("0.0 to 9.9 s", "50 × PUT, 50 × PATCH", "200")], 0)


def test_the_words_say_what_the_drawing_shows() -> None:
    met = Moments({}, [asked(1, 0), asked(2, 1, came="none", answer="no answer", trouble="drop after")])
    assert words(met) == (
        "2 requests: 1 done, 1 without an answer; 1 spoilt on purpose; 0 access tokens; no clause failed here"
    )
