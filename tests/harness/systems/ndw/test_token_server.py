"""NDW's token server as its mock plays it."""

import base64
import json
from typing import Any
from uuid import UUID

import pytest

from tests.harness.systems.ndw.pushing import Pushing

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _fields(mock: Pushing, **other: str) -> dict[str, str]:
    return {
        "client_id": mock.env["NDW_CLIENT_ID"],
        "client_secret": mock.env["NDW_CLIENT_SECRET"],
        "grant_type": "client_credentials",
        **other,
    }


def test_the_answer_has_the_published_keys() -> None:
    mock = Pushing()
    response = mock.ask()
    answer = response.json()
    assert list(answer) == [
        "access_token", "expires_in", "refresh_expires_in", "refresh_token", "token_type", "not-before-policy",
        "session_state", "scope",
    ]  # fmt: skip
    assert (answer["expires_in"], answer["refresh_expires_in"], answer["token_type"]) == (1800, 3600, "Bearer")
    assert (answer["not-before-policy"], answer["scope"]) == (0, "profile email")
    assert UUID(answer["session_state"]).version == 4
    assert response.headers["cache-control"] == "no-store"
    claims = json.loads(base64.urlsafe_b64decode(answer["access_token"].split(".")[1] + "=="))
    assert claims["iss"] == "http://localhost/auth/realms/ndw"
    assert claims["azp"] == "dotnl-nl-xpo"
    assert claims["exp"] - claims["iat"] == 1800


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": "openid", "x_more": "1"}, 200, None),
    ],
)
def test_errors_are_those_of_oauth2(change: dict[str, str], status: int, error: str | None) -> None:
    mock = Pushing()
    response = mock.ask(data=_fields(mock, **change))
    assert (response.status_code, response.json().get("error")) == (status, error)
    assert response.headers["cache-control"] == "no-store"


def test_the_path_is_a_setting() -> None:
    mock = Pushing({"token.path": "/oauth/token"})
    assert mock.env["NDW_TOKEN_URL"] == "http://localhost/oauth/token"
    assert mock.ask().status_code == 200
    assert mock.last.exchange.operation == "requestToken"
    mock.env["NDW_TOKEN_URL"] = "http://localhost/auth/realms/ndw/protocol/openid-connect/token"
    assert mock.ask().status_code == 404
    assert "/oauth/token" in mock.last.advice


def test_json_and_a_field_twice_are_invalid_requests() -> None:
    mock = Pushing()
    assert mock.ask(json=_fields(mock)).json()["error"] == "invalid_request"
    assert "not as JSON" in mock.last.advice
    twice = b"grant_type=client_credentials&grant_type=client_credentials"
    assert mock.ask(content=twice, headers=_FORM).json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("style", "change", "status", "error"),
    [
        ("rfc6749", {"client_secret": "x"}, 401, "invalid_client"),
        ("unauthorized_client", {"client_secret": "x"}, 401, "unauthorized_client"),
        ("unauthorized_client", {"client_id": "x"}, 401, "invalid_client"),
    ],
)
def test_the_style_of_errors_is_a_setting(style: str, change: dict[str, str], status: int, error: str) -> None:
    mock = Pushing({"token.error_style": style})
    response = mock.ask(data=_fields(mock, **change))
    assert (response.status_code, response.json()["error"]) == (status, error)


@pytest.mark.parametrize(("style", "status"), [("keycloak", 401), ("rfc6749", 400)])
def test_a_client_without_the_grant_is_unauthorized(style: str, status: int) -> None:
    mock = Pushing({"token.error_style": style})
    mock.session.tables.put("accounts", {**mock.stored("dotnl-nl-xpo", "accounts"), "client_credentials": False})
    response = mock.ask(data=_fields(mock))
    assert (response.status_code, response.json()["error"]) == (status, "unauthorized_client")


def test_http_basic_is_served_and_told() -> None:
    mock = Pushing()
    pair = (mock.env["NDW_CLIENT_ID"], mock.env["NDW_CLIENT_SECRET"])
    assert mock.ask(data={"grant_type": "client_credentials"}, auth=pair).status_code == 200
    assert "HTTP Basic" in mock.last.notes[0]
    refused = mock.ask(data={"grant_type": "client_credentials"}, auth=(pair[0], "wrong"))
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ("{}\n", "white space or a line feed"),
        ("'{}'", "quotation marks"),
        ("{}x", "33 characters instead of 32"),
        ("", "no client_secret"),
    ],
)
def test_a_person_is_told_how_a_secret_is_wrong_without_seeing_it(spoilt: str, why: str) -> None:
    mock = Pushing()
    secret = mock.env["NDW_CLIENT_SECRET"]
    mock.ask(data=_fields(mock, client_secret=spoilt.format(secret)))
    assert why in mock.last.why
    assert secret not in repr(mock.last)


def test_no_secret_and_no_token_is_in_the_journal() -> None:
    mock = Pushing()
    answer: dict[str, Any] = mock.ask().json()
    told = repr(list(mock.session.journal))
    for secret in (mock.env["NDW_CLIENT_SECRET"], answer["access_token"], answer["refresh_token"]):
        assert secret not in told


def test_actions_on_accounts() -> None:
    mock = Pushing()
    actions, session = mock.session.actions, mock.session
    old = mock.env["NDW_CLIENT_SECRET"]
    new = actions["rotate-secret"].run(session, {})["client_secret"]
    assert new != old
    assert mock.ask().status_code == 401
    assert mock.ask(data=_fields(mock, client_secret=new)).status_code == 200
    made = actions["add-account"].run(session, {"parties": ["BE/ABC"]})
    assert mock.ask(data=_fields(mock, **{k: made[k] for k in ("client_id", "client_secret")})).status_code == 200
    with pytest.raises(ValueError, match="already"):
        actions["add-account"].run(session, {"parties": ["BE/ABC"]})
    with pytest.raises(ValueError, match="no account 'nobody'"):
        actions["end-token"].run(session, {"client_id": "nobody"})


def test_the_secret_is_that_of_the_seed() -> None:
    first, second = Pushing(), Pushing()
    assert first.env == second.env
    second.session.reset(2)
    assert (
        second.session.environment({"ndw": "http://localhost"})["NDW_CLIENT_SECRET"] != first.env["NDW_CLIENT_SECRET"]
    )


def test_a_refresh_token_is_taken_where_the_setting_says_so() -> None:
    mock = Pushing({"token.refresh": "accept"})
    given = {"client_id": mock.env["NDW_CLIENT_ID"], "client_secret": mock.env["NDW_CLIENT_SECRET"]}
    asked = mock.ask().json()
    again = {**given, "grant_type": "refresh_token", "refresh_token": asked["refresh_token"]}
    assert mock.ask(data=again).json()["access_token"] != asked["access_token"]
    for wrong in (asked["access_token"], f"{asked['refresh_token']}x", ""):
        assert mock.ask(data={**again, "refresh_token": wrong}).json()["error"] == "invalid_grant"
    mock.clock.advance(3601)
    assert mock.ask(data=again).json()["error"] == "invalid_grant"
