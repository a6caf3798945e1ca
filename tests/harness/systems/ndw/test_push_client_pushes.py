"""What the reference pushes for a difference, and what it then takes NDW to hold."""

from datetime import timedelta
from typing import Any

import pytest

from harness.systems.ndw.reference.instants import stamp_after
from harness.systems.ndw.reference.pushes import Push, done, in_doubt, is_sure, needed, tariffs_named, unknown
from tests.harness.systems.ndw.pushing import EVSE, LOCATION, NEW, evse, location, tariff
from tests.harness.systems.ndw.talking import NOW

Json = dict[str, Any]
BEFORE = location(last_updated="2026-06-01T08:00:00Z")


def path(push: Push) -> str:
    return f"{push.method} /{push.address}"


def connector(**other: Any) -> Json:
    return {**evse()["connectors"][0], **other}


def with_evse(*evses: Json) -> Json:
    return location(evses=[*evses, *BEFORE["evses"][1:]])


@pytest.mark.parametrize(
    ("current", "wanted"),
    [
        (location(name="Other"), [f"PUT {LOCATION}"]),
        (location(), [f"PATCH {LOCATION}"]),  # the stamp alone
        (with_evse(evse(status="BLOCKED")), [f"PATCH {EVSE}"]),
        (with_evse(evse(floor_level="2")), [f"PUT {EVSE}"]),
        (with_evse(evse(connectors=[connector(max_amperage=16)])), [f"PUT {EVSE}/1"]),
        (with_evse(evse(connectors=[connector(), connector(id="2")])), [f"PUT {EVSE}/2"]),
        (with_evse(evse(connectors=[connector(id="2")])), [f"PUT {EVSE}"]),
        (with_evse(evse(status="BLOCKED", connectors=[connector(max_amperage=16)])), [f"PUT {EVSE}"]),
        (with_evse(evse(status="BLOCKED"), evse(uid="EV-9")), [f"PATCH {EVSE}", f"PUT {LOCATION}/EV-9"]),
        (with_evse(), [f"PATCH {EVSE}"]),  # left out: it gets the status REMOVED
    ],
)
def test_the_smallest_push_that_holds_the_change(current: Json, wanted: list[str]) -> None:
    pushes = needed("locations", BEFORE, current)
    assert [path(push) for push in pushes] == wanted
    known: Json | None = BEFORE
    for push in pushes:
        known = done(known, push)
    left = [path(push) for push in needed("locations", known, current)]
    assert left in ([], [f"PATCH {EVSE}"], [f"PATCH {LOCATION}"]), "the stamps of those that hold it, at most"
    assert needed("locations", current, current) == []


def test_an_evse_that_vanished_is_removed_by_status_also_in_a_put_of_the_whole() -> None:
    [push] = needed("locations", BEFORE, with_evse())
    assert push.body == {"status": "REMOVED", "last_updated": NEW}
    [whole] = needed("locations", BEFORE, {**with_evse(), "name": "Other"})
    assert [(one["uid"], one["status"]) for one in (whole.body or {})["evses"]][-1] == ("EV-0001-A", "REMOVED")


@pytest.mark.parametrize(
    "current",
    [
        location(name="Other"),
        with_evse(evse(status="BLOCKED")),
        with_evse(evse(floor_level="2")),
        with_evse(evse(connectors=[connector(max_amperage=16)])),
    ],
)
def test_in_doubt_the_same_is_needed_again_even_when_all_is_as_before(current: Json) -> None:
    [push] = needed("locations", BEFORE, current)
    doubt = in_doubt(BEFORE, push)
    assert [path(one) for one in needed("locations", doubt, current)] == [path(push)]
    assert [path(one) for one in needed("locations", doubt, BEFORE)] == [path(push)]


def test_what_is_unknown_is_put_with_what_holds_it() -> None:
    current = with_evse(evse(status="BLOCKED"))
    [patch] = needed("locations", BEFORE, current)
    [put] = needed("locations", unknown(BEFORE, patch), current)
    assert path(put) == f"PUT {EVSE}"
    [whole] = needed("locations", unknown(BEFORE, put), current)
    assert path(whole) == f"PUT {LOCATION}"


def test_a_tariff_is_put_and_deleted() -> None:
    [put] = needed("tariffs", None, tariff())
    doubt = in_doubt(None, put)
    assert not is_sure(doubt)
    [delete] = needed("tariffs", doubt, None)
    assert path(delete) == "DELETE /tariffs/NL/XPO/TAR-01"
    assert done(doubt, delete) is None
    assert needed("tariffs", None, None) == []
    assert tariffs_named(location()) == {"tar-01"}


def test_a_change_has_a_newer_stamp_than_what_it_changes() -> None:
    half = NOW + timedelta(milliseconds=500)
    assert stamp_after("2026-06-01T08:00:00Z", half) == "2026-12-01T08:00:00Z"
    assert stamp_after("2026-12-01T08:00:00Z", half) == "2026-12-01T08:00:00.500Z"
    assert stamp_after("2026-12-01T08:00:00.500Z", half) == "2026-12-01T08:00:00.501Z"
    assert stamp_after("2026-12-01T09:00:00", half) == "2026-12-01T09:00:00.001Z"
