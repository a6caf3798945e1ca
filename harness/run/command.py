"""A client that is a program of the user's: started without a shell, in a process group of its own, and ended whole."""

import asyncio
import atexit
import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.model.exchange import OutputLine
from harness.run.client import NotStartedError
from harness.run.output import Output, Read

GRACE_S = 5
GRACE_KEPT_S = 35
"""Seconds from SIGTERM to SIGKILL; a service that is kept may have more to put away."""
_LAST_WORDS_S = 1
"""So long after its end a program's output is waited for: children that it left may hold it open for ever."""


class CommandClient:
    """A program as a client. `environment` are the caller's variables, `directory` is where it runs; `read` takes the
    secrets out of a line that it wrote, and may be set anew. With `keep` it is started once for all situations.

    It gets HARNESS_SITUATION, and in HARNESS_STATE_DIR a folder: an empty one per situation, the same when it is
    started again within one; with `keep` one for all. Both are filled in where another variable says ``${HARNESS_…}``.
    To be used within one event loop, and closed at last.
    """

    def __init__(
        self, command: Sequence[str], *, keep: bool, environment: Mapping[str, str], directory: Path, read: Read
    ) -> None:
        self.read = read
        self._command = tuple(command)
        self._keep = keep
        self._environment = dict(environment)
        self._directory = directory
        self._folders: list[Path] = []
        self._run: _Run | None = None
        self._written: list[OutputLine] = []

    @property
    def is_anew(self) -> bool:
        """See `harness.run.client.Client`, here and below."""
        return not self._keep

    @property
    def exit_code(self) -> int | None:
        """That of the last run, where it ended by itself; below zero it is the signal that ended it."""
        return self._run.exit_code if self._run is not None else None

    async def start(self, situation: str, environment: Mapping[str, str], *, again: bool = False) -> None:
        """Start it where it does not run yet."""
        if self._run is not None:
            if self._keep and self._run.is_running:
                return
            await self.stop()
            self._written += self._run.output.taken(self.read)
        atexit.register(self.close)  # where the harness is ended in the middle, by a second Ctrl-C
        own = {"HARNESS_SITUATION": situation, "HARNESS_STATE_DIR": str(self._state(again=again))}
        filled = {name: _with_own(value, own) for name, value in environment.items()}
        given = {**self._environment, **filled, **own}
        self._run = _Run(self._command, given, self._directory)

    def _state(self, *, again: bool) -> Path:
        if not self._folders or not (again or self._keep):
            self._folders.append(Path(tempfile.mkdtemp(prefix="harness-state-")))
        return self._folders[-1]

    async def stop(self) -> None:
        """End it and all that it started: SIGTERM, and after a while SIGKILL."""
        if self._run is not None:
            await self._run.stop(GRACE_KEPT_S if self._keep else GRACE_S)

    async def kill(self) -> bool:
        """End it and all that it started at once."""
        if self._run is not None:
            await self._run.stop(0)
        return True

    async def over(self) -> None:
        """Return when it has ended by itself, and all that it wrote was read."""
        if self._run is not None:
            await self._run.over()

    def written(self) -> list[OutputLine]:
        """What it wrote since this was asked last."""
        lines, self._written = self._written, []
        return lines + (self._run.output.taken(self.read) if self._run is not None else [])

    def last_lines(self) -> list[str]:
        """The last 20 lines of its last run, without secrets."""
        return self._run.output.last(self.read) if self._run is not None else []

    def close(self) -> None:
        """Leave nothing behind: no process, no folder."""
        atexit.unregister(self.close)
        if self._run is not None:
            self._run.end_at_once()
        for one in self._folders:
            shutil.rmtree(one, ignore_errors=True)
        self._folders.clear()


def _with_own(value: str, own: Mapping[str, str]) -> str:
    """The value of a variable with ours in it, where it is written ``${HARNESS_STATE_DIR}``."""
    for name, text in own.items():
        value = value.replace(f"${{{name}}}", text)
    return value


class _Run:
    """One run of the program, from its start to the end of its group."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], directory: Path) -> None:
        self._process = _started(command, environment, directory)
        self._loop = asyncio.get_running_loop()
        self._ended, self._silent = asyncio.Event(), asyncio.Event()
        self._was_stopped = self._group_is_gone = False
        self.output = Output(lambda: self._tell(self._silent))
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        assert self._process.stderr is not None  # noqa: S101 - a pipe
        self.output.follow({"stdout": self._process.stdout, "stderr": self._process.stderr})
        threading.Thread(target=self._wait, daemon=True).start()

    @property
    def is_running(self) -> bool:
        """The program itself has not ended."""
        return self._process.returncode is None

    @property
    def exit_code(self) -> int | None:
        """Where it ended by itself."""
        return None if self._was_stopped else self._process.returncode

    async def over(self) -> None:
        """Return when it has ended by itself."""
        await self._ended.wait()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._silent.wait(), _LAST_WORDS_S)

    async def stop(self, grace_s: float) -> None:
        """End the group. Whoever is left of it holds the output, as a rule: so long one waits for the last of them."""
        self._was_stopped = self._was_stopped or self.is_running
        try:
            if grace_s and not self._is_done:
                self._signal(_KINDLY)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._done(), grace_s)
        finally:
            self.end_at_once()
        await self.over()

    @property
    def _is_done(self) -> bool:
        return self._ended.is_set() and self._silent.is_set()

    async def _done(self) -> None:
        await self._ended.wait()
        await self._silent.wait()

    def end_at_once(self) -> None:
        """By force, whoever is left of the group."""
        self._signal(_BY_FORCE)

    def _wait(self) -> None:
        self._process.wait()
        if sys.platform != "win32":
            try:
                os.killpg(self._process.pid, 0)
            except ProcessLookupError:
                self._group_is_gone = True  # from now on its number may be somebody else's
            except PermissionError:  # macOS, of a group of zombies
                pass
        self._tell(self._ended)

    def _tell(self, event: asyncio.Event) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(event.set)

    def _signal(self, number: int) -> None:
        if self._group_is_gone:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform != "win32":
                os.killpg(self._process.pid, number)
            elif number == _KINDLY:
                self._process.send_signal(number)
            else:  # there are no groups there: this follows parents to their children
                tree = ["taskkill", "/F", "/T", "/PID", str(self._process.pid)]
                subprocess.run(tree, capture_output=True, check=False)  # noqa: S603 - a number


if sys.platform == "win32":
    _KINDLY, _BY_FORCE, _FLAGS = signal.CTRL_BREAK_EVENT, signal.SIGABRT, subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _KINDLY, _BY_FORCE, _FLAGS = signal.SIGTERM, signal.SIGKILL, 0


def _started(command: Sequence[str], environment: Mapping[str, str], directory: Path) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=dict(environment),
            cwd=directory,
            start_new_session=True,
            creationflags=_FLAGS,
        )
    except (OSError, ValueError) as error:
        why = _why_not(command[0], environment, directory, error)
        raise NotStartedError(f"the command {command[0]!r} {why}") from None


def _why_not(name: str, environment: Mapping[str, str], directory: Path, error: Exception) -> str:
    """What is wrong with it, and what to do. Its arguments are not shown: one of them may be a secret."""
    number = error.errno if isinstance(error, OSError) else None
    has_folder = os.sep in name or "/" in name
    path = str(directory / name) if has_folder else shutil.which(name, os.F_OK, environment.get("PATH"))
    is_there = path is not None and Path(path).exists()
    if not name.strip():
        return "is empty; name a program"
    if not directory.is_dir():
        return f"cannot be started: there is no folder {directory} to run it in; make it"
    if is_there and Path(path or "").is_dir():
        return "is a folder; give the program in it"
    if number == errno.ENOENT and is_there:
        return "names in its first line (#!) a program that is not there; correct that line"
    if number == errno.ENOENT and " " in name.strip():
        return (
            "was not found: it was given as one word, and no shell splits it; "
            "write its parts one by one, after -- without quotes, in harness.toml as a list"
        )
    if number == errno.ENOENT and has_folder:
        return f"was not found, seen from {directory}; check its path"
    if number == errno.ENOENT:
        beside = (directory / name).is_file()
        hint = f"write ./{name} for the one in {directory}" if beside else "give its path, or add its folder to PATH"
        return f"was not found in the folders of PATH; {hint}"
    if number == errno.EACCES:
        return f"may not be executed; make it a program: chmod +x {path or name}"
    if number == errno.ENOEXEC:
        return "is no program; begin a script with a line such as #!/usr/bin/env python3, or call its interpreter"
    return f"cannot be started: {getattr(error, 'strerror', None) or error}; correct it"
