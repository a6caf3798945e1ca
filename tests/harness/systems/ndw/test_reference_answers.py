"""The reference CPO: single objects, and answers to what cannot be served."""

import logging

import httpx
import pytest

from tests.harness.systems.ndw.calls import (
    AUTHORIZED,
    BASE,
    MESSAGE_IDS,
    TOKEN,
    ask,
    cpo,
    get,
    is_envelope_without_data,
)


def test_single_objects_are_those_of_the_list() -> None:
    app = cpo()
    for location in get(app, f"{BASE}/locations").json()["data"]:
        path = f"{BASE}/locations/{httpx.URL(path='/' + location['id']).raw_path[1:].decode().replace('/', '%2F')}"
        evse = location["evses"][-1]
        connector = evse["connectors"][-1]
        answers = ask(app, path, f"{path}/{evse['uid']}", f"{path}/{evse['uid']}/{connector['id']}")
        assert [answer.json()["data"] for answer in answers] == [location, evse, connector]


@pytest.mark.parametrize(
    ("location_id", "segment"),
    [
        ("A/B", "A%2FB"),
        ("A*B", "A*B"),
        ("A*B", "A%2aB"),
        ("A B", "A%20B"),
        ("A+B", "A+B"),
        ("100%", "100%25"),
        ("100%2F", "100%252F"),
        ("a?b#c", "A%3Fb%23C"),
        ("Loc-1", "lOC%2d1"),
    ],
)
def test_an_id_is_decoded_once_and_found_in_any_case(location_id: str, segment: str) -> None:
    app = cpo()
    one = get(app, f"{BASE}/locations/LOC-0001").json()["data"]
    app.state.store.put("locations", [{**one, "id": location_id}])
    assert get(app, f"{BASE}/locations/{segment}").json()["data"]["id"] == location_id
    assert get(app, f"{BASE}/locations/{segment}/EV-0001-a/1").json()["data"]["id"] == "1"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{BASE}/locations/nobody", 2003),
        (f"{BASE}/locations/%FF", 2003),
        (f"{BASE}/locations/LOC-0001/nobody", 2003),
        (f"{BASE}/locations/LOC-0001/EV-0001-A/9", 2003),
        (f"{BASE}/locations/LOC-0001/EV-0001-A/1/more", 2000),
        (f"{BASE}/locations%2FLOC-0001", 2000),
        (f"{BASE}/tariffs/AC-ADHOC", 2000),
        (f"{BASE}/sessions", 2000),
        (f"{BASE}", 2000),
        ("/", 2000),
        ("/docs", 2000),
        ("/openapi.json", 2000),
    ],
)
def test_what_does_not_exist_is_404_in_an_envelope(path: str, code: int) -> None:
    answer = get(cpo(), path)
    assert answer.status_code == 404
    is_envelope_without_data(answer, code)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_405_and_say_what_is_allowed(method: str) -> None:
    for answer in ask(cpo(), f"{BASE}/locations", f"{BASE}/locations/LOC-0001", f"{BASE}/tariffs", method=method):
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        is_envelope_without_data(answer, 2000)


def test_head_is_a_get_without_the_body() -> None:
    app = cpo()
    full, empty = get(app, f"{BASE}/locations"), get(app, f"{BASE}/locations", method="HEAD")
    assert empty.status_code == 200
    assert empty.content == b""
    assert empty.headers == full.headers


def test_a_failure_of_the_server_is_500_in_an_envelope(caplog: pytest.LogCaptureFixture) -> None:
    app = cpo()
    app.state.store.close()
    with caplog.at_level(logging.ERROR):
        answer = get(app, f"{BASE}/locations", headers=AUTHORIZED | MESSAGE_IDS)
    assert answer.status_code == 500
    is_envelope_without_data(answer, 3000)
    assert MESSAGE_IDS.items() <= {name: answer.headers.get(name) for name in MESSAGE_IDS}.items()
    assert "no answer to GET" in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", f"{BASE}/locations", AUTHORIZED, 200),
        ("GET", f"{BASE}/locations?limit=abc", AUTHORIZED, 200),
        ("GET", f"{BASE}/locations/LOC-0001", AUTHORIZED, 200),
        ("GET", f"{BASE}/locations", {}, 401),
        ("GET", f"{BASE}/locations/nobody", AUTHORIZED, 404),
        ("GET", f"{BASE}/nothing", AUTHORIZED, 404),
        ("POST", f"{BASE}/locations", AUTHORIZED, 405),
    ],
)
def test_message_ids_come_back_unchanged(method: str, path: str, headers: dict[str, str], status: int) -> None:
    app = cpo()
    answer = get(app, path, method=method, headers={**headers, **MESSAGE_IDS})
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in MESSAGE_IDS} == MESSAGE_IDS
    assert not {name.lower() for name in MESSAGE_IDS} & get(app, path, method=method, headers=headers).headers.keys()
