"""Real listeners for ASGI apps of this process."""

import asyncio
import contextlib
import functools
import logging
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

import uvicorn

from harness.wire.connection import BreakableProtocol
from harness.wire.door import TlsDoor
from harness.wire.incidents import OnIncident

if TYPE_CHECKING:  # it loads httpx: nothing that the first answer of a mock should wait for
    from harness.wire.transport import AsgiApp

_BACKLOG = 128
_LONGEST_END_S = 1
"""What is still being answered so long after the end was asked for is broken off."""


def listener(port: int = 0, host: str = "127.0.0.1") -> socket.socket:
    """A bound socket; OSError where the port is taken. 0 takes a free port."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two servers have one port
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


class Listeners:
    """Several apps on several bound sockets in one event loop."""

    def __init__(self) -> None:
        self._served: list[tuple[_Server, socket.socket]] = []

    def add(
        self,
        app: "AsgiApp",
        bound: socket.socket,
        tls: ssl.SSLContext | None = None,
        on_incident: OnIncident | None = None,
    ) -> None:
        """Serve this app on this socket, too; with `tls`, over TLS. Before `run`. OSError where the port is taken.

        `on_incident` is told of connections on which no request came, and why.
        """
        bound.listen(_BACKLOG)
        self._served.append((_server(app, tls, on_incident), bound))

    async def run(self, ready: Callable[[], None], stop: asyncio.Event) -> None:
        """Serve until `stop` is set; Ctrl-C and SIGTERM set it where this runs in the main thread.

        `ready` is called once, when all accept connections. Returns when all sockets are closed: what was still being
        answered then has had a second. A second Ctrl-C does what it did before.
        """
        ticking: list[asyncio.Future[None]] = []
        try:
            for server, bound in self._served:
                await server.startup([bound])
                ticking.append(asyncio.ensure_future(server.main_loop()))
            with _interrupts_setting(stop):
                ready()
                await stop.wait()
        finally:
            for server, _ in self._served:
                server.should_exit = True
            await asyncio.gather(*ticking)
            await asyncio.gather(*(server.shutdown([bound]) for server, bound in self._served if server.started))


def quick_loop() -> asyncio.AbstractEventLoop:
    """A new event loop of the quickest kind here: ``asyncio.Runner(loop_factory=quick_loop)``."""
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


@contextlib.contextmanager
def served(app: "AsgiApp", tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve the app from a thread on a free port of loopback for as long as the block runs; yields its origin."""
    bound = listener()
    server = _server(app, tls)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    bound.listen(_BACKLOG)  # connections queue from here on: nothing has to wait for the thread to be ready
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        bound.close()


def serve_until_interrupted(app: "AsgiApp", bound: socket.socket) -> None:
    """Serve the app on a bound socket until Ctrl-C or SIGTERM."""
    _server(app).run(sockets=[bound])


class _Server(uvicorn.Server):
    """uvicorn, which starts and ends with others of its kind, and has a door of ours for TLS."""

    def __init__(self, config: uvicorn.Config, tls: ssl.SSLContext | None, on_incident: OnIncident | None) -> None:
        super().__init__(config)
        self._door = TlsDoor(self._protocol, tls, on_incident) if tls else None

    def _protocol(self) -> BreakableProtocol:
        make = cast("Callable[..., BreakableProtocol]", self.config.http_protocol_class)  # see _server
        return make(self.config, self.server_state, self.lifespan.state)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.lifespan = self.config.lifespan_class(self.config)  # off
        await self.on_tick(0)  # the Date of the first answers
        await super().startup([] if self._door else sockets)
        if self._door:
            for bound in sockets or ():
                self._door.open(bound)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._door:
            await self._door.close()
        await super().shutdown(sockets)


def _server(app: "AsgiApp", tls: ssl.SSLContext | None = None, on_incident: OnIncident | None = None) -> _Server:
    config = uvicorn.Config(
        app,
        http=BreakableProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LONGEST_END_S,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_ours)
    config.load()
    config.http_protocol_class = functools.partial(BreakableProtocol, on_incident=on_incident)  # type: ignore[assignment]
    return _Server(config, tls, on_incident)


def _is_ours(record: logging.LogRecord) -> bool:
    """What a client did wrong, and what we broke off ourselves, is nothing for a terminal; a crash of an app is."""
    return record.exc_info is not None and not isinstance(record.exc_info[1], asyncio.CancelledError)


@contextlib.contextmanager
def _interrupts_setting(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM set the event for as long as the block runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {one: signal.signal(one, lambda *_: loop.call_soon_threadsafe(stop.set)) for one in kinds}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
