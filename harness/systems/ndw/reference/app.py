"""The pull interface: which path answers with what."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

import orjson
from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .envelope import CLIENT_ERROR, UNKNOWN_LOCATION, Refusal, refused, success
from .feed import bulk_locations, bulk_tariffs
from .gate import Gate
from .instants import Clock, utc_now
from .oauth import Issuer, TokenEndpoint
from .paging import next_link, read_page_request
from .store import Kind, Store
from .token import TokenCheck

BASE_PATH = "/ocpi/2.2.1"
METHODS = ("GET", "HEAD")


def create_app(
    *,
    token: str,
    now: Callable[[], datetime] = utc_now,
    seed: int = 1,
    locations: int = 300,
    party: tuple[str, str] = ("NL", "XPO"),
    page_size: int = 50,
    database: str = ":memory:",
    public_url: str | None = None,
    oauth_client: tuple[str, str] | None = None,
    access_token_life_s: int = 1800,
) -> FastAPI:
    """A CPO that answers NDW's pulls under `/ocpi/2.2.1`; the store is at `app.state.store`.

    `token` is the text that was handed over, before Base64. `now` gives aware datetimes; nothing else reads a clock.
    An empty `database` is filled with `locations` made-up Locations of `party` and their Tariffs; the same `seed` and
    `now` give the same bytes. `page_size` is the most objects that a page holds. `public_url` is what the world calls
    the base path (`https://cpo.example/ocpi/2.2.1`); without it links are made from the request's scheme and Host.
    With `oauth_client`, an id and a secret, the lists open to a JWT as well, which that client gets at `/oauth2/token`.
    ValueError: the token, or a part of the client, is empty, or the page size is below 1.
    """
    if page_size < 1:
        raise ValueError("a page holds at least one object")
    check = TokenCheck(token)
    issuer = Issuer(oauth_client, now, seed, access_token_life_s) if oauth_client else None
    store = Store(database)
    if store.is_empty():
        start = now()
        store.put("tariffs", bulk_tariffs(seed, party, start))
        store.put("locations", bulk_locations(locations, seed, party, start))
    pull = PullInterface(store, now, page_size, public_url)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.store = store
    app.state.now = now
    app.include_router(pull.routes(), prefix=BASE_PATH)
    app.add_exception_handler(Refusal, pull.on_refusal)
    app.add_exception_handler(HTTPException, pull.on_http_exception)
    app.add_middleware(Gate, check=check, issuer=issuer, now=now)
    if issuer is not None:
        app.add_middleware(TokenEndpoint, issuer=issuer)  # the last one is the outermost: nobody has a token yet
    return app


class PullInterface:
    """The handlers, and what they share."""

    def __init__(self, store: Store, now: Clock, page_size: int, public_url: str | None) -> None:
        self.store = store
        self.now = now
        self.page_size = page_size
        self.public_url = public_url.rstrip("/") if public_url else None

    def routes(self) -> APIRouter:
        """The paths below the base. Other methods than GET and HEAD get 405 from the router."""
        router = APIRouter(redirect_slashes=False)
        for path, handler in (
            ("/locations", self.locations),
            ("/locations/", self.locations),  # peers differ about the slash; nobody is helped by a 404
            ("/locations/{reference:path}", self.location_or_part),
            ("/tariffs", self.tariffs),
            ("/tariffs/", self.tariffs),
        ):
            router.add_api_route(path, handler, methods=list(METHODS))
        return router

    async def locations(self, request: Request) -> Response:
        """One page of Locations."""
        return self._page("locations", request)

    async def tariffs(self, request: Request) -> Response:
        """One page of Tariffs."""
        return self._page("tariffs", request)

    async def location_or_part(self, request: Request) -> Response:
        """One Location, one of its EVSEs, or one Connector of that."""
        segments = _segments_below(f"{BASE_PATH}/locations", request)
        if segments[-1:] == [""]:  # a slash at the end
            segments.pop()
        if not 1 <= len(segments) <= 3:
            raise Refusal(404, CLIENT_ERROR, "There is nothing at this path")
        body = self.store.location(segments[0])
        if body is not None and len(segments) > 1:
            body = _part(orjson.loads(body), segments[1:])
        if body is None:
            raise Refusal(404, UNKNOWN_LOCATION, "Unknown Location, EVSE or Connector")
        return success(body, self.now())

    async def on_refusal(self, _request: Request, error: Exception) -> Response:
        """Answer what a handler refused."""
        assert isinstance(error, Refusal)  # noqa: S101 - it is registered for nothing else
        return refused(error, self.now())

    async def on_http_exception(self, _request: Request, error: Exception) -> Response:
        """Answer what the router refused: 404, and 405 with an Allow header."""
        assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
        # The router's own Allow header comes from a set, whose order differs between runs.
        headers = {"Allow": ", ".join(METHODS)} if error.status_code == 405 else error.headers
        return refused(Refusal(error.status_code, CLIENT_ERROR, error.detail, headers), self.now())

    def _page(self, kind: Kind, request: Request) -> Response:
        page = read_page_request(request.query_params, self.page_size)
        total, bodies = self.store.page(
            kind, offset=page.offset, limit=page.limit, date_from=page.date_from, date_to=page.date_to
        )
        headers = {"X-Total-Count": str(total), "X-Limit": str(self.page_size)}
        link = next_link(f"{self.public_url or _base_url(request)}/{kind}", page, total)
        if link:
            headers["Link"] = link
        return success(b"[%b]" % b",".join(bodies), self.now(), headers)


def _base_url(request: Request) -> str:
    """The base path as this client reached it: its scheme and Host, and what the app is mounted under."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}{BASE_PATH}"


def _segments_below(path: str, request: Request) -> list[str]:
    """The decoded path segments after `path`.

    They are read from the path as it was sent: in the decoded one a slash inside an id looks like one between ids.
    """
    scope = request.scope
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    prefix = f"{scope.get('root_path', '')}{path}"
    return [unquote(segment.decode("ascii", "replace")) for segment in raw.split(b"/")[len(prefix.split("/")) :]]


def _part(location: dict[str, Any], path: list[str]) -> bytes | None:
    """The JSON text of the EVSE, or of the Connector in it, that the ids in `path` lead to; None if they do not."""
    part = location
    for collection, key, wanted in zip(("evses", "connectors"), ("uid", "id"), path, strict=False):
        found = [one for one in part.get(collection, ()) if one[key].lower() == wanted.lower()]
        if not found:
            return None
        part = found[0]
    return orjson.dumps(part)
