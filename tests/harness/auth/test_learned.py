"""Secrets that an answer gives out: kept before anybody sees them, wherever and however they stand in it."""

import base64
import json

import pytest

from harness.auth.token import jwt_algorithm
from harness.auth.vault import Vault
from harness.model.credential import Client, Present, Presentation

JWT = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=")
    for part in (b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"cpo","exp":1780000000}', bytes(range(200, 232)))
)
NAMES = ("access_token", "refresh_token")


@pytest.mark.parametrize("token", [JWT, "opaque-Token-0001", "a/b+c=d e", "kürz", "abc"])
@pytest.mark.parametrize(
    "text",
    [
        '{"access_token":"%s","token_type":"Bearer"}',
        '\ufeff{ "access_token" : \n"%s" }',
        '{"\\u0061ccess_token":"%s"}',
        '{"data":[{"access_token":"%s"}]}',
        '{"access_token":"%s","expires_in":NaN,}',
        '{"note":"access_token","access_token":"%s"',
        '{"access_token":"%s',
        "access_token=%s&token_type=bearer",
    ],
)
def test_a_token_is_taken_out_by_its_place(text: str, token: str) -> None:
    spelt = token if "=" not in text[:14] else token.replace("+", "%2B").replace("=", "%3D").replace(" ", "+")
    vault = Vault()
    raw, issued = vault.learn((text % spelt).encode(), NAMES)
    assert token.encode() not in raw
    assert b"[secret 1]" in raw
    (credential,) = issued
    assert (credential.n, credential.length, credential.place) == (1, len(token), "body:access_token")
    assert vault.reveal(vault.handle(1)) == token
    assert credential.alg == ("HS256" if token == JWT else None)


def test_everything_around_it_stays_as_it_was() -> None:
    text = '{ "a" : [1, 2.50, "x\\u00e9\\/"] ,"access_token":"%s",  "refresh_token":"r-Token-1234", "b":true }\r\n'
    raw, issued = Vault().learn((text % JWT).encode(), NAMES)
    assert raw.decode() == (text % "[secret 1]").replace("r-Token-1234", "[secret 2]")
    assert [one.place for one in issued] == ["body:access_token", "body:refresh_token"]


@pytest.mark.parametrize(
    "text", ['{"access_token":""}', '{"access_token":null}', '{"error":"access_token"}', "", "<p>"]
)
def test_where_no_token_is_nothing_is_learned(text: str) -> None:
    assert Vault().learn(text.encode(), NAMES) == (text.encode(), ())


def test_a_number_is_hidden_and_stays_a_number() -> None:
    raw, issued = Vault().learn(b'{"access_token": 12345678901234567890}', NAMES)
    assert (json.loads(raw), issued) == ({"access_token": 0}, ())


def test_what_was_learned_is_taken_out_everywhere_after() -> None:
    vault = Vault()
    vault.learn(json.dumps({"access_token": JWT}).encode(), NAMES)
    signature = JWT.rpartition(".")[2]
    for leak in (JWT, f"Bearer {JWT}", base64.b64encode(JWT.encode()).decode(), signature):
        assert leak not in vault.redacted(f"before {leak} after")
        assert "[secret 1" in vault.redacted(f"before {leak} after")


def test_who_shows_an_old_token_shows_the_newest() -> None:
    vault = Vault(presentation=Presentation("Bearer", "raw"))
    first, second, third = (vault.keep(f"access-Token-{number}") for number in (1, 2, 3))
    vault.supersede(first, second)
    vault.supersede(first, third)
    assert vault.wear(Present(first)).header == ("Authorization", "Bearer access-Token-3")
    assert vault.wear(Present(first)).credential.n == 3
    vault.supersede(first, first)  # the server gave out the first one again
    for holder in (first, second, third):
        assert vault.wear(Present(holder)).credential.n == 1


def test_a_client_secret_goes_into_the_form_or_under_basic_encoded() -> None:
    vault = Vault()
    secret = vault.keep("s3cret:%+ &")
    form = vault.wear(Client("me", secret, "https://x/token").login())
    assert (form.header, form.query, form.field) == (None, None, ("client_secret", "s3cret:%+ &"))
    assert (form.marked, form.credential.place) == ("[secret 1]", "body:client_secret")
    basic = vault.wear(Client("me:too", secret, "https://x/token", "basic").login())
    assert basic.header is not None
    assert base64.b64decode(basic.header[1].removeprefix("Basic ")) == b"me%3Atoo:s3cret%3A%25%2B+%26"
    assert basic.marked == "Basic [secret 1 base64]"
    for leak in (basic.header[1], base64.b64encode(b"me:too:s3cret:%+ &").decode()):
        assert "[secret 1" in vault.redacted(f"got {leak}")
    assert Client("me", secret, "u", "basic").grant == (("grant_type", "client_credentials"),)


def test_another_signature_changes_one_sign_that_counts() -> None:
    vault = Vault(presentation=Presentation("Bearer", "raw"))
    worn = vault.wear(Present(vault.keep(JWT), "one character changed"))
    assert worn.header is not None
    shown = worn.header[1].removeprefix("Bearer ")
    assert shown.rpartition(".")[0] == JWT.rpartition(".")[0]
    signatures = [base64.urlsafe_b64decode(text.rpartition(".")[2] + "=") for text in (shown, JWT)]
    assert signatures[0] != signatures[1]
    assert "[secret 1, one character changed]" in vault.redacted(f"unknown {shown}")


@pytest.mark.parametrize(
    "text", ["", "a.b.c", "no dots", "..", "e30.e30.x", f"x{JWT}", JWT.rpartition(".")[0], "WzFd.a.b"]
)
def test_other_texts_are_no_jwt(text: str) -> None:
    assert jwt_algorithm(text) is None
    assert jwt_algorithm(JWT) == "HS256"
