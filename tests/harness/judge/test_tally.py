"""What is counted of a clause: each problem once, and of a client's messages nothing that grows."""

from dataclasses import replace

from harness.judge.tally import Tallies, Tally
from harness.model.verdict import Problem

WRONG = Problem("request.body:/status", "a status", '"Charging"')


def test_the_same_problem_of_a_list_is_told_once() -> None:
    tally = Tally()
    assert tally.is_new(replace(WRONG, exchange="e1"), ("/status", "EV-1"))
    assert not tally.is_new(replace(WRONG, exchange="e2"), ("/status", "EV-1"))


def test_what_a_client_says_wrongly_all_day_is_told_each_time_and_nothing_grows() -> None:
    tally = Tally()
    for number in range(5):
        told = replace(WRONG, exchange=f"e{number}")
        assert tally.is_new(told, is_of_one_message=True)
        assert not tally.is_new(told, is_of_one_message=True), "the same of the same message"
    assert not vars(tally)["_told"]
    assert len(vars(tally)["_told_of_it"]) == 1


def test_a_copy_counts_on_without_changing_what_it_was_made_of() -> None:
    tallies = Tallies()
    tallies["ndw/x", None].count(WRONG)
    copied = tallies.copied()
    copied["ndw/x", None].count(WRONG)
    copied["ndw/y", None].seen += 1
    assert (tallies["ndw/x", None].problem_count, copied["ndw/x", None].problem_count) == (1, 2)
    assert len(tallies["ndw/x", None].problems) == 1
    assert ("ndw/y", None) not in tallies
