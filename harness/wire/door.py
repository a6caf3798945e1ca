"""Where TLS connections come in: one that never becomes a connection is told, with the reason."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable

from harness.wire.clock import SystemClock
from harness.wire.connection import BreakableProtocol
from harness.wire.incidents import OnIncident, end_of, of_first_bytes, of_handshake

_LOOKED_AT = 16_384
"""Bytes of a beginning that are looked at; a first record is not longer."""
_LONGEST_S = 60.0
_PLAIN = b"This port speaks TLS: ask for https://, not http://\n"
_ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_PLAIN), _PLAIN)
)
"""In answer to plain HTTP."""


class TlsDoor:
    """Takes the connections of listening sockets in, each with a protocol that `make` makes.

    The server of an event loop would do the same, but says nothing of a handshake that fails.
    """

    def __init__(self, make: Callable[[], BreakableProtocol], tls: ssl.SSLContext, tell: OnIncident | None) -> None:
        self._make = make
        self._tls = tls
        self._tell = tell or (lambda _incident: None)
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, bound: socket.socket) -> None:
        """Take in who comes to this socket, which listens, until `close`."""
        bound.setblocking(False)
        self._start(self._accept(bound))

    async def close(self) -> None:
        """Take nobody in any more; who stands in the door is sent away."""
        tasks = list(self._tasks)
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, bound: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                came, _address = await loop.sock_accept(bound)
            except ConnectionError:  # it has gone again
                continue
            except OSError:  # no more files may be open
                await SystemClock().sleep(0.1)
                continue
            self._start(self._let_in(came))

    async def _let_in(self, came: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        first = b""
        peer, here = end_of(_name(came, socket.socket.getpeername)), end_of(_name(came, socket.socket.getsockname))
        try:
            first = await asyncio.wait_for(_beginning(came), _LONGEST_S)
            if (incident := of_first_bytes(first, peer, here)) is not None:
                self._tell(incident)
                await _send_away(came)
                return
            protocol = self._make()
            protocol.began_with = first
            await loop.connect_accepted_socket(lambda: protocol, came, ssl=self._tls)
        except (OSError, TimeoutError) as error:  # of ssl, too
            came.close()
            if first or isinstance(error, ssl.SSLError):  # else somebody only looked whether anybody listens
                self._tell(of_handshake(error, first, peer, here))
        except asyncio.CancelledError:
            came.close()
            raise


async def _beginning(came: socket.socket) -> bytes:
    """The first bytes of a connection, left where they are; none where it ends, or where that cannot be done."""
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    try:
        loop.add_reader(came.fileno(), _fulfil, readable)
    except NotImplementedError:  # Windows
        return b""
    try:
        await readable
    finally:
        loop.remove_reader(came.fileno())
    return came.recv(_LOOKED_AT, socket.MSG_PEEK)


def _fulfil(waited_for: "asyncio.Future[None]") -> None:
    if not waited_for.done():
        waited_for.set_result(None)


async def _send_away(came: socket.socket) -> None:
    """Say in plain HTTP what is wrong, and go only when the client does: else the answer might be lost on the way."""
    loop = asyncio.get_running_loop()
    with came, contextlib.suppress(OSError, TimeoutError):
        await loop.sock_sendall(came, _ANSWER)
        came.shutdown(socket.SHUT_WR)
        await asyncio.wait_for(_emptied(came), 1)


async def _emptied(came: socket.socket) -> None:
    while await asyncio.get_running_loop().sock_recv(came, _LOOKED_AT):
        pass


def _name(came: socket.socket, of: Callable[[socket.socket], object]) -> object:
    try:
        return of(came)
    except OSError:  # it has gone again
        return None
