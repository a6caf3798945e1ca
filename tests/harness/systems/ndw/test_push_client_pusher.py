"""The reference's pusher against NDW's mock: whatever goes wrong, in the end NDW holds what the CPO holds."""

import asyncio
import json
import logging
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from harness.systems.ndw.reference import export, play, prepare
from harness.systems.ndw.reference.store import Key
from tests.checkout import ROOT
from tests.harness.systems.ndw.cpo_pushing import Cpo
from tests.harness.systems.ndw.talking import NOW

LOCATION, EVSE = "LOC-0001", "EV-0001-A"
STATUS = f"/locations/NL/XPO/{LOCATION}/{EVSE}"


def story(cpo: Cpo) -> Any:
    async def between(_number: int) -> None:
        await cpo.pusher.settled()
        await cpo.clock.sleep(1)

    return partial(play, cpo.app, between)


def test_everything_is_put_once_and_tariffs_before_what_names_them() -> None:
    cpo = Cpo()
    asyncio.run(_started(cpo))
    pushed = cpo.pushed()
    assert len(pushed) == len(set(pushed)) == 13 + 3
    tariffs = [place for place, line in enumerate(pushed) if "/tariffs/" in line]
    locations = [place for place, line in enumerate(pushed) if "/locations/" in line]
    assert max(tariffs) < min(locations)
    assert cpo.agrees


async def _started(cpo: Cpo) -> None:
    cpo.pusher.start(initial=True)
    await cpo.pusher.settled()
    await cpo.pusher.stop()


def test_the_story_goes_by_the_smallest_pushes() -> None:
    cpo = Cpo()
    prepare(cpo.app.state.store, ("NL", "XPO"), NOW)
    pushed = cpo.run(story(cpo))
    kinds = [(line.split()[0], len(line.split("/")), line.split()[-1]) for line in pushed]
    assert kinds == [
        ("PATCH", 6, "200"),  # a status
        ("PUT", 5, "200"),  # a price
        ("PUT", 5, "201"),  # a new tariff,
        ("PUT", 7, "200"),  # then the connector that names it
        ("DELETE", 5, "204"),
        ("PATCH", 6, "200"),  # a removed EVSE
        ("PUT", 5, "200"),  # a name
    ]
    assert cpo.agrees
    assert cpo.pusher.left == []


@pytest.mark.parametrize(
    "faults",
    [
        ["putTariff:failing(503):times=2"],
        ["patchEvse:failing(500):times=3", "deleteTariff:failing(500):times=2"],
        ["*:throttled(7):times=5:after=4"],
        ["patchEvse:throttled_until(20):times=1", "putConnector:throttled():times=3"],
        ["*:token_ended():times=3:after=3"],
        ["*:token_revoked():times=1:after=9"],
        ["*:drop_before():times=4:after=6"],
        ["*:drop_after():times=6:after=3"],
        ["deleteTariff:drop_after():times=2", "patchEvse:drop_after():times=1"],
        ["*:truncated():times=6:after=3", "putTariff:reset():times=2"],
        ["requestToken:failing(503):times=4"],
        ['putLocation:with_field("/status_code", 3000):times=2'],
    ],
)
def test_after_any_trouble_the_mock_holds_what_the_cpo_holds(faults: list[str]) -> None:
    cpo = Cpo(locations=3)
    prepare(cpo.app.state.store, ("NL", "XPO"), NOW)
    for fault in faults:
        cpo.session.faults.add(fault)
    cpo.run(story(cpo))
    assert all(fault["hit"] for fault in cpo.session.faults.list())
    assert cpo.agrees
    assert (cpo.clock.now() - NOW).total_seconds() < 160


def test_a_patch_of_what_ndw_lost_becomes_a_put_of_the_whole() -> None:
    cpo = Cpo()
    tables = cpo.session.tables

    def lose_the_evse() -> None:
        held = tables.get("locations", f"NL/XPO/{LOCATION}") or {}
        tables.put("locations", {**held, "evses": held["evses"][1:]})
        cpo.change({"status": "BLOCKED"}, location=LOCATION, evse=EVSE)

    def lose_the_location() -> None:
        tables.drop("locations", f"NL/XPO/{LOCATION}")
        cpo.change({"status": "CHARGING"}, location=LOCATION, evse=EVSE)

    pushed = cpo.run(lose_the_evse, lose_the_location)
    assert pushed == [
        f"PATCH {STATUS} 404",
        f"PUT {STATUS} 201",
        f"PATCH {STATUS} 404",
        f"PUT {STATUS} 404",
        f"PUT /locations/NL/XPO/{LOCATION} 201",
    ]


def test_what_is_refused_is_told_once_and_sent_again_only_when_it_has_changed(caplog: pytest.LogCaptureFixture) -> None:
    cpo = Cpo()
    pushed = cpo.run(
        lambda: cpo.change({"status": "OPEN"}, location=LOCATION, evse=EVSE),
        lambda: cpo.pusher.changed(Key("locations", "nl", "xpo", LOCATION.lower())),
        lambda: cpo.change({"status": "BLOCKED"}, location="LOC-0003", evse="EV-0003-A"),
    )
    assert [line for line in pushed if EVSE in line] == [f"PATCH {STATUS} 200"]
    assert len(pushed) == 2
    assert cpo.pusher.left == [Key("locations", "nl", "xpo", LOCATION.lower())]
    [told] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert "2001" in told.getMessage()
    assert "/status" in told.getMessage()
    cpo.pusher.start(initial=False)
    cpo.pusher = cpo.new_pusher()
    assert cpo.run(lambda: cpo.change({"status": "CHARGING"}, location=LOCATION, evse=EVSE)) != []
    assert cpo.agrees


def test_after_an_outage_only_what_is_true_by_then_is_sent() -> None:
    cpo = Cpo()

    async def much_happens_meanwhile() -> None:
        outage = cpo.session.faults.add("*:failing(503)")
        for status in ("BLOCKED", "CHARGING", "INOPERATIVE", "AVAILABLE", "OUTOFORDER"):
            cpo.change({"status": status}, location=LOCATION, evse=EVSE)
            cpo.change({"tariff_alt_url": f"https://cpo.example/{status}"}, tariff="FREE")
            await asyncio.sleep(0)
        cpo.session.faults.remove(outage.id)

    pushed = cpo.run(much_happens_meanwhile)
    assert [line for line in pushed if line.endswith("503")]
    done = [line for line in pushed if line.endswith("200")]
    assert sorted(done) == [f"PATCH {STATUS} 200", "PUT /tariffs/NL/XPO/FREE 200"]
    assert cpo.agrees


def test_a_change_and_back_within_a_lost_answer_is_made_up_for() -> None:
    cpo = Cpo()

    async def there_and_back() -> None:
        cpo.session.faults.add("putTariff:drop_after():times=1")
        tariff = cpo.app.state.store.get(Key("tariffs", "nl", "xpo", "free"))
        cpo.change({"tariff_alt_url": "https://cpo.example/"}, tariff="FREE")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        cpo.app.state.store.put("tariffs", [tariff])  # down to its stamp

    assert cpo.run(there_and_back)[-1] == "PUT /tariffs/NL/XPO/FREE 200"
    assert cpo.agrees


def test_a_tariff_that_is_still_named_is_deleted_when_it_is_not(caplog: pytest.LogCaptureFixture) -> None:
    cpo = Cpo()
    store = cpo.app.state.store
    location = store.get(Key("locations", "nl", "xpo", LOCATION.lower()))
    uid, connector = location["evses"][0]["uid"], location["evses"][0]["connectors"][0]["id"]

    def named_and_deleted(other: str, gone: str) -> None:
        tariff = store.get(Key("tariffs", "nl", "xpo", "free"))
        store.put("tariffs", [{**tariff, "id": other}])
        cpo.change({"tariff_ids": [other]}, location=LOCATION, evse=uid, connector=connector)
        if gone:
            store.remove("tariffs", {**tariff, "id": gone})

    def deleted_too_early() -> None:
        store.remove("tariffs", store.get(Key("tariffs", "nl", "xpo", "new-2")))

    path = f"/locations/NL/XPO/{LOCATION}/{uid}/{connector}"
    assert cpo.run(
        lambda: named_and_deleted("NEW-1", ""),
        lambda: named_and_deleted("NEW-2", "NEW-1"),  # all in one moment
        deleted_too_early,
        lambda: named_and_deleted("NEW-3", ""),
    ) == [
        "PUT /tariffs/NL/XPO/NEW-1 201",
        f"PUT {path} 200",
        "PUT /tariffs/NL/XPO/NEW-2 201",
        f"PUT {path} 200",
        "DELETE /tariffs/NL/XPO/NEW-1 204",
        "PUT /tariffs/NL/XPO/NEW-3 201",
        f"PUT {path} 200",
        "DELETE /tariffs/NL/XPO/NEW-2 204",
    ]
    assert "still named" in caplog.text
    assert cpo.agrees


def test_trouble_with_a_price_does_not_hold_back_a_status() -> None:
    cpo = Cpo()
    location = cpo.app.state.store.get(Key("locations", "nl", "xpo", LOCATION.lower()))
    tariff = location["evses"][0]["connectors"][0]["tariff_ids"][0]

    def both() -> None:
        cpo.session.faults.add("putTariff:failing(500):times=4")
        cpo.change({"tariff_alt_url": "https://cpo.example/"}, tariff=tariff)
        cpo.change({"status": "BLOCKED"}, location=LOCATION, evse=EVSE)

    pushed = cpo.run(both)
    assert pushed.index(f"PATCH {STATUS} 200") < pushed.index(f"PUT /tariffs/NL/XPO/{tariff} 200")
    assert sum(line.endswith("500") for line in pushed) == 4
    assert cpo.agrees


def test_a_burst_is_pushed_four_at_a_time() -> None:
    cpo = Cpo(locations=50, turns=3)

    def burst() -> None:
        for key in [one for one in cpo.app.state.store.all_keys() if one.kind == "locations"]:
            location = cpo.app.state.store.get(key)
            for status in ("CHARGING", "BLOCKED"):
                cpo.change({"status": status}, location=location["id"], evse=location["evses"][0]["uid"])

    pushed = cpo.run(burst)
    assert cpo.transport.most == 4
    assert 45 <= len(pushed) <= 50, "the last state of each, once"
    assert cpo.agrees


def test_killed_and_started_again_it_sends_what_is_not_acknowledged(tmp_path: Path) -> None:
    cpo = Cpo(memory=str(tmp_path / "pushed.sqlite"), turns=3)

    async def killed_in_the_middle() -> None:
        cpo.pusher.start(initial=True)
        while len(cpo.session.journal) < 9:
            await asyncio.sleep(0)
        await cpo.pusher.stop()

    asyncio.run(killed_in_the_middle())
    acknowledged = {line.rpartition(" ")[0] for line in cpo.pushed()}
    cpo.change({"status": "BLOCKED"}, location=LOCATION, evse=EVSE)
    cpo.pusher = cpo.new_pusher()
    asyncio.run(_started(cpo))
    again = cpo.pushed()
    assert cpo.agrees
    assert len({line.rpartition(" ")[0] for line in again} & acknowledged) <= 4, "those that were under way"
    cpo.pusher = cpo.new_pusher()
    asyncio.run(_started(cpo))
    assert cpo.pushed() == []


def test_without_an_initial_push_only_changes_go_out() -> None:
    cpo = Cpo()
    asyncio.run(_started(cpo))  # stands for the pull
    cpo.pusher = cpo.new_pusher()
    cpo.pushed()

    async def begin() -> None:
        cpo.pusher.start(initial=False)
        await cpo.pusher.settled()
        assert cpo.pushed() == []
        cpo.change({"status": "BLOCKED"}, location=LOCATION, evse=EVSE)
        await cpo.pusher.settled()
        await cpo.pusher.stop()

    asyncio.run(begin())
    assert cpo.pushed() == [f"PATCH {STATUS} 200"]


def test_an_export_and_the_order_of_a_change_keep_to_their_schemas() -> None:
    cpo = Cpo()
    shown = _schema("export-ndw")
    lines = export(cpo.app, {"hook": "export"})
    assert [line["table"] for line in lines] == ["tariffs"] * 13 + ["locations"] * 3
    assert all(shown.is_valid(line) for line in lines)
    assert not shown.is_valid({"table": "locations", "object": {"id": "x"}})
    order = {"hook": "change", "interface": "ndw-push", "situation": "s", "party": "NL/XPO", "set": {}}
    ordered = _schema("hook-change")
    for wanted, right in (
        ({"location": "L", "evse": "E", "connector": "1"}, True),
        ({"tariff": "T"}, True),
        ({"location": "L", "connector": "1"}, False),
        ({"tariff": "T", "location": "L"}, False),
    ):
        assert ordered.is_valid({**order, "object": wanted}) == right


def _schema(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads((ROOT / f"reports/schema/{name}.json").read_text("utf-8")))
