"""Servers that no framework would be: raw sockets that answer what a test says."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

Behaviour = Callable[[socket.socket], None]
"""What is done with one accepted connection; it is closed afterwards."""
RawServer = Callable[..., int]


@pytest.fixture
def raw_server() -> Iterator[RawServer]:
    """Start a server that treats its first connection as the first behaviour says, and so on; gives its port.

    After the last behaviour it keeps to that one. With `tls`, connections are wrapped first.
    """
    with contextlib.ExitStack() as cleanup:

        def start(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> int:
            listening = cleanup.enter_context(socket.create_server(("127.0.0.1", 0)))
            stopped = threading.Event()
            thread = threading.Thread(target=_accept, args=(listening, behaviours, tls, stopped), daemon=True)
            thread.start()
            port: int = listening.getsockname()[1]
            cleanup.callback(_stop, port, thread, stopped)
            return port

        yield start


def _accept(
    listening: socket.socket, behaviours: tuple[Behaviour, ...], tls: ssl.SSLContext | None, stopped: threading.Event
) -> None:
    met = 0
    while True:
        connection, _ = listening.accept()
        if stopped.is_set():
            connection.close()
            return
        behave = behaviours[min(met, len(behaviours) - 1)]
        met += 1
        with contextlib.suppress(OSError):
            connection.settimeout(5)
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            behave(connection)
        connection.close()


def _stop(port: int, thread: threading.Thread, stopped: threading.Event) -> None:
    stopped.set()
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    thread.join(timeout=5)
