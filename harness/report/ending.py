"""What a run came to, in words."""

from collections.abc import Mapping
from typing import Any

from harness.model.verdict import LOST

CUT_OFF = "the run ended before this was decided"
"""Why a clause is untested in the record of a run that was killed."""

_ENDINGS = {
    0: "every MUST that was tested passed",
    3: "could not be tested: configuration, not conformance",
    4: "the harness itself misbehaved; please report it",
    5: "nothing was shown: no MUST was tested, or one was left out",
    130: "interrupted",
}
_KILLED = "killed before its end, or still going on; this is what was found by then"


def result_words(report: Mapping[str, Any]) -> str:
    """The result as one phrase: ``not conforming: 2 of 90 MUST clauses that were tested failed``."""
    code = report["exit"]
    must, should = report["totals"]["MUST"], report["totals"]["SHOULD"]
    tested = must["passed"] + must["failed"] + must["waived"]
    known = sum(_is_known(verdict) for verdict in report["verdicts"])
    spared = known if (report.get("baseline") or {}).get("fail_on") == "new" else 0
    if code == 1 and must["failed"] > spared:
        waived = f", {must['waived']} are waived" if must["waived"] else ""
        told = f"not conforming: {must['failed']} of {tested} MUST {_unit(report)} that were tested failed{waived}"
        return f"{told}, {known} of them known from the baseline" if known else told
    if code == 0 and must["failed"]:
        return f"nothing new: {must['failed']} of {tested} MUST {_unit(report)} failed, all known from the baseline"
    if code == 0 and must["waived"]:
        return f"every MUST that was tested passed, but for {must['waived']} of {tested}: waived"
    if code == 3 and str(report["ended_by"]).startswith(LOST):
        return "could not be tested to the end"
    if code == 1 and should["failed"]:
        return f"every MUST that was tested passed, but {should['failed']} SHOULD failed (--strict)"
    if code == 1:
        return "every MUST that was tested passed, but a waiver is stale, expired or contradictory (--strict)"
    if code == 5 and report["selection"] and not any(must.values()):
        return "no MUST is among the chosen clauses, and nothing else decides"
    return _KILLED if code is None else _ENDINGS.get(code, "ended")


def _unit(report: Mapping[str, Any]) -> str:
    """What is counted: with several parties, a clause counts once for each."""
    parties = {verdict["party"] for verdict in report["verdicts"] if verdict["party"]}
    return "clauses (each counted once per party)" if len(parties) > 1 else "clauses"


def _is_known(verdict: Mapping[str, Any]) -> bool:
    counts = verdict["effective"] == "MUST" and not verdict["new"]
    return counts and verdict["outcome"] == "failed" and not verdict["waived"] and bool(verdict.get("known"))


def result_line(report: Mapping[str, Any]) -> str:
    """The same with the exit code, and the reason where there is one."""
    words, reason = result_words(report), report["ended_by"]
    code = "no exit code" if report["exit"] is None else f"exit code {report['exit']}"
    told = f": {reason}" if reason and reason != words else ""
    return f"{words} ({code}){told}"
