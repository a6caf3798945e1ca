"""A server that means harm: it answers as an app of its own would, or does something that no server should.

It listens for real and treats each connection by hand, for no framework would send what it sends.
"""

import asyncio
import contextlib
import math
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field

import httpx

from harness.wire.transport import AsgiApp, in_process

Deed = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""What is done instead of an answer; the connection is closed afterwards."""

CHUNK = b"x" * 65_536
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@dataclass
class Hostile:
    """Does the deed of a path (`deeds`, ``*`` for all) from request number `after` + 1 up to `until`; else the app
    answers.

    `spoilt` is what is done to the bodies of the app's answers, by the end of the path. `asked` counts the requests,
    `met` holds the head of each.
    """

    deeds: Mapping[str, Deed] = field(default_factory=dict)
    app: AsgiApp | None = None
    spoilt: Mapping[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    after: int = 0
    until: float = math.inf
    met: list[str] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many requests came."""
        return len(self.met)

    @contextlib.contextmanager
    def listening(self) -> Iterator[str]:
        """Serve from a thread on a free port of loopback; yields the origin."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        starting = asyncio.start_server(self._connected, "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(starting, loop).result(timeout=5)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            asyncio.run_coroutine_threadsafe(_ended(server), loop).result(timeout=5)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout=5)
            loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                self.met.append(request)
                method, target, _ = request.partition("\r\n")[0].split(" ")
                path = target.partition("?")[0]
                deed = self.deeds.get(f"/{path.rpartition('/')[2]}", self.deeds.get("*"))
                if deed is not None and self.after < self.asked <= self.until:
                    await deed(writer)
                    break
                await self._answer(method, target, request, writer)
        writer.close()

    async def _answer(self, method: str, target: str, request: str, writer: asyncio.StreamWriter) -> None:
        """What the app answers, as a server would send it."""
        assert self.app is not None
        headers = {name: value for name, _, value in (line.partition(": ") for line in request.split("\r\n")[1:-2])}
        async with httpx.AsyncClient(transport=in_process(self.app)) as client:
            answer = await client.request(method, f"http://{headers['Host']}{target}", headers=headers)
        spoil = self.spoilt.get(f"/{target.partition('?')[0].rpartition('/')[2]}")
        body = spoil(answer.content) if spoil and answer.status_code == 200 else answer.content
        framing = (b"content-encoding", b"content-length")
        kept = [pair for pair in answer.headers.raw if pair[0].lower() not in framing]
        head = b"".join(b"%s: %s\r\n" % pair for pair in (*kept, (b"Content-Length", b"%d" % len(body))))
        writer.write(b"HTTP/1.1 %d .\r\n%s\r\n%s" % (answer.status_code, head, body))
        await writer.drain()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def saying(*parts: bytes) -> Deed:
    """These bytes, and the end."""

    async def deed(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return deed


def without_end(part: bytes, head: bytes = HEAD, pause_s: float = 0) -> Deed:
    """A head, and then the same bytes again and again for as long as anybody listens."""

    async def deed(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return deed


def answered(body: bytes, *fields: bytes, status: bytes = b"200 OK") -> Deed:
    """A whole answer."""
    head = b"HTTP/1.1 %s\r\n%s" % (status, b"".join(field + b"\r\n" for field in fields))
    return saying(b"%sContent-Length: %d\r\n\r\n" % (head, len(body)), body)
