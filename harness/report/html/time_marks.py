"""The marks of a time line: one for each thing, or one for all of a kind that happened at nearly the same moment."""

from collections.abc import Sequence
from typing import NamedTuple

MOST_MARKS = 300
"""So many marks are drawn of one situation, at most."""
_SLOT, _WIDE_SLOT, _CROWD = 9.0, 30.0, 120
"""What lies no further apart than this has one mark; in a crowd of so many, with room for a number."""
_BESIDE, _BEFORE_NEXT = 11.0, 15.0
_DIGIT = 7.0


class Dot(NamedTuple):
    """One thing that gets a mark, or a share of one, at x, which is so many seconds from the beginning, and y."""

    x: float
    second: float
    y: float
    kind: str
    spoilt: bool
    told: str
    exchange: str


class Mark(NamedTuple):
    """A sign at x and y, of a kind, for `number` things; `told` names them, and `exchange` where it is one alone.
    `is_counted`: their number has room beside it."""

    x: float
    y: float
    kind: str
    spoilt: bool
    number: int
    told: str
    exchange: str
    is_counted: bool


def marks(dots: Sequence[Dot], right: float) -> list[Mark]:
    """In slots just wide enough that there are few marks; none lies further right than `right`."""
    slot = _SLOT if len(dots) <= _CROWD else _WIDE_SLOT
    groups = _in_slots(dots, slot)
    while len(groups) > MOST_MARKS and slot < right:
        slot *= 1.3
        groups = _in_slots(dots, slot)
    taken: dict[tuple[float, int], int] = {}
    placed: list[tuple[float, float, list[Dot]]] = []
    for (y, place, _kind, _spoilt), of_one in groups.items():
        beside = taken.get((y, place), 0)
        taken[y, place] = beside + 1
        middle = sum(one.x for one in of_one) / len(of_one)
        placed.append((y, min(round(middle + beside * _BESIDE, 1), right), of_one))
    placed.sort(key=lambda one: one[:2])
    return [
        _mark(x, of_one, next_x if next_y == y else right + _BEFORE_NEXT)
        for (y, x, of_one), (next_y, next_x, _) in zip(placed, [*placed, (-1.0, 0.0, [])][1:], strict=True)
    ]


def _mark(x: float, dots: Sequence[Dot], next_x: float) -> Mark:
    first, count = dots[0], len(dots)
    has_room = next_x - x > _BEFORE_NEXT + _DIGIT * len(str(count))
    exchange = first.exchange if count == 1 else ""
    return Mark(x, first.y, first.kind, first.spoilt, count, _told(dots), exchange, count > 1 and has_room)


def _in_slots(dots: Sequence[Dot], slot: float) -> dict[tuple[float, int, str, bool], list[Dot]]:
    groups: dict[tuple[float, int, str, bool], list[Dot]] = {}
    for one in sorted(dots, key=lambda dot: (dot.y, dot.x)):
        groups.setdefault((one.y, int(one.x // slot), one.kind, one.spoilt), []).append(one)
    return groups


def _told(dots: Sequence[Dot]) -> str:
    first, last = dots[0].second, dots[-1].second
    when = f"{first:.1f} s" if last - first < 0.05 else f"{first:.1f} to {last:.1f} s"
    kinds = list(dict.fromkeys(one.told for one in dots))
    what = "; ".join(kinds[:3]) + (f"; and {len(kinds) - 3} more" if len(kinds) > 3 else "")
    name = f"{dots[0].exchange}: " if len(dots) == 1 and dots[0].exchange else ""
    return f"{name}{f'{len(dots)} × ' if len(dots) > 1 else ''}{what}, at {when}"
