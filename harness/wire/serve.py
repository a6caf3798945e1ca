"""A real listener on loopback for an ASGI app of this process."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator

import uvicorn

from harness.wire.transport import AsgiApp


def listener(port: int = 0, host: str = "127.0.0.1") -> socket.socket:
    """A bound socket; OSError where the port is taken. 0 takes a free port."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def _server(app: AsgiApp, tls: ssl.SSLContext | None = None) -> uvicorn.Server:
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False)
    config.load()
    config.ssl = tls
    return uvicorn.Server(config)


@contextlib.contextmanager
def served(app: AsgiApp, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve the app from a thread on a free port of loopback for as long as the block runs; yields its origin."""
    bound = listener()
    server = _server(app, tls)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    bound.listen(128)  # connections queue from here on: nothing has to wait for the thread to be ready
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        bound.close()


def serve_until_interrupted(app: AsgiApp, bound: socket.socket) -> None:
    """Serve the app on a bound socket until Ctrl-C or SIGTERM."""
    _server(app).run(sockets=[bound])
