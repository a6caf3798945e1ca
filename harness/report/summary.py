"""report.json: what a run came to, made from its record alone."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.report.exchanges import Exchanges
from harness.report.readiness import stages
from harness.report.record import read
from harness.report.selection import left_out_by
from harness.report.situations import Situations
from harness.report.unfinished import Unfinished

REPORT = "harness-report/1"
KEYWORDS = ("MUST", "SHOULD", "MAY")
OUTCOMES = ("passed", "failed", "waived", "inapplicable", "cannot_tell", "untested")


@dataclass
class _Record:
    """What a report is made of, gathered line by line. `told` are members that the report has as they stand."""

    head: Mapping[str, Any]
    end: Mapping[str, Any] = field(default_factory=dict)
    preflight: list[dict[str, Any]] = field(default_factory=list)
    sampled: list[str] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    retried: Counter[str] = field(default_factory=Counter)
    told: dict[str, Any] = field(default_factory=lambda: {"waivers": [], "baseline": None})

    def __post_init__(self) -> None:
        self.exchanges, self._unfinished = Exchanges(self.head), Unfinished()
        self.situations = Situations()

    def take(self, entry: Mapping[str, Any]) -> None:
        """Take a line."""
        kind = entry["kind"]
        if kind == "preflight":
            self.preflight.append(_without_stamp(entry))
        elif kind == "exchange":
            self.exchanges.take(entry)
            self.situations.take(entry)
            self.retried[", ".join(entry.get("retried", ()))] += bool(entry["response"])
        elif kind in ("clauses", "problem"):
            self._unfinished.take(entry)
        elif kind == "situation":
            self.sampled += entry.get("sampled", [])
            self.situations.take(entry)
        elif kind == "verdict":
            self.verdicts.append(_without_stamp(entry))
        elif kind in self.told:
            self.told[kind] = entry[kind]
        elif kind == "end":
            self.end = entry

    def close(self) -> None:
        """Every line was taken."""
        if not self.end and "party" not in self.head:  # a party's part has verdicts, though its run was killed
            self.verdicts = self._unfinished.verdicts()


def report_of(folder: Path) -> dict[str, Any]:
    """The report of the run in this folder, by the contract's ``harness-report/1``.

    A run that was killed has no ``end`` line: its ``exit`` and ``finished`` are null, its verdicts those of
    `Unfinished`.
    """
    entries = read(folder)
    head = next(entries)
    record = _Record(head)
    for entry in entries:
        record.take(entry)
    record.close()
    end, verdicts, selection = record.end, record.verdicts, head["selection"]
    met = record.situations.told() if "party" not in head else []  # a party's part has not all that was said
    return {
        "schema": REPORT,
        "harness": head["harness"],
        "run": head["run"],
        "interface": head["interface"],
        "profile": head["profile"],
        "selection": selection,
        "subject": head["subject"],
        "seed": head["seed"],
        "origins": head["origins"],
        "reach": head.get("reach", {}),
        "started": head["at"],
        "finished": end.get("at"),
        "exit": end.get("exit"),
        "ended_by": end.get("reason"),
        "preflight": record.preflight,
        "sampled": record.sampled,
        "retried": {troubles: count for troubles, count in record.retried.items() if troubles and count},
        "totals": totals(verdicts),
        "assumptions": _assumptions(head, verdicts),
        "stages": stages(head["stages"], verdicts, left_out_by(selection) if selection else None),
        "documents": head["documents"],
        "objects": head.get("objects", []),
        "strict": head.get("strict", False),
        "party": head.get("party"),
        "copy": head.get("copy"),
        **record.told,
        **({"files": end["files"]} if "files" in end else {}),
        **({"situations": met} if met else {}),
        "verdicts": verdicts,
        "exchanges": record.exchanges.named_by(verdicts),
    }


def text(report: Mapping[str, Any], _folder: Path) -> str:
    """report.json as it is written."""
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def write(folder: Path) -> dict[str, Any]:
    """Write report.json beside the record and return it."""
    report = report_of(folder)
    path = folder / "report.json"
    path.write_text(text(report, folder), encoding="utf-8", errors="backslashreplace", newline="\n")
    return report


def totals(verdicts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Counts by effective keyword and outcome, of the verdicts that count."""
    counts = {keyword: dict.fromkeys(OUTCOMES, 0) for keyword in KEYWORDS}
    for verdict in verdicts:
        if verdict["effective"] is not None and not verdict["new"]:
            counts[verdict["effective"]]["waived" if verdict["waived"] else verdict["outcome"]] += 1
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
