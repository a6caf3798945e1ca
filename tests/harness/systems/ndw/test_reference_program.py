"""The reference CPO as a program: its arguments, its database, its listener, and that it can be copied."""

import ast
import asyncio
import json
import socket
import sys
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from harness.systems.ndw import reference
from harness.systems.ndw.reference.__main__ import main
from harness.systems.ndw.reference.instants import sortable
from tests.harness.systems.ndw.calls import AUTHORIZED, BASE, MESSAGE_IDS, TOKEN, cpo, get, ids, walk


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
    allowed = {"fastapi", "httpx", "joserfc", "orjson", "starlette", *sys.stdlib_module_names}
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
            assert names <= allowed | ({"uvicorn"} if file.name in ("__main__.py", "push.py") else set()), file.name


def test_instants_sort_as_texts() -> None:
    texts = ["2026-06-01T08:00:00Z", "2026-06-01T08:00:00.25", "2026-06-01T08:00:00.253Z", "2026-06-01T08:00:00.5Z"]
    assert sorted(map(sortable, reversed(texts))) == list(map(sortable, texts))
    assert sortable("2026-06-01T08:00:00.500Z") == sortable("2026-06-01T08:00:00.5")
    assert json.dumps(sortable("2026-06-01T08:00:00.000Z")) == '"2026-06-01T08:00:00"'
