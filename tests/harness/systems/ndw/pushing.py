"""A mock of NDW in process, and a client that pushes to it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
import orjson

from harness.cli.mocks import mock_sessions, served_by_default
from harness.mock.app import MockApp
from harness.mock.journal import Entry
from harness.mock.session import DEFAULT, Served, Session
from harness.mock.tables import Row
from harness.model.world import VirtualClock
from harness.systems.ndw.seed import first_location, first_tariff
from harness.wire.transport import in_process

NEW, SAME, OLD = "2026-12-01T07:59:00Z", "2026-06-01T08:00:00Z", "2026-05-01T08:00:00Z"
LOCATION, TARIFF = "/locations/NL/XPO/LOC-0001", "/tariffs/NL/XPO/TAR-01"
EVSE, CONNECTOR = f"{LOCATION}/EV-0001-A", f"{LOCATION}/EV-0001-A/1"


@cache
def _served(settings: tuple[tuple[str, str], ...]) -> Served:
    return served_by_default("ndw", dict(settings))


class Pushing:
    """A mock with these settings, and an account's client at it."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self.clock = VirtualClock(datetime(2026, 12, 1, 8, tzinfo=UTC))
        sessions = mock_sessions((_served(tuple(sorted((settings or {}).items()))),), self.clock)
        session = sessions.get(DEFAULT)
        assert session is not None
        self.session: Session = session
        self.env = session.environment({"ndw": "http://localhost"})
        transport = in_process(MockApp("ndw", sessions, self.clock.sleep))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
        self.token = ""

    def ask(self, **fields: Any) -> httpx.Response:
        """Ask for a token with these fields; by default the right ones."""
        right = {
            "client_id": self.env["NDW_CLIENT_ID"],
            "client_secret": self.env["NDW_CLIENT_SECRET"],
            "grant_type": "client_credentials",
        }
        return asyncio.run(self._client.post(self.env["NDW_TOKEN_URL"], **(fields or {"data": right})))

    def push(
        self, method: str, path: str, value: Any = None, headers: Mapping[str, str] | None = None, raw: bytes = b""
    ) -> httpx.Response:
        """One push with a token; `value` is its body."""
        if not self.token:
            self.token = self.ask().json()["access_token"]
        given = {"Authorization": f"Bearer {self.token}", "X-Request-ID": f"r{self.session.journal.last}"}
        given |= {
            "X-Correlation-ID": "c1",
            **({"Content-Type": "application/json"} if value is not None or raw else {}),
        }
        content = raw or (orjson.dumps(value) if value is not None else None)
        url = self.env["NDW_PUSH_URL"] + path
        return asyncio.run(self._client.request(method, url, content=content, headers={**given, **(headers or {})}))

    @property
    def last(self) -> Entry:
        """The last entry of the journal."""
        return list(self.session.journal)[-1]

    def stored(self, key: str = "NL/XPO/LOC-0001", table: str = "locations") -> Row:
        """What is stored under a key; empty where nothing is."""
        return self.session.tables.get(table, key) or {}


def location(**other: Any) -> dict[str, Any]:
    """The location that the mock holds at first, newer, with other members."""
    return {**first_location(), "last_updated": NEW, **other}


def evse(**other: Any) -> dict[str, Any]:
    """Its first EVSE, likewise."""
    return {**first_location()["evses"][0], "last_updated": NEW, **other}


def tariff(**other: Any) -> dict[str, Any]:
    """The tariff that the mock holds at first, likewise."""
    return {**first_tariff(), "last_updated": NEW, **other}
