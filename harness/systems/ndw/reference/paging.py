"""Paging: what a list request asks for, and where the next page is."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams

from .envelope import INVALID_PARAMETER, Refusal
from .instants import sortable

_DIGITS = re.compile(r"[0-9]+")
_MOST = 2**62  # more objects than there will ever be, and still an integer for SQLite


@dataclass(frozen=True)
class PageRequest:
    """The four paging parameters, checked; `limit` is within the server's maximum, the dates are as they were sent."""

    offset: int
    limit: int
    date_from: str | None
    date_to: str | None


def read_page_request(query: QueryParams, maximum: int) -> PageRequest:
    """Read `offset`, `limit`, `date_from` and `date_to`; all are optional, other parameters do not matter.

    A `limit` above `maximum` is lowered to it. Refusal (HTTP 200, OCPI 2001): a value is malformed, or one parameter
    comes twice with different values.
    """
    return PageRequest(
        offset=_number(query, "offset", at_least=0, default=0),
        limit=min(_number(query, "limit", at_least=1, default=maximum), maximum),
        date_from=_date_time(query, "date_from"),
        date_to=_date_time(query, "date_to"),
    )


def next_link(list_url: str, page: PageRequest, total: int) -> str | None:
    """The value of the `Link` header: the page after `page`, by the same filters; None when that was the last one."""
    if page.offset + page.limit >= total:
        return None
    query = {
        "date_from": page.date_from,
        "date_to": page.date_to,
        "offset": page.offset + page.limit,
        "limit": page.limit,
    }
    given = {name: value for name, value in query.items() if value is not None}
    return f'<{list_url}?{urlencode(given, safe=":", quote_via=quote)}>; rel="next"'


def _single(query: QueryParams, name: str) -> str | None:
    values = set(query.getlist(name))
    if len(values) > 1:
        raise _invalid(name, "comes more than once, with different values")
    return values.pop() if values else None


def _number(query: QueryParams, name: str, *, at_least: int, default: int) -> int:
    text = _single(query, name)
    if text is None:
        return default
    if not _DIGITS.fullmatch(text):
        raise _invalid(name, "is not a whole number")
    digits = text.lstrip("0") or "0"
    number = int(digits) if len(digits) <= 18 else _MOST
    if number < at_least:
        raise _invalid(name, f"must be {at_least} or more")
    return number


def _date_time(query: QueryParams, name: str) -> str | None:
    text = _single(query, name)
    if text is None:
        return None
    try:
        sortable(text)
    except ValueError:
        raise _invalid(name, "is not a DateTime in UTC, such as 2026-06-01T08:00:00Z") from None
    return text


def _invalid(name: str, why: str) -> Refusal:
    # The request was understood as HTTP, so the complaint is OCPI's and the HTTP status stays 200.
    return Refusal(200, INVALID_PARAMETER, f"{name} {why}")
