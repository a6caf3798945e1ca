"""How soon NDW heard of a change: hard cases, on conversations that nobody held."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.model.body import Body
from harness.model.edit import compact
from harness.model.exchange import (
    SPOILT,
    Conversation,
    Happening,
    Headers,
    HookCall,
    HttpExchange,
    HttpRequest,
    HttpResponse,
    Transcript,
    trouble_tag,
)
from harness.model.requirement import Requirement
from harness.model.verdict import Inapplicable, NotEnough, Problem
from scenarios.ndw import push_timeliness as clauses
from tests.proofs.conversation import bench

START = datetime(2026, 6, 1, 8, 0, 0, tzinfo=UTC)
BASE = "https://ndw.example/ocpi/2.2.1"
OTHERS = "/locations/NL/YPO/LOC-1"
EVSE = {"location": "LOC-1", "evse": "EV-1"}
DYNAMIC, TARIFF = clauses.dynamic_changes_arrive_within_a_minute, clauses.tariff_changes_arrive_within_a_minute
BURST = clauses.bursts_arrive_within_a_minute
OUTAGE = clauses.states_arrive_within_a_minute_after_an_outage


def at(seconds: float) -> datetime:
    """So long after the beginning."""
    return START + timedelta(seconds=seconds)


def push(
    seconds: float,
    operation: str,
    path: str,
    body: Mapping[str, Any],
    status: int = 200,
    tags: frozenset[str] = frozenset(),
) -> HttpExchange:
    """A push of the client's, answered at once."""
    told = {"status_code": 1000 if status < 300 else 2000, "timestamp": "2026-06-01T08:00:00Z"}
    method = {"put": "PUT", "pat": "PATCH", "del": "DELETE"}[operation[:3]]
    request = HttpRequest(method, BASE + path, Headers(), Body(compact(body)))
    answer = HttpResponse(status, Headers(), Body(compact(told)))
    return HttpExchange(f"e{seconds}", "s", operation, request, answer, at(seconds), at(seconds), tags)


def status(seconds: float, value: str, tags: frozenset[str] = frozenset(), code: int = 200) -> HttpExchange:
    """The PATCH of an EVSE's status."""
    return push(seconds, "patchEvse", "/locations/NL/XPO/LOC-1/EV-1", {"status": value}, code, tags)


def change(
    seconds: float, value: Any, wanted: Mapping[str, str] = EVSE, member: str = "status", late: float = 0
) -> HookCall:
    """A call of the hook, which returned so much later."""
    return HookCall(
        "change", {"party": "NL/XPO", "object": wanted, "set": {member: value}}, {}, "", at(seconds + late), at(seconds)
    )


def told(
    clause: Requirement, hooks: list[HookCall], said: list[HttpExchange], until: float, *happened: Happening
) -> list[type]:
    """The kinds of what the clause says of this; nothing: it holds."""
    seen = Conversation(Transcript("s", tuple(said), (), tuple(hooks), (), happened, at(until)))
    assert clause.check is not None
    assert clause.when(seen)
    return [type(one) for one in clause.check(seen, bench("ndw-push").profile.settings)]


_IN_A_LOCATION = {"id": "loc-1", "evses": [{"uid": "EV-2", "status": "BLOCKED"}, {"uid": "ev-1", "status": "CHARGING"}]}


@pytest.mark.parametrize(
    ("hooks", "said", "until", "expected"),
    [
        ([change(0, "CHARGING")], [status(64, "CHARGING")], 70, []),
        ([change(0, "CHARGING")], [status(66, "CHARGING")], 70, [Problem]),
        ([change(0, "CHARGING")], [], 70, [Problem]),
        ([change(0, "CHARGING")], [], 12, [NotEnough]),
        # refused, and answered with what was asked for without being done
        ([change(0, "CHARGING")], [status(1, "CHARGING", code=400)], 70, [Problem]),
        # another value is another one
        ([change(0, "CHARGING")], [status(1, "BLOCKED")], 70, [Problem]),
        # coalesced: only the last of three is told
        ([change(0, "CHARGING"), change(9, "BLOCKED"), change(18, "AVAILABLE")], [status(50, "AVAILABLE")], 90, []),
        # too late for the first one, whatever came after
        ([change(0, "CHARGING"), change(80, "BLOCKED")], [status(81, "BLOCKED")], 150, [Problem]),
        # the whole Location, ids in another case, instead of a PATCH
        ([change(0, "CHARGING")], [push(5, "putLocation", "/locations/nl/xpo/loc-1", _IN_A_LOCATION)], 70, []),
        # set twice to the same: nothing is new the second time
        ([change(0, "CHARGING"), change(30, "CHARGING")], [status(1, "CHARGING")], 130, []),
        # the hook returns after the push has come
        ([change(0, "CHARGING", late=20)], [status(3, "CHARGING")], 90, []),
        # another party's object of the same ids
        ([change(0, "CHARGING")], [push(3, "patchEvse", f"{OTHERS}/EV-1", {"status": "CHARGING"})], 70, [Problem]),
    ],
)  # fmt: skip
def test_a_status_is_told_within_a_minute(
    hooks: list[HookCall], said: list[HttpExchange], until: float, expected: list[type]
) -> None:
    assert told(DYNAMIC, hooks, said, until) == expected


def test_an_answer_that_was_lost_on_purpose_hides_no_push_that_arrived() -> None:
    dropped = frozenset({SPOILT, trouble_tag("drop after")})
    assert told(DYNAMIC, [change(0, "CHARGING")], [status(1, "CHARGING", dropped)], 70) == []


def test_what_changes_in_an_outage_has_a_minute_from_its_end() -> None:
    failed = frozenset({SPOILT, trouble_tag("fail")})
    outage = (Happening("troubled", at(0)), Happening("well", at(100)))
    said = [status(2, "CHARGING", failed, 503), status(90, "CHARGING", failed, 503), status(150, "CHARGING")]
    assert told(OUTAGE, [change(1, "CHARGING")], said, 200, *outage) == []
    assert told(DYNAMIC, [change(1, "CHARGING")], said, 200, *outage) == [NotEnough]
    assert set(told(OUTAGE, [change(1, "CHARGING")], said[:2], 200, *outage)) == {Problem}
    assert NotEnough in told(OUTAGE, [change(1, "CHARGING")], said[:2], 120, *outage)


def test_what_is_static_has_no_minute() -> None:
    call = change(0, "Laadplein", {"location": "LOC-1"}, "name")
    assert told(DYNAMIC, [call], [], 100) == [NotEnough]


def test_a_price_is_the_same_however_it_is_spelt() -> None:
    elements = [{"price_components": [{"type": "ENERGY", "price": 0.4}]}]
    more = [{"price_components": [{"type": "ENERGY", "price": 0.40, "vat": 21.0, "step_size": 1}]}]
    call = change(0, elements, {"tariff": "T-1"}, "elements")
    put = push(5, "putTariff", "/tariffs/NL/XPO/T-1", {"id": "T-1", "elements": more})
    assert told(TARIFF, [call], [put], 70) == []
    assert told(TARIFF, [call], [], 70) == [Problem]


def test_of_a_burst_the_last_state_of_each_counts() -> None:
    wanted = [{"location": "LOC-1", "evse": f"EV-{number % 5}"} for number in range(20)]
    hooks = [change(number / 20, ("CHARGING", "BLOCKED")[number < 15], one) for number, one in enumerate(wanted)]
    said = [
        push(40, "patchEvse", f"/locations/NL/XPO/LOC-1/EV-{number}", {"status": "CHARGING"}) for number in range(5)
    ]
    assert told(BURST, hooks, said, 80) == []
    assert told(BURST, hooks, said[1:], 80) == [Problem]
    assert Inapplicable not in told(BURST, hooks, [], 20)
