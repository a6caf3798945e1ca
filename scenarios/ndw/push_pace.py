"""NDW, push: how hard a client knocks while NDW is in trouble, and what it sends when that is over.

Needs no setting.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import pairwise

from harness.model.exchange import Conversation, HttpExchange
from harness.model.requirement import SHOULD, Basis, Binds, Problems, Publication
from harness.model.requirement import requirement as declared
from harness.model.verdict import NotEnough, Problem
from scenarios.ndw import NDW
from scenarios.ndw.push_words import (
    again,
    by_content,
    has_failed,
    is_push,
    lacks_time,
    problem_of,
    pushes,
    seconds,
    some_push,
    told,
)

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

HTTP = Publication("RFC 9110, HTTP Semantics", Basis.STANDARD)
POLITE_S = 1.0
"""A pause of this length is polite, whether or not the next is longer."""

ROUNDED_S = {False: 0.5, True: 2.0}
"""How much too early is in time: of a number of seconds, and of a date, which knows no fractions and two clocks."""


def hammers(pauses: Sequence[float]) -> bool:
    """So many repeats, three at least, without a pause worth the name and without pauses that grow."""
    if len(pauses) < 3 or max(pauses) >= POLITE_S:
        return False
    if all(later >= 1.5 * earlier + 0.005 for earlier, later in pairwise(pauses)):
        return False
    return max(pauses[-3:]) <= 1.25 * min(pauses[-3:]) + 0.05


def pauses_of(attempts: Sequence[HttpExchange]) -> list[float]:
    """How long it was waited before each repeat: from the answer to the attempt before it."""
    return [max(0.0, seconds(one.received, other.sent)) for one, other in pairwise(attempts)]


def failing_runs(group: Sequence[HttpExchange]) -> Iterator[list[HttpExchange]]:
    """Attempts at the same, each but the last of which failed."""
    run: list[HttpExchange] = []
    for one in group:
        run.append(one)
        if not has_failed(one):
            yield run
            run = []
    if run:
        yield run


def in_words(pauses: Sequence[float]) -> str:
    """The first of the pauses, for people."""
    return f"{len(pauses)} repeats after {', '.join(f'{one:.2f}' for one in pauses[:6])} s"


def _fails_for_the_moment(exchange: HttpExchange) -> bool:
    return is_push(exchange) and has_failed(exchange)


@requirement(
    SHOULD,
    NDW["Push - Error Handling"],
    basis=Basis.ASSUMED,
    row="push-backoff",
    when=some_push(has_failed),
    asked_by=["ndw/server-errors-and-then-well", "ndw/outage-while-things-change"],
    broken_by=[
        again("every half second while NDW fails", "request.path:", _fails_for_the_moment, [0.5] * 5),
    ],
    kept_by=[
        again("every five seconds while NDW fails", "request.path:", _fails_for_the_moment, [5.0] * 5),
        again("pauses that double", "request.path:", _fails_for_the_moment, [0.1, 0.2, 0.4, 0.8, 1.6]),
        again("one at once, then every two seconds", "request.path:", _fails_for_the_moment, [0.0, 2.0, 2.0, 2.0]),
    ],
)
def repeats_after_failures_are_spaced(conversation: Conversation) -> Problems:
    """What failed for the moment (429, 5xx, no answer) is repeated after pauses that grow, or that are polite anyway.

    Why: a server that is down has all its clients at its door when it comes back; whoever knocks all the time keeps it
    down.
    Fix: wait 1 s, then 2, 4, 8 … up to half a minute, each with a little chance in it; one repeat at once is no harm.
    """
    runs = [run for group in by_content(pushes(conversation)) for run in failing_runs(group) if len(run) > 1]
    long = [(run, pauses_of(run)) for run in runs if len(run) > 3]
    storms = [(run, pauses) for run, pauses in long if hammers(pauses)]
    problems: list[Problem] = []
    if 2 * len(storms) > len(long):  # of pauses made by chance, a few look like this
        for run, pauses in storms:
            expected = f"pauses that grow, or of {POLITE_S:.0f} s and more"
            problems.append(problem_of(run[-1], "request.path:", expected, in_words(pauses)))
    shown = bool(long) or any(max(pauses_of(run)) >= POLITE_S for run in runs)
    yield from told(problems, shown, [NotEnough("needs more: no push that failed was repeated often enough")])


def not_before(exchange: HttpExchange) -> tuple[datetime, bool] | None:
    """From when on an answer lets come again, by its Retry-After, and whether that was a date; None where it says
    nothing of the kind."""
    if exchange.response is None or exchange.response.status not in (429, 503):
        return None
    text = exchange.response.headers.get("retry-after") or ""
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return exchange.received + timedelta(seconds=int(text)), False
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)), True


def _asks_to_wait(exchange: HttpExchange) -> bool:
    """An answer that asks for some seconds at least: whoever waits less than one waits no time at all."""
    asked = not_before(exchange)
    return is_push(exchange) and asked is not None and seconds(exchange.received, asked[0]) >= 1


@requirement(
    SHOULD,
    HTTP["10.2.3"],
    basis=Basis.ASSUMED,
    row="push-backoff",
    when=some_push(_asks_to_wait),
    asked_by=["ndw/too-many-requests"],
    broken_by=[
        again("again at once, twice, in spite of Retry-After", "request.path:", _asks_to_wait, [0.05, 0.05]),
    ],
    kept_by=[again("the same, sent before the answer was known", "request.path:", _asks_to_wait, [0.0])],
)
def retry_after_is_kept(conversation: Conversation) -> Problems:
    """A push that was answered 429 or 503 with Retry-After is not made again before that time.

    Why: NDW says when it will take more; who comes earlier is refused again, and for longer.
    Fix: read Retry-After as seconds and as an HTTP date, and let it win over pauses of your own.
    """
    problems: list[Problem] = []
    lacking: list[NotEnough] = []
    shown = False
    for group in by_content(pushes(conversation)):
        for first in filter(_asks_to_wait, group):
            asked = not_before(first)
            assert asked is not None  # noqa: S101 - it asks to wait
            end = asked[0] - timedelta(seconds=ROUNDED_S[asked[1]])
            early = [one for one in group if first.received < one.sent < end]
            late = [one for one in early if seconds(first.received, one.sent) > 2]
            wanted = seconds(first.received, asked[0])
            if late or len(early) > 1:
                worst = (late or early)[0]
                waited = f"again after {seconds(first.received, worst.sent):.1f} s"
                problems.append(
                    problem_of(worst, "request.path:", f"no repeat within the {wanted:.0f} s of Retry-After", waited)
                )
            elif (short := lacks_time(conversation, first.received, wanted)) is not None:
                lacking.append(short)
            else:
                shown = True
    yield from told(problems, shown, lacking)
