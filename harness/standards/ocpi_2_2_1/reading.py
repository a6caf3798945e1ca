"""Reads members of OCPI objects as they came. What is of the wrong type counts as absent: its type is the document's
matter, and clauses about what a value means have nothing to say of it."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from harness.judge.vocabulary import instant

Members = Mapping[str, Any]
Numbered = list[tuple[int, Members]]

_EXACT = 2**53
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?")
_EVSE_ID = re.compile(
    r"(?P<country>[A-Za-z]{2})\*?(?P<operator>[A-Za-z0-9]{3})\*?[Ee](?P<rest>[A-Za-z0-9][A-Za-z0-9*]*)"
)


def text(value: Members, member: str) -> str | None:
    """A member that is a text."""
    found = value.get(member)
    return found if isinstance(found, str) else None


def number(value: Members, member: str) -> float | None:
    """A member that is a number and no giant."""
    found = value.get(member)
    if found.__class__ is int and -_EXACT < found < _EXACT:  # what nearly always stands there
        return found
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    try:
        read = float(found)
    except OverflowError:
        return None
    return read if math.isfinite(read) else None


def moment(value: Members, member: str) -> datetime | None:
    """A member that is a DateTime in UTC."""
    found = value.get(member)
    return instant(found) if isinstance(found, str) else None


def minutes(value: Members, member: str) -> int | None:
    """A member that is a local time such as ``08:30``, in minutes since midnight."""
    return _minutes(text(value, member) or "")


@lru_cache(maxsize=2048)
def _minutes(written: str) -> int | None:
    found = _TIME.fullmatch(written)
    return int(found[1]) * 60 + int(found[2]) if found else None


def part(value: Members, member: str) -> Members:
    """A member that is an object; an empty one where it is not."""
    found = value.get(member)
    return found if isinstance(found, dict) else {}


def parts(value: Members, member: str) -> Numbered:
    """The objects of a member that is a list, each with its position."""
    found = value.get(member)
    if not found or not isinstance(found, list):
        return []
    return [(index, one) for index, one in enumerate(found) if isinstance(one, dict)]


def given(value: Members, member: str) -> bool:
    """The member says something: it is there, not null, and no empty list."""
    return value.get(member) is not None and value[member] != []


def position(value: Members, member: str = "coordinates") -> tuple[float, float] | None:
    """Latitude and longitude in degrees, of a member that is a GeoLocation."""
    found = value.get(member)
    if not isinstance(found, dict):
        return None
    return _degrees(text(found, "latitude") or "", text(found, "longitude") or "")


@lru_cache(maxsize=1024)
def _degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    if not _DEGREES.fullmatch(latitude) or not _DEGREES.fullmatch(longitude):
        return None
    return float(latitude), float(longitude)


@lru_cache(maxsize=4096)
def operator_of(evse_id: str | None) -> str | None:
    """The operator that an evse_id names, as a party: ``NL/ABC`` of ``NL*ABC*E1``; None where it has another form."""
    found = _EVSE_ID.fullmatch(evse_id or "")
    return f"{found['country']}/{found['operator']}".upper() if found else None


@lru_cache(maxsize=4096)
def comparable_evse_id(evse_id: str) -> str:
    """The same text for every spelling of one evse_id: case and the two first separators do not count."""
    found = _EVSE_ID.fullmatch(evse_id)
    return "*".join((found["country"], found["operator"], f"E{found['rest']}")).lower() if found else evse_id.lower()
