"""What does not count in a run, and why, in words: waivers, and what a baseline knew."""

from collections.abc import Iterator, Mapping
from typing import Any


def terms(waived: Mapping[str, Any]) -> str:
    """Who answers for it, why and until when: ``gateway strips them (ops, OPS-12, until 2027-03-01)``."""
    ticket = f", {waived['ticket']}" if waived.get("ticket") else ""
    more = f", and {waived['more']} waivers more" if waived.get("more") else ""
    return f"{waived['reason']} ({waived['owner']}{ticket}, until {waived['until']}{more})"


def excuse(verdict: Mapping[str, Any]) -> str | None:
    """What of a failed verdict does not count: all of it, or so many of its problems; None where all of it does."""
    if verdict["waived"]:
        return f"waived: {terms(verdict['waived'])}"
    told = [
        f"{verdict[name]} of {verdict['problem_count']} {words}"
        for name, words in (("waived_count", "waived"), ("known_count", "known from the baseline"))
        if verdict.get(name)
    ]
    return ", ".join(told) or None


def waivers(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every waiver of the run, its state first, and what it is about."""
    for one in report.get("waivers", ()):
        told = f"{one['count']} problem{'s' * (one['count'] != 1)}" if one["state"] == "used" else one["told"]
        yield f"{one['state']}: {meant(one)}", f"{told}; {terms(one)}; {one['origin']}"


def meant(waiver: Mapping[str, Any]) -> str:
    """What a waiver is for: its requirement, and of it the party, object and place."""
    about = waiver["object"]
    if isinstance(about, Mapping):
        about = ", ".join(f"{name} {glob}" for name, glob in about.items())
    party = f" for {waiver['party']}" if waiver["party"] else ""
    place = f", at {waiver['where']}" if waiver["where"] else ""
    return f"{waiver['requirement']}{party}{f', {about}' if about else ''}{place}"


def baseline(report: Mapping[str, Any]) -> str | None:
    """What a baseline knew, in one line; None where there is none."""
    known = report.get("baseline")
    if known is None:
        return None
    counts = "do not count" if known["fail_on"] == "new" else "count all the same (--fail-on all)"
    return (
        f"run {known['run']} of {known['started'][:19]}Z in {known['path']}: "
        f"{known['known']} problems are known from it and {counts}; {known['new']} are new"
    )
