"""Push clients that go wrong with their access token, each by its one fault."""

from typing import Any
from urllib.parse import parse_qs

import httpx
import orjson

from harness.systems.ndw.reference.push_in_process import Client
from tests.wrong_clients.sending import DONE, Sending, answered, remade


class FetchesATokenForEachPush(Sending):
    """It has a new token for every request, as a script has that calls a function login() first."""

    asked: httpx.Request | None = None

    async def token(self, request: httpx.Request) -> httpx.Response:
        self.asked = request
        return await self.send(request)

    async def push(self, request: httpx.Request) -> httpx.Response:
        assert self.asked is not None
        given = await self.send(remade(self.asked))
        return await self.send(remade(request, Authorization=f"Bearer {given.json()['access_token']}"))


class KeepsATokenUntilItIsRefused(Sending):
    """It reads no expires_in."""

    async def token(self, request: httpx.Request) -> httpx.Response:
        response = await self.send(request)
        told = {name: value for name, value in response.json().items() if name != "expires_in"}
        return answered(request, response.status_code, orjson.dumps(told))


class GivesUpAfterA401(Sending):
    """It takes a 401 for the end of the matter."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        response = await self.send(request)
        return answered(request, 200, DONE) if response.status_code == 401 else response


class HammersTheTokenServer(Sending):
    """It asks for a token until it has one."""

    async def token(self, request: httpx.Request) -> httpx.Response:
        response = await self.send(request)
        while response.status_code != 200:
            await self.sleep(0.01)
            response = await self.send(remade(request))
        return response


class AsksForATokenInJson(Sending):
    """It sends the fields as JSON."""

    async def token(self, request: httpx.Request) -> httpx.Response:
        fields = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        return await self.send(remade(request, content=orjson.dumps(fields), Content_Type="application/json"))


class ShowsItsTokenAsOcpiDoes(Sending):
    """Its scheme is Token, as it is for the pull."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        return await self.send(remade(request, Authorization=f"Token {token}"))


class PutsItsTokenInTheUrl(Sending):
    """It shows the token in the query besides, for those who look there."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        return await self.send(remade(request, url=request.url.copy_merge_params({"access_token": token})))


class LogsItsHeaders(Client):
    """It writes the headers of each request to its log."""

    def __init__(self, environment: Any, http: httpx.AsyncClient, **given: Any) -> None:
        async def logged(request: httpx.Request) -> None:
            given["log"].info("> %s", dict(request.headers))

        http.event_hooks = {"request": [logged]}
        super().__init__(environment, http, **given)
