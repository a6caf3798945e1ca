"""Push clients that are as right as the reference, and say it in another way."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import orjson

from tests.wrong_clients.sending import Sending, answered, object_in, place, remade, repeated

EARLY_S = 300
_WHOLE_SECONDS = re.compile(rb"(T\d\d:\d\d:\d\d)Z")


class SpeaksInAnotherWay(Sending):
    """Ids in capitals, a query, JSON with blanks and escapes, chunked bodies, a connection for each request."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        base, path = place(request)
        url = base + "/".join([path[0], *(one.upper() for one in path[1:])]) + "?x_trace=1"
        body = object_in(request)
        content = orjson.dumps(body, option=orjson.OPT_INDENT_2) + b"\n" if body else b""
        made = remade(request, url=url, content=content, Accept="*/*", Connection="close", User_Agent="x/1")
        if body:
            made.headers["Content-Type"] = "application/json; charset=utf-8"
            made.headers["Expect"] = "100-continue"
            made = _chunked(made)
        return await self.send(made)


class SpeaksAnotherHttp(Sending):
    """Header names in capitals, chunked bodies after Expect: 100-continue, and a connection for each request."""

    async def send(self, request: httpx.Request) -> httpx.Response:
        made = _chunked(remade(request, Connection="close", Expect="100-continue")) if request.content else request
        headers = [(name.upper(), value) for name, value in made.headers.raw]
        return await super().send(httpx.Request(made.method, made.url, headers=headers, stream=made.stream))


class AsksForATokenInAnotherWay(Sending):
    """The fields in another order, with a scope and a charset."""

    async def token(self, request: httpx.Request) -> httpx.Response:
        fields = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        content = urlencode({**dict(reversed(fields.items())), "scope": "email profile"}).encode()
        form = "application/x-www-form-urlencoded;charset=UTF-8"
        return await self.send(remade(request, content=content, Content_Type=form, Accept="*/*"))


class AsksForATokenByBasic(Sending):
    """Client id and secret by HTTP Basic."""

    async def token(self, request: httpx.Request) -> httpx.Response:
        fields = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        account = httpx.BasicAuth(fields["client_id"], fields["client_secret"])
        asked = remade(request, content=b"grant_type=client_credentials")
        asked.headers["Authorization"] = next(account.auth_flow(asked)).headers["Authorization"]
        return await self.send(asked)


class RenewsItsTokenEarly(Sending):
    """A token is renewed five minutes before it ends; of one that lives shorter, each push has its own."""

    async def token(self, request: httpx.Request) -> httpx.Response:
        response = await self.send(request)
        if response.status_code != 200:
            return response
        told = response.json()
        return answered(request, 200, orjson.dumps({**told, "expires_in": max(0, told["expires_in"] - EARLY_S)}))


class RepeatsAtOnceWhatWasDropped(Sending):
    """Where the connection breaks, it tries once more at once, as HTTP libraries do."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self.send(request)
        except httpx.TransportError:
            return await self.send(repeated(request))


class TellsEverythingTwice(Sending):
    """It pushes each object once more a second later, to be sure."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.told: set[str] = set()

    async def push(self, request: httpx.Request) -> httpx.Response:
        response = await self.send(request)
        if request.method == "PUT" and str(request.url) not in self.told and response.status_code in (200, 201):
            self.told.add(str(request.url))
            await self.sleep(1)
            await self.send(repeated(request))
        return response


class WritesFractionsOfSeconds(Sending):
    """Its moments have milliseconds."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        if not request.content:
            return await self.send(request)
        return await self.send(remade(request, content=_WHOLE_SECONDS.sub(rb"\1.000Z", request.content)))


class ReadsFirstAndGoesOn(Sending):
    """It looks whether the object is there before it writes, and writes where it is not allowed to look."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        await self.send(remade(repeated(request), method="GET", content=b"", without=("content-type",)))
        return await self.send(request)


class WaitsAfterA401(Sending):
    """It gets a new token ten seconds after the old one was refused."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        response = await self.send(request)
        if response.status_code == 401:
            await self.sleep(10)
        return response


class IsSlow(Sending):
    """Each request takes a second on its way."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        await self.sleep(1)
        return await self.send(request)


class PatchesMoreThanIsNew(Sending):
    """Its PATCH of an EVSE holds all members that the EVSE has but the connectors."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.evses: dict[str, dict[str, Any]] = {}

    async def push(self, request: httpx.Request) -> httpx.Response:
        _base, path = place(request)
        body = object_in(request)
        for evse in body.get("evses", ()):
            self.evses[evse["uid"]] = {name: value for name, value in evse.items() if name != "connectors"}
        if request.method == "PATCH" and path[-1] in self.evses:
            told = self.evses[path[-1]] = {**self.evses[path[-1]], **body}
            request = remade(request, content=orjson.dumps(told))
        return await self.send(request)


class HasATokenForEachHalf(Sending):
    """Two processes, each with a token of its own."""

    asked: httpx.Request | None = None
    other: str | None = None
    count = 0

    async def token(self, request: httpx.Request) -> httpx.Response:
        self.asked = request
        self.other = None
        return await self.send(request)

    async def push(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        if self.count % 2 or self.asked is None:
            return await self.send(request)
        if self.other is None:
            given = await self.send(remade(self.asked))
            if given.status_code != 200:
                return await self.send(request)
            self.other = given.json()["access_token"]
        response = await self.send(remade(request, Authorization=f"Bearer {self.other}"))
        if response.status_code == 401:
            self.other = None
        return response


def _chunked(request: httpx.Request) -> httpx.Request:
    content = request.content

    async def parts() -> AsyncIterator[bytes]:
        yield content[:10]
        yield content[10:]

    made = remade(request)
    headers = [pair for pair in made.headers.raw if pair[0].lower() != b"content-length"]
    return httpx.Request(made.method, made.url, headers=headers, content=parts())
