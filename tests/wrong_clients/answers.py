"""Push clients that take NDW's answers wrongly, each by its one fault."""

import asyncio
from typing import Any

import httpx

from tests.wrong_clients.sending import DONE, Sending, answered, code_in, remade


class RepeatsWhatWasRefused(Sending):
    """It takes a code of 2xxx for trouble that will pass."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        return await self.again_while(request, lambda response: code_in(response) // 1000 == 2, 5)


class LooksForDataInEveryAnswer(Sending):
    """It takes a success without data for a failure."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        return await self.again_while(
            request, lambda response: code_in(response) == 1000 and not response.json().get("data"), 5
        )


class ReadsTheBodyOfA204(Sending):
    """It finds no JSON in an answer that has no body, and calls that a failure."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        return await self.again_while(request, lambda response: response.status_code == 204, 1)


class HammersWhileNdwIsDown(Sending):
    """It repeats until it works."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        return await self.again_while(request, lambda response: response.status_code >= 500, 0.2)


class IgnoresRetryAfter(Sending):
    """It comes again after half a second, whatever NDW asks."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        return await self.again_while(request, lambda response: response.status_code == 429, 0.5)


class PatchesAgainWhatIsUnknown(Sending):
    """It takes a 404 for trouble that will pass."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        response = await self.send(request)
        return answered(request, 503) if response.status_code == 404 else response


class ForgetsWhatFailed(Sending):
    """It does not come back to what was answered 5xx."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        response = await self.send(request)
        return answered(request, 200, DONE) if response.status_code >= 500 else response


class ReplaysAQueue(Sending):
    """It has a queue of messages, and works it off in order: what is stuck holds up all that follows."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.queue: asyncio.Queue[httpx.Request] = asyncio.Queue()
        self.worker: asyncio.Task[None] | None = None

    async def push(self, request: httpx.Request) -> httpx.Response:
        if request.method != "PATCH":
            return await self.send(request)
        self.queue.put_nowait(remade(request))
        self.worker = self.worker or asyncio.create_task(self._work())
        return answered(request, 200, DONE)

    async def _work(self) -> None:
        while True:
            message = await self.queue.get()
            await self.again_while(message, lambda response: response.status_code >= 500, 2)


class ReadsBeforeItWrites(Sending):
    """It pushes only what it could read first."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        read = await self.send(remade(request, method="GET", content=b""))
        return answered(request, 500) if read.status_code == 405 else await self.send(request)


class TellsStatusesEveryFiveMinutes(Sending):
    """It collects statuses."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            await self.sleep(300)
        return await self.send(request)
