"""The journal of a session: what was said to it, and what was said of that."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from harness.judge.tally import Finding
from harness.mock.control.access import LARGEST_INTEGER, NOT_DONE, NOT_FOUND, Answer, Here, Kept, OfSession, Refused
from harness.mock.journal import Entry
from harness.mock.session import Session
from harness.model.requirement import Requirement
from harness.model.spelling import did_you_mean

NDJSON = "application/x-ndjson"
_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {"description": "One JSON object a line", "content": {NDJSON: {"schema": {"type": "string"}}}}
}

router = APIRouter(tags=["journal"])


@router.get("/sessions/{session}/exchanges", response_class=Response, responses={**_DOCUMENTED, **NOT_DONE})
async def read_the_journal(
    session: OfSession,
    here: Here,
    after: Annotated[int, Query(ge=0, le=LARGEST_INTEGER, description="Only entries with a higher number")] = 0,
    wait: Annotated[float, Query(ge=0, le=60, description="Seconds to wait for one where there is none")] = 0,
    changes: Annotated[
        int | None, Query(ge=0, description="Come back, too, when `changes` of the session is another number")
    ] = None,
) -> Response:
    """The entries that are still there, without secrets. `Harness-Oldest` names the oldest: earlier ones are gone."""
    journal = session.journal
    entries = journal.after(after)
    seconds = min(wait, here.surroundings.longest_wait)
    try:
        async with asyncio.timeout(seconds):
            while not entries and seconds > 0 and _goes_on(session, here, changes):
                entries = await journal.wait(after, seconds)
    except TimeoutError:
        pass
    lines = [Answer(_line(entry, session, here)).body for entry in entries]
    headers = {"Harness-Oldest": str(journal.last + 1 - len(journal))}
    return Response(b"".join(bytes(line) + b"\n" for line in lines), media_type=NDJSON, headers=headers)


def _goes_on(session: Session, here: Kept, changes: int | None) -> bool:
    """The session is there, and nothing was done to it that the one who waits does not know."""
    is_same = changes is None or changes == here.changes.get(session, 0)
    return is_same and here.sessions.get(session.id) is session


def _line(entry: Entry, session: Session, here: Kept) -> Mapping[str, Any]:
    return {
        "n": entry.n,
        **here.surroundings.line(entry.exchange),
        "service": entry.service,
        "refused": {"why": entry.why, "advice": entry.advice} if entry.why else None,
        "problems": [_problem(finding, session, entry.service) for finding in entry.findings],
        "faults": entry.faults,
        "notes": entry.notes,
    }


def _problem(finding: Finding, session: Session, service: str) -> dict[str, Any]:
    """A problem, with the clause that is broken and how strongly it binds here."""
    profiles = [one.profile for one in session.served if any(each.service.name == service for each in one.offered)]
    problem, requirement = finding.problem, finding.requirement
    keyword = profiles[0].effective(requirement) if profiles else requirement.keyword
    return {
        "requirement": requirement.id,
        "title": requirement.title,
        "keyword": keyword,
        "binds": requirement.binds,
        "where": problem.where,
        "expected": problem.expected,
        "actual": problem.actual,
        "object": problem.object,
    }


@router.get("/clauses/{clause:path}", response_class=Answer, responses=NOT_FOUND)
async def show_a_clause(clause: str, here: Here) -> Answer:
    """What a clause asks for, why, where it stands, and how to obey it."""
    known: dict[str, Requirement] = {}
    for session in here.sessions:
        for one in session.served:
            known |= {requirement.id: requirement for requirement in one.requirements}
    if clause not in known:
        raise Refused(404, f"there is no clause {clause}{did_you_mean(clause, known, ' (harness list requirements)')}")
    found = known[clause]
    return Answer(
        {
            "id": found.id,
            "title": found.title,
            "keyword": found.keyword,
            "why": found.why,
            "fix": found.fix,
            "basis": found.basis,
            "source": {"document": found.source.document, "section": found.source.section},
        }
    )
