"""The control path of the mocks, in process: sessions, journal, state, clock, faults, actions, and who may ask."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from harness.mock.control.clock import duration
from harness.model.exchange import HttpExchange
from harness.wire.serve import served
from harness.wire.transport import in_process
from tests.harness.mock import toy as toy_module
from tests.harness.mock.toy import Toy

AT = "/_harness/v1"
DEFAULT = f"{AT}/sessions/default"
N_1 = f"{DEFAULT}/state/notes/NL/ABC/N-1"


class Asking:
    """Asks a mock and its control path in process."""

    def __init__(self) -> None:
        self.toy = Toy()

    def __call__(self, method: str, path: str, value: Any = None, **options: Any) -> httpx.Response:
        """One answer."""
        body = {} if value is None else {"json": value}

        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=in_process(self.toy), base_url="http://localhost") as client:
                return await client.request(method, path, **body, **options)

        return asyncio.run(asked())

    def refused(self, method: str, path: str, value: Any = None, **options: Any) -> tuple[int, str]:
        """Status and words of a refusal."""
        answer = self(method, path, value, **options)
        return answer.status_code, answer.json()["detail"]

    def journal(self, query: str = "", session: str = "default") -> list[dict[str, Any]]:
        """The lines of a journal."""
        answer = self("GET", f"{AT}/sessions/{session}/exchanges?{query}")
        assert answer.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture
def ask() -> Asking:
    return Asking()


def test_the_overview_names_systems_addresses_documents_and_sessions(ask: Asking) -> None:
    found = ask("GET", AT).json()
    assert found == ask("GET", f"{AT}/").json()
    assert found["sessions"] == ["default"]
    assert found["systems"]["toy"]["services"]["notes"]["url"] == "http://localhost/toy"
    document = ask("GET", found["systems"]["toy"]["services"]["notes"]["document"]).json()
    assert document["servers"] == [{"url": "http://localhost/toy"}]
    assert "/notes/{owner}/{id}" in document["paths"]
    assert ask("GET", f"{AT}/ready").json() == {"ready": True}


def test_sessions_share_nothing_and_end_with_their_report(ask: Asking) -> None:
    begun = ask("POST", f"{AT}/sessions", {"systems": ["toy"], "seed": 7})
    assert (begun.status_code, begun.json()["env"]["TOY_URL"]) == (201, "http://localhost/~s1/toy")
    assert ask("PUT", "/~s1/toy/notes/NL/N-5", {"text": "x"}).status_code == 200
    assert ask("GET", f"{AT}/sessions/s1/state").json() == {"notes": 3}
    assert ask("GET", f"{DEFAULT}/state").json() == {"notes": 2}
    assert (len(ask.journal(session="s1")), len(ask.journal())) == (1, 0)
    assert [one["id"] for one in ask("GET", f"{AT}/sessions").json()["sessions"]] == ["default", "s1"]
    assert ask("POST", f"{AT}/sessions/s1/finish").text == "s1 toy json 1"
    assert ask.refused("GET", f"{AT}/sessions/s1") == (404, "there is no session s1; known: default")
    assert ask("POST", f"{DEFAULT}/finish").text == "default toy json 0"
    assert ask("GET", DEFAULT).status_code == 200


def test_what_cannot_be_is_refused_in_words(ask: Asking) -> None:
    assert ask.refused("POST", f"{AT}/sessions", {"systems": ["tpy"]}) == (
        422,
        "there is no system tpy; did you mean 'toy'?",
    )
    assert ask.refused("POST", f"{AT}/sessions", {"situation": "x"}) == (422, "there is no situation x; known: serve")
    assert ask.refused("POST", f"{AT}/sessions", {"sed": 1}) == (422, "sed: no such member here")
    assert ask.refused("DELETE", DEFAULT)[0] == 422
    assert ask.refused("POST", f"{DEFAULT}/next")[0] == 409
    assert ask.refused("GET", f"{AT}/nowhere")[0] == 404
    assert ask.refused("PATCH", DEFAULT)[0] == 405
    assert ask.refused("GET", f"{DEFAULT}/report.md?system=tyo") == (
        422,
        "session default has no system tyo; did you mean 'toy'?",
    )
    assert ask.refused("PUT", N_1, content=b"[" * 200 + b"]" * 200) == (
        400,
        "the body is nested deeper than 100 levels",
    )
    assert ask.refused("PUT", N_1, content=b'{"text": NaN}')[0] == 400
    assert ask.refused("PUT", N_1, content=b" " * (9 * 1024 * 1024))[0] == 413


def test_a_reset_begins_anew_in_under_5_ms(ask: Asking) -> None:
    ask("PUT", "/toy/notes/NL/ABC", {"text": "x"})
    ask("POST", f"{DEFAULT}/faults", {"operation": "*", "edit": "failing(503)"})
    ask("PUT", f"{DEFAULT}/clock", {"advance": "P1D"})
    assert ask("POST", f"{DEFAULT}/reset", {"seed": 9}).status_code == 200
    assert (ask("GET", f"{DEFAULT}/state").json(), ask.journal()) == ({"notes": 2}, [])
    assert ask("GET", f"{DEFAULT}/faults").json() == []
    clock = ask("GET", f"{DEFAULT}/clock").json()
    assert (clock["now"], ask("GET", DEFAULT).json()["seed"]) == (clock["wire"], 9)
    session = ask.toy.sessions.get("default")
    assert session is not None
    begun = time.perf_counter()
    for _ in range(5):
        session.reset()
    assert (time.perf_counter() - begun) / 5 < 0.005


def test_the_journal_says_what_was_wrong_with_a_request(ask: Asking) -> None:
    ask("PUT", "/toy/notes/NL/N-5", {"text": "x"})
    ask("PUT", "/toy/notes/NL/N-5", {"text": 5})
    good, bad = ask.journal()
    assert (good["n"], good["operation"], good["refused"], good["problems"]) == (1, "putNote", None, [])
    assert good["request"]["url"] == "http://localhost/toy/notes/NL/N-5"
    assert (bad["service"], bad["response"]["status"], bad["refused"]["advice"]) == (
        "notes",
        422,
        "fill the member text",
    )
    [problem] = bad["problems"]
    assert (problem["requirement"], problem["keyword"], problem["where"]) == (
        "harness/notes-have-a-text", "MUST", "request.body:/text",
    )  # fmt: skip
    assert (problem["expected"], problem["actual"]) == ('type: "string"', "5")
    assert ask.journal("after=1") == [bad]
    clause = ask("GET", f"{AT}/clauses/{problem['requirement']}").json()
    assert (clause["title"], clause["source"]["section"]) == ("A note has a text.", "1")
    assert ask.refused("GET", f"{AT}/clauses/harness/notes-have-a-txt")[0] == 404


def test_whoever_waits_for_the_journal_is_answered_when_something_comes(ask: Asking) -> None:
    async def both() -> tuple[httpx.Response, httpx.Response]:
        async with httpx.AsyncClient(transport=in_process(ask.toy), base_url="http://localhost", timeout=10) as client:
            waiting = asyncio.ensure_future(client.get(f"{DEFAULT}/exchanges?after=0&wait=60"))
            looking = asyncio.ensure_future(client.get(f"{DEFAULT}/exchanges?after=0&wait=60&changes=0"))
            await client.put(f"{DEFAULT}/clock", json={"rate": 2})
            changed = await looking
            assert not waiting.done()
            await client.put("/toy/notes/NL/N-5", json={"text": "x"})
            return changed, await waiting

    changed, waited = asyncio.run(both())
    assert (changed.text, json.loads(waited.text)["n"]) == ("", 1)
    assert ask.refused("GET", f"{DEFAULT}/exchanges?wait=61")[0] == 422


def test_state_is_seen_without_secrets_and_changed_with_checks(ask: Asking) -> None:
    shown = ask("GET", N_1).json()
    assert shown == {"owner": "NL/ABC", "id": "N-1", "text": "hello", "secret": "(hidden)"}
    assert ask("GET", f"{DEFAULT}/state/notes").json()["NL/ABC/N-1"] == shown
    assert ask("PUT", N_1, {**shown, "text": "by hand"}).json()["text"] == "by hand"
    session = ask.toy.sessions.get("default")
    assert session is not None
    assert session.tables.get("notes", "NL/ABC/N-1") == {**shown, "text": "by hand", "secret": "s3cret"}
    wrong = ask("PUT", N_1, {**shown, "text": 3})
    assert (wrong.status_code, wrong.json()["problems"][0]["pointer"]) == (422, "/text")
    assert ask.refused("PUT", N_1, {**shown, "id": "N-2"})[0] == 422
    assert ask.refused("PUT", N_1, ["x"]) == (422, "an object of a table is a JSON object")
    other = {"owner": "NL/ABC", "id": "N-7", "text": "new"}
    assert ask.refused("PUT", f"{DEFAULT}/state/notes/NL/ABC/N-7", {**other, "secret": "(hidden)"})[0] == 422
    assert ask("PUT", f"{DEFAULT}/state/notes/NL/ABC/N-7", other).status_code == 201
    assert ask("DELETE", N_1).status_code == 204
    assert ask.refused("DELETE", N_1) == (404, "notes holds nothing under 'NL/ABC/N-1'")
    assert ask.refused("GET", f"{DEFAULT}/state/nots") == (404, "no table is called 'nots'; did you mean 'notes'?")


def test_the_story_clock_jumps_and_says_what_fired(ask: Asking) -> None:
    before = ask("GET", f"{DEFAULT}/clock").json()
    assert before["timers"] == [{"at": "2026-12-01T13:00:00Z", "name": "the note is read aloud"}]
    assert ask("PUT", f"{DEFAULT}/clock", {"advance": "PT4H59M59.5S"}).json()["fired"] == []
    after = ask("PUT", f"{DEFAULT}/clock", {"now": "2026-12-02T00:00:00+01:00"}).json()
    assert (after["now"], after["fired"], after["timers"]) == ("2026-12-01T23:00:00Z", ["the note is read aloud"], [])
    assert after["wire"] == before["wire"]
    assert ask("PUT", f"{DEFAULT}/clock", {"rate": 60}).json()["rate"] == 60
    for wrong in ({}, {"rate": 1, "advance": "P1D"}, {"rate": -1}, {"now": "noon"}, {"now": "2026-12-01T05:00:00"},
                  {"now": "9999-12-31T23:59:59Z"}, {"advance": "P1Y"}, {"advance": "1 day"}, {"advance": "P"},
                  {"advance": "PT"}, {"advance": "P1..D"}, {"advance": "P99999999999999D"}):  # fmt: skip
        assert ask.refused("PUT", f"{DEFAULT}/clock", wrong)[0] == 422, wrong
    assert duration("P1W").days == 7


def test_faults_come_and_go(ask: Asking) -> None:
    made = ask("POST", f"{DEFAULT}/faults", {"operation": "getNote", "edit": "failing(503)", "times": 1, "after": 1})
    assert (made.status_code, made.json()["spelling"]) == (201, "getNote:failing(503):times=1:after=1")
    assert [ask("GET", "/toy/notes/NL/ABC").status_code for _ in range(3)] == [404, 503, 404]
    assert ask("GET", f"{DEFAULT}/faults/f1").json()["hit"] == 1
    assert ask.journal()[1]["faults"] == ["getNote:failing(503):times=1:after=1"]
    assert ask("DELETE", f"{DEFAULT}/faults/f1").status_code == 204
    assert ask.refused("DELETE", f"{DEFAULT}/faults/f1") == (404, "there is no fault f1: there are no faults now")
    wrong = {"operation": "getNot", "edit": "failing(503)"}
    assert ask.refused("POST", f"{DEFAULT}/faults", wrong) == (422, "no operation getNot; did you mean 'getNote'?")
    ask("POST", f"{DEFAULT}/faults", {"operation": "*", "edit": "delay(1)"})
    assert (ask("DELETE", f"{DEFAULT}/faults").status_code, ask("GET", f"{DEFAULT}/faults").json()) == (204, [])
    usages = {one["name"]: one["usage"] for one in ask("GET", f"{AT}/edits").json()}
    assert usages["request.without_field"] == "request.without_field(pointer)"


def test_actions_are_done_when_their_arguments_fit(ask: Asking) -> None:
    at = f"{DEFAULT}/actions"
    assert [one["name"] for one in ask("GET", at).json()] == ["write-note", "sweep"]
    assert ask("POST", f"{at}/write-note", {"text": "x"}).json() == {"written": "N-9"}
    assert ask("POST", f"{at}/sweep").json() is None
    assert ask.refused("POST", f"{at}/write-note", {}) == (
        422,
        'write-note: the arguments: "text" is a required property',
    )
    assert ask.refused("POST", f"{at}/write-note", {"text": "nothing"}) == (
        422,
        "write-note: a note must say something",
    )
    assert ask.refused("POST", f"{at}/write", {})[0] == 404
    events = ask("GET", DEFAULT).json()["events"]
    assert [one["text"] for one in events] == ["action write-note done (text='x')", "action sweep done"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "localhost.evil.example:7400"}, 403),
        ({"host": "evil@localhost"}, 403),
        ({"host": "box.example:7400"}, 200),
        ({"host": "[::1]:7400"}, 200),
        ({"origin": "http://localhost", "content-type": "application/json"}, 200),
        ({"origin": "http://localhost:3000"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"referer": "http://localhost/", "content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 200),  # curl -d
    ],
)
def test_no_page_of_somebody_else_reaches_the_control_path(ask: Asking, headers: dict[str, str], status: int) -> None:
    answer = ask("POST", f"{DEFAULT}/reset", content=b"{}", headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_crash_behind_it_is_told_as_its_own_fault(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crashing(_exchange: HttpExchange) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setattr(toy_module, "line", crashing)
    crashed = Asking()
    crashed("GET", "/toy/notes/NL/ABC")
    assert crashed.refused("GET", f"{DEFAULT}/exchanges") == (
        500,
        "the control path itself crashed: this is its fault, please report it",
    )
    assert "ZeroDivisionError" in capsys.readouterr().err


@contextmanager
def over_a_socket() -> Iterator[httpx.Client]:
    toy = Toy()
    with served(toy) as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield client


def test_it_is_the_same_over_a_socket() -> None:
    with over_a_socket() as client:
        assert client.get(AT).json()["sessions"] == ["default"]
        assert client.put(f"{DEFAULT}/state/notes/NL/ABC/N%2D1", content=b'{"text":"x"}').status_code == 200
        page = client.get("/")
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert client.get("/static/page.js").headers["content-type"].startswith("text/javascript")
        assert client.get("/static/../app.py").status_code == 404
