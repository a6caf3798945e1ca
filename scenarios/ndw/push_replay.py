"""NDW, push: what a client sends once an outage is over: how things are, not how they were.

Needs no setting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import unquote

from harness.judge.vocabulary import instant, shown
from harness.model.edit import Retelling
from harness.model.exchange import Conversation, HookCall, HttpExchange, Transcript
from harness.model.requirement import SHOULD, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.verdict import NotEnough, Problem
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.ndw.push_words import (
    MOST,
    ON_ITS_WAY_S,
    has_failed,
    is_push,
    place_of,
    problem_of,
    pushes,
    seconds,
    shifted,
    told,
)

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

KNOWN_S = 5.0
"""A client that looks for changes every few seconds may not know yet what changed so lately."""


def stamp_of(exchange: HttpExchange) -> datetime | None:
    """The last_updated of what a push says."""
    value = exchange.request.body.value
    text = value.get("last_updated") if isinstance(value, dict) else None
    return instant(text) if isinstance(text, str) else None


def _by_place(conversation: Conversation) -> list[list[HttpExchange]]:
    """The first pushes of each object by each method, from the first that failed on, where there are several."""
    found: dict[tuple[str, str], list[HttpExchange]] = {}
    for one in pushes(conversation):
        key = (one.request.method, place_of(one))
        if one.request.method != "DELETE" and (key in found or has_failed(one)):
            found.setdefault(key, []).append(one)
    return [group[:MOST] for group in found.values() if len(group) > 1]


def _went_back(group: Sequence[HttpExchange]) -> Iterator[Problem]:
    """A state older than one that was sent before."""
    for at, one in enumerate(group):
        mine = stamp_of(one)
        newer = [
            other
            for other in group[:at]
            if seconds(other.sent, one.sent) > ON_ITS_WAY_S
            and mine is not None
            and (theirs := stamp_of(other)) is not None
            and seconds(mine, theirs) >= 1
        ]
        if newer and mine is not None:
            sent, known = (each.request.body.value["last_updated"] for each in (one, newer[-1]))
            expected = f"no state older than that of {newer[-1].id}, last_updated {shown(known)}"
            yield problem_of(one, "request.body:/last_updated", expected, shown(sent))
            return


def _drained(group: Sequence[HttpExchange], lag_s: float) -> Iterator[Problem]:
    """Several states, one after another, each of which was over when it was sent: a queue of old states.

    `lag_s` is by how much the client's clock may be behind.
    """
    over = [
        one
        for at, one in enumerate(group)
        if (mine := stamp_of(one)) is not None
        and any(
            (next_ := stamp_of(later)) is not None and next_ > mine and seconds(next_, one.sent) > lag_s + KNOWN_S
            for later in group[at + 1 :]
        )
    ]
    states = {stamp_of(one) for one in over}
    if len(states) > 1:
        expected = "the present state alone, once NDW answers again"
        actual = f"{len(states)} states of the object that were over by then, one after another"
        yield problem_of(over[-1], "request.body:/last_updated", expected, actual)


def _lag_s(conversation: Conversation) -> float:
    """By how much the client's clock may be behind: no state is sent before the moment that it tells of."""
    stamps = [(one.sent, mine) for one in pushes(conversation) if (mine := stamp_of(one)) is not None]
    return min((seconds(mine, sent) for sent, mine in stamps), default=0.0)


def _told_of(push: HttpExchange, named: Any) -> dict[str, Any] | None:
    """What a push says of the object that a hook named: at its own place, or in the location that holds it."""
    value = push.request.body.value
    if not isinstance(value, dict) or not isinstance(named, dict):
        return None
    ids = [str(named[name]).lower() for name in ("tariff", "location", "evse", "connector") if named.get(name)]
    segments = [unquote(one) for one in place_of(push).split("/")]
    if segments[-len(ids) :] == ids and segments[-len(ids) - 3 : -len(ids) - 2] in (["locations"], ["tariffs"]):
        return value
    if len(ids) == 2 and segments[-4:-3] == ["locations"] and segments[-1] == ids[0]:
        parts = value.get("evses")
        for one in parts if isinstance(parts, list) else ():
            if isinstance(one, dict) and str(one.get("uid", "")).lower() == ids[1]:
                return one
    return None


def _replaced_by_hook(conversation: Conversation, group: Sequence[HttpExchange]) -> Iterator[Problem]:
    """A value that the hook had replaced by another a while before."""
    calls = [
        call for call in conversation.hooks if call.name == "change" and isinstance(call.arguments.get("set"), dict)
    ]
    for one in group[1:]:
        for call in calls:
            said = _told_of(one, call.arguments.get("object"))
            for member, value in (call.arguments["set"] if said is not None else {}).items():
                if said is None or said.get(member) != value:
                    continue
                latest = _latest(calls, call, member, one.sent)
                mine = stamp_of(one)
                if latest is None or latest.arguments["set"][member] == value or (mine and mine >= latest.at):
                    continue
                since = f"as it is since the change {seconds(latest.at, one.sent):.1f} s before"
                expected = f"{shown(latest.arguments['set'][member])}, {since}"
                yield problem_of(one, f"request.body:/{member}", expected, shown(value))
                return


def _latest(calls: Sequence[HookCall], call: HookCall, member: str, sent: datetime) -> HookCall | None:
    """The last change of the same member long enough before; None where it changed since, or was not changed again."""
    of_it = [
        other
        for other in calls
        if other.arguments.get("object") == call.arguments.get("object") and member in other.arguments["set"]
    ]
    if any(0 <= seconds(other.began or other.at, sent) <= KNOWN_S for other in of_it):
        return None
    earlier = [other for other in of_it if other.at < sent]
    return earlier[-1] if earlier and call in earlier and earlier[-1] is not call else None


def _has_changed(group: Sequence[HttpExchange]) -> bool:
    """The object has another state than when its push failed: only then there is an old one to send."""
    first = stamp_of(group[0])
    return any((mine := stamp_of(one)) is not None and first is not None and mine > first for one in group[1:])


def _with_an_old_state(transcript: Transcript) -> Transcript:
    """The state whose push failed is sent once more at the end, after newer ones."""
    for group in _by_place(Conversation(transcript)):
        if _has_changed(group):
            old = shifted(group[0], group[-1].received + timedelta(seconds=5))
            return _with(transcript, old)
    return transcript


def _with_the_present_state(transcript: Transcript) -> Transcript:
    """The newest state is sent once more."""
    for group in _by_place(Conversation(transcript)):
        if _has_changed(group):
            return _with(transcript, shifted(group[-1], group[-1].received + timedelta(seconds=5)))
    return transcript


def _with(transcript: Transcript, one: HttpExchange) -> Transcript:
    return replace(transcript, exchanges=(*transcript.exchanges, one))


@requirement(
    SHOULD,
    OCPI["transport_and_format 4.4"],
    row="push-no-stale-replay",
    when=lambda conversation: any(is_push(one) and has_failed(one) for one in conversation.exchanges),
    asked_by=["ndw/outage-while-things-change", "ndw/burst-of-changes"],
    broken_by=[Retelling("an old state after a newer one", "request.body:/last_updated", _with_an_old_state)],
    kept_by=[Retelling("the present state once more", "request.body:/last_updated", _with_the_present_state)],
)
def no_old_state_is_replayed(conversation: Conversation) -> Problems:
    """After an outage only the present state of an object is sent, none that is over.

    Why: a queue of old states played back tells drivers for minutes of plugs that are long taken, and makes NDW slow
    when it has just come back.
    Fix: keep no queue of messages; note which objects have changed, and build each push from the data when it is sent.
    """
    lag_s = _lag_s(conversation)
    groups = _by_place(conversation)
    problems: list[Problem] = []
    for group in groups:
        found = (*_went_back(group), *_replaced_by_hook(conversation, group), *_drained(group, lag_s))
        problems += found[:1]
    changed = any(_has_changed(group) for group in groups)
    yield from told(problems, changed, [NotEnough("needs a change of an object between a failed push and the next")])
