"""A wrong server: its lists are bare JSON arrays, without the envelope. Written as one function, for ASGI by hand."""

import base64
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from harness.model.world import Clock
from harness.wire.transport import AsgiApp
from tests.miniatures.sample_data import LISTS


def bare_list_server(token: str, clock: Clock, url: str) -> AsgiApp:
    """The app. `url` is its public address above ``/locations``."""
    wanted = f"Token {base64.b64encode(token.encode()).decode()}"
    prefix = "/" + url.split("/", 3)[3]

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        given = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        path = unquote(scope["raw_path"].decode()).removeprefix(prefix)
        query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
        headers = {name: given[name] for name in ("x-request-id", "x-correlation-id") if name in given}
        headers["content-type"] = "application/json"
        status = 200
        answer: Any
        if given.get("authorization") != wanted:
            status, answer = 401, enveloped(clock, 2000)
        elif path in LISTS:
            answer, next_page = page(path, query)
            if answer is None:
                answer = enveloped(clock, 2001)
            elif next_page:
                headers["link"] = f'<{url}{path}?{next_page}>; rel="next"'
        else:
            found = next((one for one in LISTS["/locations"] if path == f"/locations/{one['id']}"), None)
            status, answer = (200, enveloped(clock, 1000, found)) if found else (404, enveloped(clock, 2003))
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    return app


def enveloped(clock: Clock, code: int, data: Any = None) -> dict[str, Any]:
    """What this server puts around everything but its lists."""
    envelope = {"status_code": code, "timestamp": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")}
    return envelope if data is None else {**envelope, "data": data}


def page(path: str, query: dict[str, str]) -> tuple[list[dict[str, Any]] | None, str]:
    """The objects of a page, None where a parameter cannot be read; and the query of the next page."""
    try:
        offset, limit = int(query.get("offset", "0")), int(query.get("limit", "2"))
        first, last = query.get("date_from", "0001-01-01T00:00:00Z"), query.get("date_to", "9999-01-01T00:00:00Z")
        for moment in (first, last):
            datetime.fromisoformat(moment.removesuffix("Z"))
    except ValueError:
        return None, ""
    fitting = [one for one in LISTS[path] if first[:19] <= one["last_updated"][:19] < last[:19]]
    following = offset + min(limit, 2)
    filters = "".join(f"&{name}={query[name]}" for name in ("date_from", "date_to") if name in query)
    more = f"offset={following}&limit={limit}{filters}" if following < len(fitting) else ""
    return fitting[offset:following], more
