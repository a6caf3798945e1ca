"""The control path as a FastAPI app, with the page for people in front."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from harness.mock.control import Surroundings, actions, clock, exchanges, faults, page, reports, sessions, state
from harness.mock.control.access import AT, NOT_FOUND, Answer, Here, Kept, Refused, Told
from harness.mock.control.guard import Guard
from harness.mock.session import DEFAULT, Offered, Sessions
from harness.model.spelling import did_you_mean

_ABOUT = """
Sessions, state, clock, faults and journal of the mocks. What is said here holds as long as the process runs.

A session is a world of its own. The session `default` always exists; another one is reached by the path prefix
`/~ID` before the path of the mocked API itself.
"""


class ServiceShown(Told):
    """An API of a mock: its address in the session default, and where its OpenAPI document is."""

    url: str
    document: str


class SystemShown(Told):
    """A system that is mocked here."""

    title: str
    url: str
    services: dict[str, ServiceShown]


class Overview(Told):
    """What runs here."""

    version: str
    systems: dict[str, SystemShown]
    sessions: list[str]


class Ready(Told):
    """All listeners are up."""

    ready: bool


def control_app(known: Sessions, surroundings: Surroundings) -> Guard:
    """The app of the control listener."""
    app = FastAPI(
        title="energy-harness: control path of the mocks",
        version=surroundings.version,
        description=_ABOUT,
        openapi_url=f"{AT}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=Answer,
        generate_unique_id_function=_operation_id,
        exception_handlers={
            Refused: _refused,
            HTTPException: _no_such_thing,
            RequestValidationError: _unfit,
            Exception: _crashed,
        },
    )
    app.state.kept = Kept(known, surroundings)
    app.add_api_route(AT, overview, tags=["mocks"])
    app.add_api_route(f"{AT}/", overview, include_in_schema=False)
    app.add_api_route(f"{AT}/ready", ready, tags=["mocks"])
    app.add_api_route(
        f"{AT}/systems/{{system}}/{{service}}.json",
        document,
        tags=["mocks"],
        response_class=Answer,
        responses=NOT_FOUND,
    )
    for part in (sessions, exchanges, reports, state, actions, clock, faults):
        app.include_router(part.router, prefix=AT)
    app.include_router(page.router)
    return Guard(app, surroundings.hosts)


def _operation_id(route: APIRoute) -> str:
    words = route.name.split("_")
    return words[0] + "".join(word.capitalize() for word in words[1:])


async def overview(here: Here) -> Overview:
    """The version, the systems with their addresses, and the sessions."""
    systems: dict[str, SystemShown] = {}
    default = here.sessions.get(DEFAULT)
    for one in default.served if default else ():
        name = one.system.name
        origin = here.surroundings.origins[name]
        services = {
            each.service.name: ServiceShown(
                url=f"{origin}{each.base_path}", document=f"{AT}/systems/{name}/{each.service.name}.json"
            )
            for each in one.offered
        }
        systems[name] = SystemShown(title=one.system.title, url=origin, services=services)
    return Overview(version=here.surroundings.version, systems=systems, sessions=[one.id for one in here.sessions])


async def ready() -> Ready:
    """Answers as soon as all listeners are up."""
    return Ready(ready=True)


async def document(system: str, service: str, here: Here) -> Answer:
    """The OpenAPI document of a mocked API."""
    default = here.sessions.get(DEFAULT)
    served = {one.system.name: one for one in default.served} if default else {}
    if system not in served:
        raise Refused(404, f"there is no system {system}{did_you_mean(system, served)}")
    offered: dict[str, Offered] = {one.service.name: one for one in served[system].offered}
    if service not in offered:
        raise Refused(404, f"{system} has no service {service}{did_you_mean(service, offered)}")
    url = f"{here.surroundings.origins[system]}{offered[service].base_path}"
    return Answer({**offered[service].document.content, "servers": [{"url": url}]})


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - it is registered for those
    return error.response()


async def _no_such_thing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for those
    told = {
        404: f"there is nothing at {request.url.path}; {AT}/docs shows what there is",
        405: f"{request.method} is not for {request.url.path}; {AT}/docs shows what is",
    }
    return Answer({"detail": told.get(error.status_code, str(error.detail))}, error.status_code, error.headers)


async def _unfit(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for those
    return Refused(422, "; ".join(_told(one) for one in error.errors())).response()


def _told(error: dict[str, Any]) -> str:
    """What is wrong, in words."""
    at: Sequence[Any] = error["loc"]
    where = ".".join(str(step) for step in at[1:]) or f"the {at[0]}"
    if error["type"] == "extra_forbidden":
        return f"{where}: no such member here"
    said = str(error["msg"]).replace("Input should be", "it should be").replace("Field required", "it is missing")
    return f"{where}: {said}"


async def _crashed(_request: Request, _error: Exception) -> Response:
    return Answer({"detail": "the control path itself crashed: this is its fault, please report it"}, 500)
