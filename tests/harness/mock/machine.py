"""NDW's mock and its control path as one ASGI app, and a client of one of its sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
import orjson

from harness.cli.mock_data import check_of
from harness.cli.mock_report import bytes_in
from harness.cli.mocks import mock_sessions, served_by_default
from harness.mock.app import MockApp, Names
from harness.mock.control import Control, Surroundings
from harness.mock.session import DEFAULT, Served, Session
from harness.model.world import Clock, VirtualClock
from harness.report.record import told

AT = "/_harness/v1"
HOST = "http://localhost"
NEW = "2026-12-01T07:59:00Z"


@cache
def _served(settings: tuple[tuple[str, str], ...]) -> Served:
    return served_by_default("ndw", dict(settings))


@dataclass
class Machine:
    """The mock's own paths are the mock's, those of the control path the control path's. It is known as `HOST`,
    wherever it listens."""

    settings: tuple[tuple[str, str], ...] = ()
    wire: Clock = field(default_factory=lambda: VirtualClock(datetime(2026, 12, 1, 8, tzinfo=UTC)))

    def __post_init__(self) -> None:
        served = (_served(self.settings),)
        self.sessions = mock_sessions(served, self.wire)
        self.mock = MockApp("ndw", self.sessions, self.wire.sleep, Names(HOST))
        origins = {"ndw": HOST}

        def report(session: Session, system: str, kind: str) -> bytes:
            return bytes_in(session, system, kind, origins)

        self.control = Control(
            self.sessions, Surroundings("0.0", origins, told, report, check_of(served), longest_wait=0)
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        is_control = scope.get("path", "").startswith("/_harness/")
        await (self.control if is_control else self.mock)(scope, receive, send)

    @property
    def default(self) -> Session:
        """The session that is always there."""
        return self.session(DEFAULT)

    def session(self, name: str) -> Session:
        """The session of this id."""
        found = self.sessions.get(name)
        assert found is not None, name
        return found

    def env(self, name: str = DEFAULT) -> dict[str, str]:
        """The settings for a client of this session."""
        return self.session(name).environment({"ndw": HOST})


class Client:
    """Pushes with the settings of one session, over any transport."""

    def __init__(self, http: httpx.AsyncClient, env: Mapping[str, str]) -> None:
        self.http, self.env = http, dict(env)
        self.token = ""

    async def ask(self, **form: str) -> httpx.Response:
        """A token, or why there is none; `form` takes the place of fields."""
        right = {
            "grant_type": "client_credentials",
            "client_id": self.env["NDW_CLIENT_ID"],
            "client_secret": self.env["NDW_CLIENT_SECRET"],
        }
        answer = await self.http.post(self.env["NDW_TOKEN_URL"], data={**right, **form})
        if answer.status_code == 200:
            self.token = answer.json()["access_token"]
        return answer

    async def push(
        self, method: str, path: str, value: Any = None, raw: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """One push with the token of the last answer."""
        given = {
            "Authorization": f"Bearer {self.token}",
            "X-Request-ID": "r-1",
            "X-Correlation-ID": "c-1",
            **({"Content-Type": "application/json"} if raw or value is not None else {}),
            **(headers or {}),
        }
        content = raw or (orjson.dumps(value) if value is not None else None)
        return await self.http.request(method, self.env["NDW_PUSH_URL"] + path, content=content, headers=given)
