"""findings.csv: columns, rows, and that no spreadsheet takes a text of a subject for a formula."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from harness.report.summary import report_of
from harness.report.table import defused, render
from tests.harness.report.made_runs import MadeRun

Json = dict[str, Any]
COLUMNS = [
    *("requirement", "keyword", "effective", "basis", "party", "location", "evse", "evse_id", "connector", "tariff"),
    *("where", "inside", "expected", "actual", "exchange", "situation", "count", "waived", "source"),
]


def table(report: Json) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(report, Path()), newline="")))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Json:
    folder = tmp_path_factory.mktemp("table")
    MadeRun().write(folder)
    return report_of(folder)


def test_there_is_one_row_per_kept_problem(report: Json) -> None:
    rows = table(report)
    problems = [(one, problem) for one in report["verdicts"] for problem in one["problems"]]
    assert len(rows) == len(problems) > 10
    assert list(rows[0]) == COLUMNS
    for row, (verdict, problem) in zip(rows, problems, strict=True):
        assert (row["requirement"], row["party"]) == (verdict["requirement"], verdict["party"])
        assert (row["location"], row["where"]) == (problem["object"]["location"], problem["where"])
        assert (row["expected"], row["actual"]) == (problem["expected"], problem["actual"])
        assert (row["count"], row["waived"]) == (str(verdict["problem_count"]), "no")
        assert row["source"] == f"{verdict['source']['document']}, {verdict['source']['section']}"


def test_lines_end_as_rfc_4180_has_them_and_there_is_no_byte_order_mark(report: Json) -> None:
    text = render(report, Path())
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == len(table(report)) + 1
    assert text.startswith("requirement,")


def test_a_green_run_has_a_head_and_no_row(report: Json) -> None:
    assert render({**report, "verdicts": []}, Path()) == ",".join(COLUMNS) + "\r\n"


def test_objects_of_another_interface_have_columns_of_their_own(report: Json) -> None:
    verdict = next(one for one in report["verdicts"] if one["problems"])
    problem = {**verdict["problems"][0], "object": {"meter": "M1"}}
    (row,) = table({**report, "objects": [], "verdicts": [{**verdict, "problems": [problem]}]})
    assert row["meter"] == "M1"
    assert "location" not in row


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1", "－cmd", '=HYPERLINK("http://evil")', "'=1", "+31 6 1234", "-"]
PLAIN = ["", "0", "-5.2", "+3", "1e3", "-1E-3", "plain", "a=b", " =1", "NL*ABC", '"quoted"', "é,;\u00a0"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_defused_and_can_be_read_back(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_formula_is_left_as_it_is(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize("text", ["\t=1+1", "\r=1", "\n=1", "a\r\nb", "\x00", "\ud800"])
def test_control_characters_are_written_out(text: str) -> None:
    shown = defused(text)
    assert shown.isprintable()
    assert shown.encode("utf-8")
    assert shown[0] not in "=\t\r\n"


@pytest.mark.parametrize("text", [*FORMULAS, *PLAIN])
def test_whatever_a_subject_says_is_one_cell(report: Json, text: str) -> None:
    verdict = next(one for one in report["verdicts"] if one["problems"])
    problem = {**verdict["problems"][0], "actual": text, "object": {"location": text}}
    (row,) = table({**report, "verdicts": [{**verdict, "problems": [problem]}]})
    assert row["actual"].removeprefix("'") == row["location"].removeprefix("'") == text


def test_a_copy_says_so_in_every_row(report: Json) -> None:
    assert {row["copy"] for row in table({**report, "copy": "Masked copy."})} == {"Masked copy."}
