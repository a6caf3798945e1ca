"""Made-up conversations of a push client: what it said at which second, and what came of it."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from harness.model.body import Body
from harness.model.credential import Credential
from harness.model.exchange import (
    TOKEN_ENDPOINT,
    Conversation,
    Happening,
    Headers,
    HookCall,
    HttpExchange,
    HttpRequest,
    HttpResponse,
    OutputLine,
    Transcript,
)
from harness.model.requirement import Requirement
from harness.model.settings import Settings
from harness.model.verdict import NotEnough, Problem

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
BASE = "https://ndw.example/ocpi/2.2.1"
EVSE = "/locations/NL/XPO/LOC-1/EV-1"
LOCATION = "/locations/NL/XPO/LOC-1"
OPERATIONS = {
    ("PUT", 5): "putLocation", ("PATCH", 5): "patchLocation", ("PUT", 6): "putEvse", ("PATCH", 6): "patchEvse",
}  # fmt: skip
FORM = {
    "grant_type": "client_credentials",
    "client_id": "NL-XPO",
    "client_secret": "[secret 1]",
}


class Said(NamedTuple):
    """What a clause says of a conversation: its outcome, and why."""

    outcome: Literal["passed", "failed", "not enough", "silent"]
    why: str


def moment(at: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=at)


def stamp(at: float) -> str:
    """The same as OCPI writes it."""
    return moment(at).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def push(
    at: float,
    path: str = EVSE,
    *,
    method: str = "PATCH",
    status: int | None = 200,
    code: int = 1000,
    body: Any = None,
    token: int = 2,
    took: float = 0.01,
    tags: Iterable[str] = (),
    retry_after: str = "",
) -> HttpExchange:
    """A push; where `status` is None, the connection was closed instead of an answer."""
    parts = path.split("/")
    name = OPERATIONS.get((method, len(parts)), "putTariff" if method == "PUT" else "deleteTariff")
    if parts[1] == "tariffs":
        name = "putTariff" if method == "PUT" else "deleteTariff"
    said = {"status": "CHARGING", "last_updated": stamp(0)} if body is None else body
    request = HttpRequest(
        method,
        BASE + path,
        Headers.of({"Authorization": f"Bearer [secret {token}]"}),
        Body(b"" if method == "DELETE" else json.dumps(said).encode()),
        Credential(token, "Bearer", "raw", 40),
    )
    fields = Headers.of({"Retry-After": retry_after} if retry_after else {})
    answer = b"" if status == 204 else json.dumps({"status_code": code, "timestamp": stamp(at)}).encode()
    response = None if status is None else HttpResponse(status, fields, Body(answer))
    return _exchange(at, name, request, response, took, tags)


def ask(
    at: float,
    token: int | None = 2,
    *,
    life: int = 1800,
    status: int = 200,
    form: dict[str, str] | None = None,
    headers: Sequence[tuple[str, str]] = (),
    took: float = 0.01,
) -> HttpExchange:
    """A request for a token; where `token` is None, or the status another, there was none."""
    fields = FORM if form is None else form
    request = HttpRequest(
        "POST",
        "https://iam.example/token",
        Headers.of([("Content-Type", "application/x-www-form-urlencoded"), *headers]),
        Body("&".join(f"{name}={value}" for name, value in fields.items()).encode()),
    )
    body = Body(json.dumps({"access_token": f"[secret {token}]", "expires_in": life}).encode())
    issued = () if status != 200 or token is None else (Credential(token, None, "raw", 40, place="body:access_token"),)
    response = HttpResponse(status, Headers(), body if issued else Body(b"{}"), "", issued)
    return _exchange(at, "requestToken", request, response, took, [TOKEN_ENDPOINT])


def _exchange(
    at: float,
    name: str,
    request: HttpRequest,
    response: HttpResponse | None,
    took: float,
    tags: Iterable[str],
) -> HttpExchange:
    return HttpExchange(
        f"e{at}-{request.url[-6:]}", "talk", name, request, response, moment(at), moment(at + took), frozenset(tags)
    )


def change(at: float, status: str, evse: str = "EV-1") -> HookCall:
    """The hook has set the status of an EVSE."""
    arguments = {"party": "NL/XPO", "object": {"location": "LOC-1", "evse": evse}, "set": {"status": status}}
    return HookCall("change", arguments, {}, "", moment(at), moment(at))


def talk(
    *exchanges: HttpExchange,
    until: float = 300,
    happened: Sequence[tuple[str, float]] = (),
    hooks: Sequence[HookCall] = (),
    output: tuple[OutputLine, ...] | None = None,
) -> Conversation:
    """A conversation that was watched until then."""
    its = tuple(Happening(kind, moment(at)) for kind, at in happened)  # type: ignore[arg-type]
    ordered = tuple(sorted(exchanges, key=lambda one: one.sent))
    return Conversation(Transcript("talk", ordered, (), tuple(hooks), (), its, moment(until), output))


def said_by(requirement: Requirement, evidence: Any) -> Said:
    """What the clause says of a conversation, or of one exchange."""
    if not requirement.when(evidence):
        return Said("silent", "")
    assert requirement.check is not None
    given = [Settings({"token.min_interval_s": 1500})] if requirement.takes_settings else []
    found = list(requirement.check(evidence, *given))
    problems = [one for one in found if isinstance(one, Problem)]
    if problems:
        return Said("failed", problems[0].actual)
    lacking = [one for one in found if isinstance(one, NotEnough)]
    if lacking:
        return Said("not enough", lacking[0].reason)
    return Said("silent", "does not apply") if found else Said("passed", "")
