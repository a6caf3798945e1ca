"""Looks for the lists near the address that was given, where nothing is served at it. No other host is asked, and
nothing is written.

What is found is told to the user, who may have had a reason to give that address; it is not used in its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from harness.model.credential import Present, Presentation
from harness.model.exchange import HttpExchange
from harness.model.scenario import Ask
from harness.model.system import Listing
from harness.model.world import World
from harness.run.drive import Drive
from harness.run.knocking import target_below
from harness.run.obstacle import opened
from harness.wire.http import RequestsSpentError

MOST_REQUESTS = 20
"""Requests in one search."""


@dataclass(frozen=True)
class Found:
    """What a search came to: what was seen, and what to do about it."""

    seen: str
    todo: str


@dataclass
class Search:
    """A search around one address, with the credential in the form that is tried first."""

    drive: Drive
    world: World
    presentation: Presentation
    situation: str
    _asked: set[str] = field(default_factory=set)
    _sent: int = 0

    def __post_init__(self) -> None:
        self._asked |= {self.drive.addresses.of(entry) for entry in self.drive.interface.entries}

    async def found(self) -> Found | None:
        """Where the first list opens; else what the subject says of itself; else where one asks for a token."""
        guarded: Found | None = None
        access, entry = self.drive.interface.access, self.drive.interface.entries[0]
        knocking, written = self.drive.interface.knocking, self.drive.interface.knocking.method != "GET"
        below = target_below(knocking, self.world)
        for base in self._bases():
            exchange = await self._ask(base + entry + below)
            if exchange is None or exchange.response is None:
                continue
            if access.refused(exchange):
                todo = f"give {base} as --url, and check the token"
                guarded = guarded or Found(f"{base}{entry} asks for a token", todo)
            elif _is_json(exchange) or (written and exchange.response.status == 405):  # read it cannot be, but is there
                return Found(f"{base}{entry} answers {exchange.response.status}", f"give {base} as --url")
        return await self._with_another_ending() or await self._listed() or guarded

    def _bases(self) -> Iterator[str]:
        """Addresses under which the lists may lie, the likeliest first."""
        origin, path = self._given()
        near = self.drive.interface.near.bases
        below = [path + one for one in near if not {*one.split("/")} & {*path.split("/")} - {""}]
        yield from (origin + one for one in dict.fromkeys([*below, *near, path, _above(path), ""]))

    def _directories(self) -> Iterator[str]:
        """Addresses at which the subject may say where it serves; the one that was given may be one."""
        origin, path = self._given()
        near = self.drive.interface.near.directories
        paths = [path, *(stem + near[0] for stem in (path, _above(path))), *near] if near else []
        yield from (origin + one for one in dict.fromkeys(paths))

    def _given(self) -> tuple[str, str]:
        parts = urlsplit(self.drive.addresses.base.rstrip("/"))
        return f"{parts.scheme}://{parts.netloc}", parts.path

    async def _with_another_ending(self) -> Found | None:
        """Frameworks differ in whether an address ends in a slash."""
        urls = {}
        for entry in self.drive.interface.entries:
            url = self.drive.addresses.of(entry)
            other = url.removesuffix("/") if url.endswith("/") else f"{url}/"
            exchange = await self._ask(other)
            if exchange is not None and _is_json(exchange):
                urls[entry] = other
        seen = f"{next(iter(urls.values()))} answers" if urls else ""
        return Found(seen, self._lines(urls)) if urls else None

    async def _listed(self) -> Found | None:
        """The addresses that the subject itself lists."""
        told = ""
        for address in self._directories():
            listing = await self._read(address)
            if listing.further:
                listing = await self._read(listing.further)
            urls = {entry: listing.entries[entry] for entry in self.drive.interface.entries if entry in listing.entries}
            if urls:
                return Found(f"{address} says where the lists are", self._lines(urls))
            told = told or (f"{address} says: {listing.told}" if listing.told else "")
        return Found(told, "give the address at which it serves the right version as --url") if told else None

    async def _read(self, url: str) -> Listing:
        exchange = await self._ask(url)
        return self.drive.interface.near.read(exchange) if exchange is not None and _is_json(exchange) else Listing()

    async def _ask(self, url: str) -> HttpExchange | None:
        """What comes of one request; None where it was made before, or no more may be sent."""
        if url in self._asked or self._sent >= MOST_REQUESTS:
            return None
        self._asked.add(url)
        self._sent += 1
        present = Present(self.world.secret, presentation=self.presentation)
        try:
            ask = Ask("GET", url, auth=present, tags=frozenset({"probe"}))
            exchange = await self.drive.ask(ask, self.world, self.situation)
        except RequestsSpentError:
            return None
        self.drive.on_exchange(exchange)
        return exchange

    @staticmethod
    def _lines(urls: dict[str, str]) -> str:
        return "in harness.toml set " + ", ".join(f'{entry.strip("/")}_url = "{url}"' for entry, url in urls.items())


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _is_json(exchange: HttpExchange) -> bool:
    response = exchange.response
    return opened(exchange) and response is not None and response.status < 300 and response.body.is_json
