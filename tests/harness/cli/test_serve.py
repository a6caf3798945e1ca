"""``harness serve`` at work: what a person reads, what a program reads, faults, TLS, a public name, the end."""

import base64
import json
import signal
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.cli.plan import UsageError
from harness.mock.trouble import TROUBLES
from tests.harness.cli.serving import TARIFF, Serving
from tests.harness.report.schemas import differences

PUBLIC = "https://mock.example:8443"
PATH = "/ocpi/2.2.1/tariffs/NL/XPO/TAR-9"
TOKEN_PATH = "/auth/realms/ndw/protocol/openid-connect/token"
RAISED = "ocpi-2.2.1/step-sizes-are-at-least-one"
CANARY = "canary-of-a-wrong-secret"


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A mock with much of what can be asked for, in the words for people."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "harness.toml").write_text(
        f'[ndw]\nsettings = {{"push.created_status" = "200"}}\nkeywords = {{"{RAISED}" = "MUST"}}\n'
    )
    ports = ("--port", "ndw=0", "--port", "control=0")
    at = {"XDG_DATA_HOME": str(folder / "data"), "PYTHONIOENCODING": "ascii"}
    given = ("--tls", "--public-url", f"{PUBLIC}/", "--out", "out", "--fault", "deleteTariff:failing(503):times=1")
    made = Serving("ndw", *ports, *given, folder=folder, last="Ctrl-C", **at)
    yield made
    made.close()


@pytest.fixture(scope="module")
def origins(mock: Serving) -> tuple[str, str]:
    """Where it listens, without TLS and with it."""
    plain, _, secure = next(line for line in mock.told if "listens on" in line).partition("on ")[2].partition(" and ")
    return plain, secure


@pytest.fixture(scope="module")
def token(mock: Serving, origins: tuple[str, str]) -> str:
    """A token of the mock."""
    return mock.token(origins[0] + TOKEN_PATH)


def test_a_person_is_told_how_to_reach_it(mock: Serving, origins: tuple[str, str]) -> None:
    told = "\n".join(mock.told)
    assert told.startswith(f"NDW DOT-NL, as a mock: {PUBLIC}\n  listens on http://127.0.0.1:")
    assert f"  export NDW_PUSH_URL={PUBLIC}/ocpi/2.2.1\n" in told
    assert f"harness env ndw --control {mock.ready['control']}\n" in told
    assert "NL/XPO/LOC-0001" in told
    assert [origin.partition(":")[0] for origin in origins] == ["http", "https"]


def test_every_url_that_leaves_begins_with_the_public_one(mock: Serving, token: str) -> None:
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["iss"] == f"{PUBLIC}/auth/realms/ndw"
    assert {value.startswith(PUBLIC) for name, value in mock.env.items() if name.endswith("_URL")} == {True}
    shown = mock.client.get(mock.control).json()["systems"]["ndw"]
    assert {one["url"].startswith(PUBLIC) for one in (shown, *shown["services"].values())} == {True}


def test_clients_trust_it_by_the_files_that_the_settings_name(mock: Serving, origins: tuple[str, str]) -> None:
    names = ("NDW_CA_FILE", "HARNESS_CA_FILE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
    [certificate] = {mock.env[name] for name in names}
    assert Path(mock.env["HARNESS_TRUSTSTORE_FILE"]).stat().st_size > 100
    trusting = ssl.create_default_context(cafile=certificate)
    assert httpx.get(f"{origins[1]}/nothing", verify=trusting, trust_env=False).status_code == 404
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{origins[1]}/nothing", verify=ssl.create_default_context(), trust_env=False)


def test_a_keyword_of_harness_toml_makes_it_refuse_and_a_setting_holds(
    mock: Serving, origins: tuple[str, str], token: str
) -> None:
    elements = [{"price_components": [{"type": "ENERGY", "price": 0.3, "step_size": 0}]}]
    url = origins[0] + PATH
    refused = mock.client.put(url, json={**TARIFF, "elements": elements}, headers=mock.ids(token)).json()
    assert refused["status_code"] == 2001
    assert [one["rule"] for one in refused["data"]["errors"]] == [RAISED]
    created = mock.client.put(url, json=TARIFF, headers=mock.ids(token))
    assert (created.status_code, created.json()["status_code"]) == (200, 1000)


_LOST = (httpx.RemoteProtocolError, httpx.ReadError)
_SEEN: dict[str, Any] = {
    "delay(0.01)": 200,
    "stall()": (httpx.ReadTimeout,),
    "drop_before()": _LOST,
    "drop_after()": _LOST,
    "close_after()": 200,
    "reset()": (httpx.ReadError,),
    "truncated(5)": (httpx.RemoteProtocolError,),
    "throttled(3)": 429,
    "throttled_until(60)": 429,
    "failing(503)": 503,
    "token_ended()": 401,
    "unknown()": 404,
    "token_revoked()": 401,
    'with_header("Content-Type", "text/html")': 200,
}


def test_every_trouble_is_among_the_faults_tried() -> None:
    assert {edit.partition("(")[0] for edit in _SEEN} >= set(TROUBLES)


@pytest.mark.parametrize("edit", _SEEN)
def test_a_client_sees_the_fault_put_in_by_the_control_path_once(
    mock: Serving, origins: tuple[str, str], token: str, edit: str
) -> None:
    fault = {"operation": "putTariff", "edit": edit, "times": 1}
    assert mock.client.post(f"{mock.control}/sessions/default/faults", json=fault).status_code == 201

    def put() -> httpx.Response:
        return mock.client.put(origins[0] + PATH, json=TARIFF, headers=mock.ids(token), timeout=0.25)

    expected = _SEEN[edit]
    if isinstance(expected, int):
        answer = put()
        assert answer.status_code == expected
        retry = {"throttled(3)": "3", "throttled_until(60)": answer.headers["Date"][:5]}.get(edit)
        assert retry is None or answer.headers["Retry-After"].startswith(retry)
        assert ("text/html" in edit) == (answer.headers["Content-Type"] == "text/html")
    else:
        with pytest.raises(expected):
            put()
    assert put().status_code == 200


def test_it_looks_the_same_in_env_and_in_the_ready_file(mock: Serving) -> None:
    shown = {name: _env(mock, "--format", name) for name in ("json", "sh", "dotenv", "properties", "powershell")}
    assert json.loads(shown["json"]) == mock.env
    wanted = " ".join(f'"${name}"' for name in mock.env)
    by_shell = subprocess.run(
        ["/bin/sh", "-c", f'{shown["sh"]}printf "%s\\n" {wanted}'], capture_output=True, text=True, check=True, env={}
    )
    assert by_shell.stdout.splitlines() == list(mock.env.values())
    assert dict(line.split("=", 1) for line in shown["dotenv"].splitlines()) == mock.env
    unescaped = shown["properties"].replace("\\:", ":")
    assert dict(line.split("=", 1) for line in unescaped.splitlines()) == mock.env
    assert f"$env:NDW_PARTY = '{mock.env['NDW_PARTY']}'\n" in shown["powershell"]


def test_another_session_has_settings_and_a_report_of_its_own(mock: Serving, tmp_path: Path) -> None:
    began = mock.client.post(f"{mock.control}/sessions", json={"seed": 5}).json()
    env = json.loads(_env(mock, "--session", began["id"], "--format", "json"))
    assert env["NDW_PUSH_URL"] == f"{PUBLIC}/~{began['id']}/ocpi/2.2.1"
    assert env["NDW_CLIENT_SECRET"] != mock.env["NDW_CLIENT_SECRET"]
    assert env["NDW_CA_FILE"] == mock.env["NDW_CA_FILE"]
    url = f"{mock.control}/sessions/{began['id']}"
    report = _invoked("report", url, "--out", str(tmp_path), "--format", "json")
    assert report == f"{tmp_path / 'report.json'}\n"
    made = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (made["subject"]["kind"], made["exit"], made["seed"]) == ("client", 5, 5)


def test_what_is_asked_of_the_wrong_one_is_told_in_a_line(mock: Serving, origins: tuple[str, str]) -> None:
    for arguments, told in (
        (("env", "ndw", "--control", origins[0]), "the control listener of a mock is needed"),
        (("env", "ndw", "--control", "http://127.0.0.1:1"), "start one: harness serve"),
        (("env", "ndw", "--control", mock.ready["control"], "--session", "s9"), "no session 's9'"),
        (("report", f"{mock.control}/sessions/s9"), "there is no session s9"),
    ):
        with pytest.raises(UsageError, match=told) as raised:
            _invoked(*arguments)
        assert "\n" not in str(raised.value)


def test_after_ctrl_c_the_report_is_there_and_nothing_secret_in_it(
    mock: Serving, origins: tuple[str, str], token: str
) -> None:
    form = {"grant_type": "client_credentials", "client_id": mock.env["NDW_CLIENT_ID"], "client_secret": CANARY}
    assert mock.client.post(origins[0] + TOKEN_PATH, data=form).status_code == 401
    other = {**mock.ids(token), "Host": "other.example"}
    assert mock.client.delete(origins[0] + PATH, headers=other).status_code == 503
    code, out, err = mock.ended(signal.SIGINT)
    assert (code, err) == (130, "")
    assert "-> 503" in out
    assert "note: asked under the name other.example" in out
    assert "why: the secret is wrong: it has 24 characters instead of 32" in out
    assert "fault: deleteTariff:failing(503)" in out
    assert "ndw-push: what came to the mock" in out
    assert out.isascii()
    [folder] = (Path(str(mock.process.args[-1])).parent / "out").iterdir()  # type: ignore[index]
    assert differences(folder) == []
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"report.html", "junit.xml", "report.md", "findings.csv"} <= {path.name for path in files}
    for secret in (CANARY, token, mock.env["NDW_CLIENT_SECRET"]):
        assert not [path for path in files if secret in path.read_text("utf-8")]
        assert secret not in out
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert report["subject"]["kind"] == "client"
    assert report["profile"]["keywords"] == {RAISED: "MUST"}


def _env(mock: Serving, *arguments: str) -> str:
    return _invoked("env", "ndw", "--control", mock.ready["control"], *arguments)


def _invoked(*arguments: str) -> str:
    """What a command writes; raises what it raises."""
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout
