"""The time line of one situation: the client, what went wrong, tokens, requests and failed clauses on one axis.

Every situation has an axis of its own, from its own beginning. Where much happens at once, one mark stands for all of
it, so that the drawing stays small whatever a client did.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from math import floor, log10
from typing import NamedTuple

from harness.report.html.moments import TOKENS, Asked, Issued, Moment, Moments, with_detail
from harness.report.html.time_marks import Dot, Mark, marks
from harness.report.situations import counted

WIDTH, LEFT, _RIGHT = 960.0, 104.0, 22.0
_ROW, _THIN, _TOP = 24.0, 16.0, 6.0
_TOKEN_LANES, _MOST_TOKENS, _MOST_SLOW = 5, 40, 15
_LANES = (TOKENS, "PUT", "PATCH", "DELETE", "GET", "Other")
_SHORTEST_PAUSE, _PAUSES = 0.08, 4
_MIN_SPAN_S = 1.0


class Lane(NamedTuple):
    """A row with its name; `y` is its middle."""

    name: str
    y: float


class Bar(NamedTuple):
    """A stretch of time in a lane. `end` says how it ends: ``open`` beyond the edge, ``over``, ``cut``."""

    x: float
    width: float
    y: float
    kind: str
    end: str
    text: str
    told: str


@dataclass
class TimeLine:
    """What a template draws."""

    height: float
    seconds: float
    lanes: list[Lane]
    ticks: list[tuple[float, str]]
    bars: list[Bar]
    marks: list[Mark]
    pauses: list[Bar]
    more_tokens: int
    words: str


@dataclass
class _Drawing:
    start: datetime
    seconds: float
    lanes: list[Lane] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    bottom: float = _TOP

    def lane(self, name: str, height: float = _ROW) -> float:
        """A further row; its middle."""
        middle = self.bottom + height / 2
        self.lanes.append(Lane(name, round(middle, 1)))
        self.bottom += height
        return round(middle, 1)

    def second(self, at: datetime) -> float:
        """Seconds from the beginning, within the drawing."""
        return min(max(0.0, (at - self.start).total_seconds()), self.seconds)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def x(self, second: float) -> float:
        return round(LEFT + second / self.seconds * (WIDTH - LEFT - _RIGHT), 1)

    def dot(self, at: datetime, y: float, kind: str, spoilt: bool, told: str, exchange: str) -> None:
        second = self.second(at)
        self.dots.append(Dot(self.x(second), second, y, kind, spoilt, told, exchange))

    def bar(self, first: datetime, last: datetime, y: float, kind: str, end: str, text: str, told: str) -> None:
        x, right = self.x(self.second(first)), self.x(self.second(last))
        self.bars.append(Bar(x, round(max(1.5, right - x), 1), y, kind, end, text, told))


def time_line(met: Moments, seconds: float | None) -> TimeLine | None:
    """The drawing of a situation that took so long; None where nothing happened in it."""
    instants = met.instants
    if not instants:
        return None
    start = min(instants)
    begun = any(one.kind == "started" and one.at == start for one in met.happened)
    span = (max(instants) - start).total_seconds()
    drawing = _Drawing(start, max(span, seconds or 0 if begun else 0, _MIN_SPAN_S))
    _draw_client(drawing, met)
    _draw_faults(drawing, met)
    more = _draw_tokens(drawing, met)
    _draw_requests(drawing, met)
    _draw_hooks(drawing, met)
    _draw_failed(drawing, met)
    pauses = _pauses(drawing, met.asked)
    ticks = [(drawing.x(at), f"{at:g} s") for at in _round_seconds(drawing.seconds)]
    return TimeLine(
        round(drawing.bottom, 1), drawing.seconds, drawing.lanes, ticks, drawing.bars, marks(drawing.dots, WIDTH - 8),
        pauses, more, words(met),
    )  # fmt: skip


def words(met: Moments) -> str:
    """All of it in a sentence, for who does not see the drawing."""
    came: dict[str, int] = {}
    for one in met.asked:
        came[one.came] = came.get(one.came, 0) + 1
    spelt = {"done": "done", "refused": "refused by OCPI's status code", "4xx": "with 4xx", "5xx": "with 5xx"}
    told = ", ".join(f"{count} {spelt.get(kind, 'without an answer')}" for kind, count in came.items())
    spoilt = sum(one.spoilt for one in met.asked)
    parts = [f"{counted(len(met.asked), 'request')}{f': {told}' if told else ''}"]
    parts += [f"{spoilt} spoilt on purpose"] if spoilt else []
    parts.append(counted(len(met.issued), "access token"))
    parts += [f"{counted(len(met.hooks), 'call')} of a hook"] if met.hooks else []
    clauses = len({one.requirement for one in met.failed})
    parts.append(f"{counted(clauses, 'clause')} failed here" if clauses else "no clause failed here")
    return "; ".join(parts)


def _draw_client(drawing: _Drawing, met: Moments) -> None:
    lives = [one for one in met.happened if one.kind in ("started", "ended", "stopped", "killed")]
    if not lives:
        return
    y = drawing.lane("Client", _THIN + 4)
    since: datetime | None = drawing.start if lives[0].kind != "started" else None
    for one in lives:
        if one.kind != "started" and since is not None:
            drawing.bar(since, one.at, y, "client", "over", "", f"the client ran until it was {one.kind}")
        since = one.at if one.kind == "started" else None
        told = f"{'the client ' if one.kind == 'ended' else ''}{one.kind}{with_detail(one)}"
        drawing.dot(one.at, y, one.kind, False, told, "")
    if since is not None:
        end = drawing.end
        drawing.bar(since, end, y, "client", "open", "", "the client went on running")


def _draw_faults(drawing: _Drawing, met: Moments) -> None:
    spoilt = [one for one in met.asked if one.spoilt]
    troubles = [one for one in met.happened if one.kind in ("troubled", "well")]
    if not spoilt and not troubles:
        return
    y = drawing.lane("On purpose", _THIN + 4)
    since: Moment | None = None
    for one in troubles:
        if one.kind == "troubled":
            since = one
        elif since is not None:
            drawing.bar(since.at, one.at, y, "trouble", "over", "", f"faults may strike: {since.detail}")
            since = None
    if since is not None:
        end = drawing.end
        drawing.bar(since.at, end, y, "trouble", "open", "", f"faults may strike: {since.detail}")
    for asked in spoilt:
        told = f"{asked.trouble or 'altered'} on purpose: {asked.lane}"
        drawing.dot(asked.sent, y, "fault", False, told, asked.id)


def _draw_tokens(drawing: _Drawing, met: Moments) -> int:
    """A bar from the answer that brought it to its end by ``expires_in``, cut where it was refused for good."""
    own = {one.n: one for one in met.issued}
    shown = dict.fromkeys(one.token for one in met.asked if one.token in met.known)
    tokens = [*(met.known[n] for n in shown if n is not None and n not in own), *own.values()]
    free = list[datetime]()
    first_y = drawing.bottom
    for number, token in enumerate(tokens[:_MOST_TOKENS], 1):
        end, how = _end_of(drawing, met, token)
        begin = max(token.at, drawing.start)
        lane = next((at for at, until in enumerate(free) if until <= begin), None)
        if lane is None and len(free) < _TOKEN_LANES:
            drawing.lane("Access tokens" if not free else "", _THIN)
            free.append(end)
        lane = len(free) - 1 if lane is None else lane
        free[lane] = max(end, free[lane])
        lasts = f"{token.lasts_s:g} s" if token.lasts_s is not None else "no end told"
        told = f"token {number}: {lasts}{', of an earlier situation' if token.n not in own else ''}"
        told += {"cut": ", refused before its end", "over": ", over by expires_in", "open": ""}[how]
        drawing.bar(begin, end, first_y + _THIN * (lane + 0.5), "token", how, f"token {number}, {lasts}", told)
    return max(0, len(tokens) - _MOST_TOKENS)


def _end_of(drawing: _Drawing, met: Moments, token: Issued) -> tuple[datetime, str]:
    uses = [one for one in met.asked if one.token == token.n]
    good = max((at for at, one in enumerate(uses) if one.answer != "401"), default=-1)
    if good + 1 < len(uses):
        return uses[good + 1].sent, "cut"
    edge = drawing.end
    if token.lasts_s is None or token.lasts_s > (edge - token.at).total_seconds():
        return edge, "open"
    return token.at + timedelta(seconds=token.lasts_s), "over"


def _draw_requests(drawing: _Drawing, met: Moments) -> None:
    for lane in _LANES:
        of_lane = [one for one in met.asked if one.lane == lane]
        if not of_lane:
            continue
        y = drawing.lane("Token request" if lane == TOKENS else lane)
        slow = [one for one in of_lane if (one.received - one.sent).total_seconds() > drawing.seconds / 60]
        for one in slow[:_MOST_SLOW]:
            waited = f"{one.id} took {(one.received - one.sent).total_seconds():.1f} s"
            drawing.bar(one.sent, one.received, y, "waiting", "over", "", waited)
        for one in of_lane:
            told = f"{lane} {one.answer}{' (spoilt on purpose)' if one.spoilt else ''}"
            drawing.dot(one.sent, y, one.came, one.spoilt, told, one.id)


def _draw_hooks(drawing: _Drawing, met: Moments) -> None:
    if met.hooks:
        y = drawing.lane("Hooks", _THIN + 4)
        for one in met.hooks:
            told = f"hook {one.kind}{f': {one.detail}' if one.detail else ''}"
            drawing.dot(one.at, y, "hook", False, told, "")


def _draw_failed(drawing: _Drawing, met: Moments) -> None:
    """At the exchange that shows it; at the end where it is the conversation as a whole that does."""
    if met.failed:
        y = drawing.lane("Failed")
        sent = {one.id: one.sent for one in met.asked}
        for one in met.failed:
            at = sent.get(one.exchange, drawing.end)
            drawing.dot(at, y, f"failed {one.weight}", False, one.requirement, one.exchange)


def _pauses(drawing: _Drawing, asked: Sequence[Asked]) -> list[Bar]:
    """The longest pauses between two requests, in the order of time, in a lane of their own."""
    seconds = [drawing.second(one.sent) for one in asked]
    gaps = sorted(((after - before, before) for before, after in pairwise(seconds)), reverse=True)[:_PAUSES]
    wide = [gap for gap in gaps if gap[0] >= max(_SHORTEST_PAUSE * drawing.seconds, 0.5)]
    if not wide:
        return []
    y, scale = drawing.lane("Pauses", _THIN + 2), drawing.x(drawing.seconds) - drawing.x(0)
    return [
        Bar(drawing.x(before), round(length / drawing.seconds * scale, 1), y, "pause", "over", f"{length:.1f} s", "")
        for length, before in sorted(wide, key=lambda gap: gap[1])
    ]


def _round_seconds(seconds: float) -> Iterable[float]:
    power = 10.0 ** floor(log10(seconds / 5))
    step = max(factor * power for factor in (1, 2, 5) if factor * power <= seconds / 5 * 1.0001)
    return [round(number * step, 6) for number in range(int(seconds / step) + 1)]
