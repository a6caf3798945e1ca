"""The judge: from evidence to verdicts."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.judge.judge import Judge, judged
from harness.model.body import Body
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse, Located, Transcript
from harness.model.profile import Profile
from harness.model.requirement import MUST, Basis, Binds, Problems, Publication, Requirement, always, requirement
from harness.model.settings import Settings
from harness.model.system import DomainObjects, ObjectKey
from harness.model.verdict import Inapplicable, Outcome, Problem
from harness.spec.openapi import Document, Operation
from harness.spec.schema import compile_schema

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SOURCE = Publication("Acme API", Basis.PUBLISHED)["1"]
OBJECTS = DomainObjects({"Site": ObjectKey("site", "id")}, ("owner",))
SCHEMA = {
    "properties": {
        "data": {"type": "array", "items": {"$ref": "#/components/schemas/Site"}},
        "total": {"type": "integer", "x-requirement": "acme/total-is-a-number"},
        "page": {"type": "integer"},
    }
}
ANSWER = compile_schema({"components": {"schemas": {"Site": {"type": "object"}}}}, SCHEMA)
DOCUMENT = Document("acme", {}, (Operation("list", "GET", "/sites", {"200": ANSWER}),))


class Site(dict[str, Any]):
    """A domain object of these tests."""


def clause(check: Callable[..., Any], **terms: Any) -> Requirement:
    check.__module__ = "scenarios.acme.chapter"
    return requirement(MUST, SOURCE, **{"row": "r", "since": "2026.12", **terms})(check)


def exchange(body: Any = None, *, tags: tuple[str, ...] = (), id: str = "e1", status: int = 200) -> HttpExchange:  # noqa: A002
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = HttpResponse(status, Headers(), Body(raw))
    return HttpExchange(
        id, "talk", "list", HttpRequest("GET", "http://h/sites", Headers()), response, NOW, NOW, frozenset(tags)
    )


def judge_of(*requirements: Requirement, **options: Any) -> Judge:
    return Judge(requirements, Profile("p", "2026.12", Settings({"n": 5})), DOCUMENT, OBJECTS, "server", **options)


def problems_of(count: int) -> Callable[..., Problems]:
    def many_problems(_exchange: HttpExchange) -> Problems:
        for number in range(count):
            yield Problem(f"response.body:/{number}", "right", "wrong")

    return many_problems


@pytest.mark.parametrize(("count", "outcome"), [(0, Outcome.PASSED), (1, Outcome.FAILED), (50, Outcome.FAILED)])
def test_twenty_problems_are_kept_and_all_are_counted(count: int, outcome: Outcome) -> None:
    judge = judge_of(clause(problems_of(count)))
    assert len(judge.take(exchange())) == count
    [verdict] = judge.verdicts()
    assert (verdict.outcome, verdict.problem_count, len(verdict.problems)) == (outcome, count, min(count, 20))
    assert verdict.problems[:1] == ((Problem("response.body:/0", "right", "wrong", "e1", "talk"),) if count else ())


def test_the_count_goes_on_over_exchanges() -> None:
    judge = judge_of(clause(problems_of(15)))
    for number in range(3):
        judge.take(exchange(id=f"e{number}"))
    [verdict] = judge.verdicts()
    assert (verdict.seen, verdict.problem_count, len(verdict.problems)) == (3, 45, 20)


def test_the_same_problem_of_the_same_exchange_is_told_once() -> None:
    def twice(_exchange: HttpExchange) -> Problems:
        yield Problem("response.status", "200", "500")
        yield Problem("response.status", "200", "500")

    judge = judge_of(clause(twice))
    judge.take(exchange())
    assert judge.verdicts()[0].problem_count == 1


def test_parties_are_judged_apart_and_objects_named_in_the_users_keys() -> None:
    def site_is_named(site: Located[Site]) -> Problems:
        if "name" not in site.value:
            yield Problem(site.at("name"), "a name", "absent")

    sites = [{"id": 1, "owner": "b"}, {"id": 2, "owner": "a", "name": "x"}, {"id": 3, "owner": "B"}, {"id": 4}]
    judge = judge_of(clause(site_is_named))
    judge.take(exchange({"data": sites}))
    verdicts = {verdict.party: verdict for verdict in judge.verdicts()}
    assert list(verdicts) == [None, "A", "B"]
    assert [(one.outcome, one.seen, one.problem_count) for one in verdicts.values()] == [
        (Outcome.FAILED, 1, 1),
        (Outcome.PASSED, 1, 0),
        (Outcome.FAILED, 2, 2),
    ]
    assert [dict(problem.object) for problem in verdicts["B"].problems] == [
        {"party": "B", "site": "1"},
        {"party": "B", "site": "3"},
    ]
    assert verdicts["B"].problems[1].where == "response.body:/data/2/name"


def test_a_clause_that_applies_nowhere_is_inapplicable_and_says_why() -> None:
    def only_lists(exchange: HttpExchange) -> Problems:
        assert exchange.response is not None
        if not isinstance(exchange.response.body.value, list):
            yield Inapplicable("no list came")

    judge = judge_of(clause(only_lists))
    judge.take(exchange({}))
    assert [(one.outcome, one.reason, one.seen) for one in judge.verdicts()] == [
        (Outcome.INAPPLICABLE, "no list came", 0)
    ]
    judge.take(exchange([]))
    assert [(one.outcome, one.reason, one.seen) for one in judge.verdicts()] == [(Outcome.PASSED, None, 1)]


def crashing(*_: object) -> Any:
    raise ZeroDivisionError("by zero")


@pytest.mark.parametrize("terms", [{"when": crashing}, {}])
def test_a_crash_of_ours_is_no_fault_of_the_subject(terms: dict[str, Any]) -> None:
    def fails_then_crashes(_exchange: HttpExchange) -> Problems:
        yield Problem("response.status", "1", "2")
        crashing()

    judge = judge_of(clause(fails_then_crashes, **terms), clause(problems_of(0)))
    assert judge.take(exchange()) == []
    first, second = judge.verdicts()
    assert (first.outcome, first.reason) == (Outcome.CANNOT_TELL, "the harness failed: ZeroDivisionError: by zero")
    assert second.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("binds", "tags", "ours"),
    [
        (Binds.CLIENT, (), True),
        (Binds.CLIENT, ("authorised",), True),
        (Binds.CLIENT, ("probe",), False),
        (Binds.CLIENT, ("fault", "x"), False),
        (Binds.SERVER, (), False),
        (Binds.AUTHOR, (), False),
    ],
)
def test_only_the_harnesss_own_chair_outside_probes_and_faults_is_our_fault(
    binds: Binds, tags: tuple[str, ...], *, ours: bool
) -> None:
    judge = judge_of(clause(problems_of(1), binds=binds))
    judge.take(exchange(tags=tags))
    assert bool(judge.own_faults) is ours
    assert judge.verdicts()[0].outcome is Outcome.FAILED


def test_a_whole_conversation_is_judged_with_the_settings_when_it_ends() -> None:
    def enough_exchanges(transcript: Transcript, settings: Settings) -> Problems:
        if len(transcript.exchanges) < settings.number("n"):
            yield Problem("transcript", "5", str(len(transcript.exchanges)))

    [verdict] = judged(judge_of(clause(enough_exchanges)), [Transcript("talk", (exchange(), exchange(id="e2")))])
    assert (verdict.outcome, verdict.seen) == (Outcome.FAILED, 1)
    assert verdict.problems[0].actual == "2"


@pytest.mark.parametrize(
    ("asked_by", "obstacle", "reason"),
    [
        ((), None, "nothing in this run shows it"),
        (("acme/other",), None, "nothing in this run shows it"),
        (("acme/talk",), None, "no list has two pages; no site is known"),
        (("acme/talk", "acme/more"), None, "no list has two pages; no site is known; too late"),
        (("acme/talk",), "the token is refused", "the token is refused"),
    ],
)
def test_an_untested_clause_says_why(asked_by: tuple[str, ...], obstacle: str | None, reason: str) -> None:
    judge = judge_of(clause(problems_of(1), when=lambda _: False, asked_by=asked_by), obstacle=obstacle)
    told = ("no list has two pages", "no site is known", "no list has two pages")
    judge.take(exchange())
    judge.close(Transcript("acme/talk", (), told))
    judge.close(Transcript("acme/more", (), ("too late",)))
    assert [(one.outcome, one.reason) for one in judge.verdicts()] == [(Outcome.UNTESTED, reason)]


@pytest.mark.parametrize(
    ("asked_by", "outcome"),
    [
        ((), Outcome.CANNOT_TELL),
        (("acme/talk",), Outcome.UNTESTED),
        (("acme/talk", "acme/never"), Outcome.CANNOT_TELL),
    ],
)
def test_of_what_was_not_asked_when_the_subject_went_away_nobody_can_tell(
    asked_by: tuple[str, ...], outcome: Outcome
) -> None:
    judge = judge_of(clause(problems_of(1), when=lambda _: False, asked_by=asked_by))
    judge.close(Transcript("acme/talk", (), ("no list has two pages",)))
    judge.lost = "the subject stopped answering at noon"
    reason = judge.lost if outcome is Outcome.CANNOT_TELL else "no list has two pages"
    assert [(one.outcome, one.reason) for one in judge.verdicts()] == [(outcome, reason)]


def test_what_was_seen_before_the_subject_went_away_keeps_its_verdict() -> None:
    judge = judge_of(clause(problems_of(1)))
    judge.take(exchange())
    judge.lost = "the subject stopped answering at noon"
    assert [one.outcome for one in judge.verdicts()] == [Outcome.FAILED]


@pytest.mark.parametrize("tag", ["throttled", "retried"])
def test_no_clause_looks_at_what_was_passed_over(tag: str) -> None:
    judge = judge_of(clause(problems_of(1)))
    passed_over = exchange(tags=(tag,))
    assert list(judge.take(passed_over)) == []
    judge.close(Transcript("acme/talk", (passed_over,)))
    assert [one.outcome for one in judge.verdicts()] == [Outcome.UNTESTED]


def document_clause(name: str, when: Callable[[Any], bool] = always) -> Requirement:
    def check() -> None: ...

    check.__name__ = name
    return clause(check, when=when)


def test_errors_of_the_document_fail_their_own_clause_once() -> None:
    judge = judge_of(document_clause("total_is_a_number"))
    assert [found.problem.where for found in judge.take(exchange({"total": "1", "page": "2", "data": 3}))] == [
        "response.body:/total"
    ]
    judge.take(exchange({"total": 1}, id="e2"))
    [verdict] = judge.verdicts()
    assert (verdict.outcome, verdict.seen, verdict.problem_count) == (Outcome.FAILED, 2, 1)


def test_errors_of_no_clause_in_this_suite_go_to_the_catch_all() -> None:
    catch_all = document_clause("x")
    object.__setattr__(catch_all, "id", "openapi/answers-match-the-document")
    both, alone = judge_of(catch_all, document_clause("total_is_a_number")), judge_of(catch_all)
    found = [one.requirement.id for one in both.take(exchange({"total": "1", "page": "2"}))]
    assert sorted(found) == ["acme/total-is-a-number", "openapi/answers-match-the-document"]
    assert [one.requirement.id for one in alone.take(exchange({"total": "1", "page": "2"}))] == [catch_all.id] * 2


@pytest.mark.parametrize(("status", "seen"), [(200, 1), (404, 0)])
def test_a_clause_of_the_document_is_only_about_what_its_when_chooses(status: int, seen: int) -> None:
    judge = judge_of(document_clause("total_is_a_number", when=lambda one: "authorised" in one.tags))
    judge.take(exchange({"total": "1"}))
    assert judge.verdicts()[0].outcome is Outcome.UNTESTED
    judge.take(exchange({"total": "1"}, tags=("authorised",), status=status))
    assert judge.verdicts()[0].problem_count == seen


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[" * 300 + b"]" * 300, rb'{"data": ["\ud800"]}', b'{"data": NaN}'])
def test_no_odd_body_breaks_the_judge(raw: bytes) -> None:
    judge = judge_of(document_clause("total_is_a_number"), clause(problems_of(1)))
    judge.take(exchange(raw))
    assert judge.verdicts()[1].outcome is Outcome.FAILED


def test_an_exchange_without_an_answer_is_evidence_of_nothing_but_itself() -> None:
    judge = judge_of(document_clause("total_is_a_number"))
    unanswered = HttpExchange("e1", "talk", "list", HttpRequest("GET", "http://h/", Headers()), None, NOW, NOW)
    assert judge.take(unanswered) == []
    assert judge.verdicts()[0].outcome is Outcome.UNTESTED
