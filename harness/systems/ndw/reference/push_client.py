"""Sends pushes to NDW and tells what became of each: the token, the message ids, the pauses after failures."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from random import Random
from typing import Any
from uuid import UUID

import httpx

from .instants import Clock, Sleep
from .pause import Pause
from .push_token import TokenSource, what_went_wrong
from .pushes import Push

_UNKNOWN_LOCATION = 2003
_LONGEST_TOLD = 400
_NOT_NOW = frozenset({401, 408, 425, 429})
"""Statuses below 500 that say nothing about what was sent; a 401 gets here after a second token was no good, too."""


class Answer(Enum):
    """What became of a push."""

    DONE = "done"
    REFUSED = "refused"
    """Sent again unchanged, it would be refused again."""
    UNKNOWN = "unknown"
    """NDW does not know the object, or what holds it: it needs a PUT of the whole."""
    AGAIN = "again"
    """Trouble that will pass; perhaps it was carried out, perhaps not."""


@dataclass(frozen=True)
class Errand:
    """One change on its way to NDW: all its requests carry the same correlation id."""

    correlation_id: str
    pause: Pause


class PushClient:
    """Pushes below `base_url`, at most `at_once` at the same time.

    After trouble everybody waits: whoever is overloaded or down is not helped by 300 clients' worth of repeats. An
    errand whose own pushes fail waits longer than the others.
    """

    def __init__(
        self,
        base_url: str,
        tokens: TokenSource,
        http: httpx.AsyncClient,
        *,
        now: Clock,
        sleep: Sleep,
        random: Random,
        log: logging.Logger,
        at_once: int = 4,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self._http = http
        self._now = now
        self._sleep = sleep
        self._random = random
        self._log = log
        self._slots = asyncio.Semaphore(at_once)
        self._pause = self._new_pause()

    def errand(self) -> Errand:
        """A new errand."""
        return Errand(self._new_id(), self._new_pause())

    async def push(self, errand: Errand, wanted: Callable[[], Push | None]) -> tuple[Push, Answer] | None:
        """Send what `wanted` gives; None where it gives nothing.

        It is asked at the last moment, after all waiting: what was true before a pause may not be true any more.
        """
        while True:
            await errand.pause.over()
            await self._pause.over()
            async with self._slots:
                if self._pause.left():  # somebody else failed meanwhile
                    continue
                token = await self._tokens.get()
                push = wanted()
                return None if push is None else (push, await self._pushed(errand, push, token))

    async def _pushed(self, errand: Errand, push: Push, token: str) -> Answer:
        began = self._now()
        try:
            response = await self._send(errand, push, token)
            if response.status_code == 401:
                self._log.warning("%s: 401; it goes once more with a new token", _name(push))
                self._tokens.drop(token)
                token = await self._tokens.get()
                began = self._now()
                response = await self._send(errand, push, token)
        except httpx.RequestError as error:
            return self._again(errand, push, began, f"no answer ({what_went_wrong(error)})")
        answer, why = self._judged(push, response)
        if answer is Answer.AGAIN:
            return self._again(errand, push, began, why, response.headers.get("retry-after"))
        errand.pause.worked()
        self._pause.worked()
        level = logging.ERROR if answer is Answer.REFUSED else logging.INFO
        self._log.log(level, "%s: %s (%s)", _name(push), answer.value, why)
        return answer

    async def _send(self, errand: Errand, push: Push, token: str) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {token}",
            "X-Request-ID": self._new_id(),
            "X-Correlation-ID": errand.correlation_id,
            "Accept": "application/json",
        }
        if push.body is not None:
            headers["Content-Type"] = "application/json"
        url = f"{self._base_url}/{push.address}"
        return await self._http.request(
            push.method, url, content=push.content or None, headers=headers, follow_redirects=False
        )

    def _judged(self, push: Push, response: httpx.Response) -> tuple[Answer, str]:
        """What an answer means, and what there is to tell about it."""
        status = response.status_code
        if status == 204:  # NDW's answer to the DELETE of a tariff: there is nothing to read
            return Answer.DONE, "204"
        body = _object(response)
        code = body.get("status_code")
        why = f"{status} {self._said(body)}".strip()
        if status in (200, 201):
            return _by_code(push, code if isinstance(code, int) else 0), why
        if status == 404:
            return _not_found(push), why
        return Answer.AGAIN if status in _NOT_NOW or status >= 500 else Answer.REFUSED, why

    def _again(self, errand: Errand, push: Push, began: datetime, why: str, retry_after: str | None = None) -> Answer:
        self._pause.failed(began, retry_after)
        errand.pause.failed(began, retry_after)
        seconds = max(self._pause.left(), errand.pause.left())
        self._log.warning("%s: %s; again in %.1f s, as it is by then", _name(push), why, seconds)
        return Answer.AGAIN

    def _said(self, body: dict[str, Any]) -> str:
        """What an envelope says for people: the code, the message, and where the errors are."""
        data = body.get("data")
        errors = data.get("errors") if isinstance(data, dict) else None
        told = [
            f"{one.get('path')}: {one.get('message')}"
            for one in (errors if isinstance(errors, list) else [])[:3]
            if isinstance(one, dict)
        ]
        parts = [str(body[name]) for name in ("status_code", "status_message") if body.get(name) is not None]
        text = " ".join("; ".join([" ".join(parts), *told]).split())
        return self._tokens.redacted(text)[:_LONGEST_TOLD]

    def _new_id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _new_pause(self) -> Pause:
        return Pause(self._now, self._sleep, self._random)


def _by_code(push: Push, code: int) -> Answer:
    """What OCPI's status code means; 0 where there is none."""
    if code == _UNKNOWN_LOCATION and push.ids:
        return Answer.UNKNOWN
    return {1: Answer.DONE, 2: Answer.REFUSED}.get(code // 1000, Answer.AGAIN)


def _not_found(push: Push) -> Answer:
    """What a 404 means: for a PATCH, and for a PUT of a part, that the whole is needed first."""
    if push.method == "DELETE":
        return Answer.DONE  # gone is gone
    return Answer.UNKNOWN if push.method == "PATCH" or push.ids else Answer.REFUSED


def _name(push: Push) -> str:
    return f"{push.method} {'/'.join(push.path)}"


def _object(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; empty where it is something else."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
