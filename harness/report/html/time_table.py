"""The time line of one situation as a table, for who does not see the drawing, and for paper."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from harness.report.html.moments import TOKENS, Asked, Issued, Moments, with_detail

_FINE, _MOST = 40, 120
"""So many rows may tell every request with those that are like it beside it; and so many are there at all."""
_CALLED: Mapping[str, str] = {
    "started": "the client was started", "ended": "the client ended by itself", "stopped": "the client was stopped",
    "killed": "the client was killed", "troubled": "faults begin", "well": "faults end",
}  # fmt: skip


class _Row(NamedTuple):
    """What happened from one moment to another. What is `plain` may be told together with what is beside it."""

    first: datetime
    last: datetime
    what: Counter[str]
    came: str
    plain: bool


def rows(met: Moments) -> tuple[list[tuple[str, str, str]], int]:
    """The same facts as lines ``(when, what, came)``, and how many were left out. Requests in a row that are alike are
    one line; where that makes too many lines, so are all in a row that were done."""
    if not met.instants:
        return [], 0
    start = min(met.instants)
    failed: dict[str, list[str]] = {}
    for one in met.failed:
        if one.requirement not in failed.setdefault(one.exchange, []):
            failed[one.exchange].append(one.requirement)
    single = sorted(_single(met, failed), key=lambda row: row.first)
    found = list(_merged(single, alike=True))
    if len(found) > _FINE:
        found = list(_merged(single, alike=False))
    lines = [(_when(start, row.first, row.last), _what(row.what), row.came) for row in found[:_MOST]]
    lines += [("the whole", "the conversation", f"fails {name}") for name in failed.get("", ())[:20]]
    return lines, max(0, len(found) - _MOST)


def _single(met: Moments, failed: Mapping[str, list[str]]) -> Iterator[_Row]:
    for one in met.happened:
        yield _Row(one.at, one.at, Counter([f"{_CALLED.get(one.kind, one.kind)}{with_detail(one)}"]), "", False)
    for one in met.hooks:
        yield _Row(one.at, one.until, Counter([f"hook {one.kind}"]), one.detail, False)
    for asked in met.asked:
        wrong = failed.get(asked.id, ())
        came = f"{asked.answer}; fails {', '.join(wrong[:4])}" if wrong else asked.answer
        yield _Row(asked.sent, asked.sent, Counter([_request(asked)]), came, not wrong)
    for token in met.issued:
        yield _Row(token.at, token.at, Counter(["a new access token"]), _lasts(token), False)


def _merged(single: Iterable[_Row], *, alike: bool) -> Iterator[_Row]:
    """Rows in a row as one where they are plain and got the same; with `alike`, only where they asked the same."""
    before: _Row | None = None
    for row in single:
        if before is None:
            before = row
        elif (
            before.plain and row.plain and before.came == row.came and (not alike or set(before.what) == set(row.what))
        ):
            before = _Row(before.first, row.last, before.what + row.what, row.came, True)
        else:
            yield before
            before = row
    if before is not None:
        yield before


def _what(what: Counter[str]) -> str:
    return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in what.items())


def _request(one: Asked) -> str:
    on_purpose = f", spoilt on purpose ({one.trouble or 'altered'})" if one.spoilt else ""
    return f"{'token request' if one.lane == TOKENS else one.lane}{on_purpose}"


def _lasts(one: Issued) -> str:
    return f"for {one.lasts_s:g} s" if one.lasts_s is not None else ""


def _when(start: datetime, first: datetime, last: datetime) -> str:
    begin, end = ((at - start).total_seconds() for at in (first, last))
    return f"{begin:.1f} s" if end - begin < 0.05 else f"{begin:.1f} to {end:.1f} s"
