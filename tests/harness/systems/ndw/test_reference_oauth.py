"""The reference CPO: access by OAuth2 client credentials, beside the token."""

import asyncio
import base64
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.harness.systems.ndw.calls import BASE, NOW, TOKEN, cpo, encoded, get, is_envelope_without_data

CLIENT = ("the client", "s3cret:+%&")
FORM = {"grant_type": "client_credentials", "client_id": CLIENT[0], "client_secret": CLIENT[1]}
PATH = "/oauth2/token"


def post(app: Any, form: Any, headers: dict[str, str] | None = None, method: str = "POST") -> httpx.Response:
    async def talk() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://cpo.example") as client:
            body = form if isinstance(form, str) else urlencode(form)
            fields = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
            return await client.request(method, PATH, content=body, headers=fields)

    return asyncio.run(talk())


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {encoded(f'{quote_plus(user)}:{quote_plus(password)}')}"}


def issued(app: Any) -> str:
    return str(post(app, FORM).json()["access_token"])


@pytest.mark.parametrize("headers", [None, basic(*CLIENT)])
def test_client_credentials_get_a_jwt_that_opens_the_lists(headers: dict[str, str] | None) -> None:
    app = cpo(oauth_client=CLIENT)
    answer = post(app, FORM if headers is None else {"grant_type": "client_credentials"}, headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 1800)
    for path in (f"{BASE}/locations", f"{BASE}/tariffs", f"{BASE}/locations?limit=1&offset=3"):
        for scheme in ("Bearer", "bearer"):
            assert get(app, path, headers={"Authorization": f"{scheme} {body['access_token']}"}).status_code == 200
    assert get(app, f"{BASE}/tariffs").status_code == 200, "the token still works"


@pytest.mark.parametrize(
    ("form", "headers", "status", "error"),
    [
        ({**FORM, "client_secret": "wrong"}, None, 401, "invalid_client"),
        ({**FORM, "client_id": "nobody"}, None, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, None, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, basic(CLIENT[0], "wrong"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, {"Authorization": "Basic %%%"}, 401, "invalid_client"),
        (FORM, basic(*CLIENT), 400, "invalid_request"),
        ({**FORM, "grant_type": "password"}, None, 400, "unsupported_grant_type"),
        ({name: FORM[name] for name in ("client_id", "client_secret")}, None, 400, "invalid_request"),
        (urlencode(FORM) + "&grant_type=client_credentials", None, 400, "invalid_request"),
        ('{"grant_type":"client_credentials"}', {"Content-Type": "application/json"}, 400, "invalid_request"),
        ("x" * 20_000, None, 400, "invalid_request"),
        ("", None, 401, "invalid_client"),
    ],
)
def test_errors_are_those_of_the_standard(form: Any, headers: dict[str, str] | None, status: int, error: str) -> None:
    answer = post(cpo(oauth_client=CLIENT), form, headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert CLIENT[1] not in answer.text


def test_another_method_is_405() -> None:
    answer = post(cpo(oauth_client=CLIENT), "", method="GET")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def forged() -> str:
    key = OctKey.import_key(b"another key, of 32 bytes at least")
    return jwt.encode({"alg": "HS256"}, {"sub": CLIENT[0], "exp": 4_000_000_000}, key)


def unsigned(token: str) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{header}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token.swapcase(),
        lambda token: token + "x7",
        lambda token: token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:],
        lambda token: ".".join(token.split(".")[:2]) + ".",
        unsigned,
        lambda _token: forged(),
        lambda _token: "",
        lambda _token: "a.b.c",
        lambda token: f"{token} x",
        lambda token: encoded(token),
    ],
)
def test_anything_but_a_token_of_its_own_is_401(spoil: Any) -> None:
    app = cpo(oauth_client=CLIENT)
    answer = get(app, f"{BASE}/locations", headers={"Authorization": f"Bearer {spoil(issued(app))}"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Token realm="OCPI", Bearer realm="OCPI"'
    is_envelope_without_data(answer, 2000)


def test_a_token_ends_and_another_client_or_seed_does_not_know_it() -> None:
    clock = [NOW]
    app = cpo(oauth_client=CLIENT, now=lambda: clock[0], access_token_life_s=60)
    bearer = {"Authorization": f"Bearer {issued(app)}"}
    for seconds, status in ((59, 200), (60, 401), (3600, 401)):
        clock[0] = NOW + timedelta(seconds=seconds)
        assert get(app, f"{BASE}/tariffs", headers=bearer).status_code == status
    for options in ({"oauth_client": (CLIENT[0], "another")}, {"oauth_client": CLIENT, "seed": 2}, {}):
        assert get(cpo(**options), f"{BASE}/tariffs", headers=bearer).status_code == 401


def test_the_same_seed_and_moment_make_the_same_tokens_each_with_an_id_of_its_own() -> None:
    first, second = cpo(oauth_client=CLIENT), cpo(oauth_client=CLIENT)
    tokens = [issued(first), issued(first)]
    assert tokens == [issued(second), issued(second)]
    assert tokens[0] != tokens[1]


def test_without_a_client_there_is_no_token_endpoint() -> None:
    assert post(cpo(), FORM).status_code == 401
    assert get(cpo(), PATH, headers={"Authorization": f"Token {encoded(TOKEN)}"}).status_code == 404
    for client in (("", "x"), ("x", "")):
        with pytest.raises(ValueError, match="client"):
            cpo(oauth_client=client)
