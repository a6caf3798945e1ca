"""NDW, push: what became of what a client pushed, as far as its conversation shows. No clause of its own.

What the client can know counts, not what the mock did: an answer that was lost is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from harness.judge.vocabulary import as_whole_number
from harness.model.exchange import SPOILT, TOKEN_ENDPOINT, HookCall, HttpExchange, Transcript, trouble_tag

WRITING = ("PUT", "PATCH", "DELETE")
LATE = trouble_tag("delay")
"""The tag of an answer that only came late: it counts like any other."""
LOST = frozenset(map(trouble_tag, ("drop before", "drop after", "stall", "reset", "truncate")))
"""The tags of answers that did not get to the client."""

Segments = tuple[str, ...]


def segments(exchange: HttpExchange) -> Segments:
    """The segments of the path, decoded; case says nothing."""
    return tuple(unquote(one).lower() for one in urlsplit(exchange.request.url).path.split("/"))


def pushes(transcript: Transcript) -> Iterator[HttpExchange]:
    """Everything that was to change something at NDW."""
    for exchange in transcript.exchanges:
        if exchange.request.method in WRITING and TOKEN_ENDPOINT not in exchange.tags:
            yield exchange


def is_spoilt(exchange: HttpExchange) -> bool:
    """The mock did something wrong with it on purpose, besides being late."""
    return SPOILT in exchange.tags and LATE not in exchange.tags


def is_accepted(exchange: HttpExchange) -> bool:
    """The client was told that its push is done."""
    if exchange.response is None or exchange.tags & LOST or exchange.response.status not in (200, 201, 204):
        return False
    if exchange.response.status == 204:
        return True
    code = as_whole_number(exchange.response.body.at("/status_code"))
    return code is not None and 1000 <= code <= 1999


def concerns(one: Segments, other: Segments) -> bool:
    """One of the two URLs is the other's, or that of what holds it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def is_made_up_for(spoilt: HttpExchange, later: Sequence[HttpExchange]) -> bool:
    """After trouble, the client has come back to the object, itself or what holds it or is in it, and it was done."""
    gone = spoilt.request.method == "DELETE"
    return any(
        not is_spoilt(one)
        and concerns(segments(spoilt), segments(one))
        and (is_accepted(one) or (gone and one.response is not None and one.response.status == 404))
        for one in later
    )


def trouble_is_over(seen: Transcript) -> bool:
    """Something was done wrong, and everything that suffered by it was made up for."""
    said = list(pushes(seen))
    troubled = [index for index, one in enumerate(said) if is_spoilt(one)]
    return bool(troubled) and all(is_made_up_for(said[index], said[index + 1 :]) for index in troubled)


def nothing_is_left(seen: Transcript) -> bool:
    """As far as something was done wrong, it was made up for; and something was accepted."""
    met = any(map(is_spoilt, pushes(seen)))
    return any(map(is_accepted, pushes(seen))) and (trouble_is_over(seen) or not met)


def changes_have_come(seen: Transcript) -> bool:
    """The last state of everything that the client was made to change was pushed, and it was done."""
    return all(_has_come(call, [one for one in pushes(seen) if is_accepted(one)]) for call in last_changes(seen))


def changes_were_tried(seen: Transcript) -> bool:
    """The same, whatever the answer was."""
    return all(_has_come(call, list(pushes(seen))) for call in last_changes(seen))


def last_changes(seen: Transcript) -> list[HookCall]:
    """The calls of the hook ``change``: of those with the same object and members the last."""
    found: dict[str, HookCall] = {}
    for call in seen.hooks:
        if call.name == "change":
            members = sorted(call.arguments.get("set", {}))
            found[repr((call.arguments.get("party"), call.arguments.get("object"), members))] = call
    return list(found.values())


def _has_come(call: HookCall, done: Sequence[HttpExchange]) -> bool:
    began = call.began or call.at
    since = [one for one in done if one.sent >= began]
    wanted: Mapping[str, Any] = call.arguments.get("object", {})
    return any(_tells(one, wanted, call.arguments.get("set", {})) for one in since)


def _tells(push: HttpExchange, wanted: Mapping[str, Any], members: Mapping[str, Any]) -> bool:
    """The push holds the object with these members; where a person changed something, any push does."""
    if not wanted:
        return True
    names = ("tariff",) if "tariff" in wanted else ("location", "evse", "connector")
    ids = [str(wanted[name]).lower() for name in names if name in wanted]
    path = segments(push)
    if ids[0] not in path:
        return False
    given = list(path[path.index(ids[0]) :])
    if given != ids[: len(given)]:
        return False
    value: Any = push.request.body.value if push.request.body.is_json else None
    for member, key, wanted_id in (("evses", "uid", 1), ("connectors", "id", 2)):
        if len(given) <= wanted_id < len(ids):
            listed = value.get(member) if isinstance(value, dict) else None
            found = listed if isinstance(listed, list) else []
            value = next(
                (one for one in found if isinstance(one, dict) and str(one.get(key)).lower() == ids[wanted_id]), None
            )
    if not isinstance(value, dict):
        return False
    return all(name in value and (name != "status" or value[name] == one) for name, one in members.items())
