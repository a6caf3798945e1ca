"""Tests a server: plays scenarios against a subject and hands on the evidence."""

from collections.abc import Callable
from dataclasses import dataclass

from harness.model.address import Addresses, is_absolute
from harness.model.credential import Present
from harness.model.exchange import Failure, Headers, HttpExchange, HttpRequest, Transcript
from harness.model.scenario import Ask, CannotAsk, Scenario
from harness.model.system import Interface
from harness.model.world import World
from harness.spec.openapi import Document
from harness.wire.http import HttpWire, Outgoing

LOST_AFTER = 5
"""Requests without any answer after which the subject counts as gone."""


class SubjectLostError(Exception):
    """The subject stopped answering in the middle; the text says with what."""


@dataclass
class Drive:
    """Holds conversations over one wire. Every exchange goes to `on_exchange` as soon as it is over."""

    wire: HttpWire
    interface: Interface
    document: Document
    addresses: Addresses
    on_exchange: Callable[[HttpExchange], None]
    sent: int = 0
    unanswered: int = 0

    async def hold(self, scenario: Scenario, world: World) -> Transcript:
        """Play one scenario to its end. Raises `SubjectLostError` where the subject is gone."""
        exchanges: list[HttpExchange] = []
        not_asked: list[str] = []
        steps = scenario.play(world)
        answer: HttpExchange | None = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                return Transcript(scenario.id, tuple(exchanges), tuple(not_asked))
            answer = None
            if isinstance(step, CannotAsk):
                not_asked.append(step.reason)
                continue
            answer = await self.ask(step, world, scenario.id)
            exchanges.append(answer)
            self.on_exchange(answer)
            if self.unanswered >= LOST_AFTER and answer.failure is not None:
                raise SubjectLostError(answer.failure.detail)

    async def ask(self, ask: Ask, world: World, situation: str) -> HttpExchange:
        """Send one step's request."""
        self.sent += 1
        url = self.addresses.of(ask.target)
        outgoing = Outgoing(
            id=f"e{self.sent}",
            situation=situation,
            operation=ask.operation or self._operation(ask.method, ask.target, url),
            method=ask.method,
            url=url,
            headers=tuple((name, world.new_id()) for name in self.interface.fresh_ids),
            query=ask.query,
            present=ask.auth,
            tags=ask.tags | ({"authorised"} if _is_true(ask.auth) else frozenset()),
        )
        if not self.addresses.is_ours(url):
            return _not_followed(outgoing, world)
        exchange = await self.wire.send(outgoing)
        self.unanswered += exchange.failure is not None
        return exchange

    def _operation(self, method: str, target: str, url: str) -> str | None:
        path = self.addresses.path_of(url) if is_absolute(target) else target
        operation = self.document.operation(method, path.rstrip("/") or "/") if path else None
        return operation.id if operation else None


def _is_true(auth: Present | None) -> bool:
    return auth is not None and auth.alteration is None and auth.presentation is None and auth.query is None


def _not_followed(outgoing: Outgoing, world: World) -> HttpExchange:
    """The evidence of a Link that leads elsewhere: nothing is sent there, least of all the token."""
    now = world.wire.now()
    origin = "/".join(outgoing.url.split("/", 3)[:3])
    failure = Failure("not-followed", f"the URL leads to another origin, {origin}")
    request = HttpRequest(outgoing.method, outgoing.url, Headers(outgoing.headers))
    return HttpExchange(
        outgoing.id, outgoing.situation, outgoing.operation, request, None, now, now, outgoing.tags, failure
    )
