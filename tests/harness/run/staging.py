"""How a situation is set up on real sockets, and what a diagnosis of it is held against."""

import contextlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.cli.options import Flags
from harness.cli.session import Session
from tests.harness.run.listeners import LIST, Talk, ca_file, http, listening, saying, silent

TOKEN, SECRET = "canary-Tok3n-0001", "canary-S3cret-0001"
NOW = datetime.now(UTC).replace(microsecond=0)
EMPTY = http(200, LIST)
"""A list without anything in it."""


@dataclass
class Stage:
    """Where a situation is set up: listeners, files, and variables of the environment."""

    folder: Path
    listeners: contextlib.ExitStack
    set_variable: Callable[[str, str], None]

    def port(self, talk: Talk, tls: ssl.SSLContext | None = None) -> int:
        """The port of a new listener."""
        return self.listeners.enter_context(listening(talk, tls))

    def free_port(self) -> int:
        """A port where nobody listens."""
        with listening(silent) as port:
            return port


Setup = Callable[[Stage], Flags]
Held = Callable[[Flags, float], Session]
"""A session of these flags that waits so many seconds for an answer."""


@dataclass(frozen=True)
class Diagnosis:
    """What stands in the way, how it comes about, and how it is told: the check's name, and words of both texts."""

    name: str
    setup: Setup
    check: str
    seen: tuple[str, ...]
    todo: tuple[str, ...]
    silence_s: float = 5
    """How long an answer is waited for."""


def at(url: str, **more: Any) -> Flags:
    return replace(Flags(url=url, token_env="T"), **more)


def plain(talk: Talk, path: str = "/ocpi") -> Setup:
    """A server that speaks plain HTTP, and a URL that says so."""
    return lambda stage: at(f"http://127.0.0.1:{stage.port(talk)}{path}")


def over_tls(made: Callable[[Stage], ssl.SSLContext], *, trusted: bool = True, says: bytes = EMPTY) -> Setup:
    """A server that speaks TLS, and whether its CA is given."""

    def setup(stage: Stage) -> Flags:
        url = f"https://127.0.0.1:{stage.port(saying(says), made(stage))}/ocpi"
        return at(url, ca_file=ca_file(stage.folder)) if trusted else at(url)

    return setup
