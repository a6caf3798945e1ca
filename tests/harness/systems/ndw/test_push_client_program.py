"""The reference's push client as a program: a real command, a real listener, a real clock."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from harness.cli.mocks import mock_sessions, served_by_default
from harness.mock.app import MockApp
from harness.mock.session import DEFAULT, Session
from harness.systems.ndw.reference import create_app
from harness.systems.ndw.reference.hooks import HookEndpoint
from harness.systems.ndw.reference.push import main
from harness.wire.clock import SystemClock
from harness.wire.serve import served

MODULE = "harness.systems.ndw.reference.push"
ENDS_S = 30


@pytest.fixture(scope="module")
def listening() -> Iterator[tuple[Session, dict[str, str]]]:
    clock = SystemClock()
    sessions = mock_sessions((served_by_default("ndw"),), clock)
    session = sessions.get(DEFAULT)
    assert session is not None
    with served(MockApp("ndw", sessions, clock.sleep)) as origin:
        yield session, {**session.environment({"ndw": origin}), "CPO_TOKEN": "the-token"}


def start(environment: Mapping[str, str], *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", MODULE, "--locations", "3", "--pause", "0", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_it_pushes_and_ends_and_after_a_restart_has_nothing_left(
    listening: tuple[Session, dict[str, str]], tmp_path: Path
) -> None:
    session, environment = listening
    environment = {**environment, "HARNESS_STATE_DIR": str(tmp_path)}
    before = session.journal.last
    process = start(environment, "--once")
    out, err = process.communicate(timeout=ENDS_S)
    assert process.returncode == 0, err
    statuses = [one.exchange.response.status for one in session.journal if one.exchange.response and one.n > before]
    assert len(statuses) == 1 + 14 + 3 + 7
    assert set(statuses) <= {200, 201, 204}
    app = create_app(token="t", database=str(tmp_path / "cpo.sqlite"))
    for key in app.state.store.all_keys():
        held = session.tables.get(key.kind, "/".join(key[1:]))
        assert held == app.state.store.get(key)
    assert environment["NDW_CLIENT_SECRET"] not in out + err
    assert "Bearer" not in out + err
    before = session.journal.last
    again = start(environment)
    assert (again.communicate(timeout=ENDS_S)[0], again.returncode, session.journal.last) == ("", 0, before)


def test_as_a_service_it_is_pulled_takes_changes_and_ends_on_sigterm(
    listening: tuple[Session, dict[str, str]],
) -> None:
    session, environment = listening
    process = start(environment, "--serve", "--port", "0", "--hooks", "--no-story")
    assert process.stderr is not None
    told = iter(process.stderr)
    base = next(found[1] for line in told if (found := re.search(r"serving (http://\S+)", line)))
    with httpx.Client(base_url=base.removesuffix("/ocpi/2.2.1"), trust_env=False) as http:
        order = {"object": {"location": "LOC-0001", "evse": "EV-0001-A"}, "set": {"status": "OUTOFORDER"}}
        assert http.post("/hooks/change", json=order).json().keys() == {"at"}
        assert any(
            "PATCH locations/NL/XPO/LOC-0001/EV-0001-A: done" in line or "LOC-0001: done" in line for line in told
        )
        shown = http.get("/ocpi/2.2.1/locations", headers={"Authorization": "Token dGhlLXRva2Vu"}).json()["data"]
    mine = next(one for one in shown if one["id"] == "LOC-0001")
    assert mine["evses"][0]["status"] == "OUTOFORDER"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=ENDS_S)
    assert process.returncode == 0
    held = session.tables.get("locations", "NL/XPO/LOC-0001") or {}
    assert held["evses"][0]["status"] == "OUTOFORDER"


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"NDW_CLIENT_SECRET": ""}, "set NDW_CLIENT_SECRET"),
        ({"NDW_PARTY": "XPO"}, "NL/XPO"),
        ({"NDW_PUSH_URL": "ndw.example"}, "https://"),
        ({"NDW_CA_FILE": "/nowhere/ca.pem"}, "No such file"),
        ({"CPO_TOKEN": ""}, "CPO_TOKEN"),
    ],
)
def test_a_setting_that_is_missing_or_wrong_ends_it_with_2(
    environment: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right = {"NDW_PUSH_URL": "http://a.example", "NDW_TOKEN_URL": "http://a.example/t", "NDW_CLIENT_ID": "c"}
    right |= {"NDW_CLIENT_SECRET": "hush-hush", "NDW_PARTY": "NL/XPO", "CPO_TOKEN": "t"}
    for name, value in (right | environment).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["push", "--serve", "--port", "0"])
    with pytest.raises(SystemExit, match="2"):
        main()
    shown = capsys.readouterr().err
    assert told in shown
    assert "hush-hush" not in shown


def test_a_hook_that_is_asked_wrongly_says_so() -> None:
    app = create_app(token="t", locations=1)
    app.add_middleware(HookEndpoint, cpo=app)

    async def ask() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://cpo.example") as http:
            answers = [
                await http.get("/hooks/change"),
                await http.post("/hooks/other"),
                await http.post("/hooks/change", content=b"{"),
                await http.post("/hooks/change", json=[1]),
                await http.post("/hooks/change", json={"object": {"location": "nowhere"}, "set": {}}),
                await http.post("/hooks/export"),
            ]
        assert len(answers[-1].text.splitlines()) == 13 + 1
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask()) == [404, 404, 422, 422, 422, 200]
