"""report.md: for a pull request, a ticket or a chat. Under 200 kB whatever was found; its first five lines stand alone.

Everything that came from a subject or from a user stands in code, where no markup, link, mention or HTML is read.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

from harness.report.causes import Cause, FailedClause, causes
from harness.report.ending import result_line
from harness.report.exchanges import request_words
from harness.report.missing_hooks import advice, hook_of
from harness.report.next_step import explained, is_served, judged_again
from harness.report.selection import partial_run
from harness.report.situations import line_of, met_by_client
from harness.report.summary import KEYWORDS, OUTCOMES
from harness.report.visible import visible
from harness.report.weights import weight_words

Report = Mapping[str, Any]
LARGEST = 190_000
"""Bytes in all; what is left to 200 kB is for the sentences on what was left out."""
_SHOWN_PROBLEMS = 3
_LONGEST = 300
_WORST = 3
_TO_DO, _ELSE = ("preflight", "decides"), ("known", "warning", "new", "off")


def render(report: Report, _folder: Path) -> str:
    """The page."""
    page = _Page()
    page.add("\n".join(_summary(report)) + "\n")
    found = causes(report)
    to_do = [cause for cause in found if cause.state in _TO_DO]
    warnings = [cause for cause in found if cause.state in _ELSE]
    page.section("What to do", [_cause(report, cause) for cause in to_do], "causes", share=0.5)
    page.section("Warnings", [_cause(report, cause) for cause in warnings], "warnings", share=0.6)
    waived = [_waived(cause) for cause in found if cause.state == "waived"]
    page.section("Waived", [*waived, *_waivers(report)], "lines", share=0.7)
    page.section("Not tested, and why", list(_not_tested(report)), "reasons", share=0.85)
    page.section("Assumed, not published", list(_assumptions(report)), "assumptions", share=0.93)
    page.section("Time line", list(_time_line(report)), "situations", share=0.97)
    page.section("The run", list(_about(report)), "lines", share=1)
    return page.text


def code(text: object, longest: int = _LONGEST) -> str:
    """The text as code, where nothing in it means anything: the fence is longer than any run of backticks in it."""
    shown = visible(text) or " "
    shown = shown if len(shown) <= longest else f"{shown[:longest]}…"
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: object) -> str:
    """Words of ours, in which nothing is markup either."""
    escaped = re.sub(r"([\\`*<>\[\]|~#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))", r"\\\1", visible(text))
    return escaped.replace("@", "@\u2060").replace("://", ":\u2060//").replace("www.", "www\u2060.")


class _Page:
    """Text that stays within bounds: of what would make it too long, the number is told."""

    def __init__(self) -> None:
        self.text = ""
        self._bytes = 0

    def add(self, text: str) -> None:
        self.text += text
        self._bytes += len(text.encode())

    def section(self, title: str, parts: list[str], what: str, *, share: float) -> None:
        """A heading and as many of the parts as fit into this share of the page; nothing where there are none."""
        if not parts:
            return
        self.add(f"\n## {title}\n\n")
        for number, part in enumerate(parts):
            if self._bytes + len(part.encode()) > share * LARGEST:
                left = len(parts) - number
                self.add(
                    f"\nAnd {left} more {what}, left out to keep this page small: see report.html, findings.csv.\n"
                )
                return
            self.add(part)


def _summary(report: Report) -> Iterator[str]:
    """Five lines: the result, counts, the profile, the worst clauses, where the rest is."""
    mark = {0: "✅", 1: "❌"}.get(report["exit"], "⚠️")
    kind = {"reference": "self-check of the bundled reference, not of a system: "}.get(report["subject"]["kind"], "")
    copy = f"{report['copy']} " if report.get("copy") else ""
    party = f" for {code(report['party'])} alone" if report.get("party") else ""
    yield f"{copy}{mark} **{report['interface']}**{party}: {kind}{_result(report)}  "
    yield " · ".join(_counts(report)) + "  "
    partial = f", {code(partial_run(report['selection']))}" if report["selection"] else ""
    yield f"Profile {code(report['profile']['id'])}, {_subject(report)}{partial}  "
    failed = [clause for cause in causes(report) if cause.state in _TO_DO for clause in cause.clauses]
    worst = ", ".join(f"{code(one.requirement)} ({one.problem_count})" for one in failed[:_WORST])
    more = f" and {len(failed) - _WORST} more clauses" if len(failed) > _WORST else ""
    tested = any(report["totals"]["MUST"][name] for name in ("passed", "failed", "waived"))
    yield f"Worst: {worst}{more}  " if failed else f"No MUST {'that counts failed' if tested else 'was tested'}.  "
    yield f"Run {code(report['run'])} of {report['started'][:19]}Z; all of it is in report.html and findings.csv."


def _result(report: Report) -> str:
    words, reason = result_line(report), report["ended_by"]
    told = str(reason) if reason else ""
    return prose(words.removesuffix(f": {told}")) + (f": {code(told)}" if told and words.endswith(told) else "")


def _counts(report: Report) -> Iterator[str]:
    for keyword in KEYWORDS:
        counts = report["totals"][keyword]
        told = [f"{counts[name]} {name.replace('_', ' ')}" for name in OUTCOMES if counts[name]]
        if told:
            yield f"{keyword}: {', '.join(told)}"


def _subject(report: Report) -> str:
    subject = report["subject"]
    version = f" {code(subject['version'])}" if subject["version"] else ""
    where = f" at {code(subject['address'])}" if subject["address"] else ""
    return f"subject {code(subject['name'] or subject['kind'])}{version}{where}"


def _cause(report: Report, cause: Cause) -> str:
    lines = [] if len(cause.clauses) == 1 else [f"### {prose(cause.said)}", ""]
    if cause.check is not None:
        lines = [f"### {code(cause.check['check'])}: {code(cause.check['detail'])}", ""]
        lines += [f"What to do: {code(cause.check['next'])}", ""] if cause.check["next"] else []
    for clause in cause.clauses:
        lines += [*_clause(report, cause, clause), ""]
    return "\n".join(lines) + "\n"


def _clause(report: Report, cause: Cause, clause: FailedClause) -> Iterator[str]:
    told, level = clause.told, "###" if len(cause.clauses) == 1 else "####"
    parties = f" for {', '.join(map(code, clause.parties[:5]))}" if clause.parties else ""
    parties += f" and {len(clause.parties) - 5} more parties" if len(clause.parties) > 5 else ""
    yield f"{level} {_weight(clause)} {code(clause.requirement)}{parties}"
    yield ""
    yield prose(told["title"])
    yield ""
    shown = list(clause.problems)[:_SHOWN_PROBLEMS]
    for problem in shown:
        yield from _problem(report, problem)
    if left := clause.problem_count - len(shown):
        yield f"- and {left} more"
    yield f"- **Why** {prose(told['why'])}"
    yield f"- **Fix** {prose(told['fix'])}"
    yield f"- **Source** {prose(told['source']['document'])}, {prose(told['source']['section'])} ({told['basis']})"
    yield f"- **More** {code(explained(clause.requirement))}"
    told_next = "send it again to" if is_served(report) else ""
    again = judged_again(report, clause.requirement, clause.problems)
    yield f"- **Next** {told_next}{' ' * bool(told_next)}{code(again)}"
    asked = next((one for problem in shown if (one := _asked(report, problem))), None)
    if asked and asked["curl"]:
        yield ""
        yield "To see it once more:"
        yield ""
        yield fenced(asked["curl"], "sh")


def _weight(clause: FailedClause) -> str:
    more = {"new": ", new, not scored yet", "known": ", known from the baseline"}.get(clause.state, "")
    return weight_words(clause.told) + more


def _problem(report: Report, problem: Mapping[str, Any]) -> Iterator[str]:
    named = ", ".join(f"{prose(name)} {code(value)}" for name, value in problem["object"].items())
    yield f"- **Expected** {code(problem['expected'])} **Actual** {code(problem['actual'])}"
    yield f"  at {code(problem['where'])}{f' of {named}' if named else ''}"
    if problem.get("situation") in {one["name"] for one in met_by_client(report)}:
        yield f"  in the situation {code(problem['situation'])}"
    if asked := _asked(report, problem):
        yield f"  in {code(problem['exchange'] + ': ' + request_words(asked))}"
    elif problem["exchange"]:
        yield f"  in {code(problem['exchange'])}"


def _asked(report: Report, problem: Mapping[str, Any]) -> Mapping[str, Any] | None:
    asked: Mapping[str, Any] | None = report.get("exchanges", {}).get(problem["exchange"])
    return asked


def fenced(text: str, language: str) -> str:
    """A fenced block; the fence is longer than any in it."""
    lines = "\n".join(visible(line) for line in text.split("\n"))
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", lines)), default=0))
    return f"{fence}{language}\n{lines}\n{fence}"


def _waived(cause: Cause) -> str:
    return "".join(
        f"- {code(clause.requirement)} ({clause.problem_count}), until {code(clause.told['waived']['until'])}: "
        f"{code(clause.told['waived']['reason'])} ({code(clause.told['waived']['owner'])})\n"
        for clause in cause.clauses
    )


def _waivers(report: Report) -> Iterator[str]:
    for waiver in report.get("waivers", ()):
        if waiver["state"] not in ("used", "untested"):
            yield f"- a waiver for {code(waiver['requirement'])} is {waiver['state']}: {code(waiver['told'])}\n"


def _not_tested(report: Report) -> Iterator[str]:
    by_reason: dict[tuple[str, str], list[str]] = {}
    for outcome in ("cannot_tell", "untested", "inapplicable"):
        for verdict in report["verdicts"]:
            if verdict["outcome"] == outcome:
                by_reason.setdefault((outcome, verdict["reason"]), []).append(verdict["requirement"])
    for (outcome, reason), names in by_reason.items():
        distinct = list(dict.fromkeys(names))
        every = len(names) == len(report["verdicts"])
        clauses = "every clause" if every else ", ".join(map(code, distinct))
        yield f"- {outcome.replace('_', ' ')}, {code(reason)}: {clauses}\n"
        if (hook := hook_of(reason)) and (lines := advice(report, hook)):
            yield "\n  Put into harness.toml:\n\n" + indent(fenced("\n".join(lines), "toml"), "  ") + "\n\n"


def _time_line(report: Report) -> Iterator[str]:
    """A line for every situation that a client met; what was said in it, report.html draws."""
    for one in met_by_client(report):
        yield f"- {code(one['name'])}: {prose(line_of(one))}\n"


def _assumptions(report: Report) -> Iterator[str]:
    way = "confirmed, in harness.toml:" if is_served(report) else "--confirm"
    for entry in report["assumptions"]:
        if entry["confirmed"] is None and entry["requirements"]:
            name, count = entry["setting"], len(entry["requirements"])
            hang = f"{count} clauses are at most warnings" if count > 1 else "one clause is at most a warning"
            yield (
                f"- {code(name + ' = ' + str(entry['value']))}: {prose(entry['question'])} "
                f"Until {code(way + ' ' + name)}, {hang}.\n"
            )


def _about(report: Report) -> Iterator[str]:
    for check in report["preflight"]:
        yield f"- preflight {check['outcome']}: {code(check['check'])}, {code(check['detail'])}\n"
    for name, value in report["profile"]["settings"].items():
        if report["origins"].get(name, "default") != "default":
            yield f"- setting {code(name + ' = ' + str(value))} ({code(report['origins'][name])})\n"
    yield from (f"- sampled: {code(entry)}\n" for entry in report["sampled"])
    yield f"- energy-harness {code(report['harness']['version'])}, seed {report['seed']}; this is no certification\n"
