"""The user's own hooks: a command (JSON on stdin, JSON on stdout, exit 0) or an HTTP call (JSON both ways, 2xx)."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx

LIMIT_S = 30
"""Seconds after which a hook has failed."""

_SHOWN = 200

Hook = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Takes ``{"hook", "interface", "situation", …}`` and gives its answer; `HookFailedError` where it does not."""


class HookFailedError(Exception):
    """The hook did not do its work; the text is what it said."""


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
            out, err = await asyncio.wait_for(process.communicate(json.dumps(order).encode()), limit_s)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise HookFailedError(f"no answer within {limit_s:g} s") from None
        if process.returncode:
            raise HookFailedError(f"exit code {process.returncode}: {_short(err or out)}")
        return _answer(out)

    return call


def http_hook(method: str, url: str, limit_s: float = LIMIT_S) -> Hook:
    """A hook that is an HTTP endpoint of the user's."""

    async def call(order: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=limit_s, trust_env=False) as client:
                response = await client.request(method, url, json=dict(order))
        except httpx.HTTPError as error:
            raise HookFailedError(f"{url}: {error or type(error).__name__}") from None
        if not response.is_success:
            raise HookFailedError(f"{url}: {response.status_code}: {_short(response.content)}")
        return _answer(response.content)

    return call


def local_hook(work: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Hook:
    """A hook inside this process: a bundled reference's own."""

    async def call(order: Mapping[str, Any]) -> Mapping[str, Any]:
        return work(order)

    return call


def _answer(raw: bytes) -> Mapping[str, Any]:
    """The JSON object that a hook answered; nothing counts as an empty one."""
    if not raw.strip():
        return {}
    try:
        answer = json.loads(raw)
    except ValueError:
        raise HookFailedError(f"its answer is no JSON: {_short(raw)}") from None
    if not isinstance(answer, dict):
        raise HookFailedError(f"its answer is no JSON object: {_short(raw)}")
    return answer


def _short(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace").strip()
    return text[-_SHOWN:] or "it said nothing"
