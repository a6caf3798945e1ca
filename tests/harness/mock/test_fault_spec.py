"""How --fault is written, and what is said of a fault that is written wrongly."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.mock.fault import Fault, fault_of
from harness.model.body import Body
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse

OPERATIONS = ("listSites", "getSite")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def exchange(operation: str | None = "listSites") -> HttpExchange:
    response = HttpResponse(200, Headers(), Body(b'{"a": 1}'))
    return HttpExchange("e1", "s", operation, HttpRequest("GET", "/sites", Headers()), response, NOW, NOW)


@pytest.mark.parametrize(
    ("spec", "operation", "edit", "times", "after"),
    [
        ("listSites:with_status(500)", "listSites", "with_status(500)", None, 0),
        ("*:with_status(500)", "*", "with_status(500)", None, 0),
        ("  *:with_status( 500 ):times=2 ", "*", "with_status(500)", 2, 0),
        ("getSite:without_field('/a'):after=3:times=1", "getSite", "without_field('/a')", 1, 3),
        ('*:with_header("Link", "<x>; rel=\\"next\\"")', "*", "with_header('Link', '<x>; rel=\"next\"')", None, 0),
        ("*:with_body('):times=3'):times=4", "*", "with_body('):times=3')", 4, 0),
    ],
)
def test_a_fault_names_operation_edit_and_how_often(
    spec: str, operation: str, edit: str, times: int | None, after: int
) -> None:
    fault = fault_of(spec, OPERATIONS)
    assert (fault.operation, str(fault.edit), fault.times, fault.after) == (operation, edit, times, after)


@pytest.mark.parametrize("value", [None, True, False, 1, -1.5, "é", [], {"a": [None, True, {"b": "true"}]}])
@pytest.mark.parametrize("spell", [json.dumps, repr])
def test_arguments_may_be_written_as_json_or_as_python(value: Any, spell: Any) -> None:
    fault = fault_of(f"*:with_field('/b', {spell(value)})", OPERATIONS)
    response = exchange().response
    assert response is not None
    changed = fault.edit.change(response)
    assert changed is not None
    assert changed.body.at("/b") == value
    assert type(changed.body.at("/b")) is type(value)


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("", "is not of the form OPERATION:EDIT"),
        ("with_status(500)", "is not of the form OPERATION:EDIT"),
        ("*:with_status", "is not of the form"),
        ("*:with_status(500):times", "is not of the form"),
        ("*:with_status(500):times=-1", "is not of the form"),
        ("*:with_status(500) and more", "is not of the form"),
        ("listsites:with_status(500)", "no operation listsites: one of getSite, listSites, or"),
        ("*:with_luck()", "no edit with_luck: one of with_body, "),
        ("*:with_status(500):often=2", "no option often: times or after"),
        ("*:with_status()", "missing 1 required positional argument"),
        ("*:with_status(500, 501)", "takes 1 positional argument"),
        ("*:with_field('/a', nothing)", r"with_field\('/a', nothing\): "),
        ("*:with_field('/a', __import__('os').getcwd())", r"with_field\("),
        ("*:with_field('/a', 1", "is not of the form"),
        ("*:with_field('/a', ])", r"with_field\("),
        ("*:with_field('', 1)", "names no member"),
        ("*:with_field('a', 1)", "starts with '/'"),
        ("*:with_field('/a', {1, 2})", "not JSON serializable"),
        ("*:with_bytes_replaced('€', 'x')", "latin-1"),
    ],
)
def test_what_is_wrong_with_a_fault_is_said_in_one_line(spec: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint) as refused:
        fault_of(spec, OPERATIONS)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "hit"),
    [
        ("", [True] * 5),
        (":times=2", [True, True, False, False, False]),
        (":after=2", [False, False, True, True, True]),
        (":after=1:times=2", [False, True, True, False, False]),
        (":times=0", [False] * 5),
    ],
)
def test_the_first_are_spared_and_then_so_many_are_hit(options: str, hit: list[bool]) -> None:
    fault = fault_of(f"listSites:with_status(500){options}", OPERATIONS)
    assert [fault.hits(exchange()) for _ in range(5)] == hit


def test_answers_of_other_operations_are_not_counted() -> None:
    fault = fault_of("listSites:with_status(500):after=1", OPERATIONS)
    assert [fault.hits(exchange(one)) for one in ("getSite", None, "listSites", "getSite", "listSites")] == [
        *(False, False, False, False, True)
    ]


def test_the_scope_of_an_edit_holds_for_a_fault() -> None:
    edit = fault_of("*:with_status(500)", OPERATIONS).edit.on(lambda one: one.operation == "getSite")
    assert [Fault("*", edit).hits(exchange(one)) for one in ("listSites", "getSite")] == [False, True]
