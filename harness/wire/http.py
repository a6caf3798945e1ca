"""HTTP to a subject: real requests out, evidence without secrets back."""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx

from harness import __version__
from harness.auth.vault import Vault, Worn
from harness.model.address import is_loopback
from harness.model.body import Body
from harness.model.credential import Present
from harness.model.exchange import Failure, Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.world import Clock

USER_AGENT = f"energy-harness/{__version__}"
LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of one answer, after content decoding, that are read; a larger answer is a failure of kind ``too-large``."""

_GUEST_PAUSE_S = 0.1
_LAST_PORT = 65_535
_RETRIED = ("reset", "timeout", "refused")


@dataclass(frozen=True)
class Outgoing:
    """A request about to be sent, its credential still a handle."""

    id: str
    situation: str
    operation: str | None
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    present: Present | None = None
    tags: frozenset[str] = frozenset()


class HttpWire:
    """Sends requests over an httpx transport: a socket, or an ASGI app in process.

    A real subject is treated as a guest would: off loopback there is a pause of 0.1 s between requests. A reset, a
    time-out or a refused connection is tried once more. Redirects are not followed and cookies are not kept.
    """

    def __init__(
        self, vault: Vault, clock: Clock, *, transport: httpx.AsyncBaseTransport, timeout_s: float = 30
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._client = httpx.AsyncClient(
            transport=transport,
            timeout=timeout_s,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=())),
        )
        self._last: datetime | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def send(self, outgoing: Outgoing) -> HttpExchange:
        """Send one request and return what came of it; trouble of the transport is a `Failure`, never an exception."""
        worn = self._vault.wear(outgoing.present) if outgoing.present else None
        try:
            request = self._request(outgoing, worn)
        except (httpx.InvalidURL, ValueError) as error:
            now = self._clock.now()
            evidence = HttpRequest(outgoing.method, self._vault.redacted(outgoing.url), Headers())
            unasked = Failure("not-followed", f"no URL that can be asked: {self._vault.redacted(str(error))}")
            return self._exchange(outgoing, evidence, None, now, unasked, 1)
        await self._be_a_guest(request.url.host)
        evidence = self._evidence_of(request, outgoing, worn)
        failure: Failure | None = None
        attempts = 0
        while attempts < 2:
            attempts += 1
            sent = self._clock.now()
            try:
                response = await self._answer(request)
            except _TooLargeError:
                failure = Failure("too-large", f"more than {LARGEST_BODY // 1024 // 1024} MB")
                break
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                failure = self._failure(error)
                if failure.kind not in _RETRIED:
                    break
            else:
                return self._exchange(outgoing, evidence, response, sent, None, attempts)
        return self._exchange(outgoing, evidence, None, sent, failure, attempts)

    def _request(self, outgoing: Outgoing, worn: Worn | None) -> httpx.Request:
        url = httpx.URL(outgoing.url)
        if (url.port or 0) > _LAST_PORT:
            raise ValueError(f"no port has the number {url.port}")
        query = (*outgoing.query, worn.query) if worn and worn.query else outgoing.query
        if query:
            url = url.copy_merge_params(httpx.QueryParams([*url.params.multi_items(), *query]))
        headers = [("Accept", "application/json"), ("Accept-Encoding", "gzip"), ("User-Agent", USER_AGENT)]
        if worn and worn.header:
            headers.append(worn.header)
        return self._client.build_request(outgoing.method, url, headers=[*headers, *outgoing.headers])

    def _evidence_of(self, request: httpx.Request, outgoing: Outgoing, worn: Worn | None) -> HttpRequest:
        hidden = worn.header[0].lower() if worn and worn.header else None
        fields = []
        for raw_name, raw_value in request.headers.raw:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            fields.append((name, worn.marked if worn and name.lower() == hidden else self._vault.redacted(value)))
        url = str(request.url)
        if worn and worn.query:
            bare = request.url.copy_remove_param(worn.query[0])
            url = f"{bare}{'&' if bare.query else '?'}{worn.query[0]}={worn.marked}"
        return HttpRequest(
            outgoing.method,
            self._vault.redacted(url),
            Headers(tuple(fields)),
            credential=worn.credential if worn else None,
        )

    async def _answer(self, request: httpx.Request) -> HttpResponse:
        # The bare Auth keeps a user name in a Link from taking the token's place.
        response = await self._client.send(request, stream=True, auth=httpx.Auth())
        try:
            parts, size = [], 0
            async for part in response.aiter_bytes():
                size += len(part)
                if size > LARGEST_BODY:
                    raise _TooLargeError
                parts.append(part)
        finally:
            await response.aclose()
        fields = tuple(
            (name.decode("latin-1"), self._header_value(name, value)) for name, value in response.headers.raw
        )
        reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
        body = Body(self._vault.redacted_bytes(b"".join(parts)))
        return HttpResponse(response.status_code, Headers(fields), body, self._vault.redacted(reason))

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

    async def _be_a_guest(self, host: str) -> None:
        if not is_loopback(host):
            now = self._clock.now()
            if self._last is not None and (waited := (now - self._last).total_seconds()) < _GUEST_PAUSE_S:
                await self._clock.sleep(_GUEST_PAUSE_S - waited)
            self._last = self._clock.now()

    def _failure(self, error: Exception) -> Failure:
        kind, detail = _diagnosed(error)
        return Failure(kind, self._vault.redacted(detail))


class _TooLargeError(Exception):
    """The answer is larger than is read."""


def _diagnosed(error: BaseException) -> tuple[str, str]:
    """Kind and words of a transport error, from the chain of causes beneath it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "tls", f"certificate not trusted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "tls", f"TLS failed: {cause.reason or cause}"
        if isinstance(cause, socket.gaierror):
            return "name", f"name does not resolve: {cause.strerror or cause}"
        if isinstance(cause, ConnectionRefusedError):
            return "refused", "connection refused"
        cause = cause.__cause__ or cause.__context__
    text = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        what = "no connection" if isinstance(error, httpx.ConnectTimeout) else "no answer"
        return "timeout", f"{what} within the time limit"
    if "All connection attempts failed" in text:
        return "refused", "connection refused"
    broken_off = "disconnected" in text or "peer closed" in text
    if broken_off or isinstance(error, (httpx.ReadError, httpx.WriteError, httpx.CloseError)):
        return "reset", f"connection ended without an answer: {text}"
    if isinstance(error, (httpx.ProtocolError, httpx.DecodingError)):
        return "not-http", f"not an HTTP answer: {text}"
    return "other", text
