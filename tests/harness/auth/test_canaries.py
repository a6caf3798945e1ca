"""Canaries: however others spell a secret that they repeat, it does not reach evidence."""

import base64
import html
import json
import re
from collections.abc import Callable
from typing import get_args
from urllib.parse import quote, quote_plus, urlencode

import pytest

from harness.auth.token import altered, written
from harness.auth.vault import Vault
from harness.model.credential import Alteration, Form, Present, Presentation

NASTY = [
    "ebf3b399-779f-4497-9b9d-ac6ad3cc44d2",
    "a/b+c=d/e+f==",
    '"quoted" & 100% spaced',
    "back\\slash\\n/and more",
    "<tag attr='1'>~!*()",
    "ends-with-percent-%2F",
    "????>>>>????>>>>",  # its Base64 is full of / and +
    "=starts=and=ends=",
    "tab\tand{}[],:;",
    "12345678901234567890",
]


def _upper_escapes(text: str) -> str:
    """As .NET writes it: signs as \\u002B."""
    return "".join(sign if sign.isalnum() else f"\\u{ord(sign):04X}" for sign in text)


def _lower_hex(text: str) -> str:
    return re.sub("%..", lambda found: found.group().lower(), quote(text, safe=""))


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded, slashes kept": quote,
    "percent-encoded, lower case": _lower_hex,
    "encodeURIComponent": lambda text: quote(text, safe="!*'()"),
    "encodeURI": lambda text: quote(text, safe=";,/?:@&=+$-_.!~*'()#"),
    "form-encoded": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON of PHP": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON of Go": lambda text: re.sub("[<>&]", lambda sign: f"\\u{ord(sign.group()):04x}", json.dumps(text)[1:-1]),
    "JSON of .NET": _upper_escapes,
    "HTML": html.escape,
    "HTML of Django": lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    "Base64 once more": lambda text: base64.b64encode(text.encode()).decode(),
    "without padding": lambda text: text.rstrip("=") or text,
    "URL alphabet": lambda text: text.replace("+", "-").replace("/", "_"),
    "URL alphabet without padding": lambda text: text.replace("+", "-").replace("/", "_").rstrip("=") or text,
}


@pytest.mark.parametrize("secret", NASTY)
@pytest.mark.parametrize("form", get_args(Form))
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_every_form_is_taken_out(secret: str, form: Form, spelling: str) -> None:
    vault = Vault()
    vault.keep(secret)
    text = SPELLINGS[spelling](written(secret, form))
    found = vault.redacted(f"before|{text}|after")
    assert re.fullmatch(r"before\|\[secret 1[^\]|]*\]\|after", found), found
    assert vault.redacted_bytes(f"\xff{text}\xfe".encode("latin-1")).startswith(b"\xff[secret 1")


@pytest.mark.parametrize("secret", NASTY)
@pytest.mark.parametrize("alteration", [one for one in get_args(Alteration) if one != "empty"])
@pytest.mark.parametrize("spelling", ["as it is", "form-encoded", "JSON of PHP", "URL alphabet without padding"])
def test_what_was_worn_altered_is_taken_out_in_every_form(secret: str, alteration: Alteration, spelling: str) -> None:
    vault = Vault()
    vault.wear(Present(vault.keep(secret), alteration, Presentation("Token", "base64")))
    for form in get_args(Form):
        text = SPELLINGS[spelling](written(altered(secret, alteration, 0), form))
        found = vault.redacted(f"before|{text}|after")
        assert re.fullmatch(r"before\|\[secret 1[^\]|]*\]\|after", found), found


@pytest.mark.parametrize("secret", NASTY)
@pytest.mark.parametrize("spell", [json.dumps, lambda text: json.dumps(text).replace("/", "\\/")])
def test_json_stays_json(secret: str, spell: Callable[[object], str]) -> None:
    vault = Vault()
    vault.keep(secret)
    body = {"token": secret, secret: [f"Token {written(secret, 'base64')}", "/untouched/"], "n": 123456789012}
    found = json.loads(vault.redacted_bytes(spell(body).encode()))
    assert found == {"token": "[secret 1]", "[secret 1]": ["Token [secret 1 base64]", "/untouched/"], "n": 123456789012}


@pytest.mark.parametrize("secret", NASTY)
def test_a_query_stays_a_query(secret: str) -> None:
    vault = Vault()
    vault.keep(secret)
    assert vault.redacted(f"?{urlencode({'token': secret, 'limit': 1})}") == "?token=[secret 1]&limit=1"


def test_several_secrets_and_places_are_told_apart() -> None:
    vault = Vault()
    vault.keep("first-Secret-1")
    vault.keep("first-Secret-1-and-more")
    found = vault.redacted("first-Secret-1-and-more first-Secret-1 first-Secret-1")
    assert found == "[secret 2] [secret 1] [secret 1]"


def test_text_without_a_secret_is_untouched() -> None:
    vault = Vault()
    raw = bytes(range(256)) * 3
    assert vault.redacted_bytes(raw) == raw
    vault.keep("s3cr3t-Token-0001")
    assert vault.redacted_bytes(raw) == raw
    assert vault.redacted("half \ud800 a pair, é and 😀") == "half \ud800 a pair, é and 😀"


@pytest.mark.parametrize("weak", ["short-1", "location", "tariffs", "12345678", "202606010800", ""])
def test_a_weak_secret_is_not_searched_and_that_is_said(weak: str) -> None:
    vault = Vault()
    secret = vault.keep(weak)
    body = f'{{"{weak}": "x {weak}"}}'
    assert vault.redacted(body) == body
    assert vault.too_short_to_search(secret)


def test_a_number_in_json_is_never_torn_by_a_token_of_digits() -> None:
    vault = Vault()
    vault.keep("12345678")
    assert json.loads(vault.redacted('{"n": 12345678, "m": 5.12345678}')) == {"n": 12345678, "m": 5.12345678}


@pytest.mark.parametrize("strong", ["Location", "abcdefg1", "abc-defgh", "1234567890123456"])
def test_a_secret_that_is_odd_enough_is_searched(strong: str) -> None:
    vault = Vault()
    secret = vault.keep(strong)
    assert vault.redacted(f"<{strong}>") == "<[secret 1]>"
    assert not vault.too_short_to_search(secret)


def test_a_secret_of_the_shortest_length_does_not_leak_cut_short() -> None:
    vault = Vault()
    vault.wear(Present(vault.keep("Abcdef12"), "cut short", Presentation(None, "raw")))
    assert vault.redacted("unknown token Abcdef1.") == "unknown token [secret 1, cut short]."
