"""NDW, push: words on what a client said, and how it went. No clause of its own.

Of each exchange `sent` is when the request arrived at the mock, `received` when it was answered.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from harness.judge.vocabulary import Predicate, as_whole_number
from harness.model.body import Body
from harness.model.edit import Rewrite
from harness.model.exchange import TOKEN_ENDPOINT, Conversation, HttpExchange
from harness.model.verdict import NotEnough, Problem
from scenarios.ndw.push_outcomes import LATE, LOST, is_accepted
from scenarios.standards.ocpi_2_2_1.objects import PATCHED, PUT

PUSHES = frozenset({*PUT, *PATCHED, "deleteTariff"})
"""The operations that tell NDW something."""

RECOVERY_S = 60
"""How long a client may take to make good what was refused: as long as NDW gives it to tell a change."""

MOST = 500
"""Of so many pushes that went wrong, or of one object, a look at the first tells enough."""

ON_ITS_WAY_S = 2.0
"""What arrives so soon after an answer may have been sent by somebody who did not know of it yet."""


def is_push(exchange: HttpExchange) -> bool:
    """The client told something; nothing in its request was changed on the way."""
    return exchange.operation in PUSHES and TOKEN_ENDPOINT not in exchange.tags and "probe" not in exchange.tags


def pushes(conversation: Conversation) -> list[HttpExchange]:
    """All of them, as they arrived."""
    return sorted(filter(is_push, conversation.exchanges), key=lambda one: one.sent)


def some_push(accepts: Predicate) -> Callable[[Conversation], bool]:
    """The conversation has such a push."""
    return lambda conversation: any(accepts(one) for one in conversation.exchanges if is_push(one))


def asks_for_a_token(exchange: HttpExchange) -> bool:
    """Somebody wants something of the token endpoint, and nothing in it is wrong on purpose."""
    return TOKEN_ENDPOINT in exchange.tags and "probe" not in exchange.tags


def gives_out(exchange: HttpExchange) -> bool:
    """An answer with an access token that reached the client as it was meant."""
    return (
        asks_for_a_token(exchange)
        and not exchange.tags & LOST
        and exchange.response is not None
        and any(one.place == "body:access_token" for one in exchange.response.issued)
    )


def number_of(exchange: HttpExchange) -> int | None:
    """The number of the access token that an answer gives out."""
    issued = exchange.response.issued if exchange.response is not None else ()
    return next((one.n for one in issued if one.place == "body:access_token"), None)


@lru_cache(maxsize=4096)
def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/").lower()


def place_of(exchange: HttpExchange) -> str:
    """Which object a push is about: the path, whose ids are the same in upper and lower case."""
    return _path(exchange.request.url)


def holds(whole: str, part: str) -> bool:
    """The object at one place is the one at the other, or holds it."""
    return part == whole or part.startswith(f"{whole}/")


@lru_cache(maxsize=4096)
def _meaning(raw: bytes) -> str | bytes:
    """What a body says, however it is written."""
    body = Body(raw)
    return json.dumps(body.value, sort_keys=True, default=str) if body.is_json else raw


def _said(exchange: HttpExchange) -> tuple[str, str, str | bytes]:
    return exchange.request.method, place_of(exchange), _meaning(exchange.request.body.raw)


def same(one: HttpExchange, other: HttpExchange) -> bool:
    """Both say the same of the same object in the same way."""
    return _said(one) == _said(other)


def by_content(exchanges: Iterable[HttpExchange]) -> list[list[HttpExchange]]:
    """Pushes that say the same, together, in the order of their first."""
    found: dict[tuple[str, str, str | bytes], list[HttpExchange]] = {}
    for exchange in exchanges:
        found.setdefault(_said(exchange), []).append(exchange)
    return list(found.values())


def status_seen(exchange: HttpExchange) -> int | None:
    """The status that the client got; None where no answer reached it, or so late that it may have given up."""
    return exchange.response.status if exchange.response is not None and not exchange.tags & {*LOST, LATE} else None


def code_seen(exchange: HttpExchange) -> int | None:
    """The OCPI code that the client got with 200 or 201; None where there is none."""
    if status_seen(exchange) not in (200, 201) or exchange.response is None:
        return None
    return as_whole_number(exchange.response.body.at("/status_code"))


def is_done(exchange: HttpExchange) -> bool:
    """NDW took it, and the client knows."""
    return is_accepted(exchange) and LATE not in exchange.tags


def is_refused(exchange: HttpExchange) -> bool:
    """NDW does not take what it says, and would not the next time: 200 with 2xxx, or 400 for what is no JSON."""
    return status_seen(exchange) == 400 or (code_seen(exchange) or 0) // 1000 == 2


def has_failed(exchange: HttpExchange) -> bool:
    """It came to nothing, or nobody knows, for a reason that passes: throttled, a server error, no answer."""
    if exchange.response is None or exchange.tags & LOST:
        return True
    return exchange.response.status == 429 or exchange.response.status >= 500


def seconds(since: datetime, until: datetime) -> float:
    """How long that is."""
    return (until - since).total_seconds()


def has_ended(conversation: Conversation) -> bool:
    """The client has ended by itself: it says nothing any more."""
    life = [one.kind for one in conversation.happened if one.kind in ("started", "ended", "stopped", "killed")]
    return bool(life) and life[-1] == "ended"


def was_started_between(conversation: Conversation, since: datetime, until: datetime) -> bool:
    """It was started again meanwhile, and need not know what was before."""
    return any(one.kind in ("started", "killed") and since < one.at <= until for one in conversation.happened)


def lacks_time(conversation: Conversation, since: datetime, needed_s: float) -> NotEnough | None:
    """What to say where nothing can come of waiting so short; None where it was waited long enough."""
    watched = seconds(since, conversation.until) if conversation.until is not None else 0.0
    if has_ended(conversation) or watched >= needed_s:
        return None
    return NotEnough(f"needs time: {watched:.0f} of {needed_s:.0f} s were watched")


def told(
    problems: Sequence[Problem], shown: bool, lacking: Sequence[NotEnough] | None = None
) -> Iterator[Problem | NotEnough]:
    """The problems; where there are none, and nothing shows that it goes well, what is lacking."""
    yield from problems
    if not problems and not shown and lacking:
        yield lacking[0]


def problem_of(exchange: HttpExchange, where: str, expected: str, actual: str) -> Problem:
    """A problem of one exchange of a conversation."""
    return Problem(where, expected, actual, exchange.id, exchange.situation)


def after_s(first: HttpExchange, later: HttpExchange) -> str:
    """How long after the answer to one another came, for people."""
    return f"{max(0.0, seconds(first.received, later.sent)):.1f} s after {first.id}"


def shifted(exchange: HttpExchange, to: datetime, mark: str = "-again") -> HttpExchange:
    """The same exchange at another moment, in a proof."""
    return replace(exchange, id=f"{exchange.id}{mark}", sent=to, received=to + (exchange.received - exchange.sent))


def again(spelling: str, place: str, which: Predicate, pauses: Sequence[float]) -> Rewrite:
    """The first push of this kind is made again, each time after such a pause."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        first = next(filter(which, exchanges), None)
        if first is None:
            return list(exchanges)
        made, last = [], first
        for number, pause in enumerate(pauses):
            last = shifted(first, last.received + timedelta(seconds=pause), f"-again-{number}")
            made.append(last)
        return sorted([*exchanges, *made], key=lambda one: one.sent)

    return Rewrite(spelling, place, change)
