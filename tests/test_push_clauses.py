"""What clauses on a push client let pass, since a correct client may do it, and what they find all the same."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from harness.model.body import Body
from harness.model.exchange import (
    SPOILT,
    Happening,
    Headers,
    HookCall,
    HttpExchange,
    HttpRequest,
    HttpResponse,
    Stored,
    Transcript,
    trouble_tag,
)
from harness.model.verdict import Outcome, Verdict
from harness.standards.ocpi_2_2_1.orders import price_of_a_tariff, status_of_an_evse, statuses_of_evses
from scenarios.ndw.push_outcomes import changes_have_come, trouble_is_over
from tests.proofs.conversation import bench

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
OPERATIONS = {
    ("PUT", 3): "putLocation",
    ("PATCH", 3): "patchLocation",
    ("PUT", 4): "putEvse",
    ("PATCH", 4): "patchEvse",
}
LOST = (SPOILT, trouble_tag("drop after"))
DOWN = (SPOILT, trouble_tag("fail"))
STAMP = {"last_updated": "2026-06-01T08:00:00Z"}
Json = dict[str, Any]


def evse(uid: str, status: str = "AVAILABLE", tariff: str = "T1") -> Json:
    return {
        "uid": uid,
        "evse_id": f"NL*XPO*{uid}",
        "status": status,
        "connectors": [{"id": "1", "tariff_ids": [tariff]}],
    }


def location(*evses: Json, name: str = "L1") -> Json:
    return {"country_code": "NL", "party_id": "XPO", "id": name, "evses": list(evses), **STAMP}


def said(method: str, path: str, body: Json | None = None, status: int = 200, *tags: str) -> HttpExchange:
    module, *ids = path.split("/")
    operation = f"{method.lower()}Tariff" if module == "tariffs" else OPERATIONS.get((method, len(ids) + 2))
    raw = b"" if body is None else json.dumps(body).encode()
    code = 1000 if status < 300 else 2003 if status == 404 else 3000
    answer = b"" if status == 204 else json.dumps({"status_code": code, "timestamp": "2026-06-01T08:00:00Z"}).encode()
    url = "/".join(("https://ndw.example/ocpi/2.2.1", module, "NL/XPO", *ids))
    request = HttpRequest(method, url, Headers(), Body(raw))
    return HttpExchange(
        "", "ndw/all-is-well", operation, request, HttpResponse(status, Headers(), Body(answer)), START, START,
        frozenset(tags),
    )  # fmt: skip


def told(*exchanges: HttpExchange, **more: Any) -> Transcript:
    """One a second, answered half a second later; the client was started for it."""
    timed = [
        replace(one, id=f"e{at}", sent=START + timedelta(seconds=at), received=START + timedelta(seconds=at + 0.5))
        for at, one in enumerate(exchanges)
    ]
    until = START + timedelta(seconds=len(timed) + 70)
    given = {"happened": (Happening("started", START),), "until": until, **more}
    return Transcript("ndw/all-is-well", tuple(timed), **given)


def verdict(clause: str, transcript: Transcript) -> Verdict:
    at = bench("ndw-push")
    only = next(one for one in at.suite.requirements if one.id == f"ndw/{clause}")
    return next(one for one in at.verdicts([transcript], only) if one.requirement == only.id)


PUT_L1 = said("PUT", "locations/L1", location(evse("E1"), evse("E2")), 201)
GONE = {"status": "REMOVED", **STAMP}
CHARGING = {"status": "CHARGING", **STAMP}
PUT_T1, NEW_T1 = said("PUT", "tariffs/T1", {"id": "T1"}), said("PUT", "tariffs/T1", {"id": "T1"}, 201)
DELETE_T1 = said("DELETE", "tariffs/T1", None, 204)
OTHER_TARIFF = {"connectors": [{"id": "1", "tariff_ids": ["T2"]}], **STAMP}
ONE_EVSE = said("PUT", "locations/L1", location(evse("E1", tariff="T1")), 201)


def put(status: int, *tags: str) -> HttpExchange:
    return said("PUT", "locations/L1", location(evse("E1")), status, *tags)


RIGHT: dict[str, tuple[str, Sequence[HttpExchange]]] = {
    "an EVSE is left out after its removal was told": (
        "put-of-a-location-keeps-its-evses",
        [PUT_L1, said("PATCH", "locations/L1/e2", GONE), put(200)],
    ),
    "the answer to its removal was lost": (
        "put-of-a-location-keeps-its-evses",
        [PUT_L1, said("PATCH", "locations/L1/E2", GONE, 200, *LOST), put(200)],
    ),
    "it was removed by a PUT of the location": (
        "evses-go-away-by-their-status",
        [PUT_L1, said("PUT", "locations/L1", location(evse("E1"), evse("E2", "REMOVED"))), put(200)],
    ),
    "an EVSE whose own PUT failed is not in the location yet": (
        "put-of-a-location-keeps-its-evses",
        [put(201), said("PUT", "locations/L1/E2", evse("E2"), 503, *DOWN), put(200)],
    ),
    "the same location twice, ids in another case": (
        "put-of-a-location-keeps-its-evses",
        [PUT_L1, said("PUT", "locations/l1", location(evse("e2"), evse("e1")))],
    ),
    "a PATCH after a PUT whose answer never came": (
        "patches-are-of-known-objects",
        [
            said("PUT", "locations/L0", location(name="L0"), 201),
            put(503, *DOWN),
            said("PATCH", "locations/L1/E1", CHARGING, 404),
        ],
    ),
    "a PATCH that is answered 404 on purpose": (
        "patches-are-of-known-objects",
        [PUT_L1, said("PATCH", "locations/L1/E1", CHARGING, 404, SPOILT, trouble_tag("unknown"))],
    ),
    "a tariff that failed at first, and a location meanwhile": (
        "tariffs-come-before-their-connectors",
        [said("PUT", "tariffs/T1", {"id": "T1"}, 503, *DOWN), PUT_L1, NEW_T1],
    ),
    "a tariff that NDW knew, pushed again later": ("tariffs-come-before-their-connectors", [PUT_L1, PUT_T1]),
    "a tariff that was deleted and came back": (
        "tariffs-come-before-their-connectors",
        [PUT_L1, said("PATCH", "locations/L1/E1", OTHER_TARIFF), DELETE_T1, NEW_T1],
    ),
    "a tariff is deleted when its connector has another one": (
        "deleted-tariffs-are-not-named",
        [ONE_EVSE, said("PATCH", "locations/L1/E1", OTHER_TARIFF), DELETE_T1],
    ),
    "the same, and that answer was lost": (
        "deleted-tariffs-are-not-named",
        [ONE_EVSE, said("PATCH", "locations/L1/E1", OTHER_TARIFF, 200, *LOST), DELETE_T1],
    ),
    "a tariff is deleted that only a removed EVSE names": (
        "deleted-tariffs-are-not-named",
        [ONE_EVSE, said("PATCH", "locations/L1/E1", GONE), DELETE_T1],
    ),
    "a status by a PUT of the EVSE": (
        "statuses-are-told-of-the-evse",
        [PUT_L1, said("PUT", "locations/L1/E1", evse("E1", "CHARGING"))],
    ),
    "a PATCH of a location with EVSEs whose status is as it was": (
        "statuses-are-told-of-the-evse",
        [PUT_L1, said("PATCH", "locations/L1", {"evses": [evse("E1")], **STAMP})],
    ),
    "an EVSE whose uid is its evse_id": (
        "evse-urls-carry-the-uid",
        [said("PATCH", "locations/L1/NL*XPO*E1", CHARGING), said("PUT", "locations/L1/NL*XPO*E1", evse("NL*XPO*E1"))],
    ),
    "a read at last, of what was pushed": ("pushing-needs-no-get", [PUT_L1, said("GET", "locations/L1", None, 405)]),
}
"""What happened → the clause that must pass, and what was said."""


@pytest.mark.parametrize("name", RIGHT)
def test_what_a_correct_client_may_do_passes(name: str) -> None:
    clause, exchanges = RIGHT[name]
    found = verdict(clause, told(*exchanges))
    assert found.problems == ()
    assert found.outcome is not Outcome.CANNOT_TELL


WRONG: dict[str, tuple[str, Sequence[HttpExchange], str]] = {
    "an EVSE is left out": ("put-of-a-location-keeps-its-evses", [PUT_L1, put(200)], "e1"),
    "an EVSE of which only a PATCH was told": (
        "put-of-a-location-keeps-its-evses",
        [put(201), said("PUT", "locations/L1/E3", evse("E3"), 201), put(200)],
        "e2",
    ),
    "an EVSE is left out and never spoken of again": ("evses-go-away-by-their-status", [PUT_L1, put(200)], "e1"),
    "a PATCH first": (
        "patches-are-of-known-objects",
        [
            said("PUT", "locations/L0", location(name="L0"), 201),
            said("PATCH", "locations/L1/E1", CHARGING, 404),
            PUT_L1,
        ],
        "e1",
    ),
    "a new tariff after its connector": ("tariffs-come-before-their-connectors", [PUT_L1, NEW_T1], "e0"),
    "a tariff is deleted in use": ("deleted-tariffs-are-not-named", [ONE_EVSE, DELETE_T1], "e1"),
    "nothing but reading": ("pushing-needs-no-get", [PUT_T1, said("GET", "locations/L1", None, 405)], "e1"),
    "an id whose slash is not encoded": (
        "urls-have-the-shape-of-ocpi",
        [said("PUT", "locations/A/1", {**location(), "id": "A/1"}, 404)],
        "e0",
    ),
}
"""What happened → the clause that must fail, what was said, and where the fault is."""


@pytest.mark.parametrize("name", WRONG)
def test_what_a_wrong_client_does_is_found_where_it_is(name: str) -> None:
    clause, exchanges, where = WRONG[name]
    found = verdict(clause, told(*exchanges))
    assert [problem.exchange for problem in found.problems] == [where]


def test_a_patch_is_judged_by_what_ndw_knew_before_as_far_as_anybody_looked() -> None:
    """A service that goes on from yesterday may well have told NDW of it then."""
    exchanges = [PUT_T1, said("PATCH", "locations/L1/E1", CHARGING, 404)]
    unknown = verdict("patches-are-of-known-objects", told(*exchanges, happened=()))
    assert unknown.outcome is Outcome.UNTESTED
    assert "a pull of your server" in (unknown.reason or "")
    for before, problems in (({"locations": {"NL/XPO/l1": {}}}, 0), ({"locations": {}}, 1)):
        stored = Stored("pull", START, {}, {}, before)
        found = verdict("patches-are-of-known-objects", told(*exchanges, happened=(), stores=(stored,)))
        assert found.problem_count == problems


STATE: Json = {
    "locations": {"NL/XPO/L1": location(evse("E1"), evse("E2", "REMOVED"), evse("E3", "UNKNOWN"))},
    "tariffs": {
        "NL/XPO/FREE": {"country_code": "NL", "party_id": "XPO", "id": "FREE",
                        "elements": [{"price_components": [{"type": "FLAT", "price": 0}]}]},
        "NL/XPO/T1": {"country_code": "NL", "party_id": "XPO", "id": "T1",
                      "elements": [{"price_components": [{"type": "ENERGY", "price": 0.39}]}]},
    },
}  # fmt: skip


def test_orders_are_of_what_there_is_and_change_it() -> None:
    chance = Random(1)
    in_turn = [status_of_an_evse(turn=turn)(STATE, chance)[0] for turn in range(3)]
    assert {order["object"]["evse"] for order in in_turn} == {"E1"}
    assert len({order["set"]["status"] for order in in_turn} | {"AVAILABLE"}) == 4
    many = statuses_of_evses(5)(STATE, chance)
    assert len(many) == 5
    assert {order["object"]["evse"] for order in many} == {"E1", "E3"}
    (priced,) = price_of_a_tariff()(STATE, chance)
    assert priced["object"] == {"tariff": "T1"}
    assert priced["set"]["elements"][0]["price_components"][0]["price"] == 0.4
    for orders in (status_of_an_evse(), statuses_of_evses(5), price_of_a_tariff()):
        assert not orders({}, chance)


def test_a_situation_goes_on_until_what_suffered_was_made_up_for_and_changes_have_come() -> None:
    order = {"party": "NL/XPO", "object": {"location": "L1", "evse": "E1"}, "set": {"status": "CHARGING"}}
    call = HookCall("change", order, {}, "", START, START)
    failed = said("PATCH", "locations/L1/E1", CHARGING, 503, *DOWN)
    elsewhere = said("PATCH", "locations/L2/E1", CHARGING)
    for more, over in (
        ([], False),
        ([elsewhere], False),
        ([said("PATCH", "locations/L1/e1", CHARGING)], True),
        ([said("PUT", "locations/L1", location(evse("E1", "CHARGING")))], True),
    ):
        seen = told(failed, *more, hooks=(call,))
        assert trouble_is_over(seen) is changes_have_come(seen) is over
