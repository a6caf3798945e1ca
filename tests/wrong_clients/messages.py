"""Push clients that say things in another way than NDW asks, each by its one fault."""

import asyncio
from typing import Any
from unittest.mock import patch

import httpx
import orjson

from harness.systems.ndw.reference import push_setup
from harness.systems.ndw.reference.push_in_process import Client
from harness.systems.ndw.reference.pusher import Pusher
from harness.systems.ndw.reference.store import Key
from tests.wrong_clients.sending import Sending, object_in, place, remade, repeated

EVSE_URL = 5
"""So many segments does the path to an EVSE have, from the module on."""


class DeletesAnEvse(Sending):
    """It takes an EVSE away by DELETE."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        if object_in(request).get("status") == "REMOVED":
            request = remade(request, method="DELETE", content=b"", without=("content-type",))
        return await self.send(request)


class PostsObjects(Sending):
    """It makes objects by POST."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        return await self.send(remade(request, method="POST") if request.method == "PUT" else request)


class NamesAnEvseByItsEvseId(Sending):
    """In the URL of an EVSE stands its evse_id."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.evse_ids: dict[str, str] = {}

    async def push(self, request: httpx.Request) -> httpx.Response:
        base, path = place(request)
        for evse in object_in(request).get("evses", ()):
            self.evse_ids[evse["uid"]] = evse["evse_id"]
        if len(path) >= EVSE_URL:
            path[4] = self.evse_ids.get(path[4], path[4])
            request = remade(request, url=base + "/".join(path))
        return await self.send(request)


class PushesInThePlatformsName(Sending):
    """In the URL stands the party of the platform that it runs on."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        base, path = place(request)
        path[2] = "PLT"
        return await self.send(remade(request, url=base + "/".join(path)))


class PutsALocationWithTheChangedEvse(Sending):
    """It tells a status by a PUT of the location that holds no EVSE but the one that changed."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.locations: dict[str, dict[str, Any]] = {}

    async def push(self, request: httpx.Request) -> httpx.Response:
        base, path = place(request)
        body = object_in(request)
        if path[0] == "locations" and len(path) < EVSE_URL and request.method == "PUT":
            self.locations[path[3]] = body
        if request.method == "PATCH" and len(path) == EVSE_URL:
            whole = self.locations[path[3]]
            evse = next(one for one in whole["evses"] if one["uid"] == path[4])
            told = {**whole, "evses": [{**evse, **body}], "last_updated": body["last_updated"]}
            request = remade(request, method="PUT", url=base + "/".join(path[:4]), content=orjson.dumps(told))
        return await self.send(request)


class TellsAStatusInTheLocation(Sending):
    """It tells a status by a PATCH of the location."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.evses: dict[str, dict[str, Any]] = {}

    async def push(self, request: httpx.Request) -> httpx.Response:
        base, path = place(request)
        body = object_in(request)
        for evse in body.get("evses", ()):
            self.evses[evse["uid"]] = evse
        if request.method == "PATCH" and len(path) == EVSE_URL:
            self.evses[path[4]] = {**self.evses[path[4]], **body}
            told = {"evses": [self.evses[path[4]]], "last_updated": body["last_updated"]}
            request = remade(request, url=base + "/".join(path[:4]), content=orjson.dumps(told))
        return await self.send(request)


class PatchesBeforeItPuts(Sending):
    """It tells the status of a location's EVSEs before it tells of the location."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        base, path = place(request)
        body = object_in(request)
        if path[0] == "locations" and request.method == "PUT":
            for evse in body.get("evses", ())[:1]:
                told = orjson.dumps({name: evse[name] for name in ("status", "last_updated")})
                there = base + "/".join([*path[:4], evse["uid"]])
                await self.send(remade(repeated(request), method="PATCH", url=there, content=told))
        return await self.send(request)


class PushesAnotherPrice(Sending):
    """It tells prices with the tax in them, and shows them without to those who pull."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        body = object_in(request)
        for element in body.get("elements", ()):
            for price in element["price_components"]:
                price["price"] = round(price["price"] * 1.21, 4)
        return await self.send(remade(request, content=orjson.dumps(body)) if "elements" in body else request)


class StampsEachPushAnew(Sending):
    """Its last_updated is when it pushes, not when something changed."""

    async def push(self, request: httpx.Request) -> httpx.Response:
        body = object_in(request)
        if body:
            told = {**body, "last_updated": f"{self.now():%Y-%m-%dT%H:%M:%S}.500Z"}
            request = remade(request, content=orjson.dumps(told))
        return await self.send(request)


class DeletesATariffThatIsNamed(Sending):
    """It deletes a tariff while connectors name it."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.named = ""

    async def push(self, request: httpx.Request) -> httpx.Response:
        base, path = place(request)
        for evse in object_in(request).get("evses", ()):
            self.named = evse["connectors"][0]["tariff_ids"][0]
        if request.method == "DELETE":
            request = remade(request, url=base + "/".join([*path[:3], self.named]))
        return await self.send(request)


class NamesATariffBeforeItTellsIt(Client):
    """It pushes a location though the tariffs that it names are still on their way."""

    async def start(self) -> None:
        with patch.object(push_setup, "Pusher", HastyPusher):
            await super().start()


class HastyPusher(Pusher):
    async def _settle(self, key: Key) -> None:
        if key.kind == "tariffs":
            await asyncio.sleep(5)
        await super()._settle(key)

    def _has_to_wait(self, _key: Key) -> bool:
        return False
