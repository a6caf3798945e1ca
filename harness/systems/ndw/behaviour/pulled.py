"""A charge point operator's server for somebody's puller: the reference answers, within the machine of the mock."""

from collections.abc import Generator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from harness.mock.call import Behaviour, Call, Dialect, Reply
from harness.mock.session import Session
from harness.model.exchange import Headers
from harness.systems.ndw.behaviour.answers import CLIENT_ERROR, SERVER_ERROR, envelope, with_message_ids
from harness.systems.ndw.reference.app import BASE_PATH, create_app
from harness.systems.ndw.reference.token import TokenCheck

LOCATIONS, PAGE = 75, 20
"""A small world of several pages."""

_APPS: WeakKeyDictionary[Session, Any] = WeakKeyDictionary()


def token_of(session: Session) -> str:
    """The token that opens the lists; it comes of session and seed, so that a restart changes nothing."""
    token = sha256(f"pull token {session.seed}\n{session.id}".encode()).hexdigest()[:32]
    session.received.know(token)
    return token


def _seed(session: Session) -> None:
    _APPS[session] = create_app(
        token=token_of(session), now=session.wire.now, seed=session.seed, locations=LOCATIONS, page_size=PAGE
    )


def _environment(session: Session, origin: str) -> dict[str, str]:
    return {"NDW_PULL_URL": f"{origin}{BASE_PATH}", "NDW_PULL_TOKEN": token_of(session)}


def _admit(call: Call) -> Reply | None:
    """Everybody comes as far as the reference; who shows the token is known by it."""
    fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in call.headers.fields]
    if call.token_counts and TokenCheck(token_of(call.session)).accepts(fields):
        call.account = {"token": "the one that was given"}
    return None


def _answered(call: Call) -> Reply:
    """What the reference answers to the call; with a token that was told ended, what it answers to none."""
    headers = call.headers if call.account is not None else Headers(call.headers.without("authorization").fields)
    parts = urlsplit(call.origin)
    path = f"{parts.path}{BASE_PATH}{call.path}"
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": call.method,
        "scheme": parts.scheme,
        "path": path,
        "raw_path": path.encode("latin-1"),
        "root_path": parts.path,
        "query_string": call.query.encode("latin-1"),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1"))
                    for name, value in headers.with_field("Host", parts.netloc).fields],
        "server": (parts.hostname, parts.port or 80),
    }  # fmt: skip
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    _at_once(_APPS[call.session](scope, receive, send).__await__())
    told = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"])
    reply = Reply(sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:]))
    return (
        reply.but("the token is not the one that was given, or not as OCPI shows it") if reply.status == 401 else reply
    )


def _at_once(work: Generator[Any, None, None]) -> None:
    """Run what never waits for anything."""
    for _ in work:
        raise RuntimeError("the reference waits: it cannot answer at once")


def _trouble(call: Call, status: int) -> Reply:
    """The answer of a status that the server was told to give."""
    code = CLIENT_ERROR if status < 500 else SERVER_ERROR
    return envelope(call, status, code, "the server is in trouble" if status >= 500 else "not now")


def _refused(_call: Call, _refusals: Sequence[object]) -> None:
    """A server of lists refuses nothing for how it is asked but what the reference refuses."""


BEHAVIOUR = Behaviour(
    operations=dict.fromkeys(("getLocations", "getLocation", "getTariffs"), _answered),
    dialects={
        "pull": Dialect(
            unknown_path=_answered,
            method_not_listed=lambda call, _methods: _answered(call),
            admit=_admit,
            refused=_refused,
            trouble=_trouble,
            finished=lambda call, reply: reply if "x-request-id" in _names(reply) else with_message_ids(call, reply),
        )
    },
    tables=(),
    seed=_seed,
    environment=_environment,
    known=lambda _session: [f"{LOCATIONS} locations, {PAGE} on a page"],
)


def _names(reply: Reply) -> set[str]:
    return {name.lower() for name, _value in reply.headers}
