"""How --fault is written, and what is said of a fault that is written wrongly."""

import inspect
import json
from typing import Any

import pytest

from harness.mock.fault import fault_of, fault_of_parts
from harness.mock.trouble import Trouble
from harness.model.body import Body
from harness.model.edit import EDITS, Edit
from harness.model.exchange import Headers, HttpRequest, HttpResponse
from harness.model.request_edit import REQUEST_EDITS

OPERATIONS = ("listSites", "getSite")
ANSWER = HttpResponse(200, Headers(), Body(b'{"a": 1}'))
REQUEST = HttpRequest("PUT", "/sites/1?a=b", Headers.of({"X-A": "1"}), Body(b'{"a": 1}'))


@pytest.mark.parametrize(
    ("spec", "operation", "edit", "times", "after"),
    [
        ("listSites:with_status(500)", "listSites", "with_status(500)", None, 0),
        ("*:with_status(500)", "*", "with_status(500)", None, 0),
        ("  *:with_status( 500 ):times=2 ", "*", "with_status(500)", 2, 0),
        ("getSite:without_field('/a'):after=3:times=1", "getSite", "without_field('/a')", 1, 3),
        ('*:with_header("Link", "<x>; rel=\\"next\\"")', "*", "with_header('Link', '<x>; rel=\"next\"')", None, 0),
        ("*:with_body('):times=3'):times=4", "*", "with_body('):times=3')", 4, 0),
        ("*:with_header(value='b', name='A')", "*", "with_header('A', 'b')", None, 0),
        ("*:request.with_field('/a', true)", "*", "request.with_field('/a', True)", None, 0),
        ("getSite:request.with_method('POST'):after=1", "getSite", "request.with_method('POST')", None, 1),
        ('getSite:request.with_path("/x")', "getSite", "request.with_path('/x')", None, 0),
        ("*:delay(0.5)", "*", "delay(0.5)", None, 0),
        ("*:delay(1, most=2):times=1", "*", "delay(1, 2)", 1, 0),
        ("*:truncated(bytes=10)", "*", "truncated(10)", None, 0),
        ("*:truncated()", "*", "truncated()", None, 0),
        ("*:throttled(30)", "*", "throttled(30)", None, 0),
        *(
            (f"*:throttled({text})", "*", f"throttled({text})", None, 0)
            for text in ("", "0", "'Wed, 21 Oct 2026 07:28:00 GMT'")
        ),
    ],
)
def test_a_fault_names_operation_edit_and_how_often(
    spec: str, operation: str, edit: str, times: int | None, after: int
) -> None:
    fault = fault_of(spec, OPERATIONS)
    assert (fault.operation, str(fault.edit), fault.times, fault.after) == (operation, edit, times, after)
    assert fault_of(fault.spelling, OPERATIONS).spelling == fault.spelling


@pytest.mark.parametrize("value", [None, True, False, 1, -1.5, "é", [], {"a": [None, True, {"b": "true"}]}])
@pytest.mark.parametrize("spell", [json.dumps, repr])
def test_arguments_may_be_written_as_json_or_as_python(value: Any, spell: Any) -> None:
    fault = fault_of(f"*:with_field('/b', {spell(value)})", OPERATIONS)
    assert isinstance(fault.edit, Edit)
    changed = fault.edit.change(ANSWER)
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
        ("listsites:with_status(500)", r"no operation listsites; did you mean 'listSites'\?"),
        ("x:with_status(500)", "no operation x: one of getSite, listSites, or"),
        ("*:tamper()", "no edit tamper: one of close_after, delay, "),
        ("*:with_heder('a', 'b')", r"no edit with_heder; did you mean 'with_header'\?"),
        ("*:request.with_heder('a', 'b')", r"no edit request.with_heder; did you mean 'with_header'\?"),
        ("*:request.delay(1)", "delay is no change of a message: write it without request."),
        ("*:with_method('POST')", r"with_method changes a request: write request.with_method\('POST'\)"),
        ("*:request.with_status(500)", "changes an answer, and a request has nothing of the kind"),
        ("*:request.with_method('P OST')", "is no HTTP method"),
        ("*:request.with_path('x')", "is no path"),
        ("*:request.with_path('/x?y')", "is no path"),
        ("*:with_header('A B', 'c')", "no name of a header field"),
        ("*:with_header('A', 'b\\nC: d')", "no value of a header field"),
        ("*:with_header('A', 1)", "value: 1 is not text in quotes"),
        ("*:without_field(1)", "pointer: 1 is not text in quotes"),
        ("*:with_status(true)", "status: True is not a whole number"),
        ("*:with_status(code=1)", r"no argument code; write with_status\(status\)"),
        ("*:with_status(500, status=501)", "status is given twice"),
        ("*:with_status(1)+f(2)", "the brackets do not pair"),
        ("*:with_status(**{'status': 500})", "says nothing here"),
        ("*:with_status(*[500])", "is no value"),
        ("*:delay(2, 1)", "the smaller number first"),
        ("*:delay(-1)", "seconds from 0"),
        ("*:delay('1')", "least: '1' is not a number"),
        ("*:truncated(-1)", "bytes: 0 or more"),
        ("*:throttled('tomorrow')", "is no HTTP date"),
        ("*:throttled('Wed, 21 Oct 2026 07:28:00 +0200')", "is no HTTP date"),
        ("*:throttled(1.5)", "retry_after: 1.5 is not a whole number or text"),
        ("*:throttled_until(-1)", "no number of seconds"),
        ("*:failing(404)", "is no server error"),
        ("*:stall():times=1:times=2", "once each"),
        ("*:stall():after=" + "9" * 5000, "after: a number from 0"),
        ("*:with_field('/a', " + "[" * 500 + "]" * 500 + ")", "with_field"),
        ("*:with_status(500):often=2", "no option often: times or after"),
        ("*:with_status()", "status is missing; write with_status"),
        ("*:with_status(500, 501)", "2 arguments, not 1; write with_status"),
        ("*:with_field('/a', nothing)", r"with_field\('/a', nothing\): nothing is no value: numbers"),
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


@pytest.mark.parametrize("spec", ["*:token_ended()", "getSite:token_revoked():times=1"])
def test_a_reference_knows_no_fault_of_a_token(spec: str) -> None:
    assert isinstance(fault_of(spec, OPERATIONS).edit, Trouble)
    with pytest.raises(ValueError, match="a fault of mocks only"):
        fault_of(spec, OPERATIONS, of_a_mock=False)


@pytest.mark.parametrize(
    ("parts", "hint"),
    [
        ({"operation": "listsites", "edit": "stall()"}, "did you mean 'listSites'"),
        ({"operation": "*", "edit": "stall"}, "is not of the form EDIT"),
        ({"operation": "*", "edit": "stall():times=1"}, "is not of the form EDIT"),
        ({"operation": "*", "edit": "stall()", "times": -1}, "times: a number from 0"),
        ({"operation": "*", "edit": "stall()", "after": -1}, "after: a number from 0"),
    ],
)
def test_parts_are_refused_in_the_same_words(parts: dict[str, Any], hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        fault_of_parts(operations=OPERATIONS, **parts)


SAMPLES = {
    "pointer": "/a",
    "value": "9",
    "name": "X-A",
    "text": "t",
    "old": "1",
    "new": "2",
    "method": "GET",
    "path": "/",
}


@pytest.mark.parametrize("name", [name for name in (*EDITS, *REQUEST_EDITS) if name != "with_status"])
def test_every_edit_is_one_of_a_request_too(name: str) -> None:
    make = {**EDITS, **REQUEST_EDITS}[name]
    arguments = ", ".join(repr(SAMPLES[one]) for one in inspect.signature(make).parameters)
    edit = fault_of(f"*:request.{name}({arguments})", OPERATIONS).edit
    assert isinstance(edit, Edit)
    assert (edit.side, edit.place.partition(".")[0]) == ("request", "request")
    assert edit.change(ANSWER) is None
    assert edit.change_request is not None
    assert edit.change_request(REQUEST) not in (None, REQUEST)
