"""Story time jumps, runs at a rate, and fires its timers in order."""

from datetime import UTC, datetime, timedelta
from functools import partial

from harness.mock.story import StoryClock
from harness.model.world import VirtualClock

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def test_it_follows_wire_time_until_it_jumps() -> None:
    wire = VirtualClock(START)
    story = StoryClock(wire)
    wire.advance(5)
    assert story.now() == START + timedelta(seconds=5)
    story.set(START + timedelta(days=3))
    wire.advance(5)
    assert story.now() == START + timedelta(days=3, seconds=5)


def test_it_runs_at_a_rate_of_its_own() -> None:
    wire = VirtualClock(START)
    story = StoryClock(wire)
    wire.advance(10)
    story.run_at(60)
    wire.advance(10)
    assert story.now() == START + timedelta(seconds=610)
    story.run_at(0)
    wire.advance(1000)
    assert story.now() == START + timedelta(seconds=610)


def test_due_timers_fire_in_order_and_see_their_own_moment() -> None:
    story = StoryClock(VirtualClock(START))
    seen: list[tuple[str, datetime]] = []

    def see(name: str) -> None:
        seen.append((name, story.now()))

    for name, hours in (("third", 30), ("first", 1), ("second", 2), ("later", 50), ("also second", 2)):
        story.at(START + timedelta(hours=hours), name, partial(see, name))
    assert story.set(START + timedelta(hours=40)) == ["first", "second", "also second", "third"]
    assert seen == [
        (name, START + timedelta(hours=hours))
        for name, hours in (("first", 1), ("second", 2), ("also second", 2), ("third", 30))
    ]
    assert story.timers() == [(START + timedelta(hours=50), "later")]


def test_a_timer_may_set_the_next_one_and_both_fire_on_the_way() -> None:
    story = StoryClock(VirtualClock(START))
    fired: list[int] = []

    def daily(day: int) -> None:
        fired.append(day)
        story.at(story.now() + timedelta(days=1), "daily", lambda: daily(day + 1))

    story.at(START + timedelta(days=1), "daily", lambda: daily(1))
    story.set(START + timedelta(days=3))
    assert fired == [1, 2, 3]


def test_going_back_fires_nothing() -> None:
    story = StoryClock(VirtualClock(START))
    story.at(START + timedelta(hours=1), "once", lambda: None)
    assert story.set(START - timedelta(days=1)) == []
    assert story.settle() == []


def test_what_is_due_by_now_fires_without_a_jump() -> None:
    wire = VirtualClock(START)
    story = StoryClock(wire)
    story.at(START + timedelta(seconds=30), "soon", lambda: None)
    assert story.settle() == []
    story.run_at(2)
    wire.advance(15)
    assert story.settle() == ["soon"]
    assert story.timers() == []
