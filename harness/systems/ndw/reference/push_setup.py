"""A pusher for a CPO, put together from what NDW hands over."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

import httpx
from fastapi import FastAPI

from .instants import Sleep
from .push_client import PushClient
from .push_memory import Memory
from .push_token import TokenSource
from .pusher import Pusher

NAMES = ("NDW_PUSH_URL", "NDW_TOKEN_URL", "NDW_CLIENT_ID", "NDW_CLIENT_SECRET", "NDW_PARTY")
"""The environment variables with what NDW hands over, and the party whose data it is."""


@dataclass(frozen=True)
class Account:
    """What NDW hands over: addresses, client id and secret; and the party whose data it is."""

    push_url: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    party: tuple[str, str]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Account":
        """The account that these variables tell. ValueError: one is missing, or the party is not written as NL/XPO."""
        if missing := [name for name in NAMES if not environment.get(name)]:
            raise ValueError(f"set {', '.join(missing)}")
        push_url, token_url, client_id, client_secret, party = (environment[name] for name in NAMES)
        country_code, _, party_id = party.partition("/")
        if len(country_code) != 2 or len(party_id) != 3:
            raise ValueError("NDW_PARTY is written as NL/XPO")
        for name, url in (("NDW_PUSH_URL", push_url), ("NDW_TOKEN_URL", token_url)):
            if not url.startswith(("http://", "https://")):
                raise ValueError(f"{name} begins with https:// or http://")
        return cls(push_url, token_url, client_id, client_secret, (country_code, party_id))


def create_pusher(
    app: FastAPI,
    account: Account,
    http: httpx.AsyncClient,
    *,
    sleep: Sleep,
    random: Random,
    memory: str | Memory = ":memory:",
    log: logging.Logger | None = None,
) -> Pusher:
    """A pusher of the CPO's store, to be started within an event loop; the time is that of the app.

    `random` makes message ids and the uneven part of pauses; `memory` is where it is kept what NDW took, or the file
    for it; `sleep` lets others run while it waits.
    """
    log = log or logging.getLogger(__name__)
    now = app.state.now
    tokens = TokenSource(
        account.token_url, account.client_id, account.client_secret, http, now=now, sleep=sleep, random=random, log=log
    )
    client = PushClient(account.push_url, tokens, http, now=now, sleep=sleep, random=random, log=log)
    return Pusher(app.state.store, client, Memory(memory) if isinstance(memory, str) else memory, log)
