"""Clients of ``check ndw-push`` as a user has them: programs of their own, with a table of harness.toml for each."""

import json
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.wire.serve import listener

REFERENCE = (sys.executable, "-m", "harness.systems.ndw.reference.push")
SOON_S = 60
TOKEN = "canary-of-the-pull-8f1d"  # what the reference hands out to its pullers

_UNDER_OTHER_NAMES = """
import os, runpy, sys
base, token_url = open("app.yml").read().split()
given = dict(line.split("=", 1) for line in os.environ["PUSHER"].split(" "))
os.environ.update(given, NDW_PUSH_URL=base, NDW_TOKEN_URL=token_url)
sys.argv = ["push", *sys.argv[1:]]
runpy.run_module("harness.systems.ndw.reference.push", run_name="__main__")
"""


def free_port() -> int:
    """One that nobody listened on just now."""
    with listener() as bound:
        return int(bound.getsockname()[1])


def settings(folder: Path, text: str = "quiet_s = 0.2\nlimit_s = 20", *, hooks_at: int | None = None) -> None:
    """Write harness.toml: this text below ``[ndw-push]``, usually short pauses, and hooks of the reference at this
    port."""
    lines = ["[ndw-push]", text]
    if hooks_at is not None:
        hooks = f"http://127.0.0.1:{hooks_at}/hooks"
        lines += ["[ndw-push.hooks]", f'change = "POST {hooks}/change"', f'export = "POST {hooks}/export"']
    (folder / "harness.toml").write_text("\n".join(lines), "utf-8")


def under_other_names(folder: Path) -> tuple[list[str], str]:
    """A client that knows none of our names, but a variable and a file of its own; what harness.toml says to that."""
    (folder / "theirs.py").write_text(_UNDER_OTHER_NAMES, "utf-8")
    (folder / "app.yml.tmpl").write_text("${NDW_PUSH_URL}\n${NDW_TOKEN_URL}\n", "utf-8")
    names = " ".join(f"{name}=${{{name}}}" for name in ("NDW_CLIENT_ID", "NDW_CLIENT_SECRET", "NDW_PARTY"))
    said = f'quiet_s = 0.2\nlimit_s = 20\nenv = {{PUSHER = "{names}"}}\nrender = {{"app.yml.tmpl" = "app.yml"}}'
    return [sys.executable, "-W", "ignore", "theirs.py"], said


def report(folder: Path) -> dict[str, Any]:
    """What a run in this folder came to."""
    found: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return found


def outcomes(folder: Path) -> dict[str, str]:
    """The outcome of every clause, by its id."""
    return {one["requirement"]: one["outcome"] for one in report(folder)["verdicts"]}


def failed(folder: Path) -> list[str]:
    """The clauses that failed, a SHOULD and a MAY too."""
    return [name for name, outcome in outcomes(folder).items() if outcome in ("failed", "cannot_tell")]


def record(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The lines of this kind in the record of a run."""
    lines = (json.loads(line) for line in (folder / "run.jsonl").read_text("utf-8").splitlines())
    return [line for line in lines if line.get("kind") == kind]


class Checking:
    """A ``harness check ndw-push`` that goes on; `told` are the lines that it wrote on stderr so far. It is killed
    where it does not end within `limit_s`. `terminal` is where it reads what a person types."""

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        terminal: int | None = None,
        limit_s: float = SOON_S,
        **environment: str,
    ) -> None:
        self.told: list[str] = []
        self._out = folder / "stdout.txt"
        bare = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
        with self._out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "harness", "check", "ndw-push", *arguments],
                cwd=folder, env={**bare, **environment}, text=True,
                stdin=subprocess.DEVNULL if terminal is None else terminal, stdout=out, stderr=subprocess.PIPE,
            )  # fmt: skip
        self.limit = threading.Timer(limit_s, self.process.kill)
        self.limit.start()

    def _lines(self) -> Iterator[str]:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told.append(line.rstrip("\n"))
            yield line

    def until(self, word: str) -> str:
        """The next line with this in it."""
        for line in self._lines():
            if word in line:
                return line
        raise AssertionError(f"never told: {word}\n" + "\n".join(self.told))

    def asks(self) -> str:
        """What it asks a person next."""
        assert self.process.stderr is not None
        text = ""
        while not text.endswith("(s to skip): "):
            one = self.process.stderr.read(1)
            assert one, text
            text += one
        return text.rpartition("\n")[2]

    @property
    def environment(self) -> dict[str, str]:
        """The settings that it told the user to start the client with."""
        exports = [shlex.split(line)[1] for line in self.told if line.lstrip().startswith("export ")]
        return dict(one.split("=", 1) for one in exports)

    def ended(self, signal: int | None = None) -> tuple[int, str]:
        """Its exit code, after this signal where one is given, and what it wrote on stdout."""
        if signal is not None:
            self.process.send_signal(signal)
        for _line in self._lines():
            pass
        return self.process.wait(), self._out.read_text("utf-8")


@contextmanager
def checking(
    *arguments: str, folder: Path, terminal: int | None = None, limit_s: float = SOON_S, **environment: str
) -> Iterator[Checking]:
    """One for as long as the block runs."""
    held = Checking(*arguments, folder=folder, terminal=terminal, limit_s=limit_s, **environment)
    try:
        yield held
    finally:
        held.limit.cancel()
        held.process.kill()
        with held.process:  # closes its pipe
            held.process.wait()


@contextmanager
def started(*command: str, folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program as a user starts it in another terminal, for as long as the block runs; then it is told to end."""
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(SOON_S)
