"""JSON Pointers: RFC 6901, and no input that breaks them."""

from typing import Any

import pytest

from harness.model.pointer import MISSING, join, split, value_at

# The example document of RFC 6901 section 5.
RFC_6901 = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6, " ": 7, "m~n": 8}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        *(("", RFC_6901), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2)),
        *(("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ('/k"l', 6), ("/ ", 7), ("/m~0n", 8)),
    ],
)
def test_the_examples_of_the_rfc_lead_where_it_says(pointer: str, value: Any) -> None:
    assert value_at(RFC_6901, pointer) == value


def test_an_escaped_tilde_is_not_unescaped_twice() -> None:
    assert split("/~01") == ["~1"]


@pytest.mark.parametrize("tokens", [["a/b", "m~n", "~1"], ["", "0"], []])
def test_joined_tokens_split_into_the_same(tokens: list[str]) -> None:
    assert split(join(tokens)) == tokens


@pytest.mark.parametrize("token", ["01", "-1", "-", "2", "+1", "1.0", " 1", "²", "٣", "", "9" * 5_000])
def test_what_is_no_index_of_an_array_leads_nowhere(token: str) -> None:
    assert value_at(["first", "second"], f"/{token}") is MISSING


@pytest.mark.parametrize("pointer", ["/none", "/text/0", "/null/x", "/number/1"])
def test_a_path_through_what_is_no_container_leads_nowhere(pointer: str) -> None:
    assert value_at({"text": "abc", "null": None, "number": 12}, pointer) is MISSING


def test_null_is_a_value_and_missing_is_not() -> None:
    assert value_at({"a": None}, "/a") is None
    assert not MISSING


def test_a_pointer_without_its_slash_is_refused() -> None:
    with pytest.raises(ValueError, match="starts with '/'"):
        split("data/0")
