"""What a session can be made to do."""

import inspect
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
from fastapi import APIRouter

from harness.mock.call import Action
from harness.mock.control.access import (
    FREE_BODY,
    NOT_DONE,
    NOT_FOUND,
    Answer,
    AnyJson,
    Here,
    OfSession,
    Refused,
    Told,
)
from harness.model.pointer import join
from harness.model.spelling import did_you_mean

router = APIRouter(prefix="/sessions/{session}/actions", tags=["actions"])


class ActionShown(Told):
    """An action; `arguments` is the JSON Schema of its body, which may be left out where all of it is optional."""

    name: str
    title: str
    arguments: dict[str, Any]


@router.get("", responses=NOT_FOUND)
async def list_actions(session: OfSession) -> list[ActionShown]:
    """What can be done, and with which arguments."""
    return [
        ActionShown(name=name, title=action.title, arguments=dict(action.schema))
        for name, action in session.actions.items()
    ]


@router.post("/{name}", responses=NOT_DONE, response_class=Answer, openapi_extra=FREE_BODY)
async def do(session: OfSession, name: str, value: AnyJson, here: Here) -> Answer:
    """Do it; the answer is what comes of it."""
    if (action := session.actions.get(name)) is None:
        known = session.actions
        told = did_you_mean(name, known) if known else ": there are none here"
        raise Refused(404, f"there is no action {name}{told}")
    arguments = {} if value is None else value
    if wrong := _wrong(action, arguments):
        raise Refused(422, f"{name}: {wrong[0]['pointer'] or 'the arguments'}: {wrong[0]['actual']}", wrong)
    try:
        made = action.run(session, arguments)
        if inspect.isawaitable(made):
            made = await made
        await session.at_rest()
    except ValueError as error:
        raise Refused(422, f"{name}: {error}") from None
    here.tell(session, f"action {name} done{_shown(arguments)}")
    return Answer(made)


def _wrong(action: Action, arguments: Any) -> list[dict[str, str]]:
    """What the action's schema says against these arguments."""
    errors = jsonschema_rs.validator_for(dict(action.schema)).iter_errors(arguments)
    return [
        {"pointer": join(error.instance_path), "expected": "what GET …/actions says", "actual": error.message}
        for error in errors
    ]


def _shown(arguments: Mapping[str, Any]) -> str:
    told = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f" ({told[:200]})" if told else ""
