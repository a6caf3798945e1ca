"""A server that is right in every clause, and does all that it may do differently."""

import base64
import gzip
import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote

from harness.model.world import Clock
from harness.run.hooks import local_hook
from tests.miniatures.unusual_data import LISTS, unusual_json

PAGE_SIZE = 1
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z?")
_ALWAYS = [
    (b"Server", b""),
    (b"SET-COOKIE", b"node=1; Path=/"),
    (b"set-cookie", b"zone=NaN"),
    (b"vary", b"Origin"),
    (b"Vary", b"Accept-Encoding, *"),
    (b"link", b'</terms>; rel=license; title="rel=next, <x>"'),
    (b"CONNECTION", b"close"),
    (b"content-encoding", b"gzip"),
    (b"CONTENT-type", b'Application/JSON ; Charset="utf-8" ; v=1'),
]
Fields = list[tuple[bytes, bytes]]
Lists = Mapping[str, list[dict[str, Any]]]


class CorrectButUnusualServer:
    """The app. `url` is its public address above ``/locations``; `hooks` are what it can be told to do."""

    def __init__(self, token: str, clock: Clock, url: str) -> None:
        self.expected = b"token " + base64.b64encode(token.encode())
        self.clock = clock
        self.url = url
        self.lists = deepcopy(LISTS)
        self.hooks = {"change": local_hook(self.change)}

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        """Answer one request."""
        given = dict(scope["headers"])
        scheme, space, rest = given.get(b"authorization", b"").partition(b" ")
        if scheme.lower() + space + rest != self.expected:
            status, envelope, fields = 401, {"status_code": 2004, "data": {}}, _challenges()
        else:
            status, envelope, fields = _answer(scope, self.lists, self.url)
        body = unusual_json({"timestamp": self.stamp(), **envelope, "trace": None})
        ids = [(name.title(), b" " + given[name] + b" ") for name in (b"x-correlation-id", b"x-request-id")]
        await send({"type": "http.response.start", "status": status, "headers": [*_ALWAYS, *fields, *ids]})
        await send({"type": "http.response.body", "body": gzip.compress(body)})

    def stamp(self) -> str:
        """Now, by a clock that is a little slow, as clocks are."""
        return (self.clock.now() - timedelta(seconds=90)).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def change(self, order: Mapping[str, Any]) -> Mapping[str, Any]:
        """Set members of an EVSE; it says nothing of when it did so."""
        wanted = order["object"]
        location = next(one for one in self.lists["locations"] if one["id"] == wanted["location"])
        evse = next(one for one in location["evses"] if one["uid"] == wanted["evse"])
        evse |= {**order["set"], "last_updated": self.stamp()}
        location["last_updated"] = evse["last_updated"]
        return {}


def _challenges() -> Fields:
    return [(b"www-authenticate", b'Basic realm="x", Digest nonce=1'), (b"www-authenticate", b"OCPI")]


def _answer(scope: Any, lists: Lists, url: str) -> tuple[int, dict[str, Any], Fields]:
    raw = scope["raw_path"].decode().removeprefix("/" + url.split("/", 3)[3] + "/")
    kind, slash, name = raw.partition("/")
    if kind in lists and not slash:
        query = {key: one[-1] for key, one in parse_qs(scope["query_string"].decode()).items()}
        return _page(lists[kind], f"{url}/{kind}", query)
    found = [one for one in lists["locations"] if kind == "locations" and one["id"].lower() == unquote(name).lower()]
    if found:
        return 200, {"status_code": 1999, "data": found[0]}, []
    return 404, {"status_code": 2003, "data": None, "status_message": "Onbekend – één locatie 😀"}, []


def _page(objects: list[dict[str, Any]], url: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any], Fields]:
    """One object. The next page is known by a cursor of the server's own, not by offset."""
    try:
        since, until = _moment(query.get("date_from", "1970-01-01T00:00:00")), _moment(query.get("date_to", ""))
        start = int(query.get("cursor", "c" + str(int(query.get("offset", "0"))))[1:])
        int(query.get("limit", "1"))
    except ValueError:
        return 200, {"status_code": 2001, "data": [], "status_message": ""}, []
    fitting = [one for one in objects if since <= _moment(one["last_updated"]) < until]
    kept = "".join(f"&{name}={query[name]}" for name in ("date_to", "date_from") if name in query)
    fields = [(b"x-total-count", str(len(fitting)).encode()), (b"X-LIMIT", b"1")]
    if start + PAGE_SIZE < len(fitting):
        address = url.replace("https://cpo.example", "HTTPS://CPO.Example:443")
        following = f"<{address}?cursor=c{start + PAGE_SIZE}{kept}&a=b,c;d>"
        fields.append((b"LINK", f'<{url}>;rel=first , {following} ;title="a,\\"b";REL=Next; x'.encode()))
    return 200, {"status_code": 1001, "data": fitting[start : start + PAGE_SIZE]}, fields


def _moment(text: str) -> datetime:
    if not text:
        return datetime.max.replace(tzinfo=UTC)
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) + timedelta(seconds=float(f"0{found[2] or '.0'}"))
