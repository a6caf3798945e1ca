"""Causes: what is one thing to mend is one card, and what decides comes first."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.report.causes import STATES, Cause, anchor, causes


def problem(where: str, exchange: str = "e1", actual: str = "odd", inside: str = "", **named: str) -> dict[str, Any]:
    return {
        "where": where,
        "expected": "even",
        "actual": actual,
        "exchange": exchange,
        "situation": "acme/talk",
        "object": named,
        "inside": inside,
    }


def verdict(name: str, *problems: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    told = {"title": f"{name} holds.", "why": "so", "fix": "do", "keyword": "MUST", "effective": "MUST", "new": False}
    made = {"party": None, "outcome": "failed", "waived": None, "problem_count": len(problems)}
    return {"requirement": f"acme/{name}", **told, **made, "problems": list(problems), **members}


def found(*verdicts: Mapping[str, Any], **members: Any) -> list[Cause]:
    return causes({"preflight": [], "verdicts": list(verdicts), **members})


def grouped(*verdicts: Mapping[str, Any]) -> list[list[str]]:
    return [[clause.requirement.removeprefix("acme/") for clause in cause.clauses] for cause in found(*verdicts)]


def test_one_clause_is_one_cause_for_all_parties() -> None:
    (cause,) = found(
        verdict("a", problem("response.body:/data/0/x", location="1"), party="NL/ABC"),
        verdict("a", *(problem(f"response.body:/data/{n}/x", location=str(n)) for n in (1, 2)), party="NL/DEF"),
        verdict("b", party="NL/DEF", outcome="passed"),
    )
    (clause,) = cause.clauses
    assert (cause.said, cause.state, cause.affected) == ("a holds.", "decides", 3)
    assert (clause.parties, clause.problem_count) == (("NL/DEF", "NL/ABC"), 3)
    assert [one["object"]["location"] for one in clause.problems] == ["1", "1", "2"]
    assert [one["where"][-3] for one in clause.problems] == ["1", "0", "2"], "parties take turns"


def test_an_error_page_that_breaks_several_clauses_is_one_cause() -> None:
    page = [problem("response.body:", "e7", "<html>"), problem("response.body:", "e9", "<html>")]
    assert grouped(
        verdict("json", *page),
        verdict("envelope", page[0]),
        verdict("type", problem("response.header:Content-Type", "e7", "text/html")),
        verdict("status", problem("response.status", "e9", "500")),
        verdict("ids", problem("response.header:X-Request-ID", "e7", "absent")),
    ) == [["json", "envelope", "type", "status"], ["ids"]]


def test_clauses_on_the_same_place_are_one_cause_only_where_the_value_is_the_same() -> None:
    header = [problem("response.header:Link", f"e{n}", "<http://x>") for n in range(3)]
    assert grouped(verdict("a", *header), verdict("b", header[1])) == [["a", "b"]]
    other = problem("response.header:Link", "e1", "none")
    assert grouped(verdict("a", *header), verdict("b", other)) == [["a"], ["b"]]


def test_clauses_on_the_same_member_of_the_same_object_are_one_cause_wherever_it_was_seen() -> None:
    one = problem("response.body:/data/3/time_zone", "e1", inside="/time_zone", location="L1")
    again = problem("response.body:/data/time_zone", "e40", "other words", inside="/time_zone", location="L1")
    elsewhere = problem("response.body:/data/3/name", "e1", inside="/name", location="L1")
    assert grouped(verdict("a", one), verdict("b", again), verdict("c", elsewhere)) == [["a", "b"], ["c"]]


def test_a_member_and_a_part_of_it_are_one_cause() -> None:
    whole = problem("response.body:/data/3/coordinates", inside="/coordinates", location="L1")
    parts = [
        problem(f"response.body:/data/3/coordinates/{name}", inside=f"/coordinates/{name}", location="L1")
        for name in ("latitude", "longitude")
    ]
    assert grouped(verdict("a", whole), verdict("b", *parts)) == [["b", "a"]]
    assert grouped(verdict("a", parts[0]), verdict("b", parts[1])) == [["a"], ["b"]]


def test_of_an_older_record_the_place_within_is_read_off_the_pointer() -> None:
    one, other = (problem(f"response.body:/data/{n}/evses/0/status", location="L1", evse="E1") for n in (0, 4))
    del one["inside"], other["inside"]
    assert grouped(verdict("a", one), verdict("b", other)) == [["a", "b"]]


def test_a_few_common_places_make_no_common_cause() -> None:
    many = [problem(f"response.body:/data/{n}/x", inside="/x", location=str(n)) for n in range(10)]
    few = [problem(f"response.body:/data/{n}/x", inside="/x", location=str(n)) for n in range(8, 14)]
    assert grouped(verdict("a", *many), verdict("b", *few)) == [["a"], ["b"]]


def test_problems_of_nothing_single_are_never_common() -> None:
    assert grouped(verdict("a", problem("transcript", "")), verdict("b", problem("transcript", ""))) == [["a"], ["b"]]


def test_the_order_is_by_weight_then_by_how_many_are_affected() -> None:
    baseline = {"fail_on": "new"}
    states = [
        (cause.clauses[0].requirement.removeprefix("acme/") if cause.clauses else "check", cause.state)
        for cause in found(
            verdict("waived", problem("response.status", "e1"), waived={"reason": "known"}),
            verdict("off", problem("response.status", "e2"), effective=None),
            verdict("new", problem("response.status", "e3"), new=True),
            verdict("may", problem("response.status", "e4"), effective="MAY"),
            verdict("known", problem("response.status", "e5"), known=True),
            verdict("small", problem("response.status", "e6")),
            verdict("large", problem("response.status", "e7"), problem_count=40),
            preflight=[{"check": "tls", "outcome": "failed", "detail": "no", "next": "mend"}],
            baseline=baseline,
        )
    ]
    assert states == [
        *(("check", "preflight"), ("large", "decides"), ("small", "decides"), ("known", "known")),
        *(("may", "warning"), ("new", "new"), ("off", "off"), ("waived", "waived")),
    ]


def test_in_a_strict_run_a_should_decides() -> None:
    should = verdict("a", problem("response.status"), effective="SHOULD")
    assert [found(should, strict=strict)[0].state for strict in (False, True)] == ["warning", "decides"]


def test_what_is_waived_for_one_party_stays_apart() -> None:
    place = problem("response.status", "e1")
    decides, waived = found(
        verdict("a", place, party="NL/ABC"), verdict("a", place, party="NL/DEF", waived={"owner": "x"})
    )
    assert (decides.state, waived.state) == ("decides", "waived")
    assert (decides.clauses[0].anchor, waived.clauses[0].anchor) == ("acme-a", "acme-a-waived")


def test_anchors_are_those_that_links_use() -> None:
    assert anchor("ocpi-2.2.1/message-ids-echoed") == "ocpi-2.2.1-message-ids-echoed"
    assert found(verdict("a", problem("response.status")))[0].anchor == "cause-acme-a"


PLACES = st.builds(
    problem,
    st.sampled_from(["response.status", "response.body:", "response.header:Link", "response.body:/data/1/x"]),
    st.sampled_from(["e1", "e2", "e3"]),
    st.sampled_from(["p", "q"]),
    st.sampled_from(["", "/x"]),
    location=st.sampled_from(["L1", "L2"]),
)


@given(st.lists(st.lists(PLACES, min_size=1, max_size=4), max_size=6))
def test_every_failed_clause_is_in_one_cause_and_no_more(problems: list[list[dict[str, Any]]]) -> None:
    made = found(*(verdict(f"c{number}", *of_clause) for number, of_clause in enumerate(problems)))
    named = sorted(clause.requirement for cause in made for clause in cause.clauses)
    assert named == sorted(f"acme/c{number}" for number in range(len(problems)))
    assert len({cause.anchor for cause in made}) == len(made)
    assert [STATES.index(cause.state) for cause in made] == sorted(STATES.index(cause.state) for cause in made)
