"""A system for tests of what stands around a mock: it keeps notes, and refuses those without a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness.mock.app import MockApp
from harness.mock.call import Action, Behaviour, Call, Dialect, Refusal, Reply, json_reply
from harness.mock.control import Control, Surroundings
from harness.mock.session import Offered, Served, Session, Sessions
from harness.mock.tables import TableKind
from harness.model.exchange import HttpExchange
from harness.model.profile import Profile
from harness.model.requirement import MUST, Basis, Publication, requirement
from harness.model.settings import Settings
from harness.model.system import DomainObjects, Interface, Service, System
from harness.model.world import Clock, VirtualClock
from harness.spec.openapi import load

NOTES = Publication("A page on notes", Basis.PUBLISHED)


@requirement(MUST, NOTES["1"], row="text", since="2026.12")
def notes_have_a_text() -> None:
    """A note has a text.

    Why: an empty note says nothing.
    Fix: fill the member text.
    """


def put(call: Call) -> Reply:
    row = {"owner": call.parameters["owner"], "id": call.parameters["id"], "secret": "s3cret", **call.value}
    call.session.tables.put("notes", row)
    return json_reply(200, {})


def get(call: Call) -> Reply:
    row = call.session.tables.get("notes", f"{call.parameters['owner']}/{call.parameters['id']}")
    return json_reply(200, {"text": row["text"]}) if row else json_reply(404, {}).but("no such note", "put it first")


def refused(_call: Call, refusals: Sequence[Refusal]) -> Reply:
    problem = refusals[0].problem
    why = f"{problem.where}: expected {problem.expected}, got {problem.actual}"
    return json_reply(422, {"error": why}).but(why, "fill the member text")


def seed(session: Session) -> None:
    for number in (1, 2):
        session.tables.put("notes", {"owner": "NL/ABC", "id": f"N-{number}", "text": "hello", "secret": "s3cret"})
    session.story.at(session.story.now() + timedelta(hours=5), "the note is read aloud", lambda: None)


def write(session: Session, arguments: Mapping[str, Any]) -> Any:
    if arguments["text"] == "nothing":
        raise ValueError("a note must say something")
    session.tables.put("notes", {"owner": "NL/ABC", "id": "N-9", "text": arguments["text"], "secret": "s3cret"})
    return {"written": "N-9"}


_WRITE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {
        "text": {"type": "string", "title": "What it says"},
        "urgent": {"type": "boolean"},
        "copies": {"type": "integer", "minimum": 1},
    },
}
_DIALECT = Dialect(
    unknown_path=lambda _call: json_reply(404, {}).but("there is no such path", "write /toy/notes/OWNER/ID"),
    method_not_listed=lambda _call, _methods: json_reply(405, {}).but("no such method"),
    admit=lambda _call: None,
    refused=refused,
    trouble=lambda _call, status: json_reply(status, {}),
)
BEHAVIOUR = Behaviour(
    operations={"putNote": put, "getNote": get},
    dialects={"notes": _DIALECT},
    tables=(TableKind("notes", lambda row: f"{row['owner']}/{row['id']}", private=frozenset({"secret"})),),
    seed=seed,
    environment=lambda session, origin: {"TOY_URL": f"{origin}/toy", "TOY_SECRET": f"it's {session.id}"},
    known=lambda _session: ["notes NL/ABC/N-1 and NL/ABC/N-2"],
    actions={"write-note": Action("Write a note", write, _WRITE), "sweep": Action("Do nothing", lambda *_: None)},
)


def _served() -> Served:
    service = Service("notes", "toy.yaml", "/toy")
    interface = Interface("toy", "Notes", "client", "2026.12", "toy.yaml", (), DomainObjects({}))
    system = System("toy", "A keeper of notes", 0, (interface,))
    offered = Offered(service, load(Path(__file__).with_name("toy.yaml")), "/toy")
    profile = Profile("toy", "2026.12", Settings({}))
    return Served(system, interface, BEHAVIOUR, (offered,), (notes_have_a_text,), profile)


def line(exchange: HttpExchange) -> dict[str, Any]:
    """A small picture of an exchange."""
    request, response = exchange.request, exchange.response
    return {
        "id": exchange.id,
        "operation": exchange.operation,
        "received": exchange.received.isoformat(),
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": request.headers.fields,
            "body": {"text": request.body.raw.decode("utf-8", "replace")},
            "credential": None,
        },
        "response": response
        and {
            "status": response.status,
            "headers": response.headers.fields,
            "body": {"text": response.body.raw.decode("utf-8", "replace")},
        },
    }


def check(table: str, row: Any) -> list[tuple[str, str, str]]:
    """A note has a text."""
    return [] if isinstance(row.get("text"), str) else [("/text", "text", f"no text in {table}")]


def report(session: Session, system: str, kind: str) -> bytes:
    """No report, but it says of what it would be one."""
    return f"{session.id} {system} {kind} {len(session.journal)}".encode()


@dataclass
class Toy:
    """The mock and its control path as one ASGI app, in one loop as they are in one process."""

    wire: Clock = field(default_factory=lambda: VirtualClock(datetime(2026, 12, 1, 8, tzinfo=UTC)))
    longest_wait: float = 60.0
    origins: dict[str, str] = field(default_factory=lambda: {"toy": "http://localhost"})

    def __post_init__(self) -> None:
        served = (_served(),)
        self.sessions = Sessions(
            lambda name, _systems, situation, seed: Session(name, served, self.wire, seed=seed, situation=situation)
        )
        self._mock = MockApp("toy", self.sessions, self.wire.sleep)
        self._control = Control(
            self.sessions,
            Surroundings("0.0", self.origins, line, report, check, {"box.example"}, longest_wait=self.longest_wait),
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The mock's own paths are the mock's, all others the control path's."""
        is_mocked = scope.get("path", "").startswith(("/toy/", "/~"))
        await (self._mock if is_mocked else self._control)(scope, receive, send)
