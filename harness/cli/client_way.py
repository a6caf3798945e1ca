"""How a client under test is had: what flags and harness.toml say of it."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from harness.cli.plan import Plan


@dataclass(frozen=True)
class ClientWay:
    """`way`: a ``command`` for each situation; one that is started once and kept (``keep``); one that the user starts
    (``attach``); the bundled ``reference``.

    A situation is over when nothing came for `quiet_s`, at the latest after `limit_s`; a command must have called
    within `start_s`, one that the user starts within `patience_s`. `passive`: nothing goes wrong on purpose; `slow`:
    situations that take long are played, too. `env` gives variables of the user's own names, `render` maps a template
    to the file that is made of it; in both stand our names as ``${NDW_PUSH_URL}``. `ports` are those to listen on by
    system; none: free ones. `folder` is where the command runs. `pull` is the subject that convergence compares with.
    """

    way: Literal["command", "keep", "attach", "reference"]
    command: tuple[str, ...] = ()
    folder: Path = Path()
    quiet_s: float = 3.0
    limit_s: float = 70.0
    start_s: float = 60.0
    patience_s: float = 600.0
    passive: bool = False
    slow: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    render: Mapping[str, str] = field(default_factory=dict)
    tls: bool = False
    listen: str = "127.0.0.1"
    public_url: str | None = None
    ports: tuple[str, ...] = ()
    pull: "Plan | None" = None

    def __str__(self) -> str:
        """Who the client is, in words."""
        started = {"command": "started for each situation", "keep": "started once"}
        if self.way in started:
            return f"{shlex.join(self.command)}, {started[self.way]}"
        return "a client that you start" if self.way == "attach" else "the bundled reference, not your system"
