"""When a request is sent again: where the server asks for it (a 429 or 503 with Retry-After, RFC 9110 10.2.3), and
where what went wrong speaks of the moment. Within bounds."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from harness.model.exchange import RETRIED, THROTTLED, HttpExchange

LONGEST_WAIT_S = 60
MOST_WAITS = 3
LONGEST_IN_ALL_S = 300

PAUSES_S = (1, 3)
"""How long is waited before a second and a third attempt."""

UNUSABLE = ("too-large", "too-slow")
"""The failures of a subject that is there, and answers more than is taken."""

IN_A_ROW = 2
"""After so many of them in a row an operation is not asked any more."""

_OF_THE_MOMENT = (502, 503, 504)
_ON_THE_WAY = ("reset", "timeout", "refused")


_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Pause:
    """Wait so long, then send the request again; `tag` is what the exchange that is over gets."""

    seconds: float
    tag: str


@dataclass
class Patience:
    """What has been waited in this run, and which operations the server wants left alone until when. `reason` is why
    the last wait was not waited, `left_alone` why operations are not asked any more.

    A trouble that stays for three attempts is none of the moment: what it befell is sent once only until it works, and
    where nothing came at all, everything else too. An operation whose answers are too much is left alone.
    """

    waited_s: float = 0
    reason: str = ""
    left_alone: dict[str, str] = field(default_factory=dict)
    _closed: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    _in_vain: set[str] = field(default_factory=set)
    _failed: Counter[str] = field(default_factory=Counter)
    _has_answered: bool = False
    _is_silent: bool = False

    def refusal(self, name: str, now: datetime) -> bool:
        """True where this operation is not to be asked now."""
        until, reason = self._closed.get(name, (now, ""))
        if now < until:
            self.reason = reason
        return now < until

    def pause(self, name: str, exchange: HttpExchange, earlier: list[HttpExchange]) -> Pause | None:
        """What to wait before this operation is asked again, after the attempts that went before; None where this
        exchange is what came of it."""
        asked_s = wait_asked_for(exchange)
        if asked_s is not None:
            waits = sum(THROTTLED in one.tags for one in earlier)
            return None if self._give_up(name, exchange, asked_s, waits) else Pause(asked_s, THROTTLED)
        trouble = trouble_of_the_moment(exchange)
        tries = sum(RETRIED in one.tags for one in earlier)
        if trouble is not None and tries < self._tries(name, trouble):
            return Pause(PAUSES_S[tries], RETRIED)
        if trouble is not None:
            self._in_vain.add(name)
        else:
            self._in_vain.discard(name)
            self._has_answered |= exchange.response is not None
        self._is_silent = exchange.response is None
        self._count(name, exchange)
        return None

    def _count(self, name: str, exchange: HttpExchange) -> None:
        """Leave an operation alone whose answer is again and again more than is taken: the others may be better."""
        if exchange.failure is None or exchange.failure.kind not in UNUSABLE:
            self._failed[name] = 0
            return
        self._failed[name] += 1
        if self._failed[name] >= IN_A_ROW:
            told = f"answered {IN_A_ROW} times in a row with what is not taken ({exchange.failure.detail})"
            self.left_alone[name] = f"{name} {told} and is not asked any more"
            self._closed[name] = (_NEVER, self.left_alone[name])

    def _tries(self, name: str, trouble: str) -> int:
        """How often this is tried again. Before the first answer of all it is less likely a trouble of the moment than
        another port, another scheme, or a server that was not started."""
        if name in self._in_vain or self._is_silent:
            return 0
        if self._has_answered:
            return len(PAUSES_S)
        return 0 if trouble == "refused" else 1

    def _give_up(self, name: str, exchange: HttpExchange, pause_s: float, waits: int) -> bool:
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


def trouble_of_the_moment(exchange: HttpExchange) -> str | None:
    """What may be over in a second: a 502, 503 or 504, a reset, a time-out, a refused connection. Else None."""
    if exchange.failure is not None and exchange.failure.kind in _ON_THE_WAY:
        return exchange.failure.kind
    status = exchange.response.status if exchange.response else None
    return str(status) if status in _OF_THE_MOMENT else None


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
