"""The access token of a client while the conversations go on: which one is shown, and when another is fetched."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from harness.auth.vault import Vault
from harness.judge.vocabulary import token_life_s
from harness.model.credential import Client, Present, Secret
from harness.model.exchange import HttpExchange
from harness.model.scenario import Ask, token_request
from harness.model.world import Clock

GIVEN_OUT = ("access_token", "refresh_token", "id_token")
"""Members of a token endpoint's answer that nobody may see (RFC 6749 5.1, OpenID Connect Core 3.1.3.3)."""

_EARLY_S = 30
"""Seconds before its end at which a token is no longer relied on; at most a tenth of its life."""

Send = Callable[[Ask], Awaitable[HttpExchange]]


class NoFurtherTokenError(Exception):
    """The token endpoint, which gave out tokens before, gives no more; the text says with what."""


@dataclass
class AccessToken:
    """Takes tokens from answers. `secret` is the newest; who still holds an older handle shows the newest all the same.

    `ends` is when it is over by its own ``expires_in``, None where that was not said.
    """

    vault: Vault
    client: Client
    secret: Secret | None = None
    ends: datetime | None = None
    _due: datetime | None = None
    _taken: int = 0
    _refused_fresh: set[str] = field(default_factory=set)

    def is_login(self, ask: Ask) -> bool:
        """A request to the client's token endpoint."""
        return ask.method == "POST" and ask.target == self.client.token_url

    def check(self, ask: Ask) -> None:
        """ValueError where the client's secret would go anywhere else than to its token endpoint, or another there."""
        if (ask.auth is not None and ask.auth.secret.n == self.client.secret.n) != self.is_login(ask):
            raise ValueError(f"{ask.method} {ask.target}: a credential was about to go where it does not belong")

    def take(self, exchange: HttpExchange) -> None:
        """Use the token that this answer of the token endpoint gives out, if any."""
        response = exchange.response
        issued = response.issued if response is not None and 200 <= response.status < 300 else ()
        number = next((one.n for one in issued if one.place == "body:access_token"), None)
        if number is None:
            return
        new = self.vault.handle(number)
        if self.secret is not None:
            self.vault.supersede(self.secret, new)
        self.secret = new
        self._taken += 1
        life = token_life_s(exchange)
        self.ends = self._due = None
        if life is not None:
            self.ends = exchange.sent + timedelta(seconds=life)
            self._due = self.ends - timedelta(seconds=min(_EARLY_S, life / 10))

    async def exchanges(self, ask: Ask, send: Send, clock: Clock) -> AsyncIterator[HttpExchange]:
        """What it takes to ask this, the answer last.

        A fresh token is fetched before the old one ends, and once more where it is refused with 401 all the same. The
        refusal of a token that may be over by then is nothing to hold against the subject.
        """
        if ask.auth is None or ask.auth.stale or self.is_login(ask):
            yield await send(ask)
            return
        if self._due is not None and clock.now() >= self._due:
            yield await self._fetched(send, clock)
        answer = await send(ask)
        place = answer.operation or answer.request.url.partition("?")[0]
        if not (_is_refused(answer) and _is_plain(ask.auth)) or place in self._refused_fresh:
            yield answer
            return
        over = self._may_be_over(answer.sent)
        yield replace(answer, tags=answer.tags - {"authorised"} | {"token may be over"}) if over else answer
        yield await self._fetched(send, clock)
        answer = await send(ask)
        if _is_refused(answer):
            self._refused_fresh.add(place)
        yield answer

    async def _fetched(self, send: Send, clock: Clock) -> HttpExchange:
        before = self._taken
        exchange = await send(token_request(self.client))
        if self._taken == before and self._may_be_over(clock.now()):
            told = exchange.failure.detail if exchange.failure else "its answer holds no access token"
            raise NoFurtherTokenError(f"the token endpoint gives no further token: {told}")
        return exchange

    def _may_be_over(self, now: datetime) -> bool:
        return self.ends is None or now >= self.ends


def _is_plain(auth: Present) -> bool:
    return auth.alteration is None and auth.presentation is None and auth.query is None


def _is_refused(exchange: HttpExchange) -> bool:
    return exchange.response is not None and exchange.response.status == 401
