"""The reference CPO: what it answers, in process and over a socket."""

import ast
import asyncio
import base64
import json
import logging
import socket
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from harness.systems.ndw import reference
from harness.systems.ndw.reference import create_app
from harness.systems.ndw.reference.__main__ import main
from harness.systems.ndw.reference.instants import sortable
from harness.systems.ndw.reference.token import TokenCheck

NOW = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
TOKEN = "example-token"
AUTHORIZED = {"Authorization": "Token ZXhhbXBsZS10b2tlbg=="}
BASE = "/ocpi/2.2.1"
LINE_FEED = "\n"  # as in the examples of the OCPI text
MESSAGE_IDS = {"X-Request-ID": "A-Request 1", "X-Correlation-ID": "c{2}"}


def cpo(**options: Any) -> FastAPI:
    return create_app(**{"token": TOKEN, "now": lambda: NOW, "locations": 20, **options})


def ask(app: Any, *paths: str, method: str = "GET", headers: dict[str, str] | None = None) -> list[httpx.Response]:
    """The answers to a request for each path, with the token unless other headers are given."""

    async def talk() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://cpo.example") as client:
            sent = AUTHORIZED if headers is None else headers
            return [await client.request(method, path, headers=sent) for path in paths]

    return asyncio.run(talk())


def get(app: Any, path: str, **options: Any) -> httpx.Response:
    return ask(app, path, **options)[0]


def walk(app: Any, path: str) -> list[httpx.Response]:
    """All pages from this one on."""
    pages = [get(app, path)]
    while link := pages[-1].links.get("next"):
        pages.append(get(app, link["url"]))
    return pages


def ids(pages: Iterable[httpx.Response]) -> list[str]:
    return [one["id"] for page in pages for one in page.json()["data"]]


def is_envelope_without_data(answer: httpx.Response, code: int) -> None:
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body.keys() == {"status_code", "status_message", "timestamp"}
    assert body["status_code"] == code
    assert body["timestamp"] == "2026-06-01T08:00:05Z"


def encoded(token: str | bytes) -> str:
    return base64.b64encode(token.encode() if isinstance(token, str) else token).decode()


# -- who may read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN"])
def test_the_token_opens_the_door_in_any_case_of_the_scheme(scheme: str) -> None:
    answer = get(cpo(), f"{BASE}/tariffs", headers={"Authorization": f"{scheme} {encoded(TOKEN)}"})
    assert answer.status_code == 200
    assert answer.json()["status_code"] == 1000


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Token",
        "Token ",
        "Token example-token",
        encoded(TOKEN),
        f"Bearer {encoded(TOKEN)}",
        f"Basic {encoded(TOKEN)}",
        f"Token  {encoded(TOKEN)}",
        f"Token {encoded(TOKEN)}=",
        f"Token {encoded(TOKEN).rstrip('=')}",
        f"Token {encoded(TOKEN)} x",
        f"Token {encoded(TOKEN + LINE_FEED)}",
        f"Token {encoded(encoded(TOKEN))}",
        f"Token {encoded(TOKEN.upper())}",
        f"Token {encoded(TOKEN).lower()}",
        f"Token {encoded(TOKEN[:-1])}",
        f"Token {encoded(TOKEN + 'x')}",
        "Token ZXhhbXBsZS10b2tlbh==",  # the same bytes to a decoder that overlooks the spare bits
    ],
)
def test_anything_but_the_token_is_401_before_anything_else(authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    paths = [
        f"{BASE}/locations",
        f"{BASE}/locations?limit=abc",
        f"{BASE}/locations/LOC-0001",
        f"{BASE}/locations/nobody",
        f"{BASE}/tariffs?token={TOKEN}",
        f"{BASE}/nothing-here",
    ]
    app = cpo()
    answers = ask(app, *paths, headers=headers) + ask(app, *paths[:1], method="POST", headers=headers)
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Token ")
        is_envelope_without_data(answer, 2000)


def test_two_authorization_headers_are_none() -> None:
    right = (b"authorization", b"Token ZXhhbXBsZS10b2tlbg==")
    assert TokenCheck(TOKEN).accepts([right])
    assert not TokenCheck(TOKEN).accepts([right, right])


def test_the_token_is_encoded_as_utf_8() -> None:
    app = cpo(token="clé-ß")
    for encoding, status in (("utf-8", 200), ("latin-1", 401)):
        headers = {"Authorization": f"Token {encoded('clé-ß'.encode(encoding))}"}
        assert get(app, f"{BASE}/tariffs", headers=headers).status_code == status


@pytest.mark.parametrize("options", [{"token": ""}, {"page_size": 0}])
def test_settings_that_cannot_be_meant_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"token|page"):
        cpo(**options)


# -- paging -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 7, 9, 1000, None])
@pytest.mark.parametrize("kind", ["locations", "tariffs"])
def test_a_walk_over_the_pages_gives_every_object_once(kind: str, limit: int | None) -> None:
    app = cpo(page_size=9)
    pages = walk(app, f"{BASE}/{kind}" + (f"?limit={limit}" if limit else ""))
    size = min(limit or 9, 9)
    total = {"locations": 20, "tariffs": 13}[kind]
    assert len(set(ids(pages))) == len(ids(pages)) == total
    assert [len(page.json()["data"]) for page in pages[:-1]] == [size] * ((total - 1) // size)
    assert {page.headers["x-total-count"] for page in pages} == {str(total)}
    assert {page.headers["x-limit"] for page in pages} == {"9"}
    stamps = [one["last_updated"] for page in pages for one in page.json()["data"]]
    assert stamps == sorted(stamps)


def test_the_last_page_has_no_link_when_it_is_exactly_full() -> None:
    assert "link" not in get(cpo(), f"{BASE}/locations?offset=10&limit=10").headers


@pytest.mark.parametrize("offset", [20, 21, 10**30])
def test_beyond_the_end_there_is_an_empty_page(offset: int) -> None:
    answer = get(cpo(), f"{BASE}/locations?offset={offset}")
    assert answer.status_code == 200
    assert answer.json()["data"] == []
    assert answer.headers["x-total-count"] == "20"
    assert "link" not in answer.headers


def test_the_link_is_absolute_and_keeps_what_was_asked() -> None:
    path = f"{BASE}/locations?date_from=2020-01-01T00:00:00.5Z&date_to=2030-01-01T00:00:00&limit=3&offset=2&x=1"
    query = "date_from=2020-01-01T00:00:00.5Z&date_to=2030-01-01T00:00:00&offset=5&limit=3"
    assert get(cpo(), path).headers["link"] == f'<http://cpo.example/ocpi/2.2.1/locations?{query}>; rel="next"'
    outside = "https://gate.example/cpo/ocpi/2.2.1"
    assert get(cpo(public_url=outside), path).headers["link"] == f'<{outside}/locations?{query}>; rel="next"'


def test_new_objects_turn_up_at_the_end() -> None:
    app = cpo()
    first = ids(walk(app, f"{BASE}/locations?limit=3"))
    changed = get(app, f"{BASE}/locations/{first[0]}").json()["data"]
    app.state.store.put("locations", [{**changed, "last_updated": "2026-06-01T08:00:00Z"}])
    assert ids(walk(app, f"{BASE}/locations?limit=3")) == [*first[1:], first[0]]


@pytest.mark.parametrize(
    ("stamp", "count"),
    [
        ("2026-05-01T00:00:01Z", 2),
        ("2026-05-01T00:00:01", 2),
        ("2026-05-01T00:00:01.000Z", 2),
        ("2026-05-01T00:00:00.9999999999Z", 2),
        ("2026-05-01T00:00:01.0000000001", 1),
        ("2026-05-01T00:00:00Z", 3),
        ("2026-05-01T00:00:02Z", 1),
        ("2026-05-01T00:00:03Z", 0),
    ],
)
def test_date_from_is_inclusive_and_date_to_exclusive(stamp: str, count: int) -> None:
    app = cpo(locations=0)
    one = get(cpo(), f"{BASE}/locations/LOC-0001").json()["data"]
    stamps = ["2026-05-01T00:00:00Z", "2026-05-01T00:00:01.0", "2026-05-01T00:00:02Z"]
    app.state.store.put("locations", [{**one, "id": f"L{n}", "last_updated": at} for n, at in enumerate(stamps)])
    since, before = ask(app, f"{BASE}/locations?date_from={stamp}", f"{BASE}/locations?date_to={stamp}")
    assert ids([since]) == ["L0", "L1", "L2"][3 - count :]
    assert ids([before]) == ["L0", "L1", "L2"][: 3 - count]
    assert since.headers["x-total-count"] == str(count)
    assert before.headers["x-total-count"] == str(3 - count)


@pytest.mark.parametrize(
    "query",
    [
        "limit=abc", "limit=0", "limit=-1", "limit=", "limit=1.0", "limit=1e1", "limit=%2B5", "limit=%D9%A3",
        "offset=-1", "offset=x", "offset=", "limit=1&limit=2", "offset=0&offset=1",
        "date_from=yesterday", "date_from=", "date_from=2026-06-01", "date_from=2026-02-30T00:00:00Z",
        "date_from=2026-06-01T24:00:00Z", "date_from=2026-06-01T08:00Z", "date_from=2026-06-01t08:00:00z",
        "date_from=2026-06-01T08:00:00%2B00:00", "date_to=2026-06-01T08:00:00-02:00", "date_to=2026-06-01T08:00:00.Z",
        "date_to=2026-06-01T08:00:00Z%0A", "date_to=None", "date_to=2026-06-01T08:00:00Z&date_to=2026-06-01T08:00:01Z",
    ],
)  # fmt: skip
def test_a_malformed_parameter_is_ocpi_2001_and_brings_no_objects(query: str) -> None:
    for answer in ask(cpo(), f"{BASE}/locations?{query}", f"{BASE}/tariffs?{query}"):
        assert answer.status_code == 200
        is_envelope_without_data(answer, 2001)


@pytest.mark.parametrize("query", ["limit=5&limit=5", "limit=005", "nonsense=1&nonsense=2", "", "limit=" + "9" * 5000])
def test_odd_but_clear_parameters_are_served(query: str) -> None:
    assert get(cpo(), f"{BASE}/locations?{query}").json()["status_code"] == 1000


# -- single objects and errors ------------------------------------------------------------------------------------


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


# -- the program as a whole ---------------------------------------------------------------------------------------


def test_the_same_seed_and_time_give_the_same_bytes() -> None:
    path = f"{BASE}/locations"
    first, second, other = (get(cpo(seed=seed), path).content for seed in (4, 4, 5))
    assert first == second != other


def test_the_party_is_a_setting() -> None:
    for path in (f"{BASE}/locations", f"{BASE}/tariffs"):
        objects = get(cpo(party=("NL", "ABC")), path).json()["data"]
        assert {(one["country_code"], one["party_id"]) for one in objects} == {("NL", "ABC")}


def test_a_database_file_is_filled_once(tmp_path: Path) -> None:
    database = str(tmp_path / "cpo.sqlite")
    for seed in (1, 2):
        app = cpo(database=database, seed=seed)
        assert get(app, f"{BASE}/locations").content == get(cpo(seed=1), f"{BASE}/locations").content
        app.state.store.close()


def test_it_works_below_another_path() -> None:
    app = Starlette(routes=[Mount("/cpo", cpo())])
    pages = walk(app, f"/cpo{BASE}/locations?limit=15")
    assert len(ids(pages)) == 20
    assert get(app, f"/cpo{BASE}/locations/P%2BR%200009%2FA%2A").json()["data"]["id"] == "P+R 0009/A*"


def test_it_works_over_a_socket_with_requests_side_by_side() -> None:
    async def talk() -> tuple[list[httpx.Response], httpx.Response]:
        listener = socket.create_server(("127.0.0.1", 0))  # listens already, so there is nothing to wait for
        server = uvicorn.Server(uvicorn.Config(cpo(), lifespan="off", ws="none", log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}{BASE}"
        async with httpx.AsyncClient(base_url=base_url, headers=AUTHORIZED | MESSAGE_IDS, trust_env=False) as client:
            paths = ["/locations?limit=3", "/tariffs", "/locations/P%2BR%200009%2FA%2A", "/locations/x"] * 10
            answers = await asyncio.gather(*map(client.get, paths))
            following = await client.get(answers[0].links["next"]["url"])
        server.should_exit = True
        await serving
        return answers, following

    answers, following = asyncio.run(talk())
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404] * 10
    assert {answer.headers["x-request-id"] for answer in answers} == {MESSAGE_IDS["X-Request-ID"]}
    assert answers[2].json()["data"]["id"] == "P+R 0009/A*"
    assert len(ids([answers[0], following])) == 6


def test_the_command_line_takes_the_token_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[FastAPI] = []
    monkeypatch.setattr(uvicorn, "run", lambda app, **_: served.append(app))
    monkeypatch.setattr(sys, "argv", ["cpo", "--locations", "3", "--party", "NL/ABC"])
    monkeypatch.delenv("CPO_TOKEN", raising=False)
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "CPO_TOKEN" in capsys.readouterr().err
    monkeypatch.setenv("CPO_TOKEN", TOKEN)
    main()
    answer = get(served[0], f"{BASE}/locations")
    assert [one["party_id"] for one in answer.json()["data"]] == ["ABC"] * 3


def test_it_can_be_copied_because_it_imports_nothing_of_the_harness() -> None:
    allowed = {"fastapi", "starlette", "orjson", *sys.stdlib_module_names}
    files = sorted(Path(reference.__file__).parent.glob("**/*.py"))
    assert len(files) > 5
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level <= 1, f"{file.name} reaches outside its folder"
                names = set() if node.level else {str(node.module).split(".")[0]}
            else:
                continue
            assert names <= allowed | ({"uvicorn"} if file.name == "__main__.py" else set()), file.name


def test_instants_sort_as_texts() -> None:
    texts = ["2026-06-01T08:00:00Z", "2026-06-01T08:00:00.25", "2026-06-01T08:00:00.253Z", "2026-06-01T08:00:00.5Z"]
    assert sorted(map(sortable, reversed(texts))) == list(map(sortable, texts))
    assert sortable("2026-06-01T08:00:00.500Z") == sortable("2026-06-01T08:00:00.5")
    assert json.dumps(sortable("2026-06-01T08:00:00.000Z")) == '"2026-06-01T08:00:00"'
