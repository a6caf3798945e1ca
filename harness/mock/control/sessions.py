"""Sessions, begun and ended."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from harness.mock.control.access import (
    LARGEST_INTEGER,
    NOT_DONE,
    NOT_FOUND,
    Asked,
    Here,
    Kept,
    OfSession,
    Refused,
    Told,
    moment,
)
from harness.mock.control.reports import made
from harness.mock.session import DEFAULT, Session
from harness.model.spelling import did_you_mean

MOST_SESSIONS = 1000

router = APIRouter(prefix="/sessions", tags=["sessions"])
_Seed = Annotated[int, Field(ge=0, le=LARGEST_INTEGER, description="The same seed gives the same ids and secrets")]


class SessionAsked(Asked):
    """What a new session is to be."""

    systems: Annotated[tuple[str, ...], Field(strict=False, description="All where it is left out or empty")] = ()
    situation: str = "serve"
    seed: _Seed = 1


class SessionBegun(Told):
    """A new session, and the settings that a client of it needs."""

    id: str
    env: dict[str, str]


class ResetAsked(Asked):
    """How to begin anew."""

    seed: Annotated[_Seed | None, Field(description="Another seed; the one it had where it is left out")] = None


class SessionShown(Told):
    """A session. `oldest` and `last` are numbers of its journal; `version` grows when its state changes; `events` are
    the last of what the control path did in it, `changes` counts all of that."""

    id: str
    systems: list[str]
    situation: str
    seed: int
    began: str
    env: dict[str, str]
    known: list[str]
    oldest: int
    last: int
    version: int
    changes: int
    operations: list[str]
    events: list[dict[str, Any]]


class SessionsShown(Told):
    """All of them, in order of their beginning."""

    sessions: list[SessionShown]


@router.post("", status_code=201, responses=NOT_DONE)
async def begin_a_session(asked: SessionAsked, here: Here) -> SessionBegun:
    """A world of its own, apart from all others."""
    for system in asked.systems:
        _check("system", system, here.surroundings.origins)
    _check("situation", asked.situation, here.surroundings.situations)
    if len(list(here.sessions)) >= MOST_SESSIONS:
        raise Refused(422, f"there are {MOST_SESSIONS} sessions already: end some (DELETE /sessions/ID)")
    session = here.sessions.add(None, tuple(dict.fromkeys(asked.systems)), asked.situation, asked.seed)
    return SessionBegun(id=session.id, env=session.environment(here.surroundings.origins))


def _check(kind: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise Refused(422, f"there is no {kind} {name}{did_you_mean(name, known)}")


@router.get("")
async def list_sessions(here: Here) -> SessionsShown:
    """All sessions there are."""
    return SessionsShown(sessions=[_shown(session, here) for session in here.sessions])


@router.get("/{session}", responses=NOT_FOUND)
async def show_a_session(session: OfSession, here: Here) -> SessionShown:
    """One session."""
    return _shown(session, here)


def _shown(session: Session, here: Kept) -> SessionShown:
    return SessionShown(
        id=session.id,
        systems=[one.system.name for one in session.served],
        situation=session.situation,
        seed=session.seed,
        began=moment(session.began),
        env=session.environment(here.surroundings.origins),
        known=[line for one in session.served for line in one.behaviour.known(session)],
        oldest=session.journal.last + 1 - len(session.journal),
        last=session.journal.last,
        version=session.tables.version,
        changes=here.changes.get(session, 0),
        operations=[name for one in session.served for name in one.operations],
        events=[asdict(event) for event in here.events.get(session, ())],
    )


@router.delete("/{session}", status_code=204, responses=NOT_DONE)
async def end_a_session(session: OfSession, here: Here) -> Response:
    """Forget a session and all that is in it."""
    if session.id == DEFAULT:
        raise Refused(422, "the session default cannot be ended; POST …/reset makes it as it was at first")
    here.sessions.drop(session.id)
    session.journal.wake()
    return Response(status_code=204)


@router.post("/{session}/reset", responses=NOT_DONE)
async def reset_a_session(session: OfSession, here: Here, asked: ResetAsked | None = None) -> SessionBegun:
    """Begin anew: the state as it was at first, no faults, an empty journal, story time as wire time."""
    session.reset(asked.seed if asked else None)
    here.tell(session, f"reset, with seed {session.seed}")
    return SessionBegun(id=session.id, env=session.environment(here.surroundings.origins))


class NextShown(Told):
    """The situation that is played next; None where it was the last."""

    situation: str | None


@router.post("/{session}/next", responses={**NOT_FOUND, 409: {"description": "There is no next situation"}})
async def go_to_the_next_situation(session: OfSession, here: Here) -> NextShown:
    """Go on to the next situation of a suite."""
    if here.surroundings.go_on is None:
        raise Refused(
            409, f"session {session.id} has no next situation: it plays {session.situation} until it is ended"
        )
    following = here.surroundings.go_on(False)
    here.tell(session, f"on to {following or 'the end'}")
    return NextShown(situation=following)


@router.post("/{session}/finish", responses=NOT_DONE)
async def finish_a_session(session: OfSession, here: Here, system: str | None = None) -> Response:
    """Its report.json, as the last word: then the session ends. (The session default goes on; a suite that is played
    ends with the present situation, and its whole report lies in the run folder.)"""
    report = made(session, here, "json", system)
    if here.surroundings.go_on is not None:
        here.surroundings.go_on(True)
    elif here.sessions.drop(session.id):
        session.journal.wake()
    return report
