"""Answers that go wrong on the way: what a client sees when a connection breaks, at the moment that was chosen.

An app can do so only where its server lets it: `EXTENSION` in the scope of a request names the connection.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

EXTENSION = "harness.wire"
"""Under this name the extensions of a request's scope hold its `Connection`."""
LONGEST_STALL_S = 330.0
"""A client that waits longer than this has no limit of its own; Node's is the longest of the usual ones, 300 s."""

_OF_A_BODY = ("content-length", "transfer-encoding")

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Break:
    """What happens to the connection instead of, in or after an answer.

    - ``drop before``: it is closed and nothing is sent.
    - ``drop after``: the whole answer is sent, then the connection is closed, though the answer said nothing of that.
    - ``reset``: it is reset (TCP RST) and nothing is sent.
    - ``truncate``: the head and `at` bytes of the body are sent, then it is closed; the head promised more. What has no
      body to cut (HEAD, 204, an empty one) is sent whole and then closed.
    - ``stall``: the head is sent, then nothing until the client gives up.
    """

    kind: Literal["drop before", "drop after", "reset", "truncate", "stall"]
    at: int = 0


class Connection(Protocol):
    """The connection of one request, in the hands of the app that answers it."""

    def close(self) -> None:
        """End it after what was sent so far."""

    def reset(self) -> None:
        """End it at once and rudely (TCP RST)."""

    async def stall(self, sleep: Sleep, longest_s: float) -> None:
        """Keep it open and silent until the client is gone or the server ends, at most so many seconds."""


async def answer(
    scope: Any,
    send: Any,
    status: int,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    break_: Break | None,
    sleep: Sleep,
) -> None:
    """Send an answer, whole or broken.

    Unless it is chunked it goes out with the true length of its body, whatever `headers` say. `sleep` waits on wire
    time. RuntimeError where a break is asked for and the server of this scope offers none.
    """
    reply = _Reply(scope["method"], status, tuple(headers), body)
    connection: Connection | None = (scope.get("extensions") or {}).get(EXTENSION)
    if break_ is None:
        await reply.whole(send)
        return
    if connection is None:
        raise RuntimeError("the server of this request has no connection that can be broken")
    match break_.kind:
        case "drop before":
            connection.close()
        case "reset":
            connection.reset()
        case "truncate" if reply.can_be_cut:
            await reply.part(send, break_.at)
            connection.close()
        case "drop after" | "truncate":
            await reply.whole(send)
            connection.close()
        case "stall":
            await reply.part(send, 0)
            await connection.stall(sleep, LONGEST_STALL_S)
            connection.close()


class _Reply:
    """An answer as ASGI messages."""

    def __init__(self, method: str, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
        names = {name.lower() for name, _ in headers}
        has_no_body = status in (204, 304) or status < 200
        self._is_bare = has_no_body or method == "HEAD"
        self._is_chunked = "transfer-encoding" in names
        self._body = b"" if self._is_bare else body
        if has_no_body:
            headers = tuple(one for one in headers if one[0].lower() not in _OF_A_BODY)
        elif not self._is_chunked and method != "HEAD":
            kept = [one for one in headers if one[0].lower() != "content-length"]
            headers = (*kept, ("Content-Length", str(len(body))))
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = {"type": "http.response.start", "status": status, "headers": fields}

    @property
    def can_be_cut(self) -> bool:
        """Its head promises something that need not come: bytes of the body, or a last chunk."""
        return bool(self._body) or (self._is_chunked and not self._is_bare)

    async def whole(self, send: Any) -> None:
        await send(self._head)
        await send({"type": "http.response.body", "body": self._body})

    async def part(self, send: Any, at: int) -> None:
        """The head and so many bytes; never all that a Content-Length promises."""
        await send(self._head)
        most = len(self._body) - (0 if self._is_chunked else 1)
        if part := self._body[: max(0, min(at, most))]:
            await send({"type": "http.response.body", "body": part, "more_body": True})
