"""findings.csv: one row per kept problem, for a spreadsheet or a ticket system (RFC 4180, UTF-8 without a mark).

Control characters are written out (``\\u0009``), so a row is a line. What a spreadsheet would take for a formula is
defused: a cell that begins with one of ``= + - @`` or their full-width twins, and is no plain number, gets an
apostrophe in front, as does a cell that begins with an apostrophe. So a program that takes one leading apostrophe away
reads what was written. A masked copy says so in a last column.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.report.visible import visible

BEFORE_OBJECT = ("requirement", "keyword", "effective", "basis", "party")
AFTER_OBJECT = ("where", "inside", "expected", "actual", "exchange", "situation", "count", "waived", "source")
_FORMULA = re.compile(r"['=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def render(report: Mapping[str, Any], _folder: Path) -> str:
    """The table. `count` is the number of all problems of the clause and party, of which at most 20 are kept."""
    names = _object_names(report)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    copy = [report["copy"]] if report.get("copy") else []
    writer.writerow([*BEFORE_OBJECT, *names, *AFTER_OBJECT, *(["copy"] if copy else [])])
    for row in _rows(report, names):
        writer.writerow([defused(cell) for cell in [*row, *copy]])
    return out.getvalue()


def _object_names(report: Mapping[str, Any]) -> list[str]:
    """The keys that name objects: those of the interface, then any other that a problem has."""
    names = dict.fromkeys(report.get("objects", ()))
    for verdict in report["verdicts"]:
        for problem in verdict["problems"]:
            names.update(dict.fromkeys(problem["object"]))
    return [name for name in names if name != "party"]


def _rows(report: Mapping[str, Any], names: list[str]) -> Iterator[list[object]]:
    for verdict in report["verdicts"]:
        source = f"{verdict['source']['document']}, {verdict['source']['section']}"
        for problem in verdict["problems"]:
            yield [
                verdict["requirement"],
                verdict["keyword"],
                "new" if verdict["new"] else verdict["effective"] or "off",
                verdict["basis"],
                verdict["party"] or problem["object"].get("party", ""),
                *(problem["object"].get(name, "") for name in names),
                problem["where"],
                problem.get("inside", ""),
                problem["expected"],
                problem["actual"],
                problem["exchange"],
                problem["situation"],
                verdict["problem_count"],
                "yes" if problem.get("waived") or verdict["waived"] else "no",
                source,
            ]


def defused(cell: object) -> str:
    """The cell as it may stand in a spreadsheet."""
    text = visible(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
