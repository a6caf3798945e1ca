"""Waits where a server asks for it: a 429 or 503 with Retry-After (RFC 9110 10.2.3) is obeyed, within bounds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from harness.model.exchange import HttpExchange

LONGEST_WAIT_S = 60
MOST_WAITS = 3
LONGEST_IN_ALL_S = 300


@dataclass
class Patience:
    """What has been waited in this run, and which operations the server wants left alone until when. `reason` is why
    the last wait was not waited."""

    waited_s: float = 0
    reason: str = ""
    _closed: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def refusal(self, name: str, now: datetime) -> bool:
        """True where this operation is not to be asked now."""
        until, reason = self._closed.get(name, (now, ""))
        if now < until:
            self.reason = reason
        return now < until

    def give_up(self, name: str, exchange: HttpExchange, pause_s: float, waits: int) -> bool:
        """True where the wait that this answer asks for is too long: the operation stays unasked until it is over.

        False where it is to be waited; it then counts.
        """
        assert exchange.response is not None  # noqa: S101 - it asked for a wait
        asked = f"{exchange.response.status} with Retry-After asks for a wait of {pause_s:.0f} s"
        if pause_s > LONGEST_WAIT_S:
            reason = f"{asked}; longer than {LONGEST_WAIT_S} s is not waited"
        elif waits >= MOST_WAITS:
            reason = f"{asked}, after {waits} waits already"
        elif self.waited_s + pause_s > LONGEST_IN_ALL_S:
            reason = f"{asked}; more than {LONGEST_IN_ALL_S} s are not waited in one run"
        else:
            self.waited_s += pause_s
            return False
        self.reason = reason
        self._closed[name] = (exchange.received + timedelta(seconds=pause_s), reason)
        return True


def wait_asked_for(exchange: HttpExchange) -> float | None:
    """The seconds that a 429 or 503 asks to wait, from 0; None where it asks for none that can be read.

    A date is counted from the answer's own Date where it has one: the server's clock need not be ours.
    """
    response = exchange.response
    if response is None or response.status not in (429, 503):
        return None
    value = response.headers.get("retry-after") or ""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    until = _date(value)
    if until is None:
        return None
    since = _date(response.headers.get("date") or "") or exchange.received
    return max(0.0, (until - since).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
