"""A mock made ready for a client under test: one session, what it is judged by, and what its journal is told to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.cli.counterpart import MockCounterpart
from harness.cli.mocks import mock_for, mock_sessions, served
from harness.cli.plan import Plan
from harness.collect import Suite
from harness.judge.judge import Judge
from harness.judge.tally import Finding
from harness.mock.app import LOOPBACK, MockApp, Names
from harness.mock.journal import Entry
from harness.mock.session import DEFAULT, Session, Sessions
from harness.model.exchange import HttpExchange, OutputLine
from harness.model.world import Clock

LOCAL = Names(known=LOOPBACK)
Heard = Callable[[HttpExchange, tuple[Finding, ...]], None]


@dataclass(frozen=True)
class Stage:
    """The parts. `origins` is where the systems are reached, filled in once that is known; `paths` are the templates
    of all paths that there are."""

    sessions: Sessions
    session: Session
    app: MockApp
    chair: MockCounterpart
    origins: dict[str, str]

    @property
    def paths(self) -> tuple[str, ...]:
        """The templates of all paths that there are, whole."""
        offered = [one for served in self.session.served for one in served.offered]
        return tuple(
            dict.fromkeys(f"{one.base_path}{each.template}" for one in offered for each in one.document.operations)
        )

    def read(self, stream: str, text: str) -> OutputLine:
        """A line that the client wrote, its secrets taken out."""
        received = self.session.received
        kind: Literal["stdout", "stderr"] = "stdout" if stream == "stdout" else "stderr"
        return OutputLine(kind, received.text(text), received.leaks(text))


def staged(
    plan: Plan,
    suite: Suite,
    clock: Clock,
    judge: Judge,
    heard: Heard,
    *,
    seed: int,
    prefix: str = "e",
    names: Names = LOCAL,
    environment: Mapping[str, str] | None = None,
    own: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda _ours: {},
) -> Stage:
    """A mock whose clients `judge` judges; each exchange goes to `heard`, its id beginning with `prefix`.

    `environment` is given to clients besides what the system gives; `own` makes of all that what else they are given.
    """
    system = suite.system
    mock = mock_for(suite)
    one = served(system, mock, plan.profile)
    sessions = mock_sessions((one,), clock, seed=seed, environment=environment)
    session = sessions.get(DEFAULT)
    assert session is not None  # noqa: S101 - it always exists
    session.judges = {system.name: judge}
    session.exchange_prefix = prefix
    if plan.parties:
        one.behaviour.serve_only(session, plan.parties)
    origins = {system.name: ""}

    def given() -> Mapping[str, str]:
        ours = session.environment(origins)
        return {**ours, **own(ours)}

    chair = MockCounterpart(session, mock.told, given)

    def told(_session: Session, entry: Entry) -> None:
        heard(entry.exchange, entry.findings)
        chair.heard(entry)

    sessions.told.append(told)
    app = MockApp(system.name, sessions, clock.sleep, names)
    return Stage(sessions, session, app, chair, origins)
