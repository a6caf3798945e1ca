"""What a session comes to so far."""

from fastapi import APIRouter, Response

from harness.mock.control.access import NOT_DONE, Here, Kept, OfSession, Refused
from harness.mock.session import Session
from harness.model.spelling import did_you_mean

_MEDIA = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "junit": "application/xml",
    "run.jsonl": "application/x-ndjson",
}

router = APIRouter(prefix="/sessions/{session}", tags=["reports"], responses=NOT_DONE)


@router.get("/report.json")
async def report_as_json(session: OfSession, here: Here, system: str | None = None) -> Response:
    """The verdicts so far on a system's clients (the first system where none is named)."""
    return made(session, here, "json", system)


@router.get("/report.html")
async def report_as_a_page(session: OfSession, here: Here, system: str | None = None) -> Response:
    """The same for people."""
    return made(session, here, "html", system)


@router.get("/report.md")
async def report_as_markdown(session: OfSession, here: Here, system: str | None = None) -> Response:
    """The same as Markdown."""
    return made(session, here, "md", system)


@router.get("/junit.xml")
async def report_as_junit(session: OfSession, here: Here, system: str | None = None) -> Response:
    """The same for build servers."""
    return made(session, here, "junit", system)


@router.get("/run.jsonl")
async def the_record(session: OfSession, here: Here, system: str | None = None) -> Response:
    """The record that the reports are made of."""
    return made(session, here, "run.jsonl", system)


def made(session: Session, here: Kept, kind: str, system: str | None) -> Response:
    """A session's report on the clients of a system."""
    names = [one.system.name for one in session.served]
    if system is not None and system not in names:
        raise Refused(422, f"session {session.id} has no system {system}{did_you_mean(system, names)}")
    content = here.surroundings.report(session, system or names[0], kind)
    return Response(content, media_type=_MEDIA[kind])
