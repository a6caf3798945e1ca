"""The tables of a session, seen and changed."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from fastapi import APIRouter, Response

from harness.mock.control.access import FREE_BODY, NOT_DONE, NOT_FOUND, Answer, AnyJson, Here, OfSession, Refused
from harness.mock.session import Session
from harness.mock.tables import HIDDEN, Row, UnknownTableError, WrongKeyError
from harness.model.pointer import join

router = APIRouter(prefix="/sessions/{session}/state", tags=["state"])


@router.get("", responses=NOT_FOUND)
async def list_tables(session: OfSession) -> dict[str, int]:
    """The tables, and how many objects each holds."""
    return {table: session.tables.count(table) for table in session.tables.names()}


@router.get("/{table}", responses=NOT_FOUND, response_class=Answer)
async def show_a_table(session: OfSession, table: str) -> Answer:
    """The objects of a table by their keys; `(hidden)` stands in place of secrets."""
    kind = _known(session, table)
    return Answer({key: kind.shown(row) for key, row in session.tables.rows(table)})


@router.get("/{table}/{key:path}", responses=NOT_FOUND, response_class=Answer)
async def show_an_object(session: OfSession, table: str, key: str) -> Answer:
    """One object."""
    return Answer(_known(session, table).shown(_found(session, table, key)))


@router.put("/{table}/{key:path}", responses=NOT_DONE, response_class=Answer, openapi_extra=FREE_BODY)
async def put_an_object(session: OfSession, table: str, key: str, value: AnyJson, here: Here) -> Answer:
    """Keep this object under this key, new (201) or in place of the old one (200). Where `(hidden)` comes back, the
    secret stays as it is."""
    kind = _known(session, table)
    if not isinstance(value, dict):
        raise Refused(422, "an object of a table is a JSON object")
    old = session.tables.get(table, key)
    row: Row = _unhidden(value, old, kind.private, ())
    wrong = [
        {"pointer": pointer, "expected": expected, "actual": actual}
        for pointer, expected, actual in here.surroundings.check(table, row)
    ]
    if wrong:
        first = wrong[0]
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        told = f"{first['pointer'] or 'the object'}: expected {first['expected']}, got {first['actual']}{more}"
        raise Refused(422, f"it does not fit the table {table}: {told}", wrong)
    try:
        spelt = session.tables.put(table, row, key)
    except WrongKeyError as error:
        raise Refused(422, str(error)) from None
    here.tell(session, f"{table}/{spelt} {'changed' if old is not None else 'put in'}")
    return Answer(kind.shown(row), 200 if old is not None else 201)


@router.delete("/{table}/{key:path}", status_code=204, responses=NOT_FOUND)
async def delete_an_object(session: OfSession, table: str, key: str, here: Here) -> Response:
    """Forget one object."""
    _known(session, table)
    if not session.tables.drop(table, key):
        _found(session, table, key)
    here.tell(session, f"{table}/{key} deleted")
    return Response(status_code=204)


def _known(session: Session, table: str) -> Any:
    try:
        return session.tables.kind(table)
    except UnknownTableError as error:
        raise Refused(404, str(error)) from None


def _found(session: Session, table: str, key: str) -> Row:
    row = session.tables.get(table, key)
    if row is None:
        raise Refused(404, f"{table} holds nothing under {key!r}")
    return row


def _unhidden(new: Any, old: Any, private: frozenset[str], at: tuple[str | int, ...]) -> Any:
    """The new value, with the secrets of the old one where the mark stands for them."""
    if isinstance(new, list):
        pairs = zip_longest(new, old[: len(new)] if isinstance(old, list) else ())
        return [_unhidden(one, its, private, (*at, i)) for i, (one, its) in enumerate(pairs)]
    if not isinstance(new, dict):
        return new
    olds = old if isinstance(old, Mapping) else {}
    made = {}
    for name, value in new.items():
        if name in private and value == HIDDEN:
            if name not in olds:
                raise Refused(422, f"{join((*at, name))}: {HIDDEN} stands for what is kept, and nothing is kept there")
            made[name] = olds[name]
        else:
            made[name] = _unhidden(value, olds.get(name), private, (*at, name))
    return made
