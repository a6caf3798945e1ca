"""What every part of the control path uses: the sessions, words for what is wrong, and what happened on request."""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from weakref import WeakKeyDictionary

import orjson
from fastapi import Depends, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from harness.mock.control import Surroundings
from harness.mock.session import Session, Sessions
from harness.model.spelling import did_you_mean

AT = "/_harness/v1"
"""Where the control path begins."""
_KEPT_EVENTS = 100
LARGEST_INTEGER = 2**53 - 1
"""The largest number that every reader of JSON gets right."""


class Refused(Exception):  # noqa: N818 - an answer, no accident
    """The answer to a request that cannot be carried out: a status, words, and the places that are wrong."""

    def __init__(self, status: int, detail: str, problems: Iterable[Mapping[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.problems = status, detail, list(problems)

    def response(self) -> "Answer":
        """What goes out."""
        return Answer({"detail": self.detail, **({"problems": self.problems} if self.problems else {})}, self.status)


class Answer(JSONResponse):
    """A JSON answer, whatever text is in it."""

    def render(self, content: Any) -> bytes:
        """The bytes."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


class Asked(BaseModel):
    """A body with these members and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """A body that goes out."""


class Wrong(Told):
    """Why something was not done."""

    detail: str
    problems: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Event:
    """Something that was done by the control path, after the exchange of this number."""

    at: str
    after: int
    text: str


@dataclass(frozen=True)
class Kept:
    """What the control path works on. `events` are the last of what it did in each session, `changes` counts all."""

    sessions: Sessions
    surroundings: Surroundings
    events: WeakKeyDictionary[Session, deque[Event]] = field(default_factory=WeakKeyDictionary)
    changes: WeakKeyDictionary[Session, int] = field(default_factory=WeakKeyDictionary)

    def tell(self, session: Session, text: str) -> None:
        """Note what was done, and wake whoever looks at the session."""
        kept = self.events.setdefault(session, deque(maxlen=_KEPT_EVENTS))
        kept.append(Event(moment(session.wire.now()), session.journal.last, text))
        self.changes[session] = self.changes.get(session, 0) + 1
        session.journal.wake()


def _kept(request: Request) -> Kept:
    kept: Kept = request.app.state.kept
    return kept


Here = Annotated[Kept, Depends(_kept)]


def _session(
    here: Here, session: Annotated[str, Path(description="The id of a session, such as `default`")]
) -> Session:
    found = here.sessions.get(session)
    if found is None:
        known = [one.id for one in here.sessions]
        raise Refused(404, f"there is no session {session}{did_you_mean(session, known)}")
    return found


OfSession = Annotated[Session, Depends(_session)]


async def _value(request: Request) -> Any:
    raw = await request.body()
    return orjson.loads(raw) if raw else None


AnyJson = Annotated[Any, Depends(_value)]
"""The JSON value of the body, None where there is no body. (The guard has seen to it that it is JSON.)"""

FREE_BODY: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
"""How a body is documented that may be any object."""

NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Wrong, "description": "There is none"}}
NOT_DONE: dict[int | str, dict[str, Any]] = {
    **NOT_FOUND,
    422: {"model": Wrong, "description": "It cannot be done; the words say why"},
}


def moment(instant: datetime) -> str:
    """An instant as RFC 3339 in UTC."""
    return instant.isoformat().replace("+00:00", "Z")
