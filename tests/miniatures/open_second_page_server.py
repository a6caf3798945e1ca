"""A wrong server: whoever knows the address of a second page needs no token. Written as a class with a route table."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from harness.model.world import Clock
from tests.miniatures.sample_data import LISTS

Answer = tuple[int, dict[str, Any], dict[str, str]]


class OpenSecondPageServer:
    """The app. `url` is its public address above ``/locations``."""

    page_size = 1

    def __init__(self, token: str, clock: Clock, url: str) -> None:
        self.expected = base64.b64encode(token.encode())
        self.clock = clock
        self.url = url
        self.routes: dict[str, Callable[[str, dict[str, str]], Answer]] = {
            "/locations": self.one_page,
            "/tariffs": self.one_page,
        }
        self.routes |= {f"/locations/{one['id']}": self.single for one in LISTS["/locations"]}

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        """Answer one request."""
        path = scope["path"].removeprefix("/" + self.url.split("/", 3)[3])
        query = dict(parse_qsl(scope["query_string"].decode()))
        handler = self.routes.get(path, self.unknown)
        if not self.may_enter(scope, query):
            handler = self.stranger
        status, envelope, headers = handler(path, query)
        envelope["timestamp"] = self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")[:23] + "Z"
        fields = [(name.encode(), value.encode()) for name, value in headers.items()]
        fields += [field for field in scope["headers"] if field[0] in (b"x-request-id", b"x-correlation-id")]
        fields.append((b"Content-Type", b"application/json; charset=utf-8"))
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": json.dumps(envelope, indent=1).encode()})

    def may_enter(self, scope: Any, query: dict[str, str]) -> bool:
        """The fault: further pages are not asked for the token."""
        if query.get("offset", "0") != "0":
            return True
        scheme, _, shown = dict(scope["headers"]).get(b"authorization", b"").partition(b" ")
        return scheme.lower() == b"token" and hmac.compare_digest(shown, self.expected)

    def one_page(self, path: str, query: dict[str, str]) -> Answer:
        """A page of one object."""
        for name in ("date_from", "date_to"):
            if name in query and not _is_moment(query[name]):
                return 200, {"status_code": 2001, "status_message": f"{name} cannot be read"}, {}
        offset, limit = query.get("offset", "0"), query.get("limit", "1")
        if not (offset.isdecimal() and limit.isdecimal()):
            return 200, {"status_code": 2001, "status_message": "no number"}, {}
        first = _seconds(query.get("date_from", "0001-01-01T00:00:00"))
        last = _seconds(query.get("date_to", "9999-01-01T00:00:00"))
        fitting = [one for one in LISTS[path] if first <= _seconds(one["last_updated"]) < last]
        start = int(offset)
        headers = {"X-Total-Count": str(len(fitting)), "X-Limit": "1"}
        if start + 1 < len(fitting):
            headers["Link"] = f'<{self.url}{path}?{urlencode({**query, "offset": start + 1})}>; rel="next"'
        return 200, {"status_code": 1000, "data": fitting[start : start + 1]}, headers

    def single(self, path: str, _query: dict[str, str]) -> Answer:
        """One location."""
        found = next(one for one in LISTS["/locations"] if path.endswith(f"/{one['id']}"))
        return 200, {"status_code": 1000, "data": found}, {}

    def unknown(self, _path: str, _query: dict[str, str]) -> Answer:
        """Nothing is there."""
        return 404, {"status_code": 2003}, {}

    def stranger(self, _path: str, _query: dict[str, str]) -> Answer:
        """No token."""
        return 401, {"status_code": 2000}, {"WWW-Authenticate": "Token"}


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).tzinfo is None and "T" in text
    except ValueError:
        return False


def _seconds(moment: str) -> str:
    return moment[:19]
