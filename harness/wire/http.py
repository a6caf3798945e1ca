"""HTTP to a subject: real requests out, evidence without secrets back."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpx

from harness import __version__
from harness.auth.vault import Vault, Worn
from harness.model.address import is_loopback
from harness.model.body import Body
from harness.model.credential import Present, Secret
from harness.model.exchange import Failure, Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.reach import USUAL_RATE, Care, Limits
from harness.model.world import Clock
from harness.wire.decoding import Decoder, TooLargeError, UndecodableError
from harness.wire.diagnosis import diagnosed

USER_AGENT = f"energy-harness/{__version__}"

_LAST_PORT = 65_535
_HEAD_TOO_LARGE = "Receive buffer too long"
"""What h11 says of header fields, or of the head of a chunk, that are larger than it holds."""
_OF_A_STALE_CONNECTION = ("reset", "not-http")
"""What comes of a request on a connection that the server has given up, or left the rest of an answer on."""


@dataclass(frozen=True)
class Outgoing:
    """A request about to be sent, its credential still a handle.

    `secrets` are further header fields. `form` makes a body of form fields, `body` is one as it stands; `gives_out`
    names the members of the answer whose values are secrets from then on.
    """

    id: str
    situation: str
    operation: str | None
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    present: Present | None = None
    tags: frozenset[str] = frozenset()
    form: tuple[tuple[str, str], ...] = ()
    gives_out: tuple[str, ...] = ()
    secrets: tuple[tuple[str, Secret], ...] = ()
    body: bytes = b""


class RequestsSpentError(Exception):
    """As many requests were sent as may be; the text says so."""


class HttpWire:
    """Sends requests over an httpx transport: a socket, or an ASGI app in process.

    A real subject is treated as a guest would: `care` says how often it is asked at most, and how many times in all;
    `limits` how much of an answer is taken. A connection kept alive that turns out to be dead is made anew, at once
    (RFC 9112 9.3.1); what else may pass is not tried again here. Redirects are not followed and cookies are not kept.
    """

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        care: Care = Care(),  # noqa: B008 - frozen
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._limits = limits
        self._care = care
        self._sent = 0
        self._transport = transport
        self._client = httpx.AsyncClient(transport=transport, timeout=limits.silence_s)
        self._last: datetime | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def send(self, outgoing: Outgoing) -> HttpExchange:
        """Send one request and return what came of it; trouble of the transport is a `Failure`, never an exception.

        Raises `RequestsSpentError`, and sends nothing, where as many requests were sent as may be.
        """
        worn = self._vault.wear(outgoing.present) if outgoing.present else None
        try:
            request = self._request(outgoing, worn)
        except (httpx.InvalidURL, ValueError) as error:
            now = self._clock.now()
            evidence = HttpRequest(outgoing.method, self._vault.redacted(outgoing.url), Headers())
            unasked = Failure("not-followed", f"no URL that can be asked: {self._vault.redacted(str(error))}")
            return self._exchange(outgoing, evidence, None, now, unasked, 1)
        evidence = self._evidence_of(request, outgoing, worn)
        attempts = 0
        while True:
            if self._is_spent():
                raise RequestsSpentError(f"--max-requests {self._care.max_requests} was reached")
            attempts += 1
            await self._be_a_guest(request.url.host)
            sent = self._clock.now()
            way = _Way()
            request.extensions["trace"] = way.note
            came = await self._what_comes(request, outgoing.gives_out)
            if isinstance(came, HttpResponse):
                return self._exchange(outgoing, evidence, came, sent, None, attempts)
            if attempts > 1 or not way.was_kept_alive or came.kind not in _OF_A_STALE_CONNECTION:
                return self._exchange(outgoing, evidence, None, sent, came, attempts)

    async def _what_comes(self, request: httpx.Request, gives_out: tuple[str, ...]) -> HttpResponse | Failure:
        limits = self._limits
        try:
            async with asyncio.timeout(limits.answer_s):
                return await self._answer(request, gives_out)
        except TimeoutError:
            return Failure("too-slow", f"the answer was not over after {limits.answer_s:g} s")
        except TooLargeError:
            return Failure("too-large", f"the answer has more than {limits.body_bytes / 2**20:g} MB")
        except UndecodableError as error:
            return Failure("not-http", f"the body is not what its Content-Encoding says: {error}")
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            if _HEAD_TOO_LARGE in str(error):
                return Failure("too-large", "the head of the answer has more than 100 kB")
            kind, detail = diagnosed(error)
            return Failure(kind, self._vault.redacted(detail))

    def _request(self, outgoing: Outgoing, worn: Worn | None) -> httpx.Request:
        url = httpx.URL(outgoing.url)
        if (url.port or 0) > _LAST_PORT:
            raise ValueError(f"no port has the number {url.port}")
        query = (*outgoing.query, worn.query) if worn and worn.query else outgoing.query
        if query:
            url = url.copy_merge_params(httpx.QueryParams([*url.params.multi_items(), *query]))
        headers = [("Accept", "application/json"), ("Accept-Encoding", "gzip"), ("User-Agent", USER_AGENT)]
        if worn and worn.header:
            name, value = worn.header
            headers.append((name, value.rstrip()))  # of an empty credential only the scheme is left
        headers += [(name, self._vault.reveal(secret)) for name, secret in outgoing.secrets]
        content: str | bytes | None = outgoing.body or None
        if outgoing.form:
            content = urlencode([*outgoing.form, *([worn.field] if worn and worn.field else ())])
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        return self._client.build_request(outgoing.method, url, headers=[*headers, *outgoing.headers], content=content)

    def _evidence_of(self, request: httpx.Request, outgoing: Outgoing, worn: Worn | None) -> HttpRequest:
        hidden = {name.lower(): self._vault.mark(secret) for name, secret in outgoing.secrets}
        if worn and worn.header:
            hidden[worn.header[0].lower()] = worn.marked
        fields = []
        for raw_name, raw_value in request.headers.raw:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            fields.append((name, hidden.get(name.lower()) or self._vault.redacted(value)))
        url = str(request.url)
        if worn and worn.query:
            bare = request.url.copy_remove_param(worn.query[0])
            url = f"{bare}{'&' if bare.query else '?'}{worn.query[0]}={worn.marked}"
        return HttpRequest(
            outgoing.method,
            self._vault.redacted(url),
            Headers(tuple(fields)),
            Body(self._vault.redacted_bytes(outgoing.body or _shown_form(outgoing.form, worn))),
            credential=worn.credential if worn else None,
        )

    async def _answer(self, request: httpx.Request, gives_out: tuple[str, ...]) -> HttpResponse:
        # Not by the client: a user name in a Link would take the token's place, and a redirect would be worked out.
        response = await self._transport.handle_async_request(request)
        try:
            decoder = Decoder(response.headers.get("content-encoding", ""), self._limits.body_bytes)
            stream = response.stream
            assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - of an asynchronous client
            parts = [part async for came in stream for part in decoder.parts(came)]
        finally:
            await response.aclose()
        raw, issued = self._vault.learn(b"".join(parts), gives_out) if gives_out else (b"".join(parts), ())
        fields = tuple(
            (name.decode("latin-1"), self._header_value(name, value)) for name, value in response.headers.raw
        )
        reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
        body = Body(self._vault.redacted_bytes(raw))
        return HttpResponse(response.status_code, Headers(fields), body, self._vault.redacted(reason), issued)

    def _header_value(self, name: bytes, value: bytes) -> str:
        if name.lower() == b"set-cookie":
            return "[cookie]"
        return self._vault.redacted_bytes(value).decode("latin-1")

    def _exchange(
        self,
        outgoing: Outgoing,
        evidence: HttpRequest,
        response: HttpResponse | None,
        sent: datetime,
        failure: Failure | None,
        attempts: int,
    ) -> HttpExchange:
        return HttpExchange(
            outgoing.id,
            outgoing.situation,
            outgoing.operation,
            evidence,
            response,
            sent,
            self._clock.now(),
            outgoing.tags,
            failure,
            attempts,
        )

    def _is_spent(self) -> bool:
        return self._care.max_requests is not None and self._sent >= self._care.max_requests

    async def _be_a_guest(self, host: str) -> None:
        rate = self._care.rate or (None if is_loopback(host) else USUAL_RATE)
        if rate is not None:
            now = self._clock.now()
            if self._last is not None and (waited := (now - self._last).total_seconds()) < 1 / rate:
                await self._clock.sleep(1 / rate - waited)
            self._last = self._clock.now()
        self._sent += 1


def _shown_form(form: tuple[tuple[str, str], ...], worn: Worn | None) -> bytes:
    """The body of form fields as evidence has it: a mark in the place of the secret."""
    shown = urlencode(form)
    return (f"{shown}&{worn.field[0]}={worn.marked}" if worn and worn.field else shown).encode()


class _Way:
    """What the transport tells of one attempt: was there a connection already?"""

    def __init__(self) -> None:
        self._connected = self._asked = False

    async def note(self, event: str, _details: object) -> None:
        """Take an event of httpcore's trace."""
        self._connected |= event.startswith("connection.connect")
        self._asked |= event.startswith("http11.send_request")

    @property
    def was_kept_alive(self) -> bool:
        """The request went over a connection that an earlier one had left open."""
        return self._asked and not self._connected
