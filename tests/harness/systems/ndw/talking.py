"""The reference's push client against scripted answers, on a clock that moves only when somebody waits."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import httpx
import respx

from harness.systems.ndw.reference.push_client import Answer, PushClient
from harness.systems.ndw.reference.push_token import TokenSource
from harness.systems.ndw.reference.pushes import Push

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
PUSH_URL, TOKEN_URL = "https://ndw.example/ocpi/2.2.1", "https://iam.example/token"
SECRET = "s3cret-of-the-client"
LOG = logging.getLogger("tests.push")
TARIFF = Push("PUT", ("tariffs", "NL", "XPO", "T-1"), {"id": "T-1", "last_updated": "2026-12-01T08:00:00Z"})
STATUS = Push("PATCH", ("locations", "NL", "XPO", "L", "E"), {"status": "CHARGING"})
DELETE = Push("DELETE", ("tariffs", "NL", "XPO", "T-1"))

Scripted = httpx.Response | type[Exception]


@dataclass
class Clock:
    """Moves when somebody sleeps, and lets the others run then."""

    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.instant += timedelta(seconds=seconds)
        await asyncio.sleep(0)


def envelope(code: int, status: int = 200, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"status_code": code, "timestamp": "2026-12-01T08:00:00Z", **more})


def token(number: int = 1, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"access_token": f"token-{number}", "token_type": "Bearer", **more})


@dataclass
class Talk:
    """A client, its answers as they are scripted, and the times of its requests since the start, in seconds."""

    pushes: Sequence[Scripted]
    tokens: Sequence[Scripted] = ()
    clock: Clock = field(default_factory=Clock)
    seen: list[tuple[float, httpx.Request]] = field(default_factory=list)
    asked: list[tuple[float, httpx.Request]] = field(default_factory=list)

    def __post_init__(self) -> None:
        router = respx.MockRouter(assert_all_called=False)
        many = self.tokens or [token(number, expires_in=1800) for number in range(1, 50)]
        router.post(TOKEN_URL).mock(side_effect=self._answers(many, self.asked))
        router.route(url__startswith=PUSH_URL).mock(side_effect=self._answers(self.pushes, self.seen))
        http = httpx.AsyncClient(transport=httpx.MockTransport(router.async_handler))
        given: dict[str, Any] = {"now": self.clock.now, "sleep": self.clock.sleep, "random": Random(1), "log": LOG}
        self.source = TokenSource(TOKEN_URL, "client-1", SECRET, http, **given)
        self.client = PushClient(PUSH_URL, self.source, http, **given)

    def _answers(
        self, scripted: Sequence[Scripted], seen: list[tuple[float, httpx.Request]]
    ) -> Callable[[httpx.Request], httpx.Response]:
        left = list(scripted)

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(((self.clock.now() - NOW).total_seconds(), request))
            following = left.pop(0)
            if isinstance(following, httpx.Response):
                return following
            told = "refused" if following is httpx.ConnectError else f"{dict(request.headers)} {request.content!r}"
            raise following(told)

        return answer

    def push(self, *pushes: Push) -> list[Answer]:
        """What becomes of each push, one after another; what is to be sent again is, until it is done or refused."""

        async def talk() -> list[Answer]:
            answers: list[Answer] = []
            for push in pushes:
                errand, answer = self.client.errand(), Answer.AGAIN
                while answer is Answer.AGAIN:
                    answer = (await self.client.push(errand, lambda one=push: one) or (push, Answer.REFUSED))[1]  # type: ignore[misc]
                answers.append(answer)
            return answers

        return asyncio.run(talk())

    @property
    def gaps(self) -> list[float]:
        """The seconds between its pushes."""
        times = [at for at, _request in self.seen]
        return [after - before for before, after in pairwise(times)]
