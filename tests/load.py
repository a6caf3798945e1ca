"""A load generator for loopback: connections kept alive, each with one request under way, as fast as answers come."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Request:
    """One request as it goes over the wire."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def written(self, port: int) -> bytes:
        """Its bytes, for a server on this port of loopback."""
        fields = {"Host": f"127.0.0.1:{port}", **self.headers}
        if self.body:
            fields["Content-Length"] = str(len(self.body))
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{head}\r\n".encode() + self.body


@dataclass(frozen=True)
class Loaded:
    """What came of a load: seconds, and how often each status was answered."""

    seconds: float
    statuses: dict[int, int]
    last_body: bytes

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return sum(self.statuses.values()) / self.seconds


class _Caller(asyncio.Protocol):
    """One connection: sends a request, and the next once its answer is whole."""

    def __init__(self, load: "_Load") -> None:
        self._load = load
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(_END)
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(_LENGTH)
        length = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        whole = end + len(_END) + length
        if len(self._buffer) < whole:
            return
        self._load.answered(int(self._buffer[9:12]), self._buffer[end + len(_END) : whole])
        self._buffer = self._buffer[whole:]
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        self._load.lost(error)

    def _next(self) -> None:
        request = self._load.next()
        if request is None:
            self._transport.close()
        else:
            self._transport.write(request)


class _Load:
    def __init__(self, requests: Sequence[bytes], count: int, connections: int) -> None:
        self._requests = requests
        self._left = count
        self._open = connections
        self.statuses: dict[int, int] = {}
        self.last_body = b""
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def next(self) -> bytes | None:
        if self._left == 0:
            return None
        self._left -= 1
        return self._requests[self._left % len(self._requests)]

    def answered(self, status: int, body: bytes) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.last_body = body

    def lost(self, error: Exception | None) -> None:
        self._open -= 1
        if error is not None and not self.over.done():
            self.over.set_exception(error)
        elif self._open == 0 and not self.over.done():
            self.over.set_result(None)


def load(port: int, requests: Sequence[Request], count: int, connections: int = 8) -> Loaded:
    """Send `count` requests in turn to a server on this port of loopback."""

    async def run() -> Loaded:
        written = [request.written(port) for request in requests]
        under_way = _Load(written, count, connections)
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        for _ in range(connections):
            await loop.create_connection(lambda: _Caller(under_way), "127.0.0.1", port)
        await under_way.over
        return Loaded(time.perf_counter() - began, under_way.statuses, under_way.last_body)

    import uvloop

    return asyncio.Runner(loop_factory=uvloop.new_event_loop).run(run())
