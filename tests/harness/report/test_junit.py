"""junit.xml as an independent reader understands it: what is red, what is skipped, and why."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from harness.report.junit import render, render_several
from harness.report.summary import report_of
from tests.harness.report.made_runs import MadeRun

Json = dict[str, Any]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """A red report of three parties."""
    folder = tmp_path_factory.mktemp("junit")
    MadeRun(parties=3).write(folder)
    return report_of(folder)


def read(text: str) -> dict[str, TestCase]:
    """Every case, by class and name, as junitparser reads them."""
    return {f"{case.classname}/{case.name}": case for suite in JUnitXml.fromstring(text.encode()) for case in suite}


def with_first(report: Json, **members: Any) -> tuple[Json, str]:
    """The report, the first verdict of it changed; and the name of its case."""
    first, *others = report["verdicts"]
    changed = {**first, **members}
    chapter, _, name = changed["requirement"].partition("/")
    party = f" [{changed['party']}]" if changed["party"] else ""
    return {**report, "verdicts": [changed, *others]}, f"ndw-pull.{chapter}/{name}{party}"


def failed(**more: Any) -> Json:
    problem = {
        "where": "response.status",
        "expected": "200",
        "actual": "500",
        "exchange": "e1",
        "situation": "s",
        "object": {"location": "L1"},
    }
    return {"outcome": "failed", "problem_count": 1, "problems": [problem], **more}


def test_there_is_a_suite_per_chapter_and_a_case_per_clause_and_party(report: Json) -> None:
    read_back = JUnitXml.fromstring(render(report, Path()).encode())
    suites = {suite.name: suite for suite in read_back}
    chapters = {one["requirement"].partition("/")[0] for one in report["verdicts"]}
    assert {"ndw", "ocpi-2.2.1"} <= chapters
    assert set(suites) == {f"ndw-pull: {name}" for name in ("preflight and ending", *chapters)}
    cases = [case for name, suite in suites.items() if "preflight" not in name for case in suite]
    assert len(cases) == len(report["verdicts"])
    assert len({(case.classname, case.name) for case in cases}) == len(cases)
    assert read_back.failures == report["totals"]["MUST"]["failed"] > 0
    assert read_back.tests == sum(suite.tests for suite in suites.values())
    found = suites["ndw-pull: ndw"].properties()  # type: ignore[no-untyped-call]
    told = {one.name: one.value for one in found}
    assert (told["profile"], told["seed"], told["interface"]) == ("ndw-pull@2026.12", "1", "ndw-pull")
    assert {"harness.version", "run", "subject.kind", "subject.address"} <= set(told)


def test_a_failed_must_is_a_failure_with_all_that_a_person_needs(report: Json) -> None:
    changed, name = with_first(report, **failed(effective="MUST", party="NL/ABC"))
    (failure,) = read(render(changed, Path()))[name].result
    assert isinstance(failure, Failure)
    assert failure.message == "expected 200, actual 500, at response.status"
    assert failure.type == "MUST"
    for line in ("Where     response.status", "Object    location L1", "Expected  200", "Actual    500", "Fix "):
        assert line in failure.text
    assert "Exchange  e1: GET https://platform.example/ocpi/2.2.1/locations" in failure.text


WAIVER = {"reason": "gateway", "owner": "ops", "ticket": "OPS-1", "until": "2027-03-01", "origin": "", "more": 0}


@pytest.mark.parametrize(
    ("members", "kind", "said"),
    [
        (failed(effective="SHOULD"), None, "WARNING: SHOULD failed: expected 200"),
        (failed(effective="MAY"), None, "WARNING: MAY failed"),
        (failed(new=True), None, "NEW, not scored yet"),
        (failed(effective=None), Skipped, "switched off in this profile; it failed: expected 200"),
        (failed(waived=WAIVER), Skipped, "waived until 2027-03-01: gateway (ops, OPS-1)"),
        ({"outcome": "untested", "reason": "needs the hook change"}, Skipped, "untested: needs the hook change"),
        ({"outcome": "inapplicable", "reason": "no TLS"}, Skipped, "inapplicable: no TLS"),
        ({"outcome": "cannot_tell", "reason": "the harness failed"}, Error, "the harness failed"),
    ],
)
def test_what_is_no_failure(report: Json, members: Json, kind: Any, said: str) -> None:
    changed, name = with_first(report, **{"effective": "MUST", **members})
    case = read(render(changed, Path()))[name]
    assert [type(one) for one in case.result] == ([kind] if kind else [])
    assert said in ((case.result[0].message if kind else case.system_out) or "")


def test_a_warning_is_red_under_strict(report: Json) -> None:
    changed, name = with_first(report, **failed(effective="SHOULD"))
    assert isinstance(read(render({**changed, "strict": True}, Path()))[name].result[0], Failure)


def test_what_the_baseline_knew_is_green_where_only_the_new_counts(report: Json) -> None:
    changed, name = with_first(report, **failed(effective="MUST", known=True))
    assert read(render({**changed, "baseline": {"fail_on": "new"}}, Path()))[name].result == []
    assert read(render({**changed, "baseline": {"fail_on": "all"}}, Path()))[name].result != []


@pytest.mark.parametrize("code", [3, 4, 5, 130, None])
def test_a_run_that_showed_nothing_or_has_no_end_is_red(report: Json, code: int | None) -> None:
    cases = read(render({**report, "exit": code, "verdicts": []}, Path()))
    assert isinstance(cases["ndw-pull.run/came to its end"].result[0], Error)


def test_a_preflight_that_stood_in_the_way_is_an_error(report: Json) -> None:
    check = {"check": "tls", "outcome": "failed", "detail": "not trusted", "next": "give the CA"}
    (error,) = read(render({**report, "preflight": [check]}, Path()))["ndw-pull.preflight/tls"].result
    assert (type(error), error.message, error.text) == (Error, "not trusted", "not trusted\nWhat to do: give the CA")
    warned = read(render({**report, "preflight": [{**check, "outcome": "warning"}]}, Path()))
    assert warned["ndw-pull.preflight/tls"].result == []


@pytest.mark.parametrize(("strict", "kind"), [(False, []), (True, [Failure])])
def test_a_waiver_that_is_no_longer_right_is_told(report: Json, strict: bool, kind: list[type]) -> None:
    waiver = {"requirement": "ndw/x", "party": None, "state": "stale", "told": "nothing fails here any more"}
    cases = read(render({**report, "strict": strict, "waivers": [waiver]}, Path()))
    assert [type(one) for one in cases["ndw-pull.waivers/ndw/x"].result] == kind


def test_a_self_check_a_party_and_a_copy_say_so_in_the_name_of_every_suite(report: Json) -> None:
    subject = {**report["subject"], "kind": "reference"}
    told = {**report, "subject": subject, "party": "NL/ABC", "copy": "Masked copy."}
    names = [suite.name for suite in JUnitXml.fromstring(render(told, Path()).encode())]
    start = "masked copy, self-check of the bundled reference, ndw-pull for NL/ABC: "
    assert all(name.startswith(start) for name in names)


ODD = "".join(map(chr, range(0x20))) + "\x7f\x85\ud800\udfff\ufffe\uffff ]]> <a b='c'> & \u202e"


def test_no_text_of_a_subject_breaks_the_xml(report: Json) -> None:
    problem = {**failed()["problems"][0], "expected": ODD, "actual": ODD, "where": f"response.body:/{ODD}"}
    changed, _name = with_first(report, **failed(effective="MUST", party=ODD, reason=ODD, problems=[problem]))
    text = render({**changed, "ended_by": ODD}, Path())
    assert ET.fromstring(text.encode("utf-8", "strict")).get("errors") == "0"
    assert "\\u0000" in text
    assert any("\\ud800" in (one.message or "") for case in read(text).values() for one in case.result)


def test_the_same_report_makes_the_same_bytes(report: Json) -> None:
    assert render(report, Path()) == render(report, Path())


def test_several_interfaces_share_one_file(report: Json) -> None:
    text = render_several([report, {**report, "interface": "acme"}])
    names = [suite.name.partition(":")[0] for suite in JUnitXml.fromstring(text.encode())]
    assert names == sorted(names, reverse=True)
    assert names.count("ndw-pull") == names.count("acme") > 2
