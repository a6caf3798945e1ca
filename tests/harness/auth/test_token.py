"""Tokens: how they are written, what is done to them, and which are themselves Base64."""

import base64
from typing import get_args

import pytest

from harness.auth.token import altered, decoded, written
from harness.model.credential import Alteration, Form

TOKENS = [
    "ebf3b399-779f-4497-9b9d-ac6ad3cc44d2",
    "Aa1",
    "X" * 64,
    "s3cr3t/with+signs==",
    "7",
    "-",
    "two words 12",
    "99999999",
]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("raw", "example-token"),
        ("base64", "ZXhhbXBsZS10b2tlbg=="),
        ("base64+lf", "ZXhhbXBsZS10b2tlbgo="),
        ("base64 twice", "WlhoaGJYQnNaUzEwYjJ0bGJnPT0="),
    ],
)
def test_the_forms_of_the_example_of_ocpi(form: Form, expected: str) -> None:
    assert written("example-token", form) == expected


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("alteration", [one for one in get_args(Alteration) if one != "another case"])
def test_an_altered_token_is_another_one_even_where_white_space_is_trimmed(token: str, alteration: Alteration) -> None:
    made = altered(token, alteration, 1)
    assert made.strip() != token.strip()
    assert made.isprintable()


@pytest.mark.parametrize("token", ["abcDEF-1", "ebf3b399"])
def test_another_case_differs_in_nothing_but_case(token: str) -> None:
    made = altered(token, "another case", 1)
    assert made != token
    assert made.lower() == token.lower()


@pytest.mark.parametrize("token", TOKENS)
def test_a_made_up_token_is_never_the_true_one_and_looks_like_it(token: str) -> None:
    for seed in range(200):
        made = altered(token, "made up", seed)
        assert made != token
        assert len(made) in (len(token), len(token) + 1)
        assert [sign for sign in made if not sign.isalnum()] == [sign for sign in token if not sign.isalnum()]


def test_a_made_up_token_is_the_same_for_the_same_seed() -> None:
    assert altered("Token-0001", "made up", 5) == altered("Token-0001", "made up", 5)
    assert altered("Token-0001", "made up", 5) != altered("Token-0001", "made up", 6)


@pytest.mark.parametrize("token", ["example-token", "s3cr3t-Token-0001", "a b c d"])
def test_a_token_that_was_encoded_already_is_decoded(token: str) -> None:
    assert decoded(base64.b64encode(token.encode()).decode()) == token


@pytest.mark.parametrize(
    "token",
    [
        "ebf3b399-779f-4497-9b9d-ac6ad3cc44d2",  # a UUID
        "d41d8cd98f00b204e9800998ecf8427e",  # hexadecimal: its alphabet is Base64's, its content is not text
        "deadbeefcafebabe0123456789abcdef",
        "Zm9vYmFy/+8=",
        "YQ==",  # "a": shorter than any token
        "not base64!",
        "abcde",
        "tokén-token1",
        "",
    ],
)
def test_a_token_that_only_looks_like_base64_is_left_alone(token: str) -> None:
    assert decoded(token) is None
