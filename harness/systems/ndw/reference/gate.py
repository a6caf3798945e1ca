"""What holds for every request, whatever its path: the token, the message ids, and an envelope even when all fails."""

import logging
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .envelope import CLIENT_ERROR, SERVER_ERROR, Refusal, refused
from .instants import Clock
from .oauth import CHALLENGE as BEARER_CHALLENGE
from .oauth import Issuer
from .token import CHALLENGE, TokenCheck

MESSAGE_IDS = (b"x-request-id", b"x-correlation-id")

log = logging.getLogger(__name__)


class Gate:
    """ASGI middleware around the routes.

    It stands outside the router on purpose: a stranger learns nothing, not even which paths exist, so 401 comes before
    404 and 405. Message ids that a request brings are on its answer, unchanged; none are made up. A HEAD is answered
    as a GET without the body. An exception in a handler is logged and becomes HTTP 500 with OCPI code 3000.
    """

    def __init__(self, app: ASGIApp, *, check: TokenCheck, now: Clock, issuer: Issuer | None = None) -> None:
        self.app = app
        self.check = check
        self.issuer = issuer
        self.challenge = f"{CHALLENGE}, {BEARER_CHALLENGE}" if issuer else CHALLENGE
        self.now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        message_ids = [header for header in scope["headers"] if header[0] in MESSAGE_IDS]
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", ()), *message_ids]
            elif scope["method"] == "HEAD":
                message["body"] = b""
            await send(message)

        if not self._is_known(scope["headers"]):
            refusal = Refusal(401, CLIENT_ERROR, "Missing or unknown token", {"WWW-Authenticate": self.challenge})
            await refused(refusal, self.now())(scope, receive, answer)
            return
        try:
            await self.app(scope, receive, answer)
        except Exception:
            log.exception("no answer to %s %s", scope["method"], scope["path"])
            if started:  # too late for another answer: let the server cut the connection
                raise
            await refused(Refusal(500, SERVER_ERROR, "Something went wrong here"), self.now())(scope, receive, answer)

    def _is_known(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        return self.check.accepts(headers) or (self.issuer is not None and self.issuer.accepts(headers))
