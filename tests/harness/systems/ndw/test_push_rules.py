"""What NDW's mock does with a push: the table of errors as published, what is stored, and who is let in."""

import json
from typing import Any

import pytest

from tests.harness.systems.ndw.pushing import (
    CONNECTOR,
    EVSE,
    LOCATION,
    NEW,
    OLD,
    TARIFF,
    Pushing,
    evse,
    location,
    tariff,
)  # fmt: skip

_STATUS = {"status": "CHARGING", "last_updated": NEW}


@pytest.mark.parametrize(
    ("method", "path", "value", "raw", "status", "code"),
    [
        ("PUT", LOCATION, location(), b"", 200, 1000),
        ("PUT", "/locations/NL/XPO/LOC-2", location(id="LOC-2"), b"", 201, 1000),
        ("PUT", TARIFF, tariff(), b"", 200, 1000),
        ("PUT", f"{LOCATION}/EV-9", evse(uid="EV-9"), b"", 201, 1000),
        ("PATCH", CONNECTOR, {"last_updated": NEW}, b"", 200, 1000),
        ("PUT", LOCATION, None, b"{", 400, 2000),
        ("PUT", LOCATION, None, b"\xff", 400, 2000),
        ("PUT", LOCATION, None, b'{"id": NaN}', 400, 2000),
        ("PUT", LOCATION, None, b"", 400, 2000),
        ("PUT", LOCATION, location(publish="yes"), b"", 200, 2001),
        ("PUT", LOCATION, location(energy_mix=None), b"", 200, 2001),
        ("PUT", LOCATION, location(id="LOC-9"), b"", 200, 2001),
        ("PUT", LOCATION, location(party_id="AGG"), b"", 200, 2001),
        ("PATCH", EVSE, {"status": "CHARGING"}, b"", 200, 2001),
        ("PATCH", EVSE, {"uid": "EV-9", "last_updated": NEW}, b"", 200, 2001),
        ("PATCH", LOCATION, {"opening_times": {}, "last_updated": NEW}, b"", 200, 2001),
        ("PUT", "/sessions/NL/XPO/1", {}, b"", 404, 2000),
        ("PUT", f"{CONNECTOR}/more", {}, b"", 404, 2000),
        ("PATCH", TARIFF, {"last_updated": NEW}, b"", 405, 2000),
        ("POST", TARIFF, tariff(), b"", 405, 2000),
    ],
)
def test_answers_are_as_in_the_published_table(
    method: str, path: str, value: Any, raw: bytes, status: int, code: int
) -> None:
    mock = Pushing()
    before = mock.session.tables.snapshot()
    response = mock.push(method, path, value, raw=raw)
    assert (response.status_code, response.json()["status_code"]) == (status, code), response.text
    assert response.headers["content-type"] == "application/json"
    assert (response.headers["x-request-id"], response.headers["x-correlation-id"]) == ("r1", "c1")
    if code != 1000:
        after = mock.session.tables.snapshot()
        assert (after["locations"], after["tariffs"]) == (before["locations"], before["tariffs"])
        assert mock.last.why


def test_a_refusal_says_where_and_by_which_requirement() -> None:
    answer = Pushing().push("PUT", LOCATION, location(energy_mix=None, publish="yes")).json()
    told = {one["path"]: one["rule"] for one in answer["data"]["errors"]}
    assert told["/energy_mix"] == "ndw/locations-have-an-energy-mix"
    assert told["/publish"].startswith("ocpi-2.2.1/")
    assert all(one["message"] and one["expected"] and one["actual"] for one in answer["data"]["errors"])


def test_a_put_replaces_and_a_patch_keeps_the_rest() -> None:
    mock = Pushing()
    whole = location()
    del whole["name"]
    mock.push("PUT", LOCATION, whole)
    assert mock.stored() == whole
    mock.push("PATCH", LOCATION, {"operator": {"name": "Other"}, "last_updated": NEW})
    assert mock.stored() == {**whole, "operator": {"name": "Other"}}


def test_a_change_below_raises_the_stamps_above_and_nothing_else() -> None:
    mock = Pushing()
    before = mock.stored()
    mock.push("PATCH", CONNECTOR, {"max_amperage": 16, "last_updated": NEW})
    after = mock.stored()
    assert after["last_updated"] == after["evses"][0]["last_updated"] == NEW
    assert after["evses"][0]["connectors"][0]["max_amperage"] == 16
    assert after["evses"][1] == before["evses"][1]
    assert before["evses"][0]["connectors"][0]["max_amperage"] == 32


def test_an_older_change_below_lowers_no_stamp_above() -> None:
    mock = Pushing()
    stamp = mock.stored()["last_updated"]
    mock.push("PATCH", EVSE, {"status": "CHARGING", "last_updated": OLD})
    assert mock.stored()["evses"][0]["status"] == "CHARGING"
    assert mock.stored()["last_updated"] == stamp
    assert any("older" in note for note in mock.last.notes)


def test_ids_keep_the_spelling_of_the_first_put() -> None:
    mock = Pushing()
    spelt = location(id="loc-0001", evses=[evse(uid="ev-0001-a")])
    assert mock.push("PUT", "/locations/NL/XPO/loc-0001", spelt).json()["status_code"] == 1000
    assert (mock.stored()["id"], mock.stored()["evses"][0]["uid"]) == ("LOC-0001", "EV-0001-A")


def test_a_deleted_tariff_is_gone_and_its_users_are_told() -> None:
    mock = Pushing()
    response = mock.push("DELETE", TARIFF)
    assert (response.status_code, response.content) == (204, b"")
    assert not mock.stored("NL/XPO/TAR-01", "tariffs")
    assert "EV-0001-A/1 still names this tariff" in mock.last.notes[0]


def test_the_same_id_of_two_parties_is_two_objects() -> None:
    mock = Pushing({"push.get_method": "serve"})
    other = "/locations/NL/YPO/LOC-0001"
    mock.push("PUT", other, location(party_id="YPO", name="Theirs"))
    assert mock.stored()["name"] == "Voorbeeldkade"
    assert mock.push("GET", LOCATION).json()["data"]["name"] == "Voorbeeldkade"
    assert mock.push("GET", other).status_code == 404
    assert mock.push("PATCH", other, {"name": "X", "last_updated": NEW}).status_code == 200


def test_ids_that_differ_in_case_are_two_objects_where_ids_are_exact() -> None:
    mock = Pushing({"push.id_compare": "exact", "push.get_method": "serve"})
    other = "/locations/NL/XPO/loc-0001"
    mock.push("PUT", other, location(id="loc-0001", name="Small"))
    names = [mock.push("GET", path).json()["data"]["name"] for path in (LOCATION, other)]
    assert names == ["Voorbeeldkade", "Small"]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"Authorization": "Token abc"}, "the scheme is Token instead of Bearer"),
        ({"Authorization": "Basic YTpi"}, "the scheme is Basic instead of Bearer"),
        ({"Authorization": "abc"}, "the Authorization header has no scheme"),
        ({"Authorization": "Bearer abc"}, "not even a JWT"),
        ({"Authorization": "Bearer "}, "nothing after Bearer"),
        ({"Authorization": 'Bearer "abc"'}, "in quotation marks"),
    ],
)
def test_without_a_good_token_it_is_401_and_a_person_is_told_why(header: dict[str, str], why: str) -> None:
    mock = Pushing()
    response = mock.push("PATCH", EVSE, _STATUS, header)
    assert (response.status_code, response.json()["status_code"]) == (401, 2000)
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert why in mock.last.why
    assert mock.last.advice


@pytest.mark.parametrize(
    ("action", "why"),
    [("end-token", "told ended"), ("rotate-keys", "signed with a key that is no good"), ("", "token ended at")],
)
def test_tokens_end_by_time_and_by_action(action: str, why: str) -> None:
    mock = Pushing()
    assert mock.push("PATCH", EVSE, _STATUS).status_code == 200
    if action:
        mock.session.actions[action].run(mock.session, {})
    else:
        mock.clock.advance(1800)
    assert mock.push("PATCH", EVSE, _STATUS).status_code == 401
    assert why in mock.last.why
    mock.token = ""
    assert mock.push("PATCH", EVSE, _STATUS).status_code == 200


def test_a_number_too_long_for_the_wire_format_is_no_crash() -> None:
    mock = Pushing({"push.success_data": "echo"})
    answer = mock.push("PUT", LOCATION, raw=b'{"x_number":1' + b"0" * 30 + b"," + json.dumps(location()).encode()[1:])
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["x_number"] == 10**30
