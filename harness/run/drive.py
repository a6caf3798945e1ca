"""Tests a server: plays scenarios against a subject and hands on the evidence."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from harness.model.address import Addresses, is_absolute
from harness.model.credential import Present, Secret
from harness.model.exchange import (
    RETRIED,
    THROTTLED,
    TOKEN_ENDPOINT,
    Failure,
    Headers,
    HookCall,
    HttpExchange,
    HttpRequest,
    Transcript,
)
from harness.model.scenario import Ask, CallHook, CannotAsk, Note, Scenario, Wait
from harness.model.system import Interface
from harness.model.world import World
from harness.run.access_token import GIVEN_OUT, AccessToken, NoFurtherTokenError
from harness.run.check import origin_of
from harness.run.hooks import Hook, HookFailedError
from harness.run.knocking import knock_at
from harness.run.patience import UNUSABLE, Patience, trouble_of_the_moment, wait_asked_for
from harness.spec.openapi import Document
from harness.wire.http import HttpWire, Outgoing

LOST_AFTER = 5
"""Requests without any answer after which the subject counts as gone."""

LOCKED_AFTER = 5
"""Refused probes in a row after which somebody else's server is asked whether it still takes the credential."""


class SubjectLostError(Exception):
    """The subject stopped answering in the middle, at the moment `since`; the text says with what."""

    def __init__(self, what: str, since: datetime) -> None:
        super().__init__(what)
        self.since = since


class LockedOutError(Exception):
    """After this many refused probes in a row, the subject refuses the true credential too."""

    def __init__(self, probes: int) -> None:
        super().__init__(f"our own probes locked the credential out: after {probes} refused ones the true one is too")


@dataclass
class Drive:
    """Holds conversations over one wire. Every exchange goes to `on_exchange` as soon as it is over.

    `access` is the token that the client's token endpoint gave out, None where the user gave one.
    `extra` are further request headers, their values handles. `one_server`: every host that a Link names is reached at
    the one address that the user gave, so Links to other hosts are followed, but nothing secret goes along.
    `silent_since` is when the first of the requests was sent that have had no answer since.
    """

    wire: HttpWire
    interface: Interface
    document: Document
    addresses: Addresses
    on_exchange: Callable[[HttpExchange], None]
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    extra: tuple[tuple[str, Secret], ...] = ()
    one_server: bool = False
    patience: Patience = field(default_factory=Patience)
    access: AccessToken | None = None
    sent: int = 0
    unanswered: int = 0
    silent_since: datetime | None = None
    refused: int = 0

    async def hold(self, scenario: Scenario, world: World) -> Transcript:
        """Play one scenario to its end.

        Raises `SubjectLostError` where the subject is gone, `LockedOutError` where it no longer takes the credential
        after our probes, `RequestsSpentError` where no more requests may be sent.
        """
        exchanges: list[HttpExchange] = []
        not_asked: list[str] = []
        called: list[HookCall] = []
        sampled: list[str] = []
        steps = scenario.play(world)
        answer: HttpExchange | HookCall | None = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                return Transcript(scenario.id, tuple(exchanges), tuple(not_asked), tuple(called), tuple(sampled))
            answer = None
            if isinstance(step, CannotAsk):
                not_asked.append(step.reason)
            elif isinstance(step, Note):
                sampled.append(step.text)
            elif isinstance(step, CallHook):
                answer = await self._call(step, world, scenario.id, exchanges[-1].id if exchanges else "", not_asked)
                called += [answer] if answer else []
            elif isinstance(step, Wait):
                await world.wire.sleep(step.seconds)
            else:
                async for answer in self._exchanges(step, world, scenario.id):
                    exchanges.append(answer)
                    self.on_exchange(answer)
                    if THROTTLED in answer.tags:
                        not_asked.append(self.patience.reason)
                    elif answer.failure is not None:
                        not_asked.append(f"{answer.request.method} {answer.request.url}: {answer.failure.detail}")
                        if self.unanswered >= LOST_AFTER:
                            raise SubjectLostError(answer.failure.detail, self.silent_since or answer.sent)
                    elif world.guest:
                        await self._mind_the_lock(answer, world)

    async def _exchanges(self, step: Ask, world: World, situation: str) -> AsyncIterator[HttpExchange]:
        """What one step takes, its own answer last: an access token that ends is fetched anew."""
        if self.access is None:
            yield await self.ask(step, world, situation)
            return
        try:
            async for exchange in self.access.exchanges(step, lambda ask: self.ask(ask, world, situation), world.wire):
                yield exchange
        except NoFurtherTokenError as error:
            raise SubjectLostError(str(error), world.wire.now()) from None

    async def _call(
        self, step: CallHook, world: World, situation: str, after: str, not_asked: list[str]
    ) -> HookCall | None:
        call = self.hooks.get(step.name)
        if call is None:
            not_asked.append(f"needs the hook {step.name}")
            return None
        try:
            answer = await call(
                {"hook": step.name, "interface": self.interface.id, "situation": situation, **step.arguments}
            )
        except HookFailedError as error:
            not_asked.append(f"the hook {step.name} failed: {error}")
            return None
        return HookCall(step.name, step.arguments, answer, after, world.wire.now())

    async def _mind_the_lock(self, answer: HttpExchange, world: World) -> None:
        """After some refused probes in a row: does the true credential still open the entry?"""
        refused = "authorised" not in answer.tags and self.interface.access.refused(answer)
        self.refused = self.refused + 1 if refused else 0
        if self.refused >= LOCKED_AFTER:
            self.refused, locked = 0, False
            knock = knock_at(world.entry, self.interface, world, world.credential)
            again = replace(knock, tags=knock.tags | {"lock"})
            async for entry in self._exchanges(again, world, answer.situation):
                self.on_exchange(entry)
                locked = self.interface.access.refused(entry)
            if locked:
                raise LockedOutError(LOCKED_AFTER)

    async def ask(self, ask: Ask, world: World, situation: str) -> HttpExchange:
        """Send one step's request. Where the answer asks to wait, or came to nothing in a way that may pass, wait and
        ask again: the exchange before is recorded apart. One that is tagged `THROTTLED` in the end says that the wait
        was too long, or that the operation is not asked any more."""
        outgoing = self._outgoing(ask, world, situation)
        login = TOKEN_ENDPOINT in outgoing.tags
        if not login and not self._is_followed(outgoing.url):
            return _not_followed(outgoing, world)
        name = outgoing.operation or outgoing.url
        if self.patience.refusal(name, world.wire.now()):
            return _not_sent(outgoing, world, Failure("throttled", self.patience.reason), THROTTLED)
        exchange = await self.wire.send(outgoing)
        earlier: list[HttpExchange] = []
        while (pause := self.patience.pause(name, exchange, earlier)) is not None:
            earlier.append(replace(exchange, tags=exchange.tags | {pause.tag}))
            self.on_exchange(earlier[-1])
            await world.wire.sleep(pause.seconds)
            exchange = await self.wire.send(self._outgoing(ask, world, situation))
        return self._concluded(exchange, earlier)

    def _concluded(self, exchange: HttpExchange, earlier: list[HttpExchange]) -> HttpExchange:
        """What came of it after all, with what it says of the subject taken note of."""
        if wait_asked_for(exchange) is not None:
            return replace(exchange, tags=exchange.tags | {THROTTLED})
        tried = [one for one in earlier if RETRIED in one.tags]
        if tried:
            attempts = exchange.attempts + sum(one.attempts for one in tried)
            retried = tuple(filter(None, map(trouble_of_the_moment, tried)))
            exchange = replace(exchange, attempts=attempts, retried=retried)
        if exchange.failure is None or exchange.failure.kind in UNUSABLE:
            self.silent_since = None
        else:
            self.unanswered += 1
            self.silent_since = self.silent_since or (*tried, exchange)[0].sent
        if TOKEN_ENDPOINT in exchange.tags:
            if self.access is not None and "authorised" in exchange.tags:
                self.access.take(exchange)
        elif not self.addresses.is_ours(exchange.request.url) and self.interface.access.refused(exchange):
            return _refused_elsewhere(exchange)
        return exchange

    def _outgoing(self, ask: Ask, world: World, situation: str) -> Outgoing:
        self.sent += 1
        if self.access is not None:
            self.access.check(ask)
        if self.access is not None and self.access.is_login(ask):
            return Outgoing(
                id=f"e{self.sent}",
                situation=situation,
                operation=self._operation_at(ask.method, ask.target),
                method=ask.method,
                url=ask.target,
                present=ask.auth,
                tags=ask.tags | {TOKEN_ENDPOINT} | ({"authorised"} if _is_true(ask.auth) else frozenset()),
                form=ask.form,
                gives_out=GIVEN_OUT,
            )
        url = self.addresses.of(ask.target)
        ours = self.addresses.is_ours(url)
        return Outgoing(
            id=f"e{self.sent}",
            situation=situation,
            operation=ask.operation or self._operation(ask.method, ask.target, url),
            method=ask.method,
            url=url,
            headers=(*((name, world.new_id()) for name in self.interface.fresh_ids), *ask.headers),
            query=ask.query,
            present=ask.auth if ours else None,
            tags=ask.tags | ({"authorised"} if ours and _is_true(ask.auth) else frozenset()),
            secrets=self.extra if ours else (),
            body=ask.body,
        )

    def _is_followed(self, url: str) -> bool:
        """Ours; or a host behind the one address that the user gave, unless TLS would be lost on the way."""
        scheme = url.partition("://")[0].lower()
        return self.addresses.is_ours(url) or (
            self.one_server and (scheme == "https" or self.addresses.base.lower().startswith("http:"))
        )

    def _operation(self, method: str, target: str, url: str) -> str | None:
        path = self.addresses.path_of(url) if is_absolute(target) else target
        operation = self.document.operation(method, path.rstrip("/") or "/") if path else None
        return operation.id if operation else None

    def _operation_at(self, method: str, url: str) -> str | None:
        """The operation whose whole path stands at the end of a URL: of a token endpoint that the document knows."""
        path = url.partition("?")[0]
        known = (one for one in self.document.operations if one.method == method and path.endswith(one.template))
        return next((one.id for one in known), None)


def _is_true(auth: Present | None) -> bool:
    if auth is None or auth.alteration is not None or auth.stale:
        return False
    return auth.presentation is None and auth.query is None


def _not_followed(outgoing: Outgoing, world: World) -> HttpExchange:
    """The evidence of a Link that leads elsewhere: nothing is sent there, least of all the token."""
    elsewhere = f"the URL leads to another origin, {origin_of(outgoing.url)}"
    return _not_sent(outgoing, world, Failure("not-followed", elsewhere))


def _refused_elsewhere(exchange: HttpExchange) -> HttpExchange:
    """The evidence of a Link that was followed without a credential, and leads no further: no answer to a puller."""
    assert exchange.response is not None  # noqa: S101 - it refuses
    origin, status = origin_of(exchange.request.url), exchange.response.status
    told = f"the URL leads to another origin, {origin}, which gets no credential; without one it answers {status}"
    return replace(exchange, response=None, failure=Failure("not-followed", told))


def _not_sent(outgoing: Outgoing, world: World, failure: Failure, *tags: str) -> HttpExchange:
    now = world.wire.now()
    request = HttpRequest(outgoing.method, outgoing.url, Headers(outgoing.headers))
    return HttpExchange(
        outgoing.id, outgoing.situation, outgoing.operation, request, None, now, now, outgoing.tags | {*tags}, failure
    )
