"""What a client holds against what it told: hard cases, on states that nobody held."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.cli.read_back import agreed
from harness.model.exchange import Happening, HookCall, Store, Stored, Transcript
from harness.model.requirement import Requirement
from harness.model.settings import Settings, Value
from harness.model.verdict import UNREAD, NotEnough, Outcome, Problem
from harness.systems.ndw.seed import first_location
from scenarios.ndw import push_convergence as clauses
from tests.proofs.conversation import bench
from tests.test_push_timeliness import push

AT = datetime(2026, 6, 1, 9, 0, 0, tzinfo=UTC)
KEY = "NL/XPO/LOC-0001"
LOCATIONS, TARIFFS = clauses.held_locations_are_those_that_were_told, clauses.held_tariffs_are_those_that_were_told
SILENT, STAMPS = clauses.what_changes_is_told, clauses.stamps_are_those_that_were_told
GONE, AFTER = clauses.deleted_tariffs_are_gone_and_gone_ones_were_deleted, clauses.states_meet_again_after_trouble
OLD = "2026-06-01T07:00:00Z"


def location(**other: Any) -> dict[str, Any]:
    """The first location, changed long ago."""
    return {**first_location(), "last_updated": OLD, **other}


def stored(held: Mapping[str, Any], told: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Stored:
    """Locations that a pull showed, and that were told."""
    was = {"locations": before, "tariffs": {}} if before is not None else None
    return Stored("pull", AT, {"locations": held, "tariffs": {}}, {"locations": told, "tariffs": {}}, was)


def say(clause: Requirement, one: Stored, told: Transcript | None = None, **settings: Value) -> list[Any]:
    """What the clause says of this."""
    known = bench("ndw-push").profile.settings.values
    given = Settings({**known, **{f"converge.{name}": value for name, value in settings.items()}})
    assert clause.check is not None
    return list(clause.check(Store(replace(told or Transcript("s", ()), stores=(one,))), given))


def kinds(clause: Requirement, one: Stored, told: Transcript | None = None, **settings: Value) -> list[type]:
    """The kinds of that."""
    return [type(problem) for problem in say(clause, one, told, **settings)]


def test_a_difference_is_named_in_the_users_own_keys() -> None:
    evses = [dict(one) for one in first_location()["evses"]]
    evses[1]["status"] = "OUTOFORDER"
    (found,) = say(LOCATIONS, stored({KEY: location(evses=evses)}, {KEY: location()}))
    assert found.where == "store:/locations/NL~1XPO~1LOC-0001/evses/1/status"
    assert found.object == {"party": "NL/XPO", "location": "LOC-0001", "evse": evses[1]["uid"]}
    assert found.actual == '"OUTOFORDER" (pull)'


@pytest.mark.parametrize(
    ("setting", "other"),
    [
        ("null_equals_absent", {"state": None}),
        ("empty_equals_absent", {"related_locations": []}),
        ("unordered", {"evses": first_location()["evses"][::-1]}),
        ("removed_equals_absent", {"evses": [*first_location()["evses"], {"uid": "X", "status": "REMOVED"}]}),
    ],
)
def test_each_setting_forgives_or_does_not(setting: str, other: dict[str, Any]) -> None:
    one = stored({KEY: location(**other)}, {KEY: location()})
    assert kinds(LOCATIONS, one) == []
    assert kinds(LOCATIONS, one, None, **{setting: False}) == [Problem]


def test_other_spellings_are_the_same() -> None:
    other = location(party_id="xpo", id="loc-0001", last_updated="2026-06-01T07:00:00.000Z")
    assert kinds(LOCATIONS, stored({KEY.lower(): other}, {KEY: location()})) == []


def test_a_stamp_alone_is_a_matter_of_its_own() -> None:
    one = stored({KEY: location(last_updated="2026-06-01T07:30:00Z")}, {KEY: location()})
    assert kinds(LOCATIONS, one) == []
    assert kinds(STAMPS, one) == [Problem]
    assert kinds(STAMPS, one, last_updated_diff="ignore") != [Problem]


@pytest.mark.parametrize("stamp", ["2026-06-01T08:59:30Z", "2026-06-01T09:00:03Z"])
def test_what_is_younger_than_a_minute_is_left_open(stamp: str) -> None:
    """While a push is under way; and of a client whose clock is three seconds ahead."""
    one = stored({KEY: location(name="Kade", last_updated=stamp)}, {KEY: location()})
    assert kinds(LOCATIONS, one) == [NotEnough]
    assert not agreed(one, bench("ndw-push").profile.settings)
    assert kinds(LOCATIONS, one, settle_s=5) == ([Problem] if stamp < "2026-06-01T09" else [NotEnough])


def test_an_object_that_was_never_told_is_no_failure_without_a_baseline() -> None:
    one = stored({KEY: location(), "NL/XPO/L2": location(id="L2")}, {KEY: location()})
    assert [kinds(clause, one) for clause in (LOCATIONS, SILENT)] == [[], []]
    assert kinds(SILENT, replace(one, before={"locations": {KEY: location()}})) == [Problem]
    assert kinds(LOCATIONS, stored({KEY: location()}, {})) == [NotEnough]


def test_a_change_in_silence_is_told_apart_from_a_push_that_got_lost() -> None:
    silent = stored({KEY: location(name="Kade")}, {KEY: location()}, {KEY: location()})
    assert (kinds(SILENT, silent), kinds(LOCATIONS, silent)) == ([Problem], [])
    stale = stored({KEY: location()}, {KEY: location(name="Kade")}, {KEY: location()})
    assert (kinds(SILENT, stale), kinds(LOCATIONS, stale)) == ([], [Problem])
    call = HookCall("change", {"party": "NL/XPO", "object": {"location": "LOC-0001"}, "set": {"name": "Kade"}}, {}, "",
                    datetime(2026, 6, 1, 8, tzinfo=UTC))  # fmt: skip
    by_hook = Transcript("s", (), hooks=(call,))
    assert kinds(SILENT, replace(silent, before=None), by_hook) == [Problem]


def test_a_tariff_is_gone_where_it_was_deleted_and_only_there() -> None:
    tariff = {"country_code": "NL", "party_id": "XPO", "id": "T-1", "currency": "EUR", "last_updated": OLD}
    both = {"locations": {}, "tariffs": {"NL/XPO/T-1": tariff}}
    none: dict[str, Any] = {"locations": {}, "tariffs": {}}
    deleted = Transcript("s", (push(1, "deleteTariff", "/tariffs/nl/xpo/t-1", {}, 204),))
    assert kinds(GONE, Stored("pull", AT, both, none), deleted) == [Problem]
    assert kinds(GONE, Stored("pull", AT, none, both)) == [Problem]
    assert kinds(TARIFFS, Stored("pull", AT, none, both)) == []
    assert kinds(GONE, Stored("pull", AT, none, none), deleted) != [Problem]


def test_a_patch_with_evses_leaves_its_location_unjudged() -> None:
    one = stored({KEY: location(name="Kade")}, {KEY: location()})
    patched = Transcript("s", (push(1, "patchLocation", "/locations/NL/XPO/LOC-0001", {"evses": []}),))
    assert kinds(LOCATIONS, one, patched) == []


def test_what_was_tried_in_trouble_is_to_be_there_in_the_end() -> None:
    failed = push(1, "putLocation", "/locations/NL/XPO/LOC-0001", location(), 503)
    troubled = Transcript("s", (failed,), happened=(Happening("troubled", AT),))
    one = stored({KEY: location(), "NL/XPO/L2": location(id="L2")}, {})
    assert AFTER.when(Store(troubled))
    assert not LOCATIONS.when(Store(troubled))
    assert [problem.where for problem in say(AFTER, one, troubled)] == ["store:/locations/NL~1XPO~1LOC-0001"]
    assert agreed(stored({KEY: location()}, {KEY: location()}), bench("ndw-push").profile.settings)


def test_without_a_look_at_what_is_held_nothing_passes() -> None:
    seen = Transcript("ndw/all-is-well", (), ("needs the hook change",), until=AT)
    (verdict,) = bench("ndw-push").verdicts([seen], LOCATIONS)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNTESTED, UNREAD)
    (failed,) = bench("ndw-push").verdicts([replace(seen, not_read=("export: it broke",))], LOCATIONS)
    assert failed.reason == "export: it broke"
