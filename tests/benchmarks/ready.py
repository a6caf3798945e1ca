"""From the start of the process to the first answer: ``harness serve ndw`` beside Prism on the same document."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError, URLError

from harness.collect import CONTENT
from harness.spec.bundle import bundled_json
from tests.benchmarks.figure import Figure, median_of
from tests.benchmarks.servers import ROOT, free_port, prism, prism_command


def measure() -> Figure | str:
    """The median of five starts each, in turn; any HTTP answer counts."""
    if prism() is None:
        return f"harness serve ndw: {_started(_ours):.3f} s; Prism: npm cannot fetch it here"
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, "push.json")
        document.write_text(bundled_json(CONTENT / "specs/ndw/openapi-push.yaml"), encoding="utf-8")
        ours, theirs = median_of(
            5, lambda: _started(_ours), lambda: _started(lambda port: prism_command(document, port))
        )
    return Figure("first answer of harness serve ndw", ours, "Prism, same document", theirs, "ratio 0.5 or less, 0.4 s")


def _ours(port: int) -> list[str]:
    ports = ["--port", f"ndw={port}", "--port", "control=0"]
    return [sys.executable, "-m", "harness", "serve", "ndw", *ports, "--format", "json"]


def _started(command: Callable[[int], list[str]]) -> float:
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(command(port), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while not _answers(port):
            time.sleep(0.005)
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait(timeout=20)


def _answers(port: int) -> bool:
    """Something HTTP comes back, whatever it says."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/locations/NL/XPO/LOC-1", timeout=5).close()
    except HTTPError:
        return True
    except URLError:
        return False
    return True
