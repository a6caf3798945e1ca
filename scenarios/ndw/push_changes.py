"""NDW, push: what a client was made to change, and when NDW heard of it. No clause of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from harness.judge.vocabulary import shown
from harness.model.exchange import SPOILT, Conversation, HookCall, HttpExchange, trouble_tag
from harness.model.pointer import MISSING
from harness.model.settings import Settings
from harness.model.verdict import NotEnough, Problem
from harness.standards.ocpi_2_2_1.convergence import same
from scenarios.ndw.push_outcomes import is_accepted, is_spoilt, pushes, segments
from scenarios.standards.ocpi_2_2_1.objects import PATCHED, PUT

STEPS = {"Location": 1, "EVSE": 2, "Connector": 3, "Tariff": 1}
_PARTS = (("evses", "uid"), ("connectors", "id"))
CARRIED_OUT = frozenset(map(trouble_tag, ("drop after", "close", "stall", "truncate", "delay")))
"""The tags of pushes that did their work, whatever came of the answer."""
NOT_CARRIED_OUT = frozenset(
    map(
        trouble_tag,
        ("fail", "throttle", "unknown", "drop before", "reset", "token ended", "token revoked"),
    )
)
IN_A_ROW_S = 2.0
"""Whoever changes something so soon after something else does not wait for what comes of it."""
A_BURST = 10


@dataclass(frozen=True)
class Changed:
    """One member that the hook ``change`` set, and to what."""

    call: HookCall
    name: str
    ids: tuple[str, ...]
    member: str
    value: Any
    in_burst: bool

    @property
    def began(self) -> datetime:
        """When the hook was called: from then on it may have been told."""
        return self.call.began or self.call.at

    @property
    def object(self) -> Mapping[str, str]:
        """The object in the user's own keys."""
        named = {key: str(value) for key, value in self.call.arguments["object"].items()}
        party = self.call.arguments.get("party")
        return {"party": str(party), **named} if party else named

    def is_of_the_same(self, other: "Changed") -> bool:
        """Both are of the same member of the same object."""
        mine, theirs = (one.call.arguments.get("party") for one in (self, other))
        same_party = str(mine).lower() == str(theirs).lower() or None in (mine, theirs)
        return (self.name, self.ids, self.member) == (other.name, other.ids, other.member) and same_party


def changed(conversation: Conversation) -> list[Changed]:
    """Every member that was set by the hook, in order; what a person changed names no object, and is not among them."""
    calls = [one for one in conversation.hooks if one.name == "change" and _named(one)]
    in_burst = _in_bursts(calls)
    found = []
    for call in calls:
        name, ids = _named(call) or ("", ())
        for member, value in call.arguments["set"].items():
            found.append(Changed(call, name, ids, member, value, id(call) in in_burst))
    return found


def _named(call: HookCall) -> tuple[str, tuple[str, ...]] | None:
    """Class and ids of the object of a call; None where it names none."""
    wanted, members = call.arguments.get("object"), call.arguments.get("set")
    if not isinstance(wanted, Mapping) or not isinstance(members, Mapping):
        return None
    if "tariff" in wanted:
        return "Tariff", (str(wanted["tariff"]).lower(),)
    ids = tuple(str(wanted[name]).lower() for name in ("location", "evse", "connector") if name in wanted)
    return (("Location", "EVSE", "Connector")[len(ids) - 1], ids) if ids else None


def _in_bursts(calls: Sequence[HookCall]) -> set[int]:
    """Those of many changes in a row."""
    found: set[int] = set()
    row: list[HookCall] = []
    for call in calls:
        if row and ((call.began or call.at) - row[-1].at).total_seconds() > IN_A_ROW_S:
            row = []
        row.append(call)
        if len(row) >= A_BURST:
            found |= set(map(id, row))
    return found


def is_dynamic(one: Changed, settings: Settings) -> bool:
    """The member is one of ``time.dynamic_fields``."""
    named = {name.strip().lower() for name in settings.text("time.dynamic_fields").split(",")}
    return not named.isdisjoint({one.name.lower(), f"{one.name}.{one.member}".lower()})


def has_arrived(push: HttpExchange) -> bool:
    """NDW has what it says, whatever the client knows of that."""
    if push.tags & NOT_CARRIED_OUT:
        return False
    if push.tags & CARRIED_OUT and push.response is None:
        return True
    return SPOILT in push.tags or is_accepted(push)


def said_of(push: HttpExchange, one: Changed) -> Any:
    """What a push says of the member; MISSING where nothing."""
    name = PUT.get(push.operation or "") or PATCHED.get(push.operation or "")
    if name is None or (name == "Tariff") != (one.name == "Tariff") or not push.request.body.is_json:
        return MISSING
    steps, path = STEPS[name], segments(push)
    given, party = path[-steps:], "/".join(path[-steps - 2 : -steps])
    if given != one.ids[:steps] or str(one.call.arguments.get("party") or party).lower() != party:
        return MISSING
    value = push.request.body.value
    for level in range(steps, len(one.ids)):
        value = _part(value, *_PARTS[level - 1], one.ids[level])
    if not isinstance(value, dict):
        return MISSING
    return value.get(one.member, None if push.operation in PUT or steps < len(one.ids) else MISSING)


def _part(value: Any, member: str, key: str, wanted: str) -> Any:
    listed = value.get(member) if isinstance(value, dict) else None
    found = listed if isinstance(listed, list) else []
    return next((one for one in found if isinstance(one, dict) and str(one.get(key)).lower() == wanted), None)


def shows(given: Any, wanted: Any, member: str) -> bool:
    """A value says what was set; it may say more, and in another spelling."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        return all(shows(given.get(name), value, name) for name, value in wanted.items())
    of_objects = isinstance(wanted, list) and any(isinstance(one, dict) for one in wanted)
    if of_objects and isinstance(given, list) and len(given) == len(wanted):
        return all(shows(one, other, member) for one, other in zip(given, wanted, strict=True))
    return given is not MISSING and same(given, wanted, member=member)


def outages(conversation: Conversation) -> list[tuple[datetime, datetime | None]]:
    """The times at which NDW did not work as it should, or the client was down; None: it was not over yet."""
    found: list[tuple[datetime, datetime | None]] = []
    for ends, begins in (({"well"}, {"troubled"}), ({"started"}, {"killed"})):
        for index, one in enumerate(conversation.happened):
            if one.kind in begins:
                over = next((later.at for later in conversation.happened[index:] if later.kind in ends), None)
                if over is not None:  # else what was spoilt says how long it was
                    found.append((one.at, over))
                elif one.kind != "troubled":
                    found.append((one.at, None))
    return found + [
        (one.sent, one.received + timedelta(seconds=_retry_after_s(one)))
        for one in filter(is_spoilt, conversation.exchanges)
    ]


def _retry_after_s(exchange: HttpExchange) -> float:
    text = exchange.response.headers.get("retry-after") if exchange.response is not None else None
    if text is None:
        return 0
    if text.isascii() and text.isdecimal():
        return min(float(text), 86_400)
    try:
        return max(0.0, (parsedate_to_datetime(text) - exchange.received).total_seconds())
    except (ValueError, TypeError):
        return 0


def well_again(
    known: Sequence[tuple[datetime, datetime | None]], began: datetime, since: datetime, limit: timedelta
) -> tuple[bool, datetime | None]:
    """Whether an outage is in the way of what has `limit` from `since` on, and since when all is well; None: never."""
    well, met = since, False
    for _again in range(len(known) + 1):
        here = [end for start, end in known if start <= well + limit and (end is None or end >= began)]
        later = [end for end in here if end is None or end > well]
        met = met or bool(here)
        if not later:
            return met, well
        if None in later:
            return True, None
        well = max(end for end in later if end is not None)
    return met, well


@dataclass(frozen=True)
class Deadline:
    """By when a change is to be there: so long after `since`. `after_outage`: what was in the way is over then."""

    since: datetime | None
    after_outage: bool


def limit_s(settings: Settings) -> float:
    """For how long NDW waits for a dynamic change, the clocks' skew included."""
    return settings.number("time.dynamic_limit_s") + settings.number("time.skew_s")


def last_changes(conversation: Conversation, limit: float) -> Iterator[Changed]:
    """Those that were not replaced by a later one while there was time to tell them."""
    every = changed(conversation)
    for index, one in enumerate(every):
        later = [other for other in every[index + 1 :] if one.is_of_the_same(other)]
        if not any((other.began - one.call.at).total_seconds() <= limit for other in later):
            yield one


def came(conversation: Conversation, one: Changed) -> HttpExchange | None:
    """The first push that arrived since and says it."""
    return next(
        (push for push in _arrived(conversation) if push.sent >= one.began and _says(push, one)),
        None,
    )


def _arrived(conversation: Conversation) -> list[HttpExchange]:
    return sorted(filter(has_arrived, pushes(conversation)), key=lambda push: push.sent)


def _says(push: HttpExchange, one: Changed) -> bool:
    return shows(said_of(push, one), one.value, one.member)


def _is_nothing_new(conversation: Conversation, one: Changed) -> bool:
    """It is what was told before it was set."""
    told = [push for push in _arrived(conversation) if push.sent < one.began and said_of(push, one) is not MISSING]
    return bool(told) and _says(told[-1], one)


def deadline(conversation: Conversation, one: Changed, limit: float) -> Deadline:
    """By when this one is to be there. An outage that began when it had come was not in its way."""
    push = came(conversation, one)
    known = [each for each in outages(conversation) if push is None or each[0] < push.sent]
    met, well = well_again(known, one.began, one.call.at, timedelta(seconds=limit))
    return Deadline(well if met else one.call.at, met)


def judged(conversation: Conversation, one: Changed, due: Deadline, limit: float) -> Iterator[Problem | NotEnough]:
    """A problem where the change came too late or not at all; what lacks where that was not watched for so long."""
    if due.since is None:
        yield NotEnough("needs time: what was in the way was not over when the situation ended")
        return
    if _is_nothing_new(conversation, one):
        return
    push, expected = came(conversation, one), f"{one.member} {shown(one.value)} told within {limit:g} s"
    if push is not None:
        took = (push.sent - due.since).total_seconds()
        if took > limit:
            yield Problem("transcript", expected, f"after {took:.1f} s", push.id, push.situation, one.object)
        return
    watched = (conversation.until - due.since).total_seconds() if conversation.until is not None else 0.0
    if watched < limit:
        yield NotEnough(f"needs time: {max(0.0, watched):.0f} of {limit:g} s were watched")
        return
    actual = f"not told in the {watched:.0f} s that were watched"
    yield Problem("transcript", expected, actual, one.call.after, conversation.situation, one.object)
