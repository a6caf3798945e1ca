"""The summary of a run for a person at a terminal: what failed and what to do, what was not tested, what is assumed."""

import re
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.report.record import read
from harness.report.summary import KEYWORDS

_SHOWN_PLACES = 3
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_ENDINGS = {
    0: "every MUST that was tested passed",
    3: "could not be tested: configuration, not conformance",
    4: "the harness itself misbehaved; please report it",
    5: "nothing was shown: no MUST was tested, or one was left out",
    130: "interrupted",
}
_STYLES = {"failed": "bold red", "warning": "yellow", "passed": "green", "dim": "dim"}


def print_report(folder: Path, report: Mapping[str, Any], out: TextIO | None = None, *, title: str) -> None:
    """Print the summary of the run in `folder`. Colour only on a terminal; text of the subject is made harmless."""
    out = out or sys.stdout
    console = Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=True)
    page = _Page(console, folder, report, _encodable(out))
    page.head(title)
    page.failures()
    page.not_tested()
    page.samples()
    page.assumptions()
    page.totals()
    page.stages()
    page.ending()


def visible(text: object) -> str:
    """Text of a subject with control and direction characters written out, so that it cannot steer a terminal."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", str(text))


def _encodable(out: TextIO) -> bool:
    try:
        "…·✓".encode(out.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class _Page:
    def __init__(self, console: Console, folder: Path, report: Mapping[str, Any], unicode: bool) -> None:
        self._console = console
        self._folder = folder
        self._report = report
        self._unicode = unicode
        self._asked = _requests(folder)

    def _line(self, text: str = "", style: str = "", indent: int = 0, hang: int = 0) -> None:
        """One paragraph: wrapped to a terminal's width, its further lines indented by `hang` more; whole in a file."""
        text = " " * indent + visible(text)
        if not self._unicode:
            text = text.encode("ascii", "backslashreplace").decode()
        if self._console.is_terminal and text.strip():
            margin = " " * (indent + hang)
            width = max(40, self._console.width)
            text = textwrap.fill(text, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)
        self._console.print(Text(text, style=_STYLES.get(style, style)))

    def _pair(self, name: str, value: object, indent: int = 2) -> None:
        self._line(f"{name:<10}{value}", indent=indent, hang=10)

    def head(self, title: str) -> None:
        """Who was tested, with what expectations, and what preflight saw."""
        report, subject = self._report, self._report["subject"]
        self._line(f"{report['interface']}: {title}", "bold")
        version = f" {subject['version']}" if subject["version"] else ""
        self._pair("Subject", f"{subject['name'] or subject['kind']}{version} at {subject['address']}", 0)
        for fault in subject["faults"]:
            self._pair("Fault", fault, 0)
        self._pair("Profile", f"{report['profile']['id']}, seed {report['seed']}", 0)
        for name, value in report["reach"].items():
            self._pair(name.replace("_", " ").capitalize(), f"{value} ({report['origins'].get(name)})", 0)
        for name, value in report["profile"]["settings"].items():
            if report["origins"].get(name, "default") != "default":
                self._pair("Setting", f"{name} = {value} ({report['origins'][name]})", 0)
        for document in report["documents"]:
            self._pair("Document", f"{document['file']}, the party's own, judges as well:", 0)
            for match in document["matches"]:
                self._line(f"{match['operation']:<16}{match['theirs'] or 'nothing in it fits'}", indent=10, hang=16)
        for name, source in report["profile"]["confirmed"].items():
            self._pair("Confirmed", f"{name} ({source})", 0)
        for name, keyword in report["profile"]["keywords"].items():
            self._pair("Keyword", f"{name} = {keyword}", 0)
        for check in report["preflight"]:
            style = {"failed": "failed", "warning": "warning"}.get(check["outcome"], "")
            self._line(f"Preflight {check['outcome']}: {check['check']}: {check['detail']}", style, hang=10)
            if check["next"]:
                self._line(f"What to do: {check['next']}", indent=10, hang=2)

    def failures(self) -> None:
        """Every failed clause, those that decide first."""
        failed = [verdict for verdict in self._report["verdicts"] if verdict["outcome"] == "failed"]
        failed.sort(key=lambda verdict: (verdict["new"], _order(verdict["effective"])))
        for verdict in failed:
            self._line()
            self._failure(verdict)

    def _failure(self, verdict: Mapping[str, Any]) -> None:
        decides = verdict["effective"] == "MUST" and not verdict["new"]
        word, style = ("FAILED", "failed") if decides else ("WARNING", "warning")
        party = f" for {verdict['party']}" if verdict["party"] else ""
        self._line(f"{word}  {_weight(verdict)}  {verdict['requirement']}{party}", style)
        self._line(verdict["title"], indent=2)
        for problem in verdict["problems"][:_SHOWN_PLACES]:
            self._pair("Where", problem["where"])
            if problem["object"]:
                self._pair("Object", ", ".join(f"{name} {value}" for name, value in problem["object"].items()))
            if problem["exchange"] in self._asked:
                self._pair("Request", f"{problem['exchange']}: {self._asked[problem['exchange']]}")
            self._pair("Expected", problem["expected"])
            self._pair("Actual", problem["actual"])
        rest = verdict["problem_count"] - min(_SHOWN_PLACES, len(verdict["problems"]))
        if rest:
            self._pair("", f"and {rest} more; the first 20 are in report.json")
        self._pair("Why", verdict["why"])
        self._pair("Fix", verdict["fix"])
        source = verdict["source"]
        self._pair("Source", f"{source['document']}, {source['section']} ({verdict['basis']})")
        self._pair("More", f"harness explain {verdict['requirement']}")

    def not_tested(self) -> None:
        """What was left open, and why; never folded away."""
        for outcome, title in (
            ("cannot_tell", "Cannot tell (a fault of the harness)"),
            ("untested", "Not tested"),
            ("inapplicable", "Not applicable here"),
        ):
            verdicts = [verdict for verdict in self._report["verdicts"] if verdict["outcome"] == outcome]
            if verdicts:
                self._line()
                self._line(f"{title} ({len(verdicts)})", "bold")
            for reason in dict.fromkeys(verdict["reason"] for verdict in verdicts):
                same = [verdict for verdict in verdicts if verdict["reason"] == reason]
                if len(same) == len(self._report["verdicts"]):
                    self._line(f"every clause: {reason}", indent=2, hang=2)
                    continue
                self._line(f"{reason}:", indent=2, hang=2)
                for verdict in same:
                    self._line(f"{_weight(verdict):<6}  {verdict['requirement']}", indent=4)

    def samples(self) -> None:
        """What was looked at in part only, and which part."""
        if self._report["sampled"]:
            self._line()
            self._line("Sampled", "bold")
        for sample in self._report["sampled"]:
            self._line(sample, indent=2, hang=2)

    def assumptions(self) -> None:
        """What is taken for true without the party's word, where a clause hangs on it."""
        open_ones = [
            entry for entry in self._report["assumptions"] if entry["confirmed"] is None and entry["requirements"]
        ]
        if open_ones:
            self._line()
            self._line("Assumed, not published", "bold")
        for entry in open_ones:
            self._line(f"{entry['setting']} = {entry['value']}", indent=2)
            self._line(f"Ask: {entry['question']}", indent=4)
            clauses = ", ".join(entry["requirements"])
            self._line(f"Until --confirm {entry['setting']}, at most a warning: {clauses}", indent=4)

    def totals(self) -> None:
        """Counts by effective keyword."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        columns = ("passed", "failed", "inapplicable", "cannot_tell", "untested")
        table.add_column("")
        for column in columns:
            table.add_column(column.replace("_", " "), justify="right")
        for keyword in KEYWORDS:
            counts = self._report["totals"][keyword]
            if any(counts.values()):
                table.add_row(keyword, *(str(counts[column]) for column in columns))
        self._line()
        self._console.print(table)

    def stages(self) -> None:
        """How far the party's onboarding would go."""
        if self._report["stages"]:
            self._line()
            self._line("Onboarding", "bold")
        for stage in self._report["stages"]:
            style = {"ready": "passed", "not ready": "failed"}.get(stage["state"], "")
            self._line(f"{stage['stage']:<16}{stage['state']}: {stage['title']}", style, indent=2, hang=16)
            if stage["because"]:
                word = "because of" if stage["state"] == "not ready" else "not tested:"
                self._line(f"{word} {', '.join(stage['because'])}", indent=18, hang=2)
            elif stage["reason"]:
                self._line(stage["reason"], indent=18, hang=2)

    def ending(self) -> None:
        """Where the report lies, and the verdict in one line."""
        code, reason = self._report["exit"], self._report["ended_by"]
        self._line()
        self._pair("Report", self._folder / "report.json", 0)
        self._pair("Record", self._folder / "run.jsonl", 0)
        style = "passed" if code == 0 else "failed"
        words = f"{self._verdict(code)} (exit code {code})"
        told = f": {reason}" if reason and reason != self._verdict(code) else ""
        self._line(f"Result    {words}{told}", style, hang=10)

    def _verdict(self, code: int) -> str:
        must, should = self._report["totals"]["MUST"], self._report["totals"]["SHOULD"]
        if code == 1 and must["failed"]:
            tested = must["passed"] + must["failed"]
            return f"not conforming: {must['failed']} of {tested} MUST clauses that were tested failed"
        if code == 1:
            return f"every MUST that was tested passed, but {should['failed']} SHOULD failed (--strict)"
        return _ENDINGS.get(code, "ended")


def _order(effective: str | None) -> int:
    return KEYWORDS.index(effective) if effective in KEYWORDS else len(KEYWORDS)


def _weight(verdict: Mapping[str, Any]) -> str:
    effective = verdict["effective"] or "off"
    weight = effective if effective == verdict["keyword"] else f"{effective} (a {verdict['keyword']} in the source)"
    return f"{weight}, new" if verdict["new"] else weight


def _requests(folder: Path) -> dict[str, str]:
    """Exchange id → request line, credential and status, for every exchange of the record."""
    return {entry["id"]: _request_line(entry) for entry in _exchanges(read(folder))}


def _exchanges(entries: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return (entry for entry in entries if entry.get("kind") == "exchange")


def _request_line(entry: Mapping[str, Any]) -> str:
    request, response = entry["request"], entry["response"]
    credential = request["credential"]
    shown = "without a token"
    if credential:
        shown = f"token {credential['altered']}" if credential["altered"] else f"token as {credential['form']}"
        shown += "" if credential["scheme"] in ("Token", None) else f" under {credential['scheme']}"
    answer = response["status"] if response else (entry["failure"] or {}).get("detail", "no answer")
    return f"{request['method']} {request['url']} ({shown}) -> {answer}"
