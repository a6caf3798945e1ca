"""Requests that no client library sends: each gets an answer of the API's own kind, and none a 5xx or a stack trace."""

import asyncio
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from harness.mock.app import LARGEST_BODY
from harness.wire.serve import served
from harness.wire.transport import in_process
from tests.harness.mock.machine import AT, HOST, Machine

LOCATION = "/ocpi/2.2.1/locations/NL/XPO/LOC-0001"
TOKEN = "/auth/realms/ndw/protocol/openid-connect/token"
DEEP = 10_000


@dataclass
class Serving:
    """A mock that listens, and a token of it."""

    machine: Machine
    port: int
    token: str = ""

    def send(self, head: str, body: bytes = b"", *, length: bool = True) -> bytes:
        """What comes back to these lines (``{host}`` and ``{bearer}`` are filled in) and this body."""
        head = head.replace("{host}", f"Host: 127.0.0.1:{self.port}")
        head = head.replace("{bearer}", f"Authorization: Bearer {self.token}")
        if length and body:
            head += f"\nContent-Length: {len(body)}"
        raw = head.replace("\n", "\r\n").encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def answer(self, head: str, body: bytes = b"", *, length: bool = True) -> tuple[int, dict[str, object]]:
        """Status and JSON of the answer."""
        said = self.send(f"{head}\nConnection: close", body, length=length)
        head_of, _, content = said.rpartition(b"HTTP/1.1 ")[2].partition(b"\r\n\r\n")
        value = json.loads(content) if content else {}
        return int(head_of[:3]), value


@pytest.fixture(scope="module")
def mock() -> Iterator[Serving]:
    machine = Machine()
    with served(machine.mock) as origin:
        env = {name: value.replace(HOST, origin) for name, value in machine.env().items()}
        form = {
            "grant_type": "client_credentials",
            "client_id": env["NDW_CLIENT_ID"],
            "client_secret": env["NDW_CLIENT_SECRET"],
        }
        token = httpx.post(env["NDW_TOKEN_URL"], data=form).json()["access_token"]
        yield Serving(machine, int(origin.rpartition(":")[2]), token)


_JSON = "{host}\n{bearer}\nContent-Type: application/json\nX-Request-ID: r\nX-Correlation-ID: c"
_FORM = "{host}\nContent-Type: application/x-www-form-urlencoded"

PATHS = {
    "broken percent-encoding": "/ocpi/2.2.1/locations/NL/XPO/%ZZ%",
    "half a percent-encoded character": "/ocpi/2.2.1/locations/NL/XPO/%C3",
    "an encoded slash in an id": "/ocpi/2.2.1/locations/NL/XPO/A%2FB",
    "an encoded NUL in an id": "/ocpi/2.2.1/locations/NL/XPO/A%00B",
    "an encoded line feed in an id": "/ocpi/2.2.1/locations/NL/XPO/A%0D%0AX-Evil:%201",
    "empty ids": "/ocpi/2.2.1/locations////",
    "dots": "/ocpi/2.2.1/locations/../../etc/passwd",
    "10 kB of path": "/ocpi/2.2.1/locations/NL/XPO/" + "x" * 10_000,
    "10 kB of session": "/~" + "x" * 10_000 + LOCATION,
    "a tilde alone": "/~",
    "a query of brackets": LOCATION + "?a[]=1&&=&%",
    "the absolute form": "http://127.0.0.1" + LOCATION,
}
BODIES = {
    "nothing": b"",
    "1e400": b'{"coordinates": 1e400}',
    "a whole number of 400 digits": b'{"x": ' + b"9" * 400 + b"}",
    "10,000 lists in each other": b"[" * DEEP + b"]" * DEEP,
    "10,000 objects in each other": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "10,000 levels in a member": b'{"id":"LOC-0001","x":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "one name twice": b'{"id": "LOC-0001", "id": "LOC-0002"}',
    "a lone surrogate": b'{"id": "\\ud800", "name": "\\udfff"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"id": NaN}',
    "bytes that are no UTF-8": b'{"id": "\xff\xfe"}',
    "UTF-16": '{"id": 1}'.encode("utf-16"),
    "NUL bytes": b"\x00" * 100,
    "a string": b'"text"',
}


def _is_of_ocpi(status: int, value: dict[str, object]) -> bool:
    return status < 500 and isinstance(value.get("status_code"), int) and isinstance(value.get("timestamp"), str)


@pytest.mark.parametrize("name", PATHS)
def test_a_path_of_any_kind_is_answered(mock: Serving, name: str) -> None:
    status, value = mock.answer(f"PUT {PATHS[name]} HTTP/1.1\n{_JSON}", b"{}")
    assert status in (200, 400, 401, 404, 405), value
    assert _is_of_ocpi(status, value) or "error" in value


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_any_kind_is_refused_in_the_envelope(mock: Serving, name: str, method: str) -> None:
    status, value = mock.answer(f"{method} {LOCATION} HTTP/1.1\n{_JSON}", BODIES[name])
    assert _is_of_ocpi(status, value)
    assert status == 400 or value["status_code"] == 2001, value


@pytest.mark.parametrize("name", BODIES)
def test_the_token_server_refuses_it_in_its_own_words(mock: Serving, name: str) -> None:
    status, value = mock.answer(f"POST {TOKEN} HTTP/1.1\n{_FORM}", BODIES[name])
    assert (status, value["error"]) == (400, "invalid_request"), value


HEADS = {
    "a body on GET": (f"GET {LOCATION} HTTP/1.1\n{_JSON}", b"{}", {405}),
    "a header without a value": (f"PUT {LOCATION} HTTP/1.1\n{_JSON}\nX-Empty:", b"{}", {200}),
    "two Authorization headers": (f"PUT {LOCATION} HTTP/1.1\n{_JSON}\n{{bearer}}", b"{}", {401}),
    "no Authorization value": (f"PUT {LOCATION} HTTP/1.1\n{{host}}\nAuthorization:", b"{}", {401}),
    "100 kB of Authorization": (
        f"PUT {LOCATION} HTTP/1.1\n{{host}}\nAuthorization: Bearer {'x' * 100_000}",
        b"{}",
        {401},
    ),
    "no ASCII in Authorization": (f"PUT {LOCATION} HTTP/1.1\n{{host}}\nAuthorization: Bearer é", b"{}", {401}),
    "half a JWT": (f"PUT {LOCATION} HTTP/1.1\n{{host}}\nAuthorization: Bearer eyJ.eyJ.x", b"{}", {401}),
    "HTTP/1.0": (f"PUT {LOCATION} HTTP/1.0\n{_JSON}", b"{}", {200}),
    "Expect: 100-continue": (f"PUT {LOCATION} HTTP/1.1\n{_JSON}\nExpect: 100-continue", b"{}", {200}),
    "a method that nobody knows": (f"PROPFIND {LOCATION} HTTP/1.1\n{_JSON}", b"", {405}),
    "a host of another name": (f"PUT {LOCATION} HTTP/1.1\nHost: evil.example\n{{bearer}}", b"{}", {200}),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_of_any_kind_is_answered(mock: Serving, name: str) -> None:
    head, body, statuses = HEADS[name]
    status, value = mock.answer(head, body)
    assert status in statuses, value
    assert _is_of_ocpi(status, value)


def test_a_chunked_body_is_one_body(mock: Serving) -> None:
    chunks = b'9\r\n{"name":1\r\n1\r\n}\r\n0\r\n\r\n'
    status, value = mock.answer(f"PATCH {LOCATION} HTTP/1.1\n{_JSON}\nTransfer-Encoding: chunked", chunks, length=False)
    assert (status, value["status_code"]) == (200, 2001)


@pytest.mark.parametrize(("path", "key"), [(LOCATION, "status_code"), (TOKEN, "error")])
def test_a_body_over_the_limit_is_413_and_the_connection_lives(mock: Serving, path: str, key: str) -> None:
    method = "POST" if key == "error" else "PUT"
    status, value = mock.answer(f"{method} {path} HTTP/1.1\n{_JSON}", b'"' + b"x" * (LARGEST_BODY + 1_000_000) + b'"')
    assert status == 413
    assert key in value
    with httpx.Client(base_url=f"http://127.0.0.1:{mock.port}") as client:
        assert client.put(LOCATION, content=b"x" * (LARGEST_BODY + 1)).status_code == 413
        assert client.put(LOCATION, content=b"{}").status_code == 401


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"PUT {LOCATION} HTTP/1.1\n{_JSON}\nContent-Length: minus", b"{}"),
        (f"PUT {LOCATION} HTTP/1.1\n{_JSON}\nContent-Length: 2\nContent-Length: 3", b"{}"),
        (f"PUT {LOCATION} HTTP/1.1\n{_JSON}\nTransfer-Encoding: chunked", b"zz\r\n"),
        ("BREW-COFFEE / HTTP/1.1\n{host}", b""),
        (f"PUT {LOCATION}é HTTP/1.1\n{_JSON}", b""),
        (f"PUT {LOCATION} HTTP/9.9\n{{host}}", b""),
        ("\x16\x03\x01", b""),
    ],
)
def test_what_is_no_http_is_400_in_one_line(mock: Serving, head: str, body: bytes) -> None:
    said = mock.send(head, body, length=False)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"Traceback" not in said


def test_a_promised_body_that_never_comes_is_nothing_for_a_traceback(
    mock: Serving, capfd: pytest.CaptureFixture[str]
) -> None:
    said = mock.send(f"PUT {LOCATION} HTTP/1.1\n{_JSON}\nContent-Length: 500", b'{"id":', length=False)
    assert not said.startswith(b"HTTP/1.1 5")
    assert mock.answer(f"GET {LOCATION} HTTP/1.1\n{_JSON}")[0] == 405
    assert "Traceback" not in "".join(capfd.readouterr())


def test_after_all_of_that_the_mock_has_nothing_to_blame_itself_for(mock: Serving) -> None:
    judge = mock.machine.default.judges["ndw"]
    assert judge.own_faults == []
    crashed = {key: tally.crash for key, tally in judge.tallies.items() if tally.crash}
    assert crashed == {}
    assert all(not (e.exchange.response and e.exchange.response.status >= 500) for e in mock.machine.default.journal)


@pytest.mark.parametrize(
    "what", ["exchanges", "report.json", "report.html", "report.md", "junit.xml", "run.jsonl", "state/locations"]
)
def test_all_of_that_can_be_shown(mock: Serving, what: str) -> None:
    async def shown() -> httpx.Response:
        async with httpx.AsyncClient(transport=in_process(mock.machine), base_url=HOST) as http:
            return await http.get(f"{AT}/sessions/default/{what}")

    answer = asyncio.run(shown())
    assert answer.status_code == 200
    assert len(answer.content) > 100
    assert mock.token.encode() not in answer.content
