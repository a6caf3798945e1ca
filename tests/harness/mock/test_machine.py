"""One long conversation with NDW's mock: in process and over a socket alike, and the same again byte for byte."""

import asyncio
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import httpx

from harness.systems.ndw.seed import first_location, first_tariff
from harness.wire.serve import served
from harness.wire.transport import in_process
from tests.harness.mock.machine import AT, HOST, NEW, Client, Machine

LEFT_OUT = frozenset({"date", "server", "connection", "keep-alive", "content-length", "transfer-encoding"})
"""Header fields that belong to the way an answer travels, not to what the mock says."""
SESSION = f"{AT}/sessions/default"
LOCATION, TARIFF = "/locations/NL/XPO/LOC-0001", "/tariffs/NL/XPO/TAR-01"
EVSE, CONNECTOR = f"{LOCATION}/EV-0001-A", f"{LOCATION}/EV-0001-A/1"

Said = tuple[str, int | str, tuple[tuple[str, str], ...], bytes]
"""What was asked, the status (or the failure), the header fields that count, the body."""


def _location(**other: Any) -> dict[str, Any]:
    return {**first_location(), "last_updated": NEW, **other}


def _evse(**other: Any) -> dict[str, Any]:
    return {**first_location()["evses"][0], "last_updated": NEW, **other}


_CONNECTOR = {**first_location()["evses"][0]["connectors"][0], "last_updated": NEW}
_TARIFF = {**first_tariff(), "last_updated": NEW}
_STAMP = {"last_updated": NEW}

PUSHES: list[tuple[str, str, Any, bytes, dict[str, str]]] = [
    ("PUT", LOCATION, _location(name="Kade"), b"", {}),
    ("PUT", "/locations/NL/XPO/LOC-2", _location(id="LOC-2", evses=[]), b"", {}),
    ("PUT", "/locations/nl/xpo/loc-2", _location(id="loc-2", evses=[]), b"", {}),
    ("PUT", f"{LOCATION}/EV-9", _evse(uid="EV-9"), b"", {}),
    ("PUT", CONNECTOR, _CONNECTOR, b"", {}),
    ("PUT", TARIFF, _TARIFF, b"", {}),
    ("PUT", "/tariffs/NL/XPO/TAR-2", {**_TARIFF, "id": "TAR-2"}, b"", {}),
    ("PATCH", LOCATION, {"name": "Gracht", **_STAMP}, b"", {}),
    ("PATCH", EVSE, {"status": "CHARGING", **_STAMP}, b"", {}),
    ("PATCH", CONNECTOR, {"tariff_ids": ["TAR-2"], **_STAMP}, b"", {}),
    ("DELETE", "/tariffs/NL/XPO/TAR-2", None, b"", {}),
    ("DELETE", "/tariffs/NL/XPO/TAR-2", None, b"", {}),
    ("GET", LOCATION, None, b"", {}),
    ("GET", EVSE, None, b"", {}),
    ("PUT", LOCATION, None, b"{", {}),
    ("PUT", LOCATION, None, b'{"id": NaN}', {}),
    ("PUT", LOCATION, None, b"[]", {}),
    ("PUT", LOCATION, _location(), b"", {"Content-Type": "text/plain"}),
    ("PUT", LOCATION, _location(publish="yes", energy_mix=None), b"", {}),
    ("PUT", LOCATION, _location(id="LOC-9"), b"", {}),
    ("PUT", "/locations/NL/AGG/LOC-1", _location(id="LOC-1", party_id="AGG"), b"", {}),
    ("PUT", "/locations/NL/XPO/NONE/EV-1", _evse(uid="EV-1"), b"", {}),
    ("PATCH", "/locations/NL/XPO/NONE", {"name": "x", **_STAMP}, b"", {}),
    ("PATCH", EVSE, {"status": "CHARGING"}, b"", {}),
    ("PATCH", LOCATION, {"opening_times": {}, **_STAMP}, b"", {}),
    ("PATCH", TARIFF, _STAMP, b"", {}),
    ("POST", LOCATION, _location(), b"", {}),
    ("DELETE", LOCATION, None, b"", {}),
    ("PUT", "/sessions/NL/XPO/1", {}, b"", {}),
    ("GET", LOCATION, None, b"", {"Authorization": "Token abc"}),
    ("GET", LOCATION, None, b"", {"Authorization": "Bearer abc"}),
]
FAULTS = (
    "failing(503)", "throttled(7)", "throttled_until(7)", "with_field('/status_code', 3000)", "truncated(9)",
    "drop_before()", "drop_after()", "reset()", "token_ended()", "token_revoked()", "delay(2)",
    "request.without_field('/id')",
)  # fmt: skip


async def conversation(client: Client) -> AsyncIterator[Said]:
    """Every method on each level, each refusal of the error table, each kind of fault, and what the control path does
    in between."""

    async def said(what: str, asking: Any) -> Said:
        try:
            answer: httpx.Response = await asking
        except httpx.TransportError as error:
            return what, type(error).__name__, (), b""
        fields = sorted((name, value) for name, value in answer.headers.items() if name not in LEFT_OUT)
        return what, answer.status_code, tuple(fields), answer.content

    async def control(method: str, path: str, value: Any = None) -> Said:
        url = f"{client.env['NDW_PUSH_URL'].partition('/ocpi')[0]}{SESSION}{path}"
        return await said(f"control {method} {path}", client.http.request(method, url, json=value))

    yield await said("no token", client.push("GET", LOCATION, headers={"Authorization": ""}))
    yield await said("wrong secret", client.ask(client_secret="wrong"))
    yield await said("another grant", client.ask(grant_type="password"))
    yield await said("token", client.ask())
    for method, path, value, raw, headers in PUSHES:
        yield await said(f"{method} {path} {headers}", client.push(method, path, value, raw, headers))
    for edit in FAULTS:
        yield await control("POST", "/faults", {"operation": "putTariff", "edit": edit, "times": 1})
        yield await said(f"PUT under {edit}", client.push("PUT", TARIFF, _TARIFF))
    yield await control("DELETE", "/faults")
    yield await control("PUT", "/clock", {"now": "2027-01-01T05:00:00Z"})
    yield await control("POST", "/actions/end-token", {})
    yield await said("an ended token", client.push("PUT", LOCATION, _location()))
    yield await said("a new token", client.ask())
    yield await said("as if nothing had been", client.push("PUT", LOCATION, _location(name="Kade")))
    yield await control("GET", "/state/locations")
    yield await control("GET", "/exchanges")
    yield await control("POST", "/reset", {"seed": 1})
    yield await said("a token of before", client.push("PUT", LOCATION, _location()))


def held(machine: Machine, transport: httpx.AsyncBaseTransport, origin: str = HOST) -> list[Said]:
    """The conversation over this transport, with a mock that is known as `HOST` and listens at `origin`."""

    async def run() -> list[Said]:
        env = {name: value.replace(HOST, origin) for name, value in machine.env().items()}
        async with httpx.AsyncClient(transport=transport) as http:
            return [one async for one in conversation(Client(http, env))]

    host, known_as = (text.partition("://")[2].encode() for text in (origin, HOST))
    said = asyncio.run(run())  # the journal has Host fields
    return [(what, status, fields, body.replace(host, known_as)) for what, status, fields, body in said]


@cache
def in_this_process() -> list[Said]:
    machine = Machine()
    return held(machine, in_process(machine))


def over_a_socket() -> list[Said]:
    machine = Machine()
    with served(machine) as origin:
        return held(machine, httpx.AsyncHTTPTransport(), origin)


def test_in_process_and_over_a_socket_the_mock_says_the_same() -> None:
    inside, outside = in_this_process(), over_a_socket()
    assert [one[:2] for one in outside] == [one[:2] for one in inside]
    for one, other in zip(inside, outside, strict=True):
        assert other == one


def test_the_conversation_shows_every_kind_of_answer() -> None:
    said = in_this_process()
    assert len(said) >= 60
    assert {one[1] for one in said} >= {200, 201, 204, 400, 401, 404, 405, 429, 503, "RemoteProtocolError", "ReadError"}
    faults = [status for what, status, *_ in said if what.startswith("control POST /faults")]
    assert faults == [201] * len(FAULTS)


def test_the_same_seed_and_clock_say_the_same_again_byte_for_byte() -> None:
    before = in_this_process()
    in_this_process.cache_clear()
    assert in_this_process() == before
