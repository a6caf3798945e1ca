"""The other way in: OAuth2 client credentials (RFC 6749 4.4) for a short-lived JWT, instead of a token for good."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote_plus
from uuid import NAMESPACE_OID, uuid5

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .instants import Clock

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
CHALLENGE = 'Bearer realm="OCPI"'
ALGORITHM = "HS256"
LARGEST_FORM = 16 * 1024


class Issuer:
    """Makes access tokens for one client, and knows them again.

    The signing key comes of the client's secret: nothing has to be stored, and whoever gets a new secret gets a new
    key. `life_s` is how long a token lives, in seconds.
    """

    def __init__(self, client: tuple[str, str], now: Clock, seed: int, life_s: int = 1800) -> None:
        self.client_id, self.client_secret = client
        if not self.client_id or not self.client_secret:
            raise ValueError("a client without id or secret would let everybody in")
        self.life_s = life_s
        self._now = now
        self._seed = seed
        self._issued = 0
        material = hashlib.sha256(f"access tokens {seed}\n{self.client_id}\n{self.client_secret}".encode()).digest()
        self._key = OctKey.import_key(material)

    def knows(self, client_id: str, secret: str) -> bool:
        """True for the client's own id and secret."""
        right = hmac.compare_digest(client_id.encode(), self.client_id.encode())
        return hmac.compare_digest(secret.encode(), self.client_secret.encode()) and right

    def issue(self) -> str:
        """A new access token."""
        self._issued += 1
        second = int(self._now().timestamp())
        claims = {
            "iss": "reference-cpo",
            "sub": self.client_id,
            "iat": second,
            "exp": second + self.life_s,
            "jti": str(uuid5(NAMESPACE_OID, f"{self._seed}/{second}/{self._issued}")),
        }
        return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, self._key)

    def accepts(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """True for exactly one Authorization header with a token of ours that has not run out."""
        values = [value for name, value in headers if name == b"authorization"]
        if len(values) != 1:
            return False
        scheme, _, token = values[0].partition(b" ")
        if scheme.lower() != b"bearer":
            return False
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            return False
        return isinstance(claims.get("exp"), int) and self._now().timestamp() < claims["exp"]


class TokenEndpoint:
    """ASGI middleware: answers at `/oauth2/token`, and passes everything else on."""

    def __init__(self, app: ASGIApp, *, issuer: Issuer) -> None:
        self.app = app
        self.issuer = issuer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != TOKEN_PATH:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_FORM:
                break
        await self._answer(request, body)(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        if request.method != "POST":
            return _error(405, "invalid_request", "POST a form here", {"Allow": "POST"})
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/x-www-form-urlencoded":
            return _error(400, "invalid_request", "the body must be application/x-www-form-urlencoded")
        if len(body) > LARGEST_FORM:
            return _error(400, "invalid_request", "the form is too large")
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        form = dict(pairs)
        if len(form) != len(pairs):
            return _error(400, "invalid_request", "a parameter stands in the form twice")
        shown = _basic(request.headers.get("authorization", ""))
        if shown is not None and "client_secret" in form:
            return _error(400, "invalid_request", "show the client secret once: in the form or as HTTP Basic")
        client_id, secret = shown or (form.get("client_id", ""), form.get("client_secret", ""))
        if not self.issuer.knows(client_id, secret):
            return _error(401, "invalid_client", "unknown client or wrong secret", {"WWW-Authenticate": "Basic"})
        if "grant_type" not in form:
            return _error(400, "invalid_request", "grant_type is missing")
        if form["grant_type"] != "client_credentials":
            return _error(400, "unsupported_grant_type", "only client_credentials is served")
        token = self.issuer.issue()
        return _json(200, {"access_token": token, "token_type": "Bearer", "expires_in": self.issuer.life_s})


def _basic(authorization: str) -> tuple[str, str] | None:
    """Client id and secret of an HTTP Basic header, both form-encoded in it (RFC 6749 2.3.1); None without one."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(user), unquote_plus(password)


def _error(http: int, error: str, description: str, headers: dict[str, str] | None = None) -> Response:
    return _json(http, {"error": error, "error_description": description}, headers)


def _json(http: int, content: dict[str, object], headers: dict[str, str] | None = None) -> Response:
    kept_nowhere = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return Response(orjson.dumps(content), http, {**kept_nowhere, **(headers or {})}, "application/json")
