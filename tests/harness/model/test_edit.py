"""Edits: each changes exactly its place, and says so where it finds nothing to change."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.model.body import Body
from harness.model.edit import (
    EDITS,
    Edit,
    of_the_request,
    together,
    with_body,
    with_bytes_replaced,
    with_field,
    with_header,
    with_status,
    without_field,
    without_header,
)
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.request_edit import with_method, with_path

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DATA: dict[str, Any] = {"data": [{"id": "A", "evses": [{"uid": "1"}]}, {"id": "B"}], "a/b": {"~": None}}


def answer(raw: bytes | None = None) -> HttpResponse:
    body = json.dumps(DATA).encode() if raw is None else raw
    headers = Headers.of([("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Link", "<a>")])
    return HttpResponse(200, headers, Body(body), "Fine")


def changed(edit: Edit, response: HttpResponse | None = None) -> HttpResponse:
    result = edit.change(response or answer())
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("edit", "pointer", "value"),
    [
        (with_field("/data/0/id", "C"), "/data/0/id", "C"),
        (with_field("/data/1/evses", []), "/data/1/evses", []),
        (with_field("/data/0/evses/0/uid", 2), "/data/0/evses/0/uid", 2),
        (with_field("/data/1", None), "/data/1", None),
        (with_field("/a~1b/~0", True), "/a~1b/~0", True),
        (with_field("/new", {"x": "é"}), "/new", {"x": "é"}),
    ],
)
def test_a_field_is_put_at_its_place_and_nowhere_else(edit: Edit, pointer: str, value: Any) -> None:
    response = changed(edit)
    assert response.body.at(pointer) == value
    assert edit.place == f"response.body:{pointer}"
    differing = [key for key in DATA if response.body.value[key] != DATA[key]]
    assert differing == ([] if pointer == "/new" else [pointer.split("/")[1].replace("~1", "/")])


@pytest.mark.parametrize(
    ("edit", "left"),
    [
        (without_field("/data"), {"a/b": {"~": None}}),
        (without_field("/a~1b/~0"), {**DATA, "a/b": {}}),
        (without_field("/data/0"), {**DATA, "data": [{"id": "B"}]}),
        (without_field("/data/0/evses/0/uid"), {**DATA, "data": [{"id": "A", "evses": [{}]}, {"id": "B"}]}),
    ],
)
def test_a_field_is_taken_out(edit: Edit, left: Any) -> None:
    assert changed(edit).body.value == left


@pytest.mark.parametrize(
    "edit",
    [
        *(
            without_field("/none"),
            without_field("/data/2"),
            without_field("/data/1/evses/0"),
            without_field("/data/-1"),
        ),
        *(with_field("/none/id", 1), with_field("/data/2", 1), with_field("/data/-", 1), with_field("/data/01", 1)),
        *(with_field("/data/0/id/x", 1), with_field("/data/²", 1), with_field("/data/²/id", 1)),
        *(
            without_header("X-Limit"),
            with_bytes_replaced("nowhere", "x"),
            together(with_status(500), without_field("/x")),
        ),
    ],
)
def test_an_edit_that_finds_nothing_changes_nothing(edit: Edit) -> None:
    assert edit.change(answer()) is None


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[" * 5_000])
def test_a_body_that_is_no_json_has_no_fields_to_edit(raw: bytes) -> None:
    assert with_field("/data", 1).change(answer(raw)) is None


@pytest.mark.parametrize("raw", [b'{"a": "\xe9", "b": 1}', b'\xef\xbb\xbf{"a": 1, "b": 1}', b'{"a": NaN, "b": 1}'])
def test_a_body_with_faults_can_be_edited_all_the_same(raw: bytes) -> None:
    assert changed(with_field("/b", 2), answer(raw)).body.at("/b") == 2


@pytest.mark.parametrize(
    "edit", [with_field("/new", "€€€"), without_field("/data"), with_body("é"), with_bytes_replaced("A", "long text")]
)
def test_content_length_stays_right(edit: Edit) -> None:
    response = changed(edit)
    assert response.headers.get("content-length") == str(len(response.body.raw))
    assert [name.lower() for name, _ in response.headers] == ["content-type", "content-length", "link"]


def test_no_content_length_is_made_up_for_a_chunked_answer() -> None:
    response = HttpResponse(200, Headers(), Body(b"{}"))
    assert changed(with_body("{} "), response).headers == Headers()


def test_a_status_loses_the_reason_of_the_old_one_and_keeps_the_rest() -> None:
    response = changed(with_status(500))
    assert (response.status, response.reason, response.body) == (500, "", answer().body)


def test_headers_are_replaced_and_taken_out_without_case() -> None:
    assert changed(with_header("LINK", "<b>")).headers.all("link") == ["<b>"]
    assert changed(without_header("LINK")).headers.get("link") is None
    assert with_header("LINK", "x").place == "response.header:link"


def test_bytes_that_are_no_utf_8_can_be_put_in() -> None:
    assert changed(with_bytes_replaced("B", "\xff")).body.faults[0].startswith("not UTF-8")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("with_field", ("", 1)),
        ("with_field", ("data", 1)),
        ("with_field", ("/data", {1, 2})),
        ("without_field", ("",)),
        ("without_field", ("data",)),
        ("with_bytes_replaced", ("€", "x")),
    ],
)
def test_an_edit_that_can_never_work_is_refused_when_it_is_made(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises((ValueError, TypeError)):
        EDITS[name](*arguments)


def test_edits_together_are_one_message_and_lie_at_the_last_place() -> None:
    both = together(with_status(404), with_field("/data", []))
    response = changed(both)
    assert (response.status, response.body.at("/data")) == (404, [])
    assert both.place == "response.body:/data"
    assert str(both) == "with_status(404) + with_field('/data', [])"


def test_the_answer_that_was_edited_is_left_as_it_was() -> None:
    before = answer()
    changed(with_field("/data/0/id", "C"), before)
    assert before == answer()
    assert before.body.value == DATA


def exchange(url: str = "http://a.example/sites/1?q=1") -> HttpExchange:
    request = HttpRequest("PUT", url, answer().headers, answer().body)
    return HttpExchange("e1", "s", "putSite", request, answer(), NOW, NOW)


@pytest.mark.parametrize(
    "edit",
    [
        *(with_field("/data/0/id", "C"), without_field("/data"), with_body("é"), with_bytes_replaced("A", "long text")),
        *(with_header("Link", "<b>"), without_header("Link"), together(with_field("/x", 1), with_field("/y", 2))),
    ],
)
def test_an_edit_of_the_request_does_there_what_it_does_in_an_answer(edit: Edit) -> None:
    before = exchange()
    asked, answered = of_the_request(edit).changed(before), edit.changed(before)
    assert asked is not None
    assert answered is not None
    assert answered.response is not None
    assert (asked.request.headers, asked.request.body) == (answered.response.headers, answered.response.body)
    assert (asked.response, answered.request) == (before.response, before.request)
    assert (asked.request.method, asked.request.url) == (before.request.method, before.request.url)


def test_an_edit_of_the_request_says_so() -> None:
    edit = of_the_request(with_field("/id", "y"))
    assert (str(edit), edit.place, edit.side) == ("request.with_field('/id', 'y')", "request.body:/id", "request")
    assert edit.change(answer()) is None
    assert of_the_request(edit) is edit


def test_an_edit_of_the_request_needs_no_answer_and_keeps_its_scope() -> None:
    edit = of_the_request(with_field("/id", "y"))
    asked = replace(exchange(), response=None)
    assert edit.changed(asked) is not None
    assert edit.on(lambda one: one.operation == "getSite").changed(asked) is None
    assert with_status(500).changed(asked) is None
    assert of_the_request(without_header("X-Limit")).changed(asked) is None


def test_what_a_request_has_not_cannot_be_edited_in_it() -> None:
    with pytest.raises(ValueError, match="a request has nothing of the kind"):
        of_the_request(with_status(500))
    with pytest.raises(ValueError, match="a request has nothing of the kind"):
        of_the_request(together(with_body(""), with_status(500)))
    with pytest.raises(ValueError, match="they change two messages"):
        together(with_body(""), of_the_request(with_body("")))


@pytest.mark.parametrize(
    ("edit", "url", "after"),
    [
        (with_path("/x"), "http://a.example/sites/1?q=/1", ("PUT", "http://a.example/x?q=/1")),
        (with_path("/x/"), "/sites/1?", ("PUT", "/x/?")),
        (with_path("//x"), "/sites", ("PUT", "//x")),
        (with_method("PATCH"), "/sites", ("PATCH", "/sites")),
    ],
)
def test_method_and_path_are_a_requests_own(edit: Edit, url: str, after: tuple[str, str]) -> None:
    changed = edit.changed(exchange(url))
    assert changed is not None
    assert (changed.request.method, changed.request.url) == after
    assert edit.changed(changed) is None
