"""Turned chairs: the harness plays the client against somebody's server, whose part is usually its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from harness.cli.mocks import mock_of, mock_sessions, served
from harness.cli.plan import OAuthClient, Plan, UsageError
from harness.collect import Suite, suite
from harness.judge.judge import Judge
from harness.mock.app import MockApp
from harness.mock.session import DEFAULT
from harness.model.exchange import HttpExchange
from harness.model.scenario import Scenario, Steps, Turn
from harness.model.system import Tidy
from harness.model.world import Clock, World
from harness.run.hooks import Hook
from harness.spec.openapi import Document
from harness.wire.serve import served as listening
from harness.wire.transport import AsgiApp

LAST = "leave-little-behind"


def seated(plan: Plan) -> tuple[Plan, Suite]:
    """The plan and its suite, the subject in the chair that the plan says. UsageError where nobody is named in whose
    name it is written to."""
    chosen = suite(plan.interface)
    if not plan.turned:
        return plan, chosen
    turned = chosen.turned
    other = turned.interface.other_chair
    if other is None or other.tidy is None:
        return plan, turned
    if not plan.parties and plan.kind != "reference":
        raise UsageError(f"{plan.interface}: objects are written in the name of a party; say which: --party NL/ABC")
    said = _Said(other.tidy)
    last = Scenario(
        f"{chosen.system.name}/{LAST}", "What was made is taken away again", said.tidied, __name__, Turn.KNOCKS
    )
    watched = [replace(one, play=_Watched(one, said)) for one in chosen.scenarios]
    if plan.selection is not None:
        held = plan.selection.scenarios | {last.id}
        plan = replace(plan, selection=replace(plan.selection, scenarios=held))
    return plan, replace(turned, scenarios=(*watched, last))


def check_writes(plan: Plan) -> None:
    """UsageError where somebody's server would be written to, and nobody has said yes to that."""
    other = suite(plan.interface).interface.other_chair
    if plan.turned and plan.kind == "server" and not plan.allow_writes and other is not None and other.writes:
        raise UsageError(
            f"{plan.interface}: your server is written to: {other.writes}; say yes with --allow-writes, see more with "
            "--dry-run, or try it with --reference"
        )


def judge_of_ourselves(plan: Plan, turned: Suite, document: Document) -> Judge | None:
    """Who judges what the harness says where it is the client: what fails there is its own fault."""
    if not plan.turned or turned.interface.subject != "server":
        return None
    all_of_them = suite(plan.interface).requirements
    return Judge(all_of_them, plan.profile, document, turned.interface.objects, turned.interface.subject)


@dataclass
class _Said:
    """All that was said, and what takes away again what came of it."""

    tidy: Tidy
    exchanges: list[HttpExchange] = field(default_factory=list)

    def tidied(self, world: World) -> Steps:
        """What is asked in the end."""
        said, self.exchanges[:] = list(self.exchanges), []
        yield from self.tidy(world, said)


@dataclass(frozen=True)
class _Watched:
    """The same conversation, watched."""

    scenario: Scenario
    said: _Said

    def __call__(self, world: World) -> Steps:
        steps, answer = self.scenario.play(world), None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                return
            answer = yield step
            if isinstance(answer, HttpExchange):
                self.said.exchanges.append(answer)


@contextmanager
def mock_as_subject(plan: Plan, chosen: Suite, clock: Clock) -> Iterator[tuple[Plan, dict[str, Hook]]]:
    """The bundled mock on a listener of its own, behind the faults that the plan spells: the plan that judges it there,
    and its hooks."""
    app, aimed_at = mock_stand_in(plan, chosen, clock)
    with listening(app) as origin:
        yield aimed_at(origin), {}


def mock_stand_in(plan: Plan, chosen: Suite, clock: Clock) -> tuple[AsgiApp, Callable[[str], Plan]]:
    """The bundled mock with an account of its own, and the plan that judges it at a given origin."""
    system = chosen.system
    sessions = mock_sessions((served(system, mock_of(system), plan.profile),), clock)
    session = sessions.get(DEFAULT)
    assert session is not None  # noqa: S101 - it always exists
    for spec in plan.faults:
        try:
            session.faults.add(spec)
        except ValueError as error:
            raise UsageError(f"--fault: {error}") from None

    def aimed_at(origin: str) -> Plan:
        given = session.environment({system.name: origin})
        url, token_url, client_id, secret, party = (given[name] for name in chosen.interface.given)
        oauth, addresses = OAuthClient(client_id, secret, token_url), replace(plan.addresses, base=url)
        return replace(plan, token="", oauth=oauth, addresses=addresses, parties=plan.parties or (party,))

    return MockApp(system.name, sessions, clock.sleep), aimed_at
