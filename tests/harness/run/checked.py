"""A whole check of one server, on a clock that jumps where the harness waits."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness import collect
from harness.cli.options import Flags
from harness.cli.result import Result
from harness.cli.session import Session
from harness.cli.settings import plans
from harness.model.world import VirtualClock
from harness.report.record import read
from harness.systems.ndw.reference import create_app
from harness.wire.tls import client_context
from harness.wire.transport import AsgiApp, over_socket

TOKEN = "canary-Tok3n-0001"
START = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
SUITE = collect.suite("ndw-pull")
DOCUMENT = SUITE.load()


@dataclass(frozen=True)
class Checked:
    """What a check came to. `exchanges` are those of its record."""

    result: Result
    exchanges: list[dict[str, Any]]

    @property
    def code(self) -> int:
        """The exit code."""
        return self.result.exit

    @property
    def ended_by(self) -> str:
        """The reason in the last line."""
        return str(self.result.report["ended_by"])

    def ids(self, outcome: str) -> set[str]:
        """The clauses with this outcome, without their chapter."""
        verdicts = self.result.report["verdicts"]
        return {one["requirement"].partition("/")[2] for one in verdicts if one["outcome"] == outcome}

    def reasons(self, outcome: str) -> set[str]:
        """Why clauses have this outcome."""
        return {one["reason"] for one in self.result.report["verdicts"] if one["outcome"] == outcome}


def reference(locations: int = 5, seed: int = 1) -> AsgiApp:
    """The bundled implementation, at the time at which checks begin."""
    return create_app(token=TOKEN, now=lambda: START, locations=locations, seed=seed)


def checked(
    origin: str,
    folder: Path,
    *settings: str,
    only: tuple[str, ...] = (),
    connect_to: str | None = None,
) -> Checked:
    """Check the server at this origin, over sockets."""
    flags = Flags(
        url=f"{origin}/ocpi/2.2.1", token_env="TOKEN", settings=settings, only=only, connect_to=connect_to, out=folder
    )
    [plan], _ = plans("ndw-pull", flags, {"TOKEN": TOKEN}, folder)
    way = over_socket(client_context(None), connect_to=plan.reach.connect_to)
    result = Session(plan, SUITE, DOCUMENT, VirtualClock(START), way, 1, lambda _text: None).run(folder)
    lines = list(read(folder))
    return Checked(result, [line for line in lines if line.get("kind") == "exchange"])
