"""report.json: what a run came to, made from its record alone."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from harness.report.readiness import stages
from harness.report.record import read

REPORT = "harness-report/1"
KEYWORDS = ("MUST", "SHOULD", "MAY")
OUTCOMES = ("passed", "failed", "waived", "inapplicable", "cannot_tell", "untested")


def report_of(folder: Path) -> dict[str, Any]:
    """The report of the run in this folder, by the contract's ``harness-report/1``.

    A run that was killed has no ``end`` line: its ``exit`` and ``finished`` are null.
    """
    entries = read(folder)
    head = next(entries)
    preflight: list[dict[str, Any]] = []
    sampled: list[str] = []
    verdicts: list[dict[str, Any]] = []
    end: Mapping[str, Any] = {}
    for entry in entries:
        if entry["kind"] == "preflight":
            preflight.append(_without_stamp(entry))
        elif entry["kind"] == "situation":
            sampled += entry.get("sampled", [])
        elif entry["kind"] == "verdict":
            verdicts.append(_without_stamp(entry))
        elif entry["kind"] == "end":
            end = entry
    return {
        "schema": REPORT,
        "harness": head["harness"],
        "run": head["run"],
        "interface": head["interface"],
        "profile": head["profile"],
        "selection": head["selection"],
        "subject": head["subject"],
        "seed": head["seed"],
        "origins": head["origins"],
        "reach": head.get("reach", {}),
        "started": head["at"],
        "finished": end.get("at"),
        "exit": end.get("exit"),
        "ended_by": end.get("reason"),
        "preflight": preflight,
        "sampled": sampled,
        "totals": totals(verdicts),
        "assumptions": _assumptions(head, verdicts),
        "stages": stages(head["stages"], verdicts),
        "documents": head["documents"],
        "verdicts": verdicts,
    }


def write(folder: Path) -> dict[str, Any]:
    """Write report.json beside the record and return it."""
    report = report_of(folder)
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (folder / "report.json").write_text(text, encoding="utf-8", newline="\n")
    return report


def totals(verdicts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Counts by effective keyword and outcome, of the verdicts that count."""
    counts = {keyword: dict.fromkeys(OUTCOMES, 0) for keyword in KEYWORDS}
    for verdict in verdicts:
        if verdict["effective"] is not None and not verdict["new"]:
            counts[verdict["effective"]][verdict["outcome"]] += 1
    return counts


def _assumptions(head: Mapping[str, Any], verdicts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every assumed setting with its value, who confirmed it, and the clauses that hang on it."""
    resting: dict[str, list[str]] = {name: [] for name in head["assumed"]}
    for verdict in verdicts:
        for name in verdict["rests_on"]:
            if name in resting and verdict["requirement"] not in resting[name]:
                resting[name].append(verdict["requirement"])
    return [
        {
            "setting": name,
            "value": head["profile"]["settings"][name],
            "confirmed": head["profile"]["confirmed"].get(name),
            "question": head["assumed"][name],
            "requirements": requirements,
        }
        for name, requirements in resting.items()
    ]


def _without_stamp(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("kind", "n", "at")}
