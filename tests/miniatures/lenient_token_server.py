"""A wrong server: it takes a token in any case and with white space around it. Written as generators of answers."""

import base64
import binascii
import re
from collections.abc import Iterator
from json import JSONEncoder
from typing import Any
from urllib.parse import parse_qs

from harness.model.world import Clock
from harness.wire.transport import AsgiApp
from tests.miniatures.sample_data import LISTS

MOMENT = re.compile(r"\d{4}-(0[1-9]|1[0-2])-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z?")


def lenient_token_server(token: str, clock: Clock, url: str) -> AsgiApp:
    """The app. `url` is its public address above ``/locations``."""
    root = "/" + url.split("/", 3)[3]

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        stamp = clock.now().strftime("%Y-%m-%dT%H:%M:%S")
        shown = [value for name, value in scope["headers"] if name == b"authorization"]
        path, query = scope["path"][len(root) :], parse_qs(scope["query_string"].decode())
        answers = answer(path, query, url) if opens(shown, token) else iter([(401, 2002, None, None)])
        status, code, data, link = next(answers)
        fields = [(b"content-type", b"application/json")]
        if path in LISTS and isinstance(data, list):
            fields += [(b"x-total-count", str(len(fitting(path, query))).encode()), (b"x-limit", b"100")]
        fields += [field for field in scope["headers"] if field[0].startswith((b"x-request-", b"x-correlation-"))]
        if link:
            fields.append((b"link", link.encode()))
        await send({"type": "http.response.start", "status": status, "headers": fields})
        envelope = {"data": data, "status_code": code, "status_message": None, "timestamp": stamp}
        for part in JSONEncoder().iterencode(envelope):
            await send({"type": "http.response.body", "body": part.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return app


def opens(shown: list[bytes], token: str) -> bool:
    """The fault: case and white space do not count."""
    try:
        scheme, _, encoded = shown[0].partition(b" ")
        text = base64.b64decode(encoded, validate=True).decode()
    except (IndexError, binascii.Error, UnicodeDecodeError):
        return False
    return scheme == b"Token" and text.strip().lower() == token.lower()


def answer(path: str, query: dict[str, list[str]], url: str) -> Iterator[tuple[int, int, Any, str | None]]:
    """Status, OCPI code, data and link: the first that fits counts."""
    for one in LISTS["/locations"]:
        if path == f"/locations/{one['id']}":
            yield 200, 1000, one, None
    if path not in LISTS:
        yield 404, 2003, None, None
    numbers = [value for name in ("offset", "limit") for value in query.get(name, ())]
    moments = [value for name in ("date_from", "date_to") for value in query.get(name, ())]
    if not all(value.isdecimal() for value in numbers) or not all(map(MOMENT.fullmatch, moments)):
        yield 200, 2001, None, None
    offset, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["100"])[0])
    found = fitting(path, query)
    kept = "".join(f"&{name}={value[0]}" for name, value in query.items() if name.startswith("date_"))
    following = f"{url}{path}?offset={offset + limit}&limit={limit}{kept}"
    link = f'<{following}>; rel="next"' if offset + limit < len(found) else None
    yield 200, 1000, found[offset : offset + limit], link


def fitting(path: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The objects that the dates leave."""
    since, until = query.get("date_from", [""])[0], query.get("date_to", ["9"])[0]
    return [one for one in LISTS[path] if since[:19] <= one["last_updated"][:19] < until[:19]]
