"""Each disputed point of NDW's push is a setting that changes what the mock does."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.systems.ndw.settings.push import PUSH_SETTINGS
from tests.harness.systems.ndw.pushing import (
    CONNECTOR,
    EVSE,
    LOCATION,
    NEW,
    OLD,
    SAME,
    TARIFF,
    Pushing,
    evse,
    location,
    tariff,
)  # fmt: skip

State = Callable[[Pushing], bool]


def _name_is(name: str | None) -> State:
    return lambda mock: mock.stored().get("name") == name


def _uids(*uids: str) -> State:
    return lambda mock: [one["uid"] for one in mock.stored()["evses"]] == list(uids)


def _is_kept(table: str, key: str, kept: bool = True) -> State:
    return lambda mock: bool(mock.stored(key, table)) is kept


_A, _B = "EV-0001-A", "EV-0001-B"
_OTHER = "/locations/NL/YPO/LOC-0001"
_NO_LOCATION = "/locations/NL/XPO/NONE"
_ANY: State = _name_is("Voorbeeldkade")
_STATUS = {"status": "CHARGING", "last_updated": NEW}
_ROUTING = {f"OCPI-{way}-{what}": "X" for way in ("to", "from") for what in ("party-id", "country-code")}
_TEXT = {"Content-Type": "text/plain"}
_FEWER: dict[str, Any] = {"evses": [evse()]}

CASES: list[tuple[str, str, str, str, Any, int, int | None, State]] = [
    ("push.id_compare", "without-case", "PUT", LOCATION.lower().replace("nl/xpo", "NL/XPO"),
     location(name="N"), 200, 1000, _name_is("N")),
    ("push.id_compare", "exact", "PUT", "/locations/NL/XPO/loc-0001", location(id="loc-0001"), 201, 1000, _ANY),
    ("push.foreign_party", "hide", "PUT", _OTHER, location(party_id="YPO"), 201, 1000,
     _is_kept("hidden_locations", "NL/YPO/LOC-0001")),
    ("push.foreign_party", "404", "PUT", _OTHER, location(party_id="YPO"), 404, 2000, _ANY),
    ("push.foreign_party", "2001", "PUT", _OTHER, location(party_id="YPO"), 200, 2001, _ANY),
    ("push.routing_headers", "optional", "PUT", LOCATION, location(name="N"), 200, 1000, _name_is("N")),
    ("push.routing_headers", "required", "PUT", LOCATION, location(name="N"), 200, 2001, _ANY),
    ("push.get_method", "405", "GET", LOCATION, None, 405, 2000, _ANY),
    ("push.get_method", "serve", "GET", LOCATION, None, 200, 1000, _ANY),
    ("push.get_method", "404", "GET", LOCATION, None, 404, 2000, _ANY),
    ("push.unsupported_method", "405", "DELETE", EVSE, None, 405, 2000, _ANY),
    ("push.unsupported_method", "404", "DELETE", EVSE, None, 404, 2000, _ANY),
    ("push.unknown_parent", "404", "PUT", f"{_NO_LOCATION}/{_A}", evse(), 404, 2000, _ANY),
    ("push.unknown_parent", "2001", "PUT", f"{_NO_LOCATION}/{_A}", evse(), 200, 2001, _ANY),
    ("push.unknown_parent", "2003", "PUT", f"{_NO_LOCATION}/{_A}", evse(), 200, 2003, _ANY),
    ("push.patch_unknown", "404", "PATCH", f"{LOCATION}/NONE", _STATUS, 404, 2000, _ANY),
    ("push.patch_unknown", "2001", "PATCH", f"{LOCATION}/NONE", _STATUS, 200, 2001, _ANY),
    ("push.patch_unknown", "2003", "PATCH", f"{_NO_LOCATION}/1", _STATUS, 200, 2003, _ANY),
    ("push.delete_unknown", "404", "DELETE", "/tariffs/NL/XPO/NONE", None, 404, 2000, _ANY),
    ("push.delete_unknown", "204", "DELETE", "/tariffs/NL/XPO/NONE", None, 204, None, _ANY),
    ("push.delete_unknown", "2001", "DELETE", "/tariffs/NL/XPO/NONE", None, 200, 2001, _ANY),
    ("push.put_requires", "whole", "PUT", LOCATION, {"name": "N", "id": "LOC-0001", "country_code": "NL",
     "party_id": "XPO", "last_updated": NEW}, 200, 2001, _ANY),
    ("push.put_requires", "last_updated", "PUT", LOCATION, {"name": "N", "last_updated": NEW}, 200, 1000,
     lambda mock: mock.stored()["name"] == "N" and mock.stored()["city"] == "Utrecht"),
    ("push.put_drops_evse", "store", "PUT", LOCATION, location(**_FEWER), 200, 1000, _uids(_A)),
    ("push.put_drops_evse", "keep", "PUT", LOCATION, location(**_FEWER), 200, 1000, _uids(_A, _B)),
    ("push.patch_evses", "replace", "PATCH", LOCATION, {**_FEWER, "last_updated": NEW}, 200, 1000, _uids(_A)),
    ("push.patch_evses", "merge", "PATCH", LOCATION, {**_FEWER, "last_updated": NEW}, 200, 1000, _uids(_A, _B)),
    ("push.patch_evses", "reject", "PATCH", LOCATION, {**_FEWER, "last_updated": NEW}, 200, 2001, _uids(_A, _B)),
    ("schema.null_in_patch", "reject", "PATCH", LOCATION, {"name": None, "last_updated": NEW}, 200, 2001, _ANY),
    ("schema.null_in_patch", "clear", "PATCH", LOCATION, {"name": None, "last_updated": NEW}, 200, 1000,
     _name_is(None)),
    ("schema.null_in_patch", "ignore", "PATCH", LOCATION, {"name": None, "last_updated": NEW}, 200, 1000, _ANY),
    *[
        (f"push.{order}_last_updated", value, "PATCH", LOCATION, {"name": "N", "last_updated": stamp}, 200, code,
         _name_is("N") if value == "store" else _ANY)
        for order, stamp in (("older", OLD), ("equal", SAME))
        for value, code in (("store", 1000), ("ignore", 1000), ("reject", 2001))
    ],
    ("push.non_object_body", "2001", "PUT", TARIFF, [], 200, 2001, _ANY),
    ("push.non_object_body", "400", "PUT", TARIFF, [], 400, 2000, _ANY),
    ("push.wrong_content_type", "process", "PUT", LOCATION, location(name="N"), 200, 1000, _name_is("N")),
    ("push.wrong_content_type", "415", "PUT", LOCATION, location(name="N"), 415, 2000, _ANY),
    ("push.wrong_content_type", "400", "PUT", LOCATION, location(name="N"), 400, 2000, _ANY),
    ("push.created_status", "201", "PUT", "/tariffs/NL/XPO/TAR-02", tariff(id="TAR-02"), 201, 1000,
     _is_kept("tariffs", "NL/XPO/TAR-02")),
    ("push.created_status", "200", "PUT", "/tariffs/NL/XPO/TAR-02", tariff(id="TAR-02"), 200, 1000,
     _is_kept("tariffs", "NL/XPO/TAR-02")),
    ("push.success_data", "absent", "PATCH", EVSE, _STATUS, 200, 1000, _ANY),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}={case[1]}")
def test_a_setting_decides_what_is_answered_and_stored(
    case: tuple[str, str, str, str, Any, int, int | None, State],
) -> None:
    name, value, method, path, body, status, code, holds = case
    mock = Pushing({name: value})
    response = mock.push(method, path, body, _TEXT if "content_type" in name else None)
    assert response.status_code == status, response.text
    assert (response.json()["status_code"] if response.content else None) == code, response.text
    assert holds(mock)


@pytest.mark.parametrize(("value", "expected"), [("absent", "no data"), ("null", None), ("echo", "CHARGING")])
def test_success_has_the_data_that_the_settings_say(value: str, expected: str | None) -> None:
    answer = (Pushing({"push.success_data": value}).push("PATCH", EVSE, _STATUS)).json()
    data = answer.get("data", "no data")
    assert (data["status"] if isinstance(data, dict) else data) == expected


@pytest.mark.parametrize(
    ("value", "begins"), [("envelope", b'{"status_code":2000'), ("empty", b""), ("html", b"<!doctype html>")]
)
def test_errors_of_http_have_the_body_that_the_settings_say(value: str, begins: bytes) -> None:
    response = Pushing({"push.http_error_body": value}).push("PATCH", f"{LOCATION}/NONE", _STATUS)
    assert response.status_code == 404
    assert response.content[: len(begins) or None] == begins


def test_routing_headers_satisfy_the_mock_that_requires_them() -> None:
    mock = Pushing({"push.routing_headers": "required"})
    assert (mock.push("PATCH", CONNECTOR, {"last_updated": NEW}, _ROUTING)).json()["status_code"] == 1000


def test_another_base_path_and_another_life_of_tokens() -> None:
    mock = Pushing({"push.base_path": "/cpo/", "token.expires_in": "60"})
    assert mock.env["NDW_PUSH_URL"] == "http://localhost/cpo"
    assert (mock.push("PATCH", EVSE, _STATUS)).json()["status_code"] == 1000
    mock.clock.advance(61)
    assert (mock.push("PATCH", EVSE, _STATUS)).status_code == 401


def test_every_setting_of_the_endpoint_has_its_alternatives_in_the_table() -> None:
    told_below = {"push.success_data", "push.http_error_body", "token.error_style"}
    shown = {(name, value) for name, value, *_ in CASES}
    for setting in PUSH_SETTINGS:
        if setting.name.startswith(("push.", "schema.")) and setting.alternatives and setting.name not in told_below:
            for value in (setting.default, *setting.alternatives):
                assert (setting.name, str(value)) in shown
