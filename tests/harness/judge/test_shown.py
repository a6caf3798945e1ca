"""The judge and the objects of an answer: whose a problem is, and that an object is counted once."""

from dataclasses import replace
from typing import Any

import pytest

from harness.judge.judge import Judge
from harness.judge.shown import Shown
from harness.model.crawl import Crawls, Entry, Inventory
from harness.model.exchange import FEED, HttpExchange, Located, Showing, Written
from harness.model.profile import Profile
from harness.model.requirement import Problems, Requirement
from harness.model.settings import Settings
from harness.model.system import DomainObjects, ObjectKey
from harness.model.verdict import Outcome, Problem
from harness.spec.openapi import Document, Operation
from harness.spec.schema import compile_schema
from tests.harness.judge.test_judge import clause, document_clause, exchange

CONTENT = {
    "components": {
        "schemas": {
            "Site": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "x-requirement": "acme/names-are-texts"},
                    "doors": {"type": "array", "items": {"$ref": "#/components/schemas/Door"}},
                },
            },
            "Door": {"type": "object", "properties": {"wide": {"type": "number", "x-requirement": "acme/width"}}},
        }
    }
}
SCHEMA = {
    "properties": {
        "data": {"type": "array", "items": {"$ref": "#/components/schemas/Site"}},
        "total": {"type": "integer", "x-requirement": "acme/total-is-a-number"},
    }
}
ANSWER = compile_schema(CONTENT, SCHEMA)
DOCUMENT = Document("acme", {}, (Operation("list", "GET", "/sites", {"200": ANSWER, "500": ANSWER}),))
OBJECTS = DomainObjects({"Site": ObjectKey("site", "id"), "Door": ObjectKey("door", "id")}, ("owner",))
NAMES, WIDTH, TOTAL = (document_clause(name) for name in ("names_are_texts", "width", "total_is_a_number"))
SITES = [
    {"id": 1, "owner": "a", "name": 1, "doors": [{"id": "d", "wide": "x"}]},
    {"id": 2, "owner": "b", "name": "n", "doors": [{"id": "d", "wide": 2}]},
]


def judge_of(*requirements: Requirement, **options: Any) -> Judge:
    return Judge(requirements, Profile("p", "2026.12", Settings({})), DOCUMENT, OBJECTS, "server", **options)


def outcomes(judge: Judge) -> dict[tuple[str, str | None], tuple[str, int, int]]:
    return {
        (one.requirement.partition("/")[2], one.party): (str(one.outcome), one.seen, one.problem_count)
        for one in judge.verdicts()
    }


def site_clause(_showing: Showing) -> Problems:
    yield Problem("response.body:/data/0/doors/0", "wide", "narrow")


def test_errors_of_the_document_are_those_of_the_party_whose_object_it_is() -> None:
    judge = judge_of(NAMES, document_clause("width"), TOTAL)
    found = judge.take(exchange({"data": SITES, "total": "2"}))
    assert {(one.party, one.problem.where, *one.problem.object.items()) for one in found} == {
        ("A", "response.body:/data/0/name", ("party", "A"), ("site", "1")),
        ("A", "response.body:/data/0/doors/0/wide", ("party", "A"), ("site", "1"), ("door", "d")),
        (None, "response.body:/total"),
    }
    assert outcomes(judge) == {
        ("names-are-texts", "A"): ("failed", 1, 1),
        ("names-are-texts", "B"): ("passed", 1, 0),
        ("width", "A"): ("failed", 1, 1),
        ("width", "B"): ("passed", 1, 0),
        ("total-is-a-number", None): ("failed", 1, 1),
    }


def test_a_clause_about_all_objects_of_an_answer_has_a_verdict_per_party() -> None:
    judge = judge_of(clause(site_clause))
    [found] = judge.take(exchange({"data": SITES}))
    assert (found.party, dict(found.problem.object)) == ("A", {"party": "A", "site": "1", "door": "d"})
    assert outcomes(judge) == {("site-clause", "A"): ("failed", 1, 1), ("site-clause", "B"): ("passed", 1, 0)}


def test_a_problem_says_where_it_is_inside_the_innermost_object_that_has_a_name() -> None:
    def every_site(site: Located[dict[str, Any]]) -> Problems:
        yield Problem(site.at("images", 0, "url"), "x", "y")

    def of_the_door_itself(_showing: Showing) -> Problems:
        yield Problem("response.body:/data/0/doors/0/lock", "x", "y", object={"lock": "l"}, inside="/open")

    every_site.__annotations__["site"] = Located[type("Site", (dict,), {})]  # type: ignore[misc]
    suite = (NAMES, WIDTH, TOTAL, clause(site_clause), clause(every_site), clause(of_the_door_itself))
    nameless = {"id": 3, "owner": "a", "doors": [{"wide": "x"}]}
    found = judge_of(*suite).take(exchange({"data": [*SITES, nameless, {"name": 1}], "total": "2"}))
    assert {(one.problem.where.partition(":")[2], one.problem.inside) for one in found} == {
        ("/data/0/name", "/name"),
        ("/data/0/doors/0/wide", "/wide"),
        ("/data/2/doors/0/wide", "/doors/0/wide"),
        ("/data/3/name", ""),
        ("/total", ""),
        ("/data/0/doors/0", ""),
        ("/data/0/images/0/url", "/images/0/url"),
        ("/data/1/images/0/url", "/images/0/url"),
        ("/data/2/images/0/url", "/images/0/url"),
        ("/data/3/images/0/url", ""),
        ("/data/0/doors/0/lock", "/open"),
    }


def test_a_problem_of_a_crawl_says_where_it_is_inside_its_object() -> None:
    entry = Entry(None, {"site": "1"}, "A", "e1", "talk", "/data/3")
    assert entry.problem("x", "y", "doors", 0, "id").inside == "/doors/0/id"
    assert (entry.problem("x", "y").inside, replace(entry, keys={}).problem("x", "y", "id").inside) == ("", "")


@pytest.mark.parametrize("body", [{"data": []}, {"data": [3]}, {"total": 1}, []])
def test_an_answer_that_shows_no_object_is_no_evidence_about_objects(body: object) -> None:
    judge = judge_of(clause(site_clause), NAMES)
    judge.take(exchange(body))
    assert judge.verdicts()[0].outcome is Outcome.UNTESTED


def test_an_error_shows_no_objects_whatever_stands_in_it() -> None:
    def every_site(site: Located[dict[str, Any]]) -> Problems:
        yield Problem(site.at("id"), "x", "y")

    every_site.__annotations__["site"] = Located[type("Site", (dict,), {})]  # type: ignore[misc]
    judge = judge_of(clause(site_clause), clause(every_site))
    assert judge.take(exchange({"data": SITES}, status=500)) == []
    assert len(judge.take(exchange({"data": SITES}))) == 3


def test_the_same_fault_of_the_same_object_counts_once_however_many_pages_show_it() -> None:
    judge = judge_of(document_clause("width"), clause(site_clause))
    judge.take(exchange({"data": SITES}))
    assert judge.take(exchange({"data": [SITES[0]]}, id="e2")) == []
    assert len(judge.take(exchange({"data": [{**SITES[0], "id": 7}]}, id="e3"))) == 2
    assert outcomes(judge)["width", "A"] == ("failed", 3, 2)


def test_objects_without_a_name_are_told_apart_by_where_they_stand() -> None:
    judge = judge_of(document_clause("width"))
    nameless = {"doors": [{"wide": "x"}]}
    assert len(judge.take(exchange({"data": [nameless, nameless]}))) == 2


def test_of_a_file_only_what_it_says_is_judged() -> None:
    def envelope(_exchange: HttpExchange) -> Problems:
        yield Problem("response.status", "1", "2")

    def text(_exchange: Written) -> Problems:
        yield Problem("response.body:", "strict", "lax")

    def pages(_crawls: Crawls) -> Problems:
        yield Problem("transcript", "1", "2")

    def stock(_crawls: Inventory) -> Problems:
        yield Problem("transcript", "3", "4")

    suite = [clause(one) for one in (envelope, text, site_clause, pages, stock)]
    judge = judge_of(*suite, NAMES, TOTAL)
    found = judge.take(exchange({"data": SITES, "total": "2"}, tags=(FEED,))) + judge.finish()
    assert {one.requirement.id.partition("/")[2] for one in found} == {
        "text", "site-clause", "stock", "names-are-texts",
    }  # fmt: skip


def test_what_was_not_selected_is_neither_judged_nor_laid_at_anothers_door() -> None:
    catch_all = document_clause("x")
    object.__setattr__(catch_all, "id", "openapi/answers-match-the-document")
    suite = (catch_all, NAMES, clause(site_clause))
    judge = judge_of(*suite, selected=frozenset({catch_all.id}))
    assert [one.problem.where for one in judge.take(exchange({"data": SITES, "total": "2"}))] == [
        "response.body:/data/0/doors/0/wide",
        "response.body:/total",
    ]
    assert {one.requirement for one in judge.verdicts()} == {catch_all.id}


@pytest.mark.parametrize("where", ["response.status", "transcript", "response.header:data", "response.body:/other/0"])
def test_a_place_in_no_object_has_no_owner(where: str) -> None:
    place = exchange({"data": SITES})
    shown = Shown([("Site", Located(SITES[0], "/data/0", place, {"site": "1"}, "A"))])
    assert shown.owner(where) is None
    assert shown.owner("response.body:/data/01") is None
    owner = shown.owner("response.body:/data/0/doors/0")
    assert owner is not None
    assert owner.named == {"party": "A", "site": "1"}
