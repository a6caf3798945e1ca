"""Runs the command line as a user would: a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

TOKEN = "canary-Tok3n/with+signs=and%more"  # a made-up secret that must turn up nowhere


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


def harness(*arguments: str, folder: Path, **environment: str) -> Ran:
    """Run ``harness`` with these arguments in this folder; `environment` comes on top of a bare one.

    Where it does not say how Python itself is to begin, a process is copied that has loaded everything: quicker.
    """
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    whole = {**bare, "PYTHONUTF8": "1", **environment}
    if not hasattr(os, "fork") or any(name.startswith("PYTHON") for name in environment):
        return _from_scratch(arguments, folder, whole)
    with TemporaryDirectory() as place:
        out, err = Path(place, "out"), Path(place, "err")
        out.touch()
        err.touch()
        order = {"arguments": arguments, "folder": str(folder), "environment": whole, "out": str(out), "err": str(err)}
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(order) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return Ran(code, out.read_text("utf-8"), err.read_text("utf-8"))


@cache
def _server() -> "subprocess.Popen[str]":
    """One for each process that tests; it ends with its standard input, which nobody closes before."""
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "tests.harness.cli.fork_server"],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _from_scratch(arguments: tuple[str, ...], folder: Path, environment: dict[str, str]) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "harness", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
