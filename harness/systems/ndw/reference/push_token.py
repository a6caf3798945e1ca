"""Access tokens for the push: fetched by client credentials, kept as long as they are good, shown to nobody."""

import asyncio
import logging
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import httpx

from .instants import Clock, Sleep
from .pause import Pause

LONGEST_MARGIN_S = 60.0
_VISIBLE = re.compile(r"[!-~]+")
_ERROR = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True)
class _Token:
    """A token; `renew_at` and `ends` are None where the server did not say how long it lives."""

    value: str = field(repr=False)
    renew_at: datetime | None
    ends: datetime | None


class TokenSource:
    """Gives a token that is good now. One request for one is under way at a time, however many wait for it.

    A token is renewed before it ends: a minute, or a tenth of its life where that is less. While the token server is
    down, it is asked after growing pauses only, and the old token serves as long as it lives.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        http: httpx.AsyncClient,
        *,
        now: Clock,
        sleep: Sleep,
        random: Random,
        log: logging.Logger,
    ) -> None:
        self._url = url
        self._form = {"client_id": client_id, "client_secret": client_secret, "grant_type": "client_credentials"}
        self._http = http
        self._now = now
        self._log = log
        self._pause = Pause(now, sleep, random)
        self._lock = asyncio.Lock()
        self._token: _Token | None = None
        self._secrets = [client_secret]

    def __repr__(self) -> str:
        return f"TokenSource({self._url!r})"

    async def get(self) -> str:
        """A token; waits until there is one."""
        while True:
            if (value := self._at_hand(renewing=self._lock.locked())) is not None:
                return value
            async with self._lock:
                if (value := self._at_hand(renewing=False)) is not None:
                    return value
                await self._pause.over()
                if await self._renew() and self._token is not None:
                    return self._token.value  # good for one request, however short it lives

    def drop(self, value: str) -> None:
        """Do not give this token again: it was refused. One that has taken its place meanwhile stays."""
        if self._token is not None and self._token.value == value:
            self._token = None

    def redacted(self, text: str) -> str:
        """The text without the secret and the tokens, should somebody have put them there."""
        for secret in filter(None, self._secrets):
            text = text.replace(secret, "***")
        return text

    def _at_hand(self, *, renewing: bool) -> str | None:
        """The token where it need not be renewed yet, or cannot be just now and still lives."""
        token, now = self._token, self._now()
        if token is None:
            return None
        if token.renew_at is None or now < token.renew_at:
            return token.value
        lives = token.ends is not None and now < token.ends
        return token.value if lives and (renewing or self._pause.left()) else None

    async def _renew(self) -> bool:
        began = self._now()
        try:
            response = await self._http.post(self._url, data=self._form, headers={"Accept": "application/json"})
        except httpx.RequestError as error:
            return self._failed(began, what_went_wrong(error))
        if response.status_code != 200:
            told = f"{response.status_code} {_error_of(response)}".strip()
            return self._failed(began, told, response.headers.get("retry-after"))
        token = _token_of(response, began)
        if token is None:
            return self._failed(began, "200 without a usable access_token")
        self._token = token
        self._secrets = [self._secrets[0], *self._secrets[1:][-20:], token.value]
        self._pause.worked()
        self._log.info("got an access token%s", f", good until {token.ends:%H:%M:%S} UTC" if token.ends else "")
        return True

    def _failed(self, began: datetime, why: str, retry_after: str | None = None) -> bool:
        seconds = self._pause.failed(began, retry_after)
        self._log.warning("no access token (%s): the token server is asked again in %.1f s", why, seconds)
        return False


def what_went_wrong(error: httpx.RequestError) -> str:
    """The kind of a failure; its text only where nothing was sent yet, since a text may hold what was."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, httpx.ConnectError) else kind


def _token_of(response: httpx.Response, began: datetime) -> _Token | None:
    """The token of an answer, its life counted from the moment when it was asked for."""
    body = _object(response)
    value, life = body.get("access_token"), body.get("expires_in")
    if not isinstance(value, str) or not _VISIBLE.fullmatch(value):
        return None
    if isinstance(life, bool) or not isinstance(life, int | float) or not 0 <= life < 10**9:
        return _Token(value, None, None)  # until it is refused
    margin = min(LONGEST_MARGIN_S, life / 10)
    return _Token(value, began + timedelta(seconds=life - margin), began + timedelta(seconds=life))


def _error_of(response: httpx.Response) -> str:
    """The error's name (RFC 6749 5.2) and no more: a description may hold anything."""
    error = _object(response).get("error")
    return error if isinstance(error, str) and _ERROR.fullmatch(error) else ""


def _object(response: httpx.Response) -> dict[str, object]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
