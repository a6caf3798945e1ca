"""NDW, push: how soon NDW hears of a change.

A change is one that the hook ``change`` made. It is there when a push that arrived says so, whatever the level and the
method. Needs the settings ``time.dynamic_limit_s``, ``time.skew_s`` and ``time.dynamic_fields``.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from harness.model.edit import Retelling
from harness.model.exchange import Conversation, HookCall, HttpExchange, Transcript, trouble_tag
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, Reason, excluded
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import NotEnough, Problem
from scenarios.ndw import NDW
from scenarios.ndw.push_changes import (
    Changed,
    changed,
    deadline,
    has_arrived,
    is_dynamic,
    judged,
    last_changes,
    limit_s,
    outages,
    well_again,
)
from scenarios.ndw.push_outcomes import is_made_up_for, is_spoilt, pushes

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)
LATE_S = 100
NOT_LOST = trouble_tag("unknown")


def _earlier(seconds: float, spelling: str, which: Callable[[HookCall], bool] = lambda _call: True) -> Retelling:
    """Every such change was made so much earlier than it was."""
    by = timedelta(seconds=seconds)

    def moved(call: HookCall) -> HookCall:
        if call.name != "change" or not which(call):
            return call
        return replace(call, at=call.at - by, began=(call.began or call.at) - by)

    def change(told: Transcript) -> Transcript:
        return replace(told, hooks=tuple(map(moved, told.hooks)))

    return Retelling(spelling, "transcript", change)


def _never(spelling: str, at_least: int = 1) -> Retelling:
    """Nothing was pushed any more once something had been changed, and that was watched for long."""

    def change(told: Transcript) -> Transcript:
        calls = [call for call in told.hooks if call.name == "change"]
        if len(calls) < at_least or told.until is None:
            return told
        first = min(call.began or call.at for call in calls)
        kept = tuple(one for one in told.exchanges if one.sent < first)
        return replace(told, exchanges=kept, until=told.until + timedelta(seconds=LATE_S))

    return Retelling(spelling, "transcript", change)


def _in_time(
    conversation: Conversation, settings: Settings, accepts: Callable[[Changed], bool], *, outage: bool = False
) -> Iterator[Problem | NotEnough]:
    """What is to be said of the changes of this kind, those in an outage apart from the others."""
    limit = limit_s(settings)
    shown, lacking = False, []
    for one in filter(accepts, last_changes(conversation, limit)):
        due = deadline(conversation, one, limit)
        if due.after_outage is not outage:
            continue
        found = list(judged(conversation, one, due, limit))
        lacking += [reason for reason in found if isinstance(reason, NotEnough)]
        problems = [problem for problem in found if isinstance(problem, Problem)]
        shown = shown or bool(problems) or not found
        yield from problems
    if not shown:
        yield lacking[0] if lacking else NotEnough("no such change was made while all was well")


def _some(accepts: Callable[[Changed], bool]) -> Callable[[Conversation], bool]:
    return lambda conversation: any(map(accepts, changed(conversation)))


def _is_of_a_tariff(one: Changed) -> bool:
    return one.name == "Tariff" and not one.in_burst


def _is_of_a_location(one: Changed) -> bool:
    return one.name != "Tariff" and not one.in_burst


@requirement(
    MUST,
    NDW["Push"],
    row="timely-dynamic-60s",
    when=_some(_is_of_a_location),
    asked_by=["ndw/all-is-well"],
    broken_by=[_earlier(LATE_S, "the change was made 100 s earlier"), _never("nothing was pushed after the change")],
    kept_by=[_earlier(1, "the change was made a second earlier")],
)
def dynamic_changes_arrive_within_a_minute(conversation: Conversation, settings: Settings) -> Problems:
    """What changes from minute to minute, such as the status of an EVSE, is pushed within a minute.

    Why: drivers are sent to a plug that is taken since.
    Fix: push when something happens, instead of collecting for minutes; PATCH the EVSE alone.
    """
    yield from _in_time(conversation, settings, lambda one: _is_of_a_location(one) and is_dynamic(one, settings))


@requirement(
    MUST,
    NDW["Push"],
    row="timely-tariff-60s",
    when=_some(_is_of_a_tariff),
    asked_by=["ndw/all-is-well"],
    broken_by=[
        _earlier(LATE_S, "the price was changed 100 s earlier", lambda call: "tariff" in call.arguments["object"]),
        _never("nothing was pushed after the change of a price"),
    ],
    kept_by=[_earlier(1, "the price was changed a second earlier")],
)
def tariff_changes_arrive_within_a_minute(conversation: Conversation, settings: Settings) -> Problems:
    """A Tariff that changes is pushed within a minute.

    Why: drivers are told a price that they do not pay.
    Fix: PUT the Tariff as soon as it changes, not with the next nightly batch.
    """
    yield from _in_time(conversation, settings, lambda one: _is_of_a_tariff(one) and is_dynamic(one, settings))


def _is_of_a_burst(one: Changed) -> bool:
    return one.in_burst


@requirement(
    SHOULD,
    NDW["Push"],
    row="timely-burst",
    basis=Basis.ASSUMED,
    when=_some(_is_of_a_burst),
    asked_by=["ndw/burst-of-changes"],
    broken_by=[
        _earlier(LATE_S, "the burst was 100 s earlier"),
        _never("nothing was pushed after the burst", at_least=10),
    ],
    kept_by=[_earlier(1, "the burst was a second earlier")],
)
def bursts_arrive_within_a_minute(conversation: Conversation, settings: Settings) -> Problems:
    """Where many things change at once, the last state of each is pushed within a minute.

    Why: a power cut or its end changes everything at once, and then it matters most.
    Fix: tell the last state of each object, some of them side by side; do not work off every step one by one.
    """
    yield from _in_time(conversation, settings, lambda one: one.in_burst and is_dynamic(one, settings))


def _has_lost(push: HttpExchange) -> bool:
    return is_spoilt(push) and not has_arrived(push) and NOT_LOST not in push.tags


def _met_an_outage(conversation: Conversation) -> bool:
    return bool(outages(conversation)) and (any(map(_has_lost, pushes(conversation))) or bool(changed(conversation)))


def _lost_pushes(conversation: Conversation, limit: float) -> Iterator[Problem | NotEnough | None]:
    """Of each push that was lost: None where the object was told again in time."""
    known, said = outages(conversation), sorted(pushes(conversation), key=lambda one: one.sent)
    for index, push in enumerate(said):
        if not _has_lost(push):
            continue
        _met, well = well_again(known, push.sent, push.received, timedelta(seconds=limit))
        if well is None:
            yield NotEnough("needs time: what was in the way was not over when the situation ended")
            continue
        end, until = well + timedelta(seconds=limit), conversation.until or well
        if is_made_up_for(push, [one for one in said[index + 1 :] if one.sent <= end]):
            yield None
        elif until < end and not is_made_up_for(push, said[index + 1 :]):
            watched = max(0.0, (until - well).total_seconds())
            yield NotEnough(f"needs time: {watched:.0f} of {limit:g} s were watched")
        else:
            expected = f"its present state told within {limit:g} s after all was well"
            yield Problem("transcript", expected, "not told by then", push.id, push.situation)


def _gave_up(told: Transcript) -> Transcript:
    """Nothing came any more after the last answer that was spoilt."""
    lost = [one for one in pushes(told) if _has_lost(one)]
    if not lost or told.until is None:
        return told
    kept = tuple(one for one in told.exchanges if one.sent <= lost[-1].sent)
    return replace(told, exchanges=kept, until=told.until + timedelta(seconds=LATE_S))


def _a_little_later(told: Transcript) -> Transcript:
    return replace(told, until=told.until + timedelta(seconds=5) if told.until else None)


@requirement(
    SHOULD,
    NDW["Push"],
    row="timely-after-outage",
    basis=Basis.ASSUMED,
    when=_met_an_outage,
    asked_by=["ndw/server-errors-and-then-well"],
    broken_by=[Retelling("nothing came after the trouble", "transcript", _gave_up)],
    kept_by=[Retelling("it was watched five seconds longer", "transcript", _a_little_later)],
)
def states_arrive_within_a_minute_after_an_outage(conversation: Conversation, settings: Settings) -> Problems:
    """Within a minute after an outage, of NDW or of the client, the present state of all that was missed is pushed.

    Why: else NDW shows what was before the outage until something changes again, which can be days.
    Fix: remember what was not taken; try again with pauses of at most half a minute, each time with the present state.
    """
    changes = list(_in_time(conversation, settings, lambda one: is_dynamic(one, settings), outage=True))
    every = [*_lost_pushes(conversation, limit_s(settings)), *changes]
    yield from (one for one in every if isinstance(one, Problem))
    is_shown = None in every or not any(isinstance(one, NotEnough) for one in changes)
    lacking = [one for one in every if isinstance(one, NotEnough)]
    if not is_shown:
        yield lacking[0] if lacking else NotEnough("nothing was missed in the outage")


UNTESTED = (
    excluded(
        "A change of static data is pushed within 24 hours",
        "timely-static-24h",
        Reason.NEEDS_TIME,
        "A run takes minutes: whether a change of static data is told the next day, no run can wait to see.",
    ),
)
