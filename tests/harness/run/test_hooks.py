"""The user's own hooks: a program or an HTTP endpoint, and every way in which one can fail to do its work."""

import asyncio
import json
import sys
import threading
from typing import Any

import pytest

from harness.run.hooks import Hook, HookFailedError, answer_unless, command_hook, http_hook, prompt_hook
from harness.wire.serve import served

ORDER = {"hook": "change", "set": {"status": "BLOCKED"}}


def called(hook: Hook) -> Any:
    return asyncio.run(_awaited(hook))


async def _awaited(hook: Hook) -> Any:
    return await hook(ORDER)


def program(text: str) -> Hook:
    return command_hook((sys.executable, "-c", text), limit_s=10)


def test_a_program_gets_the_order_and_gives_its_answer() -> None:
    answer = called(program("import json, sys; print(json.dumps({'got': json.load(sys.stdin)}))"))
    assert answer == {"got": ORDER}


def test_no_output_counts_as_an_empty_answer() -> None:
    assert called(program("import sys; sys.stdin.read()")) == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("import sys; sys.exit('no such object')", "exit code 1: no such object"),
        ("print('done')", "its answer is no JSON: done"),
        ("print('[1]')", "its answer is no JSON object"),
    ],
)
def test_a_program_that_fails_says_what_it_said(text: str, says: str) -> None:
    with pytest.raises(HookFailedError, match=says):
        called(program(text))


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(HookFailedError, match=r"./no-such-hook: No such file"):
        called(command_hook(("./no-such-hook",)))


def test_a_program_that_does_not_end_is_ended() -> None:
    with pytest.raises(HookFailedError, match=r"no answer within 0.2 s"):
        called(command_hook((sys.executable, "-c", "import signal; signal.pause()"), limit_s=0.2))


@pytest.mark.parametrize(("status", "body"), [(200, b'{"at": "2026-06-01T08:00:05Z"}'), (204, b"")])
def test_an_endpoint_gets_the_order_and_gives_its_answer(status: int, body: bytes) -> None:
    heard: list[Any] = []
    with served(_endpoint(status, body, heard)) as origin:
        answer = called(http_hook("POST", origin + "/change"))
    assert answer == (json.loads(body) if body else {})
    assert heard == [("POST", "/change", ORDER)]


@pytest.mark.parametrize(
    ("status", "body", "says"), [(500, b"broken", "500: broken"), (302, b"", "302"), (200, b"ok", "no JSON: ok")]
)
def test_an_endpoint_that_fails_says_what_it_said(status: int, body: bytes, says: str) -> None:
    with served(_endpoint(status, body, [])) as origin, pytest.raises(HookFailedError, match=says):
        called(http_hook("POST", origin))


def _endpoint(status: int, body: bytes, heard: list[Any]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        heard.append((scope["method"], scope["path"], json.loads(message["body"])))
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return app


LINE = {"table": "locations", "object": {"id": "LOC-1"}}
PRINTED = json.dumps(LINE) + "\n\n" + json.dumps({**LINE, "table": "tariffs"})


async def _exported(hook: Hook) -> Any:
    return await hook({"hook": "export", "interface": "ndw-push", "situation": "x"})


def test_an_export_comes_line_by_line_from_a_program_and_over_http() -> None:
    lines = [LINE, {**LINE, "table": "tariffs"}]
    assert asyncio.run(_exported(program(f"print({PRINTED!r})"))) == {"lines": lines}
    assert asyncio.run(_exported(program(""))) == {"lines": []}
    with served(_endpoint(200, PRINTED.encode(), [])) as origin:
        assert asyncio.run(_exported(http_hook("POST", origin))) == {"lines": lines}


@pytest.mark.parametrize("line", ["{", "[1]", '{"table": "locations"}', '{"table": 1, "object": {}}'])
def test_a_line_of_an_export_that_is_none_is_named(line: str) -> None:
    with pytest.raises(HookFailedError, match=r"^line 2 of its answer is no"):
        asyncio.run(_exported(program(f"print({json.dumps(LINE)!r}); print({line!r})")))


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.run.hooks.MOST_BYTES", 1 << 20)
    with pytest.raises(HookFailedError, match="longer than 1 MB"):
        called(program("while True: print('x' * 10000)"))


def test_a_program_that_reads_no_order_may_answer_all_the_same() -> None:
    assert called(program("print('{}')")) == {}


@pytest.mark.parametrize(
    ("typed", "skipped"), [("\n", False), ("done", False), ("s", True), (" S\n", True), (None, True)]
)
def test_a_person_does_it_or_skips_it(typed: str | None, skipped: bool) -> None:
    shown: list[str] = []

    def ask(words: str) -> str:
        shown.append(words)
        if typed is None:
            raise EOFError
        return typed

    async def asked() -> Any:
        return await prompt_hook(ask)({"hook": "change", "words": "Change a price."})

    if skipped:
        with pytest.raises(HookFailedError, match="skipped"):
            asyncio.run(asked())
    else:
        assert asyncio.run(asked()) == {}
    assert shown == ["Change a price."]


def test_all_else_goes_on_while_a_person_thinks() -> None:
    done = threading.Event()

    async def both() -> Any:
        waiting = asyncio.ensure_future(prompt_hook(lambda _words: "" if done.wait(10) else "s")({"words": "x"}))
        await asyncio.sleep(0)
        done.set()
        return await waiting

    assert asyncio.run(both()) == {}


def test_nobody_waits_for_a_hook_when_the_situation_is_skipped() -> None:
    async def never(_order: Any) -> Any:
        await asyncio.Event().wait()

    async def asked() -> None:
        skip = asyncio.Event()
        waiting = asyncio.ensure_future(answer_unless(skip, never, ORDER))
        await asyncio.sleep(0)
        skip.set()
        await waiting

    with pytest.raises(HookFailedError, match="skipped"):
        asyncio.run(asked())
