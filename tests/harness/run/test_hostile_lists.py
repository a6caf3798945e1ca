"""Lists that never end, that are another list every time, or that lead elsewhere: read so far and no further."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from harness.systems.ndw.reference import create_app
from harness.wire.serve import served
from harness.wire.transport import AsgiApp
from tests.harness.run.checked import START, TOKEN, Checked, checked, reference
from tests.harness.run.hostile_server import Hostile

ON_WHOLE_LISTS = ("*/crawl-comes-to-an-end", "*/total-count-is-given", "*/order-stays-the-same")
Following = Callable[[int, int], int]
"""Offset and number of objects of a page → the offset that its Link names."""


class EveryPageLeadsOn:
    """The reference, but every page of a list has a Link, and objects that have not come yet unless `again`.

    `total` is what X-Total-Count says of an offset; None leaves it out. `asked` counts the pages.
    """

    def __init__(self, following: Following, total: Callable[[int], int] | None, *, again: bool) -> None:
        self._app, self._following, self._total, self._again = reference(locations=1), following, total, again
        self.asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if not scope["path"].endswith(("/locations", "/tariffs")):
            await self._app(scope, receive, send)
            return
        self.asked += 1
        given = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
        offset = int(given.get("offset", "")) if given.get("offset", "").isdigit() else 0
        query = urlencode({name: value for name, value in given.items() if name == "limit"})
        came: list[Any] = []

        async def take(message: Any) -> None:
            came.append(message)

        await self._app({**scope, "query_string": query.encode()}, receive, take)
        body = json.loads(b"".join(one.get("body", b"") for one in came[1:]))
        if came[0]["status"] == 200 and "data" in body:
            for at, one in enumerate(body["data"] if not self._again else ()):
                one["id"] = f"X-{offset + at:07d}"
            address = f"http://{dict(scope['headers'])[b'host'].decode()}{scope['path']}"
            target = urlencode({**given, "offset": self._following(offset, len(body["data"]))})
            fields = {b"link": f'<{address}?{target}>; rel="next"'.encode()}
            fields |= {b"x-total-count": b"%d" % self._total(offset)} if self._total else {}
            kept = [
                pair for pair in came[0]["headers"] if pair[0] not in (*fields, b"x-total-count", b"content-length")
            ]
            came = [
                {**came[0], "headers": [*kept, *fields.items()]},
                {"type": "http.response.body", "body": json.dumps(body).encode()},
            ]
        for message in came:
            await send(message)


def judged(app: AsgiApp, folder: Path, *settings: str) -> Checked:
    with served(app) as origin:
        return checked(origin, folder, *settings, only=ON_WHOLE_LISTS)


def on(offset: int, size: int) -> int:
    return offset + size


ENDLESS = {
    "beyond its total": (EveryPageLeadsOn(on, lambda _: 3, again=False), 10, "crawl-comes-to-an-end"),
    "without a total": (EveryPageLeadsOn(on, None, again=False), 10, "total-count-is-given"),
    "the same objects for ever": (EveryPageLeadsOn(on, lambda _: 5, again=True), 30, "crawl-comes-to-an-end"),
    "round and round": (
        EveryPageLeadsOn(lambda at, _: 0 if at else 5, lambda _: 5, again=True),
        30,
        "crawl-comes-to-an-end",
    ),
    "to itself": (EveryPageLeadsOn(lambda at, _: at, lambda _: 5, again=True), 30, "crawl-comes-to-an-end"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_chain_of_links_without_end_is_a_finding(kind: str, tmp_path: Path) -> None:
    server, pages, clause = ENDLESS[kind]
    ended = judged(server, tmp_path, f"pull.max_pages={pages}")
    assert ended.code == 1
    assert clause in ended.ids("failed")
    assert ended.ids("cannot_tell") == set()
    assert any("the crawl was ended after" in reason for reason in ended.reasons("untested"))
    assert server.asked < 50 * pages


def test_a_list_that_says_it_is_immense_is_read_to_the_limits(tmp_path: Path) -> None:
    server = EveryPageLeadsOn(on, lambda _: 10**18 - 1, again=False)
    ended = judged(server, tmp_path, "limit.list_objects=9")
    assert "/locations: the crawl was ended after 9 pages, Link still given" in "; ".join(ended.reasons("untested"))
    assert ended.code in (0, 5)
    assert server.asked < 30 * 30


def test_a_server_that_says_something_else_every_time_is_judged_and_left(tmp_path: Path) -> None:
    seeds = count()

    async def changing(scope: Any, receive: Any, send: Any) -> None:
        await reference(locations=1 + next(seeds) % 4, seed=next(seeds))(scope, receive, send)

    with served(changing) as origin:
        ended = checked(origin, tmp_path)
    assert ended.code in (0, 1)
    assert ended.ids("cannot_tell") == set()
    assert next(seeds) < 1_000


def test_behind_connect_to_a_link_elsewhere_is_followed_without_anything_secret(tmp_path: Path) -> None:
    app = create_app(token=TOKEN, now=lambda: START, page_size=2, locations=5, public_url="http://links.example")
    server = Hostile(app=app)
    with server.listening() as origin:
        ended = checked("http://cpo.example", tmp_path, connect_to=origin.removeprefix("http://"))
    heads = [head.lower() for head in server.met]
    elsewhere = [head for head in heads if "host: links.example" in head]
    assert elsewhere
    assert not any("authorization:" in head for head in elsewhere)
    assert sum("authorization:" in head for head in heads if "host: cpo.example" in head) > 50
    told = "which gets no credential; without one it answers 401"
    assert any(told in reason for reason in ended.reasons("untested"))
    assert not {one for one in ended.ids("failed") if one.startswith(("link", "crawl", "every-limit", "total"))}
    not_followed = [one for one in ended.exchanges if one["failure"]]
    assert {one["failure"]["kind"] for one in not_followed} == {"not-followed"}
    assert all(one["request"]["credential"] is None and "authorised" not in one["tags"] for one in not_followed)
