"""report.html: one page that works offline, in print and without script, and asks for nothing from anywhere."""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from harness.report.causes import Cause, anchor, causes
from harness.report.ending import result_words
from harness.report.html.findings import LONGEST_IN_A_ROW, cards
from harness.report.html.gathered import Gathered, gathered
from harness.report.html.location_map import location_map
from harness.report.html.moments import Moments
from harness.report.html.tables import LISTED_PARTIES, by_basis, coverage, left_open, parties, party_anchor
from harness.report.html.time_line import LEFT, WIDTH, TimeLine, time_line
from harness.report.html.time_table import rows
from harness.report.missing_hooks import advice, hook_of
from harness.report.next_step import is_served, once_more
from harness.report.record import read
from harness.report.selection import partial_run
from harness.report.situations import line_of, summed_up
from harness.report.summary import OUTCOMES
from harness.report.visible import visible

_TEMPLATES = Path(__file__).parent / "templates"
_SECTIONS = {
    "to-do": ("preflight", "decides", "known"),
    "warnings": ("warning", "new", "off"),
    "waived": ("waived",),
}
"""Where causes stand in the page, by their state."""


class Met(NamedTuple):
    """A situation that a client met: what the report says of it, the same in a line, its moments, the drawing, a table
    of the same with how many rows were left out, and the command that plays it again."""

    told: Mapping[str, Any]
    line: str
    moments: Moments
    drawn: TimeLine | None
    rows: list[tuple[str, str, str]]
    left_out: int
    again: str


def render(report: Mapping[str, Any], folder: Path) -> str:
    """The page of a report, with what the record in `folder` holds besides. Text of the subject stays text."""
    found = causes(report)
    record = gathered(report, read(folder))
    placed = [place for places in record.places.values() for place in places]
    kinds, chapters = coverage(report)
    by_party = parties(report, Counter(place.party for place in placed if place.party))
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            result=result_words(report),
            tone=_tone(report),
            sections={name: _of_states(found, states) for name, states in _SECTIONS.items()},
            cards=cards(report, found),
            longest_in_a_row=LONGEST_IN_A_ROW,
            by_basis=by_basis(report),
            outcomes=OUTCOMES,
            parties=by_party,
            most_parties=LISTED_PARTIES,
            linked={party.name for party in by_party[:LISTED_PARTIES]},
            left_open=left_open(report),
            selection=partial_run(report["selection"]) if report["selection"] else None,
            changed=_changed(report),
            served=is_served(report),
            again=once_more(report, "--again", "RUN"),
            maps={key: location_map(places) for key, places in record.places.items()},
            failing=[place for place in placed if place.state is not None],
            record=record,
            met=_met(report, record),
            summed_up=summed_up(report.get("situations", ())),
            drawn_width=WIDTH,
            drawn_left=LEFT,
            missing_hooks=_missing_hooks(report),
            kinds=kinds,
            chapters=chapters,
            style=_file("style.css"),
            style_hash=_hash("style.css"),
            script=_file("script.js"),
            script_hash=_hash("script.js"),
        )
    )


def _of_states(found: list[Cause], states: tuple[str, ...]) -> list[Cause]:
    return [cause for cause in found if cause.state in states]


def _tone(report: Mapping[str, Any]) -> str:
    """What the head looks like: ``passed``, ``failed`` or ``unknown``."""
    return {0: "passed", 1: "failed"}.get(report["exit"], "unknown")


def _met(report: Mapping[str, Any], record: Gathered) -> list[Met]:
    """Every situation that a client met, as far as anything was said of it."""
    return [
        Met(one, line_of(one), of_one, time_line(of_one, one["seconds"]), *rows(of_one), _again(report, one["name"]))
        for one in report.get("situations", ())
        if (of_one := record.moments.get(one["name"])) is not None
    ]


def _again(report: Mapping[str, Any], situation: str) -> str:
    return once_more(report, "--only", situation)


def _missing_hooks(report: Mapping[str, Any]) -> dict[str, str]:
    """By the reason for which clauses were not tested: what to put into harness.toml."""
    reasons = dict.fromkeys(one["reason"] for one in report["verdicts"] if one["outcome"] == "untested")
    found = {reason: advice(report, hook) for reason in reasons if (hook := hook_of(reason)) is not None}
    return {reason: "\n".join(lines) for reason, lines in found.items() if lines}


def _changed(report: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are not as they are by default."""
    origins = report["origins"]
    return {
        name: value
        for name, value in report["profile"]["settings"].items()
        if origins.get(name, "default") != "default"
    }


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    made.filters.update(
        anchor=anchor, party_anchor=party_anchor, number=_number, lines=_lines, moment=_moment, clipped=_clipped
    )
    return made


def _finalized(value: object) -> object:
    """Everything that is written into the page goes through here."""
    return value if isinstance(value, Markup) else visible(value)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")


def _lines(text: str) -> Markup:
    """Text of several lines, for a block that keeps them."""
    return Markup("\n").join(escape(visible(line)) for line in text.split("\n"))


def _clipped(text: str, longest: int) -> str:
    """No more of a text than a person will read."""
    return text if len(text) <= longest else f"{text[:longest]}… ({_number(len(text) - longest)} more characters)"


def _moment(told: str | None) -> str:
    """``2026-06-01 08:00:05 UTC``."""
    return f"{told[:10]} {told[11:19]} UTC" if told else "not known"


@cache
def _file(name: str) -> Markup:
    return Markup((_TEMPLATES / name).read_text("utf-8"))  # noqa: S704 - our own file


def _hash(name: str) -> str:
    return base64.b64encode(hashlib.sha256(str(_file(name)).encode()).digest()).decode()
