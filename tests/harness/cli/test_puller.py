"""``harness serve ndw --pull-url``: the daily puller against the bundled reference CPO, and what it keeps."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.cli.plan import UsageError
from harness.cli.puller import add_puller
from harness.cli.stand_in import reference_app
from harness.collect import suite
from harness.judge.vocabulary import next_link
from harness.wire.serve import served
from harness.wire.transport import AsgiApp, in_process
from tests.harness.mock.machine import AT, HOST, Machine

LOCATIONS, PAGE = 25, 10


class Cpo:
    """The reference CPO, which can be told to fail on pages beyond the first, or to change one."""

    def __init__(self, machine: Machine) -> None:
        self.app: Any = reference_app(suite("ndw-pull"), machine.wire, "tok", locations=LOCATIONS, page_size=PAGE)
        self.fails = False
        self.change: Callable[[list[dict[str, Any]]], None] | None = None

    @property
    def ids(self) -> list[str]:
        """The ids of its locations."""
        return [json.loads(one)["id"] for one in self.app.state.store.page("locations", offset=0, limit=1000)[1]]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "http" and b"/locations" in scope["raw_path"]:
            if self.fails and b"offset" in scope["query_string"]:
                await _answer(send, 500, b"{}")
                return
            if self.change is not None:
                await self._changed(scope, send)
                return
        await self.app(scope, receive, send)

    async def _changed(self, scope: Any, send: Any) -> None:
        assert self.change is not None
        fields = {name.decode(): value.decode() for name, value in scope["headers"]}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=f"http://{fields['host']}"
        ) as http:
            query = scope["query_string"].decode()
            answer = await http.get(f"{scope['path']}?{query}", headers=fields)
        value = answer.json()
        self.change(value["data"])
        await _answer(send, 200, json.dumps(value).encode(), [(b"link", answer.headers.get("link", "").encode())])


async def _answer(send: Any, status: int, body: bytes, further: list[tuple[bytes, bytes]] | None = None) -> None:
    kept = [(b"content-type", b"application/json"), *((name, value) for name, value in further or () if value)]
    await send({"type": "http.response.start", "status": status, "headers": kept})
    await send({"type": "http.response.body", "body": body})


class Pulled:
    """A mock that pulls this server, and its control path."""

    def __init__(self, machine: Machine, http: httpx.AsyncClient) -> None:
        self.machine, self.http = machine, http

    async def now(self) -> dict[str, Any]:
        """Pull now."""
        found: dict[str, Any] = (await self.http.post(f"{AT}/sessions/default/actions/pull-now")).json()
        return found

    async def control(self, method: str, path: str, value: Any = None) -> Any:
        """What the control path answers."""
        answer = await self.http.request(method, f"{AT}/sessions/default{path}", json=value)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def kept(self, name: str = "locations") -> Mapping[str, Any]:
        """What was pulled, by key."""
        return dict(self.machine.default.tables.rows(f"pulled_{name}"))

    @property
    def asked(self) -> list[Any]:
        """The exchanges of the puller."""
        return [entry.exchange for entry in self.machine.default.journal if entry.service == "pull"]


def pulling(talk: Callable[[Pulled, Cpo], Awaitable[None]], tmp_path: Path) -> None:
    machine = Machine()
    cpo = Cpo(machine)

    async def run() -> None:
        async with httpx.AsyncClient(transport=in_process(machine), base_url=HOST) as http:
            await talk(Pulled(machine, http), cpo)

    app: AsgiApp = cpo
    with served(app) as origin:
        add_puller(machine.sessions, f"{origin}/ocpi/2.2.1", "TOKEN", None, {"TOKEN": "tok"}, tmp_path)
        asyncio.run(run())


def test_it_pulls_at_its_hour_of_the_story_and_is_done_before_the_answer(tmp_path: Path) -> None:
    async def talk(pulled: Pulled, _cpo: Cpo) -> None:
        assert (await pulled.control("GET", "/clock"))["timers"] == [
            {"at": "2026-12-02T03:00:00Z", "name": "daily pull"}
        ]
        assert not (await pulled.control("PUT", "/clock", {"now": "2026-12-02T02:59:59Z"}))["fired"]
        assert not pulled.asked
        moved = await pulled.control("PUT", "/clock", {"now": "2026-12-03T04:00:00Z"})
        assert moved["fired"] == ["daily pull"] * 2
        assert moved["timers"] == [{"at": "2026-12-04T03:00:00Z", "name": "daily pull"}]
        assert len(pulled.kept()) == LOCATIONS
        assert pulled.kept("tariffs")
        once = len(pulled.asked)
        week = await pulled.control("PUT", "/clock", {"advance": "P7D"})
        assert week["fired"] == ["daily pull"] * 7
        assert len(pulled.asked) == 2 * once, "days that pass at once come to one pull"

    pulling(talk, tmp_path)


def test_it_asks_page_by_page_as_the_links_say_and_the_journal_has_it(tmp_path: Path) -> None:
    async def talk(pulled: Pulled, cpo: Cpo) -> None:
        told = await pulled.now()
        assert told["pulled"]
        assert told["lists"]["pulled_locations"] == {
            "complete": True, "objects": LOCATIONS, "without an id": 0, "new": LOCATIONS, "gone": 0, "changed": 0,
        }  # fmt: skip
        crawl = [one for one in pulled.asked if one.situation == "ocpi-2.2.1/crawl-locations"]
        assert len(crawl) == 3
        assert [one.request.url for one in crawl[1:]] == [next_link(one) for one in crawl[:-1]]
        assert [entry.n for entry in pulled.machine.default.journal] == list(range(1, len(pulled.asked) + 1))
        assert all("tok" not in str(one.request.headers.fields).lower().split() for one in pulled.asked)
        assert len({one.id for one in pulled.asked}) == len(pulled.asked)
        assert sorted(pulled.kept()) == sorted(f"NL/XPO/{key}" for key in cpo.ids)
        again = (await pulled.now())["lists"]["pulled_locations"]
        assert (again["new"], again["gone"], again["changed"]) == (0, 0, 0)

    pulling(talk, tmp_path)


def test_one_bad_object_does_not_end_the_run(tmp_path: Path) -> None:
    async def talk(pulled: Pulled, cpo: Cpo) -> None:
        cpo.change = _spoilt
        told = (await pulled.now())["lists"]["pulled_locations"]
        assert (told["complete"], told["without an id"]) == (True, 3)
        assert len(pulled.kept()) == LOCATIONS - 6
        assert any(row["coordinates"] == "nowhere" for row in pulled.kept().values()), "what has an id is kept as it is"

    pulling(talk, tmp_path)


def _spoilt(data: list[dict[str, Any]]) -> None:
    del data[0]["id"]
    data[1]["coordinates"] = "nowhere"
    data[2] = "no object"  # type: ignore[call-overload]


def _without_the_first(data: list[dict[str, Any]]) -> None:
    del data[0]


def test_what_is_gone_is_dropped_after_a_whole_crawl_only(tmp_path: Path) -> None:
    async def talk(pulled: Pulled, cpo: Cpo) -> None:
        await pulled.now()
        before = pulled.kept()
        cpo.fails = True
        told = (await pulled.now())["lists"]
        assert told["pulled_locations"]["complete"] is False
        assert "gone" not in told["pulled_locations"]
        assert pulled.kept() == before
        assert told["pulled_tariffs"]["complete"] is True
        cpo.fails = False
        cpo.change = _without_the_first
        told = (await pulled.now())["lists"]
        assert (told["pulled_locations"]["complete"], told["pulled_locations"]["gone"]) == (True, 3)
        assert pulled.kept().keys() < before.keys()

    pulling(talk, tmp_path)


def test_a_reset_forgets_what_was_pulled_and_pulls_again_the_next_day(tmp_path: Path) -> None:
    async def talk(pulled: Pulled, _cpo: Cpo) -> None:
        await pulled.now()
        await pulled.control("POST", "/reset", {})
        assert not pulled.kept()
        assert [one["name"] for one in (await pulled.control("GET", "/clock"))["timers"]] == ["daily pull"]
        before = pulled.machine.default.journal.last
        pull = asyncio.ensure_future(pulled.now())
        await pulled.machine.default.journal.wait(before, 10)
        pulled.machine.default.reset()
        assert await pull == {
            "pulled": False,
            "why": "the session was reset meanwhile",
            "next": "see to your server, then pull again: the action pull-now",
        }
        assert not pulled.kept()

    pulling(talk, tmp_path)


def test_a_server_that_is_down_is_told_in_words(tmp_path: Path) -> None:
    machine = Machine()
    add_puller(machine.sessions, "http://127.0.0.1:9/ocpi/2.2.1", "TOKEN", None, {"TOKEN": "tok"}, tmp_path)

    async def run() -> None:
        async with httpx.AsyncClient(transport=in_process(machine), base_url=HOST) as http:
            pulled = Pulled(machine, http)
            told = await pulled.now()
            assert (told["pulled"], told["why"]) == (False, "http://127.0.0.1:9: connection refused")
            assert "--pull-url" in told["next"]
            await pulled.control("PUT", "/clock", {"advance": "P1D"})
            last = list(machine.default.journal)[-1]
            assert last.why == "the pull had no answer: connection refused"
            assert "pull-now" in last.advice

    asyncio.run(run())


def test_a_puller_needs_its_token(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="TOKEN"):
        add_puller(Machine().sessions, "http://127.0.0.1:9/ocpi/2.2.1", "TOKEN", None, {}, tmp_path)


def test_what_was_pushed_can_be_compared_with_what_was_pulled(tmp_path: Path) -> None:
    async def talk(pulled: Pulled, _cpo: Cpo) -> None:
        refused = await pulled.http.post(f"{AT}/sessions/default/actions/compare-pulled")
        assert (refused.status_code, "nothing was pulled yet" in refused.text) == (422, True)
        await pulled.now()
        tables = pulled.machine.default.tables
        (key, row), *others = pulled.kept().items()
        tables.put("locations", {**row, "name": "Another"})
        for _key, same in others[1:]:
            tables.put("locations", same)
        told = await pulled.control("POST", "/actions/compare-pulled", {})
        assert told["differences"][:2] == [
            {"table": "locations", "key": key, "kind": "differs", "places": ["/name"]},
            {"table": "locations", "key": others[0][0], "kind": "only pulled", "places": []},
        ]
        assert {one["table"] for one in told["differences"][2:]} == {"tariffs"}
        assert told["count"] == len(told["differences"])

    pulling(talk, tmp_path)
