"""The faults of a session, put in and taken out while it runs."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from harness.mock.control.access import LARGEST_INTEGER, NOT_DONE, NOT_FOUND, Asked, Here, OfSession, Refused, Told
from harness.mock.fault import usage
from harness.mock.trouble import TROUBLES
from harness.model.edit import EDITS, REQUEST
from harness.model.request_edit import REQUEST_EDITS
from harness.model.spelling import did_you_mean

router = APIRouter(tags=["faults"])
_Number = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]


class FaultAsked(Asked):
    """A fault as `--fault` has it, in parts."""

    operation: Annotated[str, Field(description="An operationId, or `*` for all")]
    edit: Annotated[
        str, Field(description='`EDIT(ARGS)`, such as `failing(503)` or `with_field("/status_code", 3000)`')
    ]
    times: Annotated[_Number | None, Field(description="How many requests it hits; all where it is left out")] = None
    after: Annotated[_Number, Field(description="How many requests are spared first")] = 0
    seed: Annotated[_Number | None, Field(description="Decides what is left to chance")] = None


class FaultShown(Told):
    """A fault that is there. `met` counts the requests of its operation since, `hit` those that it spoiled."""

    id: str
    spelling: str
    operation: str
    edit: str
    times: int | None
    after: int
    seed: int
    met: int
    hit: int


class EditShown(Told):
    """How an edit is written, and what it does."""

    name: str
    usage: str
    title: str


@router.get("/edits")
async def list_edits() -> list[EditShown]:
    """Everything that can go wrong on purpose: with an answer, with a request (`request.…`), with the connection."""
    of_requests = {
        f"{REQUEST}{name}": make for name, make in {**EDITS, **REQUEST_EDITS}.items() if name != "with_status"
    }
    return [
        EditShown(
            name=name,
            usage=f"{REQUEST if name.startswith(REQUEST) else ''}{usage(make)}",
            title=" ".join((make.__doc__ or "").split()),
        )
        for name, make in {**EDITS, **TROUBLES, **of_requests}.items()
    ]


@router.get("/sessions/{session}/faults", responses=NOT_FOUND)
async def list_faults(session: OfSession) -> list[FaultShown]:
    """The faults that are there."""
    return [FaultShown(**one) for one in session.faults.list()]


@router.get("/sessions/{session}/faults/{fault}", responses=NOT_FOUND)
async def show_a_fault(session: OfSession, fault: str) -> FaultShown:
    """One fault."""
    found = {one["id"]: one for one in session.faults.list()}
    if fault not in found:
        raise _unknown(fault, found)
    return FaultShown(**found[fault])


@router.post("/sessions/{session}/faults", status_code=201, responses=NOT_DONE)
async def add_a_fault(session: OfSession, asked: FaultAsked, here: Here) -> FaultShown:
    """From now on, let this go wrong."""
    try:
        made = session.faults.add_parts(asked.operation, asked.edit, asked.times, asked.after, asked.seed)
    except ValueError as error:
        raise Refused(422, str(error)) from None
    here.tell(session, f"fault {made.id} put in: {made.spelling}")
    return next(FaultShown(**one) for one in session.faults.list() if one["id"] == made.id)


@router.delete("/sessions/{session}/faults", status_code=204, responses=NOT_FOUND)
async def remove_all_faults(session: OfSession, here: Here) -> Response:
    """Let nothing go wrong any more."""
    session.faults.clear()
    here.tell(session, "all faults taken out")
    return Response(status_code=204)


@router.delete("/sessions/{session}/faults/{fault}", status_code=204, responses=NOT_FOUND)
async def remove_a_fault(session: OfSession, fault: str, here: Here) -> Response:
    """Take one fault out."""
    if not session.faults.remove(fault):
        raise _unknown(fault, {one["id"]: one for one in session.faults.list()})
    here.tell(session, f"fault {fault} taken out")
    return Response(status_code=204)


def _unknown(fault: str, known: dict[str, Any]) -> Refused:
    told = did_you_mean(fault, known) if known else ": there are no faults now"
    return Refused(404, f"there is no fault {fault}{told}")
