"""The user's own hooks: a command (JSON on stdin, JSON on stdout, exit 0) or an HTTP call (JSON both ways, 2xx)."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx

LIMIT_S = 30
"""Seconds after which a hook has failed."""

MOST_BYTES = 64 << 20
"""No hook answers more."""

EXPORT = "export"
"""The hook that answers with JSON Lines."""

_SHOWN = 200
_END_S = 2

Hook = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Takes ``{"hook", "interface", "situation", …}`` and gives its answer; `HookFailedError` where it does not. What the
hook `EXPORT` printed comes as ``{"lines": […]}``, each an object with ``table`` and ``object``."""


class HookFailedError(Exception):
    """The hook did not do its work; the text is what it said."""


class NobodyThereError(HookFailedError):
    """Nobody listens at the hook's address: it may be starting."""


def command_hook(command: Sequence[str], limit_s: float = LIMIT_S) -> Hook:
    """A hook that is a program: run without a shell, in the folder where the harness runs."""

    async def call(order: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise HookFailedError(f"{command[0]}: {error.strerror}") from None
        try:
            out, err = await asyncio.wait_for(_told(process, json.dumps(order).encode()), limit_s)
        except TimeoutError:
            raise HookFailedError(f"no answer within {limit_s:g} s") from None
        finally:
            if process.returncode is None:
                await _ended(process)
        if process.returncode:
            raise HookFailedError(f"exit code {process.returncode}: {_short(err or out)}")
        return _answer(order, out)

    return call


async def _told(process: asyncio.subprocess.Process, order: bytes) -> tuple[bytes, bytes]:
    """What a program answers to an order. It need not read that."""
    assert process.stdin is not None  # noqa: S101 - all three are pipes
    assert process.stdout is not None  # noqa: S101
    assert process.stderr is not None  # noqa: S101
    reads = [asyncio.ensure_future(_read(stream)) for stream in (process.stdout, process.stderr)]
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(order)
            await process.stdin.drain()
        process.stdin.close()
        out, err = await asyncio.gather(*reads)
    finally:
        for one in reads:
            one.cancel()
        await asyncio.wait(reads)
    await process.wait()
    return out, err


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Kill it. To wait for it is to wait for the ends of its pipes, which only come to who reads them; where a child of
    its own holds them, they do not come."""
    process.kill()
    streams = [one for one in (process.stdout, process.stderr) if one is not None]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*map(_drained, streams), process.wait()), _END_S)


async def _drained(stream: asyncio.StreamReader) -> None:
    while await stream.read(1 << 16):
        pass


async def _read(stream: asyncio.StreamReader) -> bytes:
    found = bytearray()
    while part := await stream.read(1 << 16):
        found += part
        _check_size(found)
    return bytes(found)


def http_hook(method: str, url: str, limit_s: float = LIMIT_S) -> Hook:
    """A hook that is an HTTP endpoint of the user's."""

    async def call(order: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            async with (
                asyncio.timeout(limit_s),
                httpx.AsyncClient(timeout=limit_s, trust_env=False) as client,
                client.stream(method, url, json=dict(order)) as response,
            ):
                content = bytearray()
                async for part in response.aiter_bytes():
                    content += part
                    _check_size(content)
        except TimeoutError:
            raise HookFailedError(f"{url}: no answer within {limit_s:g} s") from None
        except httpx.ConnectError as error:
            raise NobodyThereError(f"{url}: {error or type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise HookFailedError(f"{url}: {error or type(error).__name__}") from None
        if not response.is_success:
            raise HookFailedError(f"{url}: {response.status_code}: {_short(content)}")
        return _answer(order, content)

    return call


def local_hook(work: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Hook:
    """A hook inside this process: a bundled reference's own."""

    async def call(order: Mapping[str, Any]) -> Mapping[str, Any]:
        return work(order)

    return call


def prompt_hook(ask: Callable[[str], str]) -> Hook:
    """A hook that is a person: `ask` shows the order's ``words`` and returns what was typed, Enter for done, s for
    skip. It runs in a thread of its own, so that all else goes on, and may take its time."""

    async def call(order: Mapping[str, Any]) -> Mapping[str, Any]:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[str] = loop.create_future()

        def finish(typed: str | None) -> None:
            if not answered.done():
                answered.set_result("s" if typed is None else typed)

        def work() -> None:
            try:
                typed: str | None = ask(str(order["words"]))
            except (EOFError, OSError):  # nobody sits there any more
                typed = None
            with contextlib.suppress(RuntimeError):  # the check is over, and its loop closed
                loop.call_soon_threadsafe(finish, typed)

        threading.Thread(target=work, name="prompt", daemon=True).start()
        if (await answered).strip().lower() == "s":
            raise HookFailedError("skipped")
        return {}

    return call


async def answer_unless(skip: asyncio.Event, hook: Hook, order: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a hook answers; HookFailedError where it does not before `skip` is set."""
    answers, skipped = asyncio.ensure_future(hook(order)), asyncio.ensure_future(skip.wait())
    try:
        await asyncio.wait({answers, skipped}, return_when=asyncio.FIRST_COMPLETED)
        if not answers.done():
            raise HookFailedError("skipped")
        return answers.result()
    finally:
        answers.cancel()
        skipped.cancel()
        await asyncio.wait({answers})


def _answer(order: Mapping[str, Any], raw: bytes | bytearray) -> Mapping[str, Any]:
    """The JSON object that a hook answered; nothing counts as an empty one."""
    if order.get("hook") == EXPORT:
        return {"lines": _lines(raw)}
    if not raw.strip():
        return {}
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        raise HookFailedError(f"its answer is no JSON: {_short(raw)}") from None
    if not isinstance(answer, dict):
        raise HookFailedError(f"its answer is no JSON object: {_short(raw)}")
    return answer


def _lines(raw: bytes | bytearray) -> list[dict[str, Any]]:
    """JSON Lines; empty ones count for nothing."""
    found: list[dict[str, Any]] = []
    for number, text in enumerate(bytes(raw).split(b"\n"), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            raise HookFailedError(f"line {number} of its answer is no JSON: {_short(text)}") from None
        if (
            not isinstance(line, dict)
            or not isinstance(line.get("table"), str)
            or not isinstance(line.get("object"), dict)
        ):
            what = 'is no object with "table" and "object"'
            raise HookFailedError(f"line {number} of its answer {what}: {_short(text)}")
        found.append(line)
    return found


def _check_size(answer: bytearray) -> None:
    if len(answer) > MOST_BYTES:
        raise HookFailedError(f"its answer is longer than {MOST_BYTES >> 20} MB")


def _short(raw: bytes | bytearray) -> str:
    text = raw.decode("utf-8", "replace").strip()
    return text[-_SHOWN:] or "it said nothing"
