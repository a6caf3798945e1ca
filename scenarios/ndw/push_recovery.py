"""NDW, push: how a client makes good what was refused for a reason that it can mend: an unknown object, a lost token.

Needs no setting.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from harness.model.edit import Retelling
from harness.model.exchange import Conversation, HttpExchange, Transcript
from harness.model.requirement import SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.verdict import NotEnough, Problem
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.ndw import NDW
from scenarios.ndw.push_pace import hammers, in_words, pauses_of
from scenarios.ndw.push_words import (
    MOST,
    RECOVERY_S,
    after_s,
    again,
    asks_for_a_token,
    by_content,
    code_seen,
    gives_out,
    holds,
    is_done,
    is_push,
    lacks_time,
    place_of,
    problem_of,
    pushes,
    same,
    shifted,
    some_push,
    status_seen,
    told,
    was_started_between,
)
from scenarios.standards.ocpi_2_2_1.objects import PATCHED

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

STARTED = NotEnough("the client was started again before it could make this good")


def is_unknown_patch(exchange: HttpExchange) -> bool:
    """A PATCH of something that NDW does not know."""
    unknown = status_seen(exchange) == 404 or code_seen(exchange) == 2003
    return is_push(exchange) and exchange.operation in PATCHED and unknown


def _makes_good(exchange: HttpExchange, unknown: HttpExchange) -> bool:
    return exchange.request.method == "PUT" and holds(place_of(exchange), place_of(unknown))


def _recovers(exchange: HttpExchange, exchanges: Sequence[HttpExchange]) -> bool:
    """The PUT with which a PATCH was made good that was of something unknown."""
    return any(is_unknown_patch(one) and one.sent <= exchange.sent and _makes_good(exchange, one) for one in exchanges)


def _long_watched(transcript: Transcript) -> Transcript:
    """No PUT came after the 404, however long one waited."""
    kept = tuple(one for one in transcript.exchanges if not _recovers(one, transcript.exchanges))
    if kept == transcript.exchanges or transcript.until is None:
        return transcript
    return replace(transcript, exchanges=kept, until=transcript.until + timedelta(seconds=RECOVERY_S))


def _patched_again(transcript: Transcript) -> Transcript:
    """In the place of the PUT after the 404, the PATCH came again."""
    kept = tuple(one for one in transcript.exchanges if not _recovers(one, transcript.exchanges))
    change = again("", "", is_unknown_patch, [0.5, 1.0, 2.0]).change
    return transcript if kept == transcript.exchanges else replace(transcript, exchanges=tuple(change(kept)))


@requirement(
    SHOULD,
    OCPI["transport_and_format 4.1.4.3"],
    row="push-404-recovers-with-put",
    when=some_push(is_unknown_patch),
    asked_by=["ndw/patch-of-an-unknown-object"],
    broken_by=[
        Retelling("no PUT after the 404", "request.path:", _long_watched),
        Retelling("the PATCH again and again in place of a PUT", "request.path:", _patched_again),
    ],
    kept_by=[again("the PATCH again once, by somebody who did not know yet", "request.path:", is_unknown_patch, [0.0])],
)
def unknown_is_told_in_full(conversation: Conversation) -> Problems:
    """After a PATCH that was answered 404 (or 200 with 2003), the whole object is sent by PUT.

    Why: NDW does not know the object, so a PATCH can only fail again; until a PUT, no driver sees the station.
    Fix: on 404 to a PATCH, PUT the object as it is now, or the location that holds it, within a minute.
    """
    said = pushes(conversation)
    problems: list[Problem] = []
    lacking: list[NotEnough] = []
    shown = False
    for group in by_content(one for one in said if one.request.method == "PATCH"):
        first = next(filter(is_unknown_patch, group), None)
        if first is None or len(problems) + len(lacking) >= MOST:
            continue
        put = next((one for one in said[said.index(first) :] if _makes_good(one, first)), None)
        end = put.sent if put is not None else None
        repeats = [one for one in group if one.sent > first.received and (end is None or one.sent < end)]
        expected = "a PUT of the whole object after the 404"
        if len(repeats) > 1:
            actual = f"the PATCH again, {len(repeats)} times; the last {after_s(first, repeats[-1])}"
            problems.append(problem_of(repeats[-1], "request.path:", expected, actual))
        elif put is not None:
            shown = True
        elif was_started_between(conversation, first.sent, conversation.until or first.sent):
            lacking.append(STARTED)
        elif (short := lacks_time(conversation, first.received, RECOVERY_S)) is not None:
            lacking.append(short)
        else:
            actual = "no PUT of it came" + (
                "" if not repeats else f", only the PATCH again {after_s(first, repeats[0])}"
            )
            problems.append(problem_of(first, "request.path:", expected, actual))
    yield from told(problems, shown, lacking)


def is_unauthorised(exchange: HttpExchange) -> bool:
    """A push that was answered 401."""
    return is_push(exchange) and status_seen(exchange) == 401


def _with_the_same_token(transcript: Transcript) -> Transcript:
    """What was answered 401 is pushed again as it was, and no other token is ever had."""
    first = next(filter(is_unauthorised, transcript.exchanges), None)
    if first is None:
        return transcript
    return replace(
        transcript,
        exchanges=tuple(
            replace(one, request=replace(one.request, credential=first.request.credential)) if is_push(one) else one
            for one in transcript.exchanges
        ),
    )


def _in_a_loop(transcript: Transcript) -> Transcript:
    """What was answered 401 comes again at once, six times; everything else a second later."""
    first = next(filter(is_unauthorised, transcript.exchanges), None)
    if first is None:
        return transcript
    at = transcript.exchanges.index(first) + 1
    loop = [shifted(first, first.received + timedelta(seconds=0.003 * n), f"-again-{n}") for n in range(1, 7)]
    second = timedelta(seconds=1)
    rest = [replace(one, sent=one.sent + second, received=one.received + second) for one in transcript.exchanges[at:]]
    return replace(transcript, exchanges=(*transcript.exchanges[:at], *loop, *rest))


def _given_up(transcript: Transcript) -> Transcript:
    """After the 401 nothing more was said, however long one waited."""
    first = next(filter(is_unauthorised, transcript.exchanges), None)
    if first is None or transcript.until is None:
        return transcript
    kept = transcript.exchanges[: transcript.exchanges.index(first) + 1]
    return replace(transcript, exchanges=kept, until=transcript.until + timedelta(seconds=RECOVERY_S))


@requirement(
    SHOULD,
    NDW["Push - Authentication"],
    basis=Basis.ASSUMED,
    row="push-401-renews-once",
    when=some_push(is_unauthorised),
    asked_by=["ndw/unauthorised-out-of-the-blue", "ndw/token-ends-half-way"],
    broken_by=[
        Retelling("given up after a 401", "request.header:authorization", _given_up),
        Retelling("the same token again after a 401", "request.header:authorization", _with_the_same_token),
        Retelling("a tight loop after a 401", "request.header:authorization", _in_a_loop),
    ],
    kept_by=[again("a second 401, then a pause", "request.header:authorization", is_unauthorised, [0.0])],
)
def a_401_is_answered_with_a_new_token(conversation: Conversation) -> Problems:
    """After a 401 the client gets one new token and makes the push once more with it.

    Why: a token may end or be taken back before its time. Who gives up loses the change; who goes on with the same
    token, or in a loop, never gets through.
    Fix: on 401 drop the token, fetch one, repeat the push once; on a second 401 wait, and tell somebody.
    """
    said = pushes(conversation)
    problems: list[Problem] = []
    lacking: list[NotEnough] = []
    shown = False
    for group in by_content(said):
        run = _in_a_row(group)
        if not run or len(problems) + len(lacking) >= MOST:
            continue
        first = run[0]
        pauses = pauses_of(run)
        later = [one for one in said[said.index(first) + 1 :] if holds(place_of(one), place_of(first))]
        with_another = [one for one in later if one.request.credential != first.request.credential]
        the_same = [one for one in later if one not in with_another and one.sent >= first.received and same(one, first)]
        if hammers(pauses):
            problems.append(_after_401(run[-1], f"the push again and again: {in_words(pauses)}"))
        elif with_another:
            shown = True
        elif any(map(is_done, the_same)):
            problems.append(_after_401(the_same[0], f"the token that was refused, again {after_s(first, the_same[0])}"))
        elif was_started_between(conversation, first.sent, conversation.until or first.sent):
            lacking.append(STARTED)
        elif (short := lacks_time(conversation, first.received, RECOVERY_S)) is not None:
            lacking.append(short)
        else:
            why = _what_is_missing(conversation, first)
            lacking += [NotEnough("no new token could be had after the 401")] if why is None else []
            problems += [] if why is None else [_after_401(first, why)]
    yield from told(problems, shown, lacking)


def _in_a_row(group: Sequence[HttpExchange]) -> list[HttpExchange]:
    """The first 401 to these pushes, and those that followed it at once."""
    run: list[HttpExchange] = []
    for one in group:
        if is_unauthorised(one):
            run.append(one)
        elif run:
            break
    return run


def _what_is_missing(conversation: Conversation, first: HttpExchange) -> str | None:
    """What the client did not do; None where it asked for a token, and got none."""
    asked = [one for one in conversation.exchanges if asks_for_a_token(one) and one.sent >= first.sent]
    if not asked:
        return "no new token was asked for"
    return "a new token was fetched, and the push not made again" if any(map(gives_out, asked)) else None


def _after_401(exchange: HttpExchange, actual: str) -> Problem:
    expected = "one new token and one repeat with it after the 401"
    return problem_of(exchange, "request.header:authorization", expected, actual)
