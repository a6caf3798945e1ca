"""NDW, push: how a client takes an answer: done is done, refused is refused, unknown is told in full.

Needs no setting.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from harness.judge.vocabulary import both, operation
from harness.model.exchange import Conversation, HttpExchange
from harness.model.requirement import MUST, Binds, Problems, Reason, excluded
from harness.model.requirement import requirement as declared
from harness.model.verdict import NotEnough, Problem
from scenarios.ndw import NDW
from scenarios.ndw.push_words import (
    ON_ITS_WAY_S,
    RECOVERY_S,
    after_s,
    again,
    by_content,
    code_seen,
    has_ended,
    is_done,
    is_push,
    is_refused,
    place_of,
    problem_of,
    pushes,
    seconds,
    some_push,
    status_seen,
    told,
    was_started_between,
)

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

AT_ONCE_S = 10.0
"""Whoever says the same again so soon did not understand the answer; who does so later may send everything anew."""

OVERLAP_S = 0.3
"""Within this time the same worker may have sent the same twice without having had the first answer."""

SETTLED_S = 2.0
"""How long a client is watched at least before it is said that it does not repeat."""

was_deleted = both(operation("deleteTariff"), lambda exchange: status_seen(exchange) == 204)


def _is_refused_push(exchange: HttpExchange) -> bool:
    return is_push(exchange) and is_refused(exchange)


def _changed_between(conversation: Conversation, since: datetime, until: datetime) -> bool:
    """The hook changed something meanwhile, or a little before."""
    early = since - timedelta(seconds=ON_ITS_WAY_S)
    return any(call.at >= early and (call.began or call.at) <= until for call in conversation.hooks)


def _repeats(conversation: Conversation, group: Sequence[HttpExchange], first: HttpExchange) -> list[HttpExchange]:
    """The same again, sent by a client that had the answer to the first, and was not started again since."""
    return [
        one
        for one in group[group.index(first) + 1 :]
        if one.sent >= first.received and not was_started_between(conversation, first.sent, one.sent)
    ]


def _is_shown(conversation: Conversation, answered: Sequence[HttpExchange]) -> bool:
    """One of these was answered long enough ago for a repeat to have come."""
    until = conversation.until
    return any(
        has_ended(conversation) or (until is not None and seconds(one.received, until) >= SETTLED_S) for one in answered
    )


@requirement(
    MUST,
    NDW["Push - Error Handling"],
    row="push-accepts-204",
    when=some_push(was_deleted),
    asked_by=["ndw/a-tariff-is-deleted", "ndw/all-is-well"],
    broken_by=[
        again("the deletion of a tariff again at once", "request.path:", was_deleted, [0.02]),
    ],
    kept_by=[again("the deletion of a tariff again an hour later", "request.path:", was_deleted, [3600.0])],
)
def deleted_is_deleted(conversation: Conversation) -> Problems:
    """A DELETE that was answered 204 is done: it is not sent again.

    Why: 204 has no body and no envelope. A client that looks for one takes the answer for a failure, and asks for ever.
    Fix: read no body where the status is 204; take it as success.
    """
    said = pushes(conversation)
    deleted, problems = list(filter(was_deleted, said)), []
    for group in by_content(one for one in said if one.operation == "deleteTariff"):
        first = next(filter(was_deleted, group), None)
        if first is None:
            continue
        for one in _repeats(conversation, group, first):
            anew = any(
                place_of(put) == place_of(one) and put.request.method == "PUT" and first.sent < put.sent < one.sent
                for put in said
            )
            by_another = (
                one.request.credential != first.request.credential and seconds(first.received, one.sent) <= ON_ITS_WAY_S
            )
            asked = _changed_between(conversation, first.received, one.sent)
            if not anew and not asked and not by_another and seconds(first.received, one.sent) <= RECOVERY_S:
                expected = "no second DELETE: the tariff is gone since the 204"
                problems.append(problem_of(one, "request.path:", expected, f"DELETE again {after_s(first, one)}"))
                break
    short = [NotEnough(f"needs time: less than {SETTLED_S:.0f} s were watched after the 204")]
    yield from told(problems, _is_shown(conversation, deleted), short)


@requirement(
    MUST,
    NDW["Push - Error Handling"],
    row="push-reads-ocpi-code",
    when=some_push(is_refused),
    asked_by=["ndw/content-is-refused"],
    broken_by=[
        again("what was refused again, unchanged", "request.path:", _is_refused_push, [0.8]),
        again("what was refused again and again", "request.path:", _is_refused_push, [0.5, 0.2]),
    ],
    kept_by=[
        again("what was refused again, an hour later", "request.path:", _is_refused_push, [3600.0]),
        again("what was refused again by somebody who did not know yet", "request.path:", _is_refused_push, [0.2]),
    ],
)
def refused_is_not_repeated_unchanged(conversation: Conversation) -> Problems:
    """What NDW refused, with 200 and a code of 2xxx or with 400, is not sent again as it was.

    Why: 200 is no success by itself. The code says that NDW has not stored it, and will not the next time either.
    Fix: read status_code; log the refusal with data.errors, correct the object, and send it when it has changed.
    """
    said = pushes(conversation)
    groups = by_content(said)
    sweeps = sorted((one for group in groups for one in _sent_anew(group)), key=lambda one: one.sent)
    taken = _moments_of_taking(said)
    problems: list[Problem] = []
    for group in groups:
        first = next(filter(is_refused, group), None)
        if first is None:
            continue
        repeats = [
            one
            for one in _repeats(conversation, group, first)
            if seconds(first.received, one.sent) <= RECOVERY_S + 1
            and not _is_known_since(taken, first, one)
            and not _is_of_a_sweep(sweeps, one)
        ]
        if len(repeats) > 1 or any(_knew(first, one) for one in repeats):
            expected = f"no unchanged repeat of what was refused with {code_seen(first) or 400}"
            actual = f"{first.request.method} again, unchanged, {after_s(first, repeats[-1])}"
            problems.append(problem_of(repeats[-1], "request.path:", expected, actual))
    short = [NotEnough(f"needs time: less than {SETTLED_S:.0f} s were watched after the refusal")]
    yield from told(problems, _is_shown(conversation, list(filter(is_refused, said))), short)


def _sent_anew(group: Sequence[HttpExchange]) -> Iterator[HttpExchange]:
    """What was sent again although it had been done: whoever sends everything anew does that."""
    done_at: datetime | None = None
    for one in group:
        if done_at is not None and one.sent > done_at:
            yield one
        if done_at is None and is_done(one):
            done_at = one.received


def _knew(first: HttpExchange, later: HttpExchange) -> bool:
    """Whoever sent it had the answer to the first by then."""
    is_the_same_worker = later.request.credential == first.request.credential
    return seconds(first.received, later.sent) > (OVERLAP_S if is_the_same_worker else ON_ITS_WAY_S)


def _is_of_a_sweep(sweeps: Sequence[HttpExchange], repeat: HttpExchange) -> bool:
    """Something else was sent anew as well, at about the same time. `sweeps` are in order."""
    near = timedelta(seconds=AT_ONCE_S)
    begin = bisect_left(sweeps, repeat.sent - near, key=lambda one: one.sent)
    end = bisect_right(sweeps, repeat.sent + near, key=lambda one: one.sent)
    return any(place_of(sweeps[at]) != place_of(repeat) for at in range(begin, end))


def _moments_of_taking(said: Sequence[HttpExchange]) -> dict[str, list[datetime]]:
    """When NDW took something, by its place, in order."""
    moments: dict[str, list[datetime]] = {}
    for one in filter(is_done, said):
        moments.setdefault(place_of(one), []).append(one.sent)
    return moments


def _is_known_since(taken: Mapping[str, Sequence[datetime]], first: HttpExchange, later: HttpExchange) -> bool:
    """NDW took the object, or what holds it, meanwhile: what it did not know, it does now."""
    whole = place_of(later)
    while whole:
        moments = taken.get(whole, ())
        at = bisect_right(moments, first.sent)
        if at < len(moments) and moments[at] < later.sent:
            return True
        whole = whole.rpartition("/")[0]
    return False


def _is_plain_put(exchange: HttpExchange) -> bool:
    return is_push(exchange) and exchange.request.method == "PUT" and is_done(exchange)


@requirement(
    MUST,
    NDW["Push - Error Handling"],
    row="push-reads-ocpi-code",
    when=some_push(is_done),
    asked_by=["ndw/all-is-well"],
    broken_by=[
        again("what was stored again at once, twice", "request.path:", _is_plain_put, [0.05, 0.05]),
    ],
    kept_by=[
        again("what was stored again once", "request.path:", _is_plain_put, [0.3]),
        again("what was stored again every half minute", "request.path:", _is_plain_put, [30.0, 30.0, 30.0]),
    ],
)
def done_is_not_repeated(conversation: Conversation) -> Problems:
    """What was answered 200 or 201 with a code of 1xxx is done: it is not sent again and again.

    Why: NDW answers 201 for a new object and 200 for a known one; both mean stored. Repeats are load, and no news.
    Fix: take 200 and 201 alike, with any code from 1000 to 1999, as success, whether or not there is data.
    """
    said = pushes(conversation)
    news = _moments_of_news(said)
    problems: list[Problem] = []
    for group in by_content(said):
        first = next(filter(is_done, group), None)
        if first is None or status_seen(first) == 204:
            continue
        last, repeats = first, []
        for one in _repeats(conversation, group, first):
            asked = _changed_between(conversation, last.received, one.sent)
            asked |= any(last.sent < at < one.sent for at in news)
            if not asked and seconds(last.received, one.sent) <= AT_ONCE_S:
                repeats.append(one)
            last = one
        if len(repeats) > 1:
            expected = f"no repeat of what was answered {status_seen(first)} with {code_seen(first)}"
            actual = f"{first.request.method} again, unchanged, {len(repeats)} times; the last {after_s(first, last)}"
            problems.append(problem_of(repeats[-1], "request.path:", expected, actual))
    short = [NotEnough(f"needs time: less than {SETTLED_S:.0f} s were watched after the answer")]
    yield from told(problems, _is_shown(conversation, list(filter(is_done, said))), short)


def _moments_of_news(said: Sequence[HttpExchange]) -> list[datetime]:
    """When something changed: a client may tell everything then, what is as it was as well."""
    known: set[str] = set()
    moments = []
    for group in by_content(said):
        first, place = group[0], place_of(group[0])
        if place in known or first.request.method != "PUT":
            moments.append(first.sent)
        known.add(place)
    return moments


COVERED_ELSEWHERE = (
    excluded(
        "What was answered 400 is not repeated",
        "push-backoff",
        Reason.SAME_AS,
        "That clause takes a 400 for a refusal like any other. No situation answers 400 to what is JSON, so a client is"
        " seen to cope with it only where it wrote no JSON itself.",
        same_as="ndw/refused-is-not-repeated-unchanged",
    ),
)
