"""The summary of a run for a person at a terminal: what failed and what to do, what was not tested, what is assumed."""

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.model.verdict import LOST, UNSHOWN
from harness.report.causes import state_of
from harness.report.ending import result_line
from harness.report.exchanges import request_words
from harness.report.excused import baseline, excuse, waivers
from harness.report.grouped import failed_clauses, of_files, of_parties
from harness.report.missing_hooks import advice, hook_of
from harness.report.next_step import is_served, judged_again
from harness.report.selection import partial_run
from harness.report.situations import met_by_client, summed_up
from harness.report.summary import KEYWORDS
from harness.report.visible import encodable, visible
from harness.report.weights import counted_by_weight, order, weight_words

NOT_TESTABLE = 3
"""The exit code where the subject could not be tested."""

_SHOWN_PLACES = 3
_SEEN = ("passed", "failed")
_WORDS = {"decides": ("FAILED", "failed"), "known": ("KNOWN", "warning"), "waived": ("WAIVED", "dim")}
"""Of a failed verdict, by how much it weighs; all else is a warning."""
_STYLES = {"failed": "bold red", "warning": "yellow", "passed": "green", "dim": "dim"}


def print_report(folder: Path, report: Mapping[str, Any], out: TextIO | None = None, *, title: str) -> None:
    """Print the summary of the run in `folder`. Colour only on a terminal; text of the subject is made harmless."""
    out = out or sys.stdout
    console = Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=True)
    page = _Page(console, folder, report, encodable(out))
    page.head(title)
    if report["exit"] == NOT_TESTABLE and not any(one["outcome"] in _SEEN for one in report["verdicts"]):
        page.nothing()  # what stands in the way stands above: a list of all clauses would bury it
        page.ending()
        return
    page.failures()
    page.not_tested()
    page.samples()
    page.second_attempts()
    page.assumptions()
    page.waivers()
    page.situations()
    page.totals()
    page.stages()
    page.ending()


class _Page:
    def __init__(self, console: Console, folder: Path, report: Mapping[str, Any], unicode: bool) -> None:
        self._console = console
        self._folder = folder
        self._report = report
        self._unicode, self._met = unicode, {one["name"] for one in met_by_client(report)}
        self._asked = {name: request_words(one) for name, one in report.get("exchanges", {}).items()}

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
        told = [
            subject["name"] or subject["kind"],
            subject["version"],
            subject["address"] and f"at {subject['address']}",
        ]
        self._pair("Subject", " ".join(filter(None, told)), 0)
        for fault in subject["faults"]:
            self._pair("Fault", fault, 0)
        if report["selection"]:
            self._pair("Selection", partial_run(report["selection"]), 0)
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
        failed = failed_clauses(self._report)
        failed.sort(key=lambda verdict: (verdict["new"], order(verdict["effective"])))
        for verdict in failed:
            self._line()
            self._failure(verdict)

    def _failure(self, verdict: Mapping[str, Any]) -> None:
        word, style = _WORDS.get(state_of(verdict, self._report), ("WARNING", "warning"))
        party = f" for {verdict['party']}" if verdict["party"] else ""
        self._line(f"{word}  {_weight(verdict)}  {verdict['requirement']}{party}", style)
        self._line(verdict["title"], indent=2)
        excused = excuse(verdict)
        if excused is not None:
            self._pair("Excused", excused)
        if word == "WAIVED":
            return
        for name, value in verdict.get("told", {}).items():
            self._pair(name, value)
        for problem in verdict["problems"][:_SHOWN_PLACES]:
            self._pair("Where", problem["where"])
            if problem["object"]:
                self._pair("Object", ", ".join(f"{name} {value}" for name, value in problem["object"].items()))
            if problem["exchange"] in self._asked:
                self._pair("Request", f"{problem['exchange']}: {self._asked[problem['exchange']]}")
            if problem.get("situation") in self._met:
                self._pair("Situation", problem["situation"])
            self._pair("Expected", problem["expected"])
            self._pair("Actual", problem["actual"])
        rest = verdict["problem_count"] - min(_SHOWN_PLACES, len(verdict["problems"]))
        if rest:
            self._pair("", f"and {rest} more; the first 20 are in report.json")
        for failed, passed in verdict.get("unstable", ())[:1]:
            self._pair("Unstable", f"{failed} failed this, {passed}, the same request, did not")
        self._pair("Why", verdict["why"])
        self._pair("Fix", verdict["fix"])
        source = verdict["source"]
        self._pair("Source", f"{source['document']}, {source['section']} ({verdict['basis']})")
        self._pair("More", f"harness explain {verdict['requirement']}")
        if self._met:
            self._pair("Again", judged_again(self._report, verdict["requirement"], verdict["problems"]))

    def nothing(self) -> None:
        """That nothing was tested at all."""
        self._line()
        self._line(f"Not tested: each of the {len(self._report['verdicts'])} clauses; report.html lists them", "bold")

    def not_tested(self) -> None:
        """What was left open, and why; never folded away."""
        for outcome, is_lost, title in (
            ("cannot_tell", False, "Cannot tell (a fault of the harness)"),
            ("cannot_tell", True, "Cannot tell (the subject went away)"),
            ("untested", False, "Not tested"),
            ("inapplicable", False, "Not applicable here"),
        ):
            verdicts = [
                verdict
                for verdict in self._report["verdicts"]
                if verdict["outcome"] == outcome and is_lost == str(verdict["reason"]).startswith(LOST)
            ]
            if verdicts:
                self._line()
                self._line(f"{title} ({len(verdicts)})", "bold")
            for reason in dict.fromkeys(verdict["reason"] for verdict in verdicts):
                same = [verdict for verdict in verdicts if verdict["reason"] == reason]
                if reason == UNSHOWN and self._report["subject"]["kind"] == "client":
                    self._line(f"{reason}: {counted_by_weight(same)}; report.html lists them", indent=2, hang=2)
                    continue  # what a client happened to send to a mock: the list would bury what failed
                self._line(f"{reason}:", indent=2, hang=2)
                for text in dict.fromkeys(f"{_weight(verdict):<6}  {verdict['requirement']}" for verdict in same):
                    self._line(text, indent=4)
                self._missing_hook(hook_of(reason))

    def _missing_hook(self, hook: str | None) -> None:
        if hook is not None and (lines := advice(self._report, hook)):
            self._line("Put into harness.toml:", indent=4)
            self._console.print(Text("\n".join(f"      {line}" for line in lines)))

    def situations(self) -> None:
        """What a client met, in one line."""
        if met := met_by_client(self._report):
            self._line()
            self._line(summed_up(met), hang=2)

    def samples(self) -> None:
        """What was looked at in part only, and which part."""
        if self._report["sampled"]:
            self._line()
            self._line("Sampled", "bold")
        for sample in self._report["sampled"]:
            self._line(sample, indent=2, hang=2)

    def second_attempts(self) -> None:
        """What passed: answers that did not come at once."""
        retried = self._report["retried"]
        if retried:
            told = ", ".join(f"{count} after {troubles}" for troubles, count in retried.items())
            count = sum(retried.values())
            self._line()
            self._line(
                f"Tried again: {count} answer{'s' * (count > 1)} came only at a further attempt ({told})", hang=2
            )

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
            of_mock = is_served(self._report)  # harness serve has no --confirm
            until = "harness.toml has it confirmed" if of_mock else f"--confirm {entry['setting']}"
            self._line(f"Until {until}, at most a warning: {clauses}", indent=4)

    def waivers(self) -> None:
        """Every waiver, and what has become of it."""
        for number, (state, told) in enumerate(waivers(self._report)):
            if not number:
                self._line()
                self._line("Waivers", "bold")
            self._line(state, "" if state.startswith(("used", "untested")) else "warning", indent=2, hang=2)
            self._line(told, indent=4)

    def totals(self) -> None:
        """Counts by effective keyword; of files also by party, and what they do not show."""
        columns = ("passed", "failed", "waived", "inapplicable", "cannot_tell", "untested")
        counts = ((keyword, self._report["totals"][keyword]) for keyword in KEYWORDS)
        rows = [(keyword, *(str(of[column]) for column in columns)) for keyword, of in counts if any(of.values())]
        self._table([("", *(column.replace("_", " ") for column in columns)), *rows])
        self._table(of_parties(self._report))
        for text in of_files(self._report):
            self._line(text)

    def _table(self, rows: list[tuple[str, ...]]) -> None:
        """The first row is the head; nothing where there is no more."""
        if len(rows) > 1:
            table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
            for number, column in enumerate(rows[0]):
                table.add_column(column, justify="right" if number else "left")
            for row in rows[1:]:
                table.add_row(*map(visible, row))
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
                word = {"not ready": "because of", "ready": "but for"}.get(stage["state"], "not tested:")
                why = f" ({stage['reason']})" if stage["state"] == "ready" else ""
                self._line(f"{word} {', '.join(stage['because'])}{why}", indent=18, hang=2)
            elif stage["reason"]:
                self._line(stage["reason"], indent=18, hang=2)

    def ending(self) -> None:
        """Where the report lies, and the verdict in one line."""
        self._line()
        self._pair("Report", self._folder / "report.html", 0)
        self._pair("Record", self._folder / "run.jsonl", 0)
        if self._report["selection"]:
            self._pair("Selection", partial_run(self._report["selection"]), 0)
        known = baseline(self._report)
        if known is not None:
            self._pair("Baseline", known, 0)
        self._line(
            f"Result    {result_line(self._report)}", "passed" if self._report["exit"] == 0 else "failed", hang=10
        )


def _weight(verdict: Mapping[str, Any]) -> str:
    return weight_words(verdict) + (", new" if verdict["new"] else "")
