"""The reference CPO: who may read."""

from typing import Any

import pytest

from harness.systems.ndw.reference.token import TokenCheck
from tests.harness.systems.ndw.calls import BASE, LINE_FEED, TOKEN, ask, cpo, encoded, get, is_envelope_without_data


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
