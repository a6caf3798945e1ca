"""Secrets leave what a mock received before it becomes evidence, and keep their numbers."""

import base64

import pytest

from harness.auth.received import Received
from harness.model.exchange import Headers

SECRET = "kT9vQ2mXw7LpZ4rB8sNd1cYf6hGj3aVe"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJhenAiOiJtZSJ9.c2lnbmF0dXJlc2lnbmF0dXJl"


def received() -> Received:
    made = Received()
    made.know(SECRET)
    return made


def test_the_bearer_is_a_number_and_the_same_token_has_the_same() -> None:
    vault = received()
    headers, first = vault.credential(Headers.of({"Authorization": f"Bearer {JWT}", "X-Request-ID": "1"}))
    assert headers.get("authorization") == "Bearer [secret 2]"
    assert first is not None
    assert (first.n, first.scheme, first.alg, first.length) == (2, "Bearer", "HS256", len(JWT))
    again = vault.credential(Headers.of({"authorization": f"bearer {JWT}"}))[1]
    assert again is not None
    assert again.n == first.n


def test_a_client_that_shows_its_secret_by_basic_is_known_by_it() -> None:
    shown = base64.b64encode(f"client:{SECRET}".encode()).decode()
    headers, credential = received().credential(Headers.of({"Authorization": f"Basic {shown}"}))
    assert headers.get("authorization") == "Basic [secret 1]"
    assert credential is not None
    assert credential.n == 1


@pytest.mark.parametrize("text", ["Bearer", "", "NoScheme", "Basic !!!", "Bearer   "])
def test_odd_header_fields_are_taken_out_as_well(text: str) -> None:
    headers, credential = received().credential(Headers.of({"Authorization": text}))
    assert credential is not None
    assert text.strip() == "" or text not in (headers.get("authorization") or "") or text == "Bearer"


@pytest.mark.parametrize(
    "written",
    [
        f"grant_type=client_credentials&client_secret={SECRET}",
        f'{{"client_secret": "{SECRET}"}}',
        f"prefix {SECRET} suffix",
        f"token={base64.b64encode(SECRET.encode()).decode()}",
        f'{{"note": "{JWT}"}}',
    ],
)
def test_no_body_keeps_a_secret(written: str) -> None:
    body = received().body(written.encode(), "application/x-www-form-urlencoded" if "grant" in written else "")
    for secret in (SECRET, JWT, base64.b64encode(SECRET.encode()).decode()):
        assert secret.encode() not in body.raw
    assert b"[secret " in body.raw


def test_a_body_without_a_secret_comes_back_as_it_is() -> None:
    raw = b'{"id": "LOC-1", "name": "Kade 12"}'
    assert received().body(raw, "application/json").raw is raw


def test_a_token_in_the_query_is_taken_out_by_its_name_or_form() -> None:
    vault = received()
    url = vault.text(f"http://x/ocpi/locations?access_token=opaque-token-1&more=1&jwt={JWT}")
    assert url == "http://x/ocpi/locations?access_token=[secret 2]&more=1&jwt=[secret 3]"


def test_what_an_answer_gives_out_is_told_by_number() -> None:
    vault = received()
    raw, issued = vault.issued(f'{{"access_token":"{JWT}","expires_in":1800}}'.encode(), ("access_token",))
    assert raw == b'{"access_token":"[secret 2]","expires_in":1800}'
    assert [(one.n, one.place) for one in issued] == [(2, "body:access_token")]
    shown = vault.credential(Headers.of({"Authorization": f"Bearer {JWT}"}))[1]
    assert shown is not None
    assert shown.n == 2
