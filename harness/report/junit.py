"""junit.xml: what CI systems read. One suite per interface and chapter, one case per clause and party.

Red is what makes ``harness check`` end with another code than 0: a MUST that counts (with ``--strict`` a SHOULD too) is
a failure; what nobody can tell, a preflight that stood in the way and a run that showed nothing or did not end are
errors. A warning (a SHOULD or MAY, a clause that is younger than the profile, what a baseline knew) is a passed case
that tells of it in its output, since it is to turn nothing red. What was not tested, does not apply or is waived is
skipped, with its reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from harness.report.causes import state_of
from harness.report.ending import result_line
from harness.report.exchanges import request_words
from harness.report.visible import visible

_SHOWN_PROBLEMS = 5
_LONGEST = 2_000
Report = Mapping[str, Any]


def render(report: Report, _folder: Path) -> str:
    """The file of one run."""
    return render_several([report])


def render_several(reports: Iterable[Report]) -> str:
    """One file for several runs."""
    reports = list(reports)
    root = ET.Element("testsuites", name="energy-harness")
    for report in reports:
        for suite in _suites(report):
            root.append(suite)
    root.set("time", f"{sum(map(_seconds, reports)):.3f}")
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suites(report: Report) -> Iterator[ET.Element]:
    yield _suite(report, "preflight and ending", [*_preflight(report), *_waivers(report), _ending(report)])
    by_chapter: dict[str, list[ET.Element]] = {}
    for verdict in report["verdicts"]:
        by_chapter.setdefault(verdict["requirement"].partition("/")[0], []).append(_case(report, verdict))
    for chapter, cases in by_chapter.items():
        yield _suite(report, chapter, cases)


def _suite(report: Report, chapter: str, cases: list[ET.Element]) -> ET.Element:
    of = {"reference": "self-check of the bundled reference, ", "file": "files, "}.get(report["subject"]["kind"], "")
    copy = "masked copy, " if report.get("copy") else ""
    party = f" for {report['party']}" if report.get("party") else ""
    kinds = [case[0].tag if len(case) else "" for case in cases]
    suite = ET.Element(
        "testsuite",
        name=_text(f"{copy}{of}{report['interface']}{party}: {chapter}"),
        tests=str(len(cases)),
        failures=str(kinds.count("failure")),
        errors=str(kinds.count("error")),
        skipped=str(kinds.count("skipped")),
        timestamp=report["started"][:19],
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(report):
        ET.SubElement(properties, "property", name=name, value=_text(value))
    suite.extend(cases)
    return suite


def _properties(report: Report) -> Iterator[tuple[str, object]]:
    subject = report["subject"]
    yield from (("interface", report["interface"]), ("profile", report["profile"]["id"]), ("seed", report["seed"]))
    yield from (("harness.version", report["harness"]["version"]), ("run", report["run"]))
    yield from ((f"subject.{name}", subject[name]) for name in ("kind", "name", "version", "address") if subject[name])
    yield from ((name, report[name]) for name in ("party", "copy") if report.get(name))


def _preflight(report: Report) -> Iterator[ET.Element]:
    for check in report["preflight"]:
        case = _new_case(report, "preflight", check["check"])
        told = f"{check['detail']}\nWhat to do: {check['next']}" if check["next"] else check["detail"]
        if check["outcome"] == "failed":
            _add(case, "error", told, message=check["detail"], type="configuration")
        elif check["outcome"] == "warning":
            _add(case, "system-out", f"WARNING {told}")
        yield case


def _waivers(report: Report) -> Iterator[ET.Element]:
    """Waivers that are no longer what they were meant for."""
    for waiver in report.get("waivers", ()):
        if waiver["state"] in ("stale", "expired", "contradictory"):
            party = f" [{waiver['party']}]" if waiver["party"] else ""
            case = _new_case(report, "waivers", f"{waiver['requirement']}{party}")
            told = f"{waiver['state']}: {waiver['told']}"
            if report.get("strict"):
                _add(case, "failure", told, message=told, type="waiver")
            else:
                _add(case, "system-out", f"WARNING {told}")
            yield case


def _ending(report: Report) -> ET.Element:
    """A run that did not come to its end, or that the harness itself spoilt, must not look green."""
    case = _new_case(report, "run", "came to its end")
    if report["exit"] not in (0, 1):
        _add(case, "error", result_line(report), message=result_line(report), type="ending")
    else:
        _add(case, "system-out", result_line(report))
    return case


def _case(report: Report, verdict: Mapping[str, Any]) -> ET.Element:
    party = f" [{verdict['party']}]" if verdict["party"] else ""
    chapter, _, name = verdict["requirement"].partition("/")
    case = _new_case(report, chapter, f"{name}{party}")
    if verdict["outcome"] == "cannot_tell":
        _add(case, "error", verdict["reason"], message=verdict["reason"], type="cannot_tell")
    elif verdict["outcome"] in ("untested", "inapplicable"):
        _add(case, "skipped", None, message=f"{verdict['outcome']}: {verdict['reason']}")
    elif verdict["outcome"] == "failed":
        _failed(case, report, verdict)
    return case


def _failed(case: ET.Element, report: Report, verdict: Mapping[str, Any]) -> None:
    state = state_of(verdict, report)
    first = verdict["problems"][0]
    message = f"expected {first['expected']}, actual {first['actual']}, at {first['where']}"
    told = "\n".join(_told(report, verdict))
    if state == "waived":
        waived = verdict["waived"]
        ticket = f", {waived['ticket']}" if waived.get("ticket") else ""
        reason = f"waived until {waived['until']}: {waived['reason']} ({waived['owner']}{ticket})"
        _add(case, "skipped", None, message=reason)
        _add(case, "system-out", told)
    elif state == "off":
        _add(case, "skipped", None, message=f"switched off in this profile; it failed: {message}")
    elif state == "decides":
        _add(case, "failure", told, message=message, type=verdict["effective"])
    else:
        word = {"new": "NEW, not scored yet", "known": "KNOWN from the baseline"}.get(state, "WARNING")
        _add(case, "system-out", f"{word}: {verdict['effective']} failed: {message}\n{told}")


def _told(report: Report, verdict: Mapping[str, Any]) -> Iterator[str]:
    """A failure in lines for a person."""
    yield verdict["title"]
    for problem in verdict["problems"][:_SHOWN_PROBLEMS]:
        named = ", ".join(f"{name} {value}" for name, value in problem["object"].items())
        asked = report.get("exchanges", {}).get(problem["exchange"])
        yield ""
        yield f"Where     {problem['where']}"
        if named:
            yield f"Object    {named}"
        if problem["exchange"]:
            yield f"Exchange  {problem['exchange']}{f': {request_words(asked)}' if asked else ''}"
        yield f"Expected  {problem['expected']}"
        yield f"Actual    {problem['actual']}"
    left = verdict["problem_count"] - min(_SHOWN_PROBLEMS, len(verdict["problems"]))
    if left:
        yield f"and {left} more"
    yield ""
    yield f"Why       {verdict['why']}"
    yield f"Fix       {verdict['fix']}"
    yield f"Source    {verdict['source']['document']}, {verdict['source']['section']} ({verdict['basis']})"
    yield f"More      harness explain {verdict['requirement']}"


def _new_case(report: Report, chapter: str, name: str) -> ET.Element:
    return ET.Element("testcase", classname=_text(f"{report['interface']}.{chapter}"), name=_text(name))


def _add(case: ET.Element, tag: str, text: str | None, **attributes: Any) -> None:
    made = ET.SubElement(case, tag, {name: _text(value) for name, value in attributes.items()})
    made.text = None if text is None else "\n".join(_text(line) for line in text.split("\n"))


def _text(value: object) -> str:
    """Text that XML may hold, no longer than a person reads."""
    text = visible(value).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _seconds(report: Report) -> float:
    """How long a run took, as far as it tells."""
    if report["finished"] is None:
        return 0
    begun, ended = (datetime.fromisoformat(report[name].replace("Z", "+00:00")) for name in ("started", "finished"))
    return (ended - begun).total_seconds()
