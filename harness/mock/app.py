"""The mock machine: an ASGI app that answers for one system, from documents, clauses, behaviour and state."""

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from harness.mock.call import Call, Reply, json_reply
from harness.mock.session import DEFAULT, Session, Sessions
from harness.mock.turn import Turn
from harness.mock.written import body_of
from harness.model.exchange import Headers
from harness.wire.breakable import answer

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes of a request's body that are read."""
PREFIX = b"/~"
_LONGEST_NAME = 40
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})


@dataclass(frozen=True)
class Names:
    """Under which names a mock is asked: `public` is the URL that all of its own begin with, where one was given;
    `known` are further host names that are no surprise; nor is `any_address`, where it listens on all of them."""

    public: str | None = None
    known: frozenset[str] = LOOPBACK
    any_address: bool = False

    def origin(self, scheme: str, host: str) -> str:
        """What every URL begins with that goes out in answer to a request for this host."""
        return self.public or f"{scheme}://{host}"

    @property
    def of_certificate(self) -> frozenset[str]:
        """The host names that a certificate must be for."""
        own = {name.strip("[]") for name in self.known} - {"testserver", "0.0.0.0", "::"}  # noqa: S104 - left out
        public = urlsplit(self.public).hostname if self.public else None
        return frozenset(own | ({public} if public else set()))

    def is_known(self, host: str) -> bool:
        """Nobody is surprised by this Host header."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        public = urlsplit(self.public).hostname if self.public else None
        return name.lower() in self.known or name.lower() == public or (self.any_address and _is_address(name))


class MockApp:
    """Answers for one system in every session. `sleep` waits for faults that take time."""

    def __init__(
        self,
        system: str,
        sessions: Sessions,
        sleep: Callable[[float], Awaitable[None]],
        names: Names = Names(),
        largest_body: int = LARGEST_BODY,
    ) -> None:
        self._system = system
        self._sessions = sessions
        self._sleep = sleep
        self._names = names
        self._largest = largest_body

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body, is_whole = await _body(receive, self._largest)
        path: bytes = scope["raw_path"].partition(b"?")[0]
        name, path = _session_of(path)
        session = self._sessions.get(name)
        served = next((one for one in session.served if one.system.name == self._system), None) if session else None
        if session is None or served is None:
            reply = _no_session(name, self._system if session else None)
            await answer(scope, send, reply.status, reply.headers, reply.body, None, self._sleep)
            return
        session.story.settle()
        turn = Turn(session, served, self._call(session, scope, path, body))
        reply = turn.play(is_whole, self._largest)
        self._sessions.tell(session, turn.entry)
        if turn.delay:
            await self._sleep(turn.delay)
        await answer(scope, send, reply.status, reply.headers, reply.body, turn.break_of(reply), self._sleep)

    def _call(self, session: Session, scope: Any, path: bytes, body: bytes) -> Call:
        headers = Headers(tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]))
        host = headers.get("host") or ":".join(map(str, scope.get("server") or ("localhost",)))
        prefix = "" if session.id == DEFAULT else f"/~{session.id}"
        call = Call(
            session,
            "",
            scope["method"],
            path.decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            headers,
            body_of(body),
            self._names.origin(scope["scheme"], host) + prefix,
            session.wire.now(),
        )
        if not self._names.is_known(host):
            call.notes.append(f"asked under the name {host}, which is none of this mock's (--public-url tells it one)")
        return call


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _session_of(path: bytes) -> tuple[str, bytes]:
    """The id that a path begins with, and the rest of it."""
    if not path.startswith(PREFIX):
        return DEFAULT, path
    name, slash, rest = path[len(PREFIX) :].partition(b"/")
    return name.decode("latin-1"), slash + rest


def _no_session(name: str, system: str | None) -> Reply:
    """The answer to who asks in a session that is not there, or has no part in this system."""
    shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
    why = f"there is no session {shown} here: it was ended, or never begun"
    return json_reply(404, {"error": f"session {shown} has no system {system}" if system else why})


async def _body(receive: Any, largest: int) -> tuple[bytes, bool]:
    """The body of a request, and whether it is all of it: what goes beyond the limit is read and dropped."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts), True
        part = message.get("body", b"")
        size += len(part)
        if size <= largest:
            parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts) if size <= largest else b"", size <= largest
