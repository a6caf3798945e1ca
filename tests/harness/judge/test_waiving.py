"""Waivers at the judge: which problems they excuse, that counts are right, and what becomes of each waiver."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from harness.judge.judge import Judge
from harness.judge.parts import absorb, part_of
from harness.judge.score import exit_code, scored
from harness.judge.waiving import AMISS, Standing, State, Waivers
from harness.model.exchange import HttpExchange, Located
from harness.model.requirement import Problems, Requirement
from harness.model.verdict import Problem, Verdict
from harness.model.waiver import Waiver
from tests.harness.judge.test_judge import Site, clause, exchange, judge_of, problems_of

TODAY = date(2026, 6, 1)
WAIVER = Waiver("acme/site-is-named", "strike", "ops", date(2026, 6, 1), origin="harness.toml line 1")
SITES = [{"id": "a", "owner": "x"}, {"id": "b", "owner": "x"}, {"id": "c", "owner": "y"}]


def site_is_named(site: Located[Site]) -> Problems:
    if "name" not in site.value:
        yield Problem(site.at("name"), "a name", "absent")


def judging(*waivers: Waiver, clauses: tuple[Requirement, ...] = (), **options: Any) -> Judge:
    of_run = Waivers(waivers, TODAY, names=frozenset({"site"}), **options)
    return judge_of(clause(site_is_named), *clauses, waivers=of_run)


def judged(*waivers: Waiver, **options: Any) -> tuple[dict[str | None, Verdict], list[Standing]]:
    """The verdicts by party, and the standing of every waiver."""
    judge = judging(*waivers, **options)
    judge.take(exchange({"data": SITES}))
    verdicts = judge.verdicts()
    return {one.party: one for one in verdicts}, judge.waivers.standings(verdicts, ())


def test_a_failure_that_waivers_cover_stays_a_failure_and_is_waived() -> None:
    verdicts, [standing] = judged(WAIVER)
    assert [(one.outcome, one.problem_count, one.waived_count, one.is_waived) for one in verdicts.values()] == [
        ("failed", 2, 2, True),
        ("failed", 1, 1, True),
    ]
    assert (standing.state, standing.count, standing.told) == (State.USED, 3, "")
    assert all(problem.waived for one in verdicts.values() for problem in one.problems)


@pytest.mark.parametrize(
    ("terms", "waived"),
    [
        ({"object": "a"}, {("X", "a")}),
        ({"object": {"site": "?"}}, {("X", "a"), ("X", "b"), ("Y", "c")}),
        ({"party": "Y"}, {("Y", "c")}),
        ({"where": "/name"}, {("X", "a"), ("X", "b"), ("Y", "c")}),
        ({"where": "response.body:/data/1/*"}, {("X", "b")}),
        ({"party": "X", "object": "c"}, set()),
        ({"requirement": "acme/other"}, set()),
    ],
)
def test_no_other_object_place_or_party_is_waived(terms: dict[str, Any], waived: set[tuple[str, str]]) -> None:
    verdicts, _ = judged(replace(WAIVER, **terms))
    found = {(party, one.object["site"]) for party, of in verdicts.items() for one in of.problems if one.waived}
    assert found == waived
    assert verdicts["X"].is_waived is ({("X", "a"), ("X", "b")} <= waived)


def test_of_many_problems_those_that_nobody_waived_are_kept_and_all_are_counted() -> None:
    many = replace(WAIVER, requirement="acme/many-problems", where="response.body:/*")

    def one_at_the_end(_exchange: HttpExchange) -> Problems:
        yield from problems_of(50)(_exchange)
        yield Problem("response.status", "200", "500")

    one_at_the_end.__name__ = "many_problems"
    judge = judging(many, clauses=(clause(one_at_the_end),))
    judge.take(exchange())
    verdict = judge.verdicts()[1]
    assert (verdict.problem_count, verdict.waived_count, len(verdict.problems), verdict.is_waived) == (
        51,
        50,
        20,
        False,
    )
    assert verdict.problems[0].where == "response.status"
    assert judge.waivers.standings(judge.verdicts(), ())[0].count == 50


def message(_exchange: HttpExchange) -> Problems:
    yield Problem("response.header:x", "there", "absent")


@pytest.mark.parametrize(("alone", "state"), [("X", State.USED), ("Y", State.UNTESTED), (None, State.STALE)])
def test_what_is_of_no_party_is_of_the_only_one(alone: str | None, state: State) -> None:
    of_x = replace(WAIVER, requirement="acme/message", party="X")
    judge = judging(of_x, clauses=(clause(message),), alone=alone)
    judge.take(exchange({"data": []}))
    [standing] = judge.waivers.standings(judge.verdicts(), ())
    assert standing.state is state
    assert ("leave party out" in standing.told) is (state is State.STALE)


def test_a_waiver_of_a_clause_that_nothing_showed_is_untested_and_not_stale() -> None:
    judge = judging(WAIVER)
    judge.take(exchange({"data": []}))
    [standing] = judge.waivers.standings(judge.verdicts(), ())
    assert (standing.state, standing.count) == (State.UNTESTED, 0)
    not_selected = judge_of(clause(site_is_named), waivers=Waivers((WAIVER,), TODAY), selected=frozenset())
    assert not_selected.waivers.standings(not_selected.verdicts(), ())[0].state is State.UNTESTED


def test_a_waiver_of_a_party_that_was_not_seen_is_not_stale() -> None:
    assert judged(replace(WAIVER, party="Z"))[1][0].state is State.UNTESTED


def test_a_waiver_that_means_nothing_that_failed_is_stale() -> None:
    _, [standing] = judged(replace(WAIVER, object="other"))
    assert (standing.state, standing.count) == (State.STALE, 0)


@pytest.mark.parametrize(("until", "in_force"), [(date(2026, 6, 1), True), (date(2026, 5, 31), False)])
def test_a_waiver_holds_to_the_end_of_its_last_day(until: date, *, in_force: bool) -> None:
    verdicts, [standing] = judged(replace(WAIVER, until=until))
    assert verdicts["X"].is_waived is in_force
    assert verdicts["X"].waived_count == 2 * in_force
    told = "" if in_force else "it ended on 2026-05-31: 3 problems that it covered count again"
    assert (standing.state, standing.count, standing.told) == (State.USED if in_force else State.EXPIRED, 3, told)


@pytest.mark.parametrize(
    ("other", "states"),
    [
        (replace(WAIVER, owner="dev", object="a", origin="line 7"), [State.CONTRADICTORY, State.CONTRADICTORY]),
        (replace(WAIVER, until=date(2027, 1, 1), party="X"), [State.CONTRADICTORY, State.CONTRADICTORY]),
        (replace(WAIVER, object="a"), [State.USED, State.USED]),
        (replace(WAIVER, owner="dev", until=date(2026, 1, 1)), [State.USED, State.EXPIRED]),
        (replace(WAIVER, owner="dev", object="z"), [State.USED, State.STALE]),
    ],
)
def test_two_waivers_of_one_problem_must_say_the_same(other: Waiver, states: list[State]) -> None:
    verdicts, standings = judged(WAIVER, other)
    assert [one.state for one in standings] == states
    assert verdicts["X"].is_waived
    assert (other.origin in standings[0].told) is (standings[0].state is State.CONTRADICTORY)


def test_a_waiver_of_a_clause_that_is_off_is_contradictory() -> None:
    judge = judging(WAIVER)
    judge.take(exchange({"data": SITES}))
    [standing] = judge.waivers.standings(judge.verdicts(), {WAIVER.requirement})
    assert standing.state is State.CONTRADICTORY


def test_waivers_reach_what_another_judge_found() -> None:
    theirs, ours = judging(), judging(replace(WAIVER, party="X"))
    findings = theirs.take(exchange({"data": SITES}))
    told = absorb(ours, part_of(theirs, findings))
    assert [one.problem.waived for one in told] == [True, True, False]
    assert absorb(ours, part_of(theirs, findings)) == []
    assert [one.waived_count for one in ours.verdicts()] == [2, 0]
    assert ours.waivers.standings(ours.verdicts(), ())[0].count == 2


def test_what_is_known_is_marked_and_counted_beside_what_is_waived() -> None:
    waived = Waivers((replace(WAIVER, object="a"),), TODAY, names=frozenset({"site"}))

    def known(_name: str, party: str | None, problem: Problem) -> bool:
        return party == "X" and problem.object["site"] in "ab"

    judge = judge_of(clause(site_is_named), waivers=waived, is_known=known)
    judge.take(exchange({"data": SITES}))
    counts = {
        one.party: (one.waived_count, one.known_count, one.excused_count, one.is_waived, one.is_excused)
        for one in judge.verdicts()
    }
    assert counts == {"X": (1, 2, 2, False, True), "Y": (0, 0, 0, False, False)}


@pytest.mark.parametrize(
    ("waivers", "strict", "code"),
    [
        ((), False, 1),
        ((WAIVER,), False, 0),
        ((WAIVER,), True, 0),
        ((replace(WAIVER, party="X"),), False, 1),
        ((replace(WAIVER, party="X"), replace(WAIVER, party="Y")), False, 0),
        ((WAIVER, replace(WAIVER, object="z")), False, 0),
        ((WAIVER, replace(WAIVER, object="z")), True, 1),
        ((replace(WAIVER, until=date(2026, 5, 1)),), False, 1),
        ((WAIVER, replace(WAIVER, until=date(2026, 5, 1))), True, 1),
        ((WAIVER, replace(WAIVER, owner="dev")), False, 0),
        ((WAIVER, replace(WAIVER, owner="dev")), True, 1),
    ],
)
def test_waivers_make_the_exit_code(waivers: tuple[Waiver, ...], code: int, *, strict: bool) -> None:
    judge = judging(*waivers)
    judge.take(exchange({"data": SITES}))
    verdicts = judge.verdicts()
    amiss = any(one.state in AMISS for one in judge.waivers.standings(verdicts, ()))
    scores = scored(verdicts, judge.requirements, judge.profile)
    assert exit_code(scores, strict=strict, waivers_amiss=amiss) == code
