"""The servers that benchmarks put side by side, each a process of its own on a free port of loopback."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from harness.collect import CONTENT
from harness.spec.bundle import bundled_json

ROOT = Path(__file__).parents[2]
BARE = """
import asyncio, sys
from harness.wire.serve import Listeners, listener, quick_loop

async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    head = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": b"{}"})

async def main():
    listeners, bound = Listeners(), listener(int(sys.argv[1]))
    listeners.add(app, bound)
    await listeners.run(lambda: None, asyncio.Event())

asyncio.Runner(loop_factory=quick_loop).run(main())
"""
"""An ASGI app that reads a request and answers 200, on the same server."""
PRISM = "@stoplight/prism-cli@5"
_PATIENCE_S = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        number: int = bound.getsockname()[1]
        return number


@contextlib.contextmanager
def bare() -> Iterator[int]:
    """The bare ASGI app; its port."""
    port = free_port()
    with _process([sys.executable, "-c", BARE, str(port)], port):
        yield port


@contextlib.contextmanager
def mock(*options: str) -> Iterator[tuple[int, dict[str, str], subprocess.Popen[bytes]]]:
    """``harness serve ndw``: its port, the settings for a client, its process."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder, "ready.json")
        command = [
            sys.executable, "-m", "harness", "serve", "ndw", "--port", f"ndw={port}", "--port", "control=0",
            "--format", "json", "--ready-file", str(ready), "--out", folder, *options,
        ]  # fmt: skip
        with _process(command, port) as process:
            env: dict[str, Any] = json.loads(_written(ready, process))["sessions"]["default"]["env"]
            yield port, env, process


@contextlib.contextmanager
def reference(token: str) -> Iterator[tuple[int, str]]:
    """``harness reference ndw`` behind this token: its port, and the path below which it serves."""
    port = free_port()
    command = [sys.executable, "-m", "harness", "reference", "ndw", "--port", str(port), "--token-env", "TOKEN"]
    with _process(command, port, TOKEN=token):
        yield port, "/ocpi/2.2.1"


@cache
def prism() -> Path | None:
    """The program, fetched by npm into a folder of this run; None where npm is missing or cannot fetch it."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    folder = Path(tempfile.gettempdir(), "energy-harness-prism")
    program = folder / "node_modules" / ".bin" / "prism"
    if not program.is_file():
        command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel=error", PRISM]
        subprocess.run(command, check=False, capture_output=True, timeout=300)
    return program if program.is_file() else None


def prism_command(document: Path, port: int) -> list[str]:
    """What starts Prism, silent, on this document."""
    program = prism()
    assert program is not None, "Prism is not there"
    return [str(program), "mock", "--port", str(port), "--verboseLevel", "silent", str(document)]


@contextlib.contextmanager
def prism_on(document: Path) -> Iterator[int]:
    """Prism on this document; its port."""
    port = free_port()
    with _process(prism_command(document, port), port):
        yield port


@contextlib.contextmanager
def prism_if_there(name: str) -> Iterator[int | None]:
    """Prism on one of NDW's documents, bundled; its port, None where npm cannot fetch it."""
    if prism() is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, name).with_suffix(".json")
        document.write_text(bundled_json(CONTENT / "specs" / "ndw" / name), encoding="utf-8")
        with prism_on(document) as port:
            yield port


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when somebody accepts connections on this port."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode} before it listened")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    raise RuntimeError("it does not listen")


def _written(path: Path, process: subprocess.Popen[bytes]) -> str:
    """The text of a file that this process writes a moment after it listens."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        if path.is_file() and (text := path.read_text("utf-8")).endswith("\n"):
            return text
        time.sleep(0.005)
    raise RuntimeError(f"it did not write {path.name}")


@contextlib.contextmanager
def _process(command: list[str], port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, "CI": "1", **environment}
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=env)
    try:
        wait_until_open(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)
