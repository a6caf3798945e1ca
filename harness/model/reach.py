"""How a subject is reached, and how it is spared."""

from dataclasses import dataclass, field
from pathlib import Path

from harness.model.settings import Setting, Settings

NO_PROXY = "none"
"""A proxy's URL that stands for: straight to the subject, whatever the environment says."""


@dataclass(frozen=True)
class Reach:
    """The way to a subject.

    `connect_to` is where TCP goes while URL, Host and TLS keep the URL's host. `proxy` is a URL, perhaps with a
    password, or `NO_PROXY`; None: as the environment says. `client_key` None: the key stands in `client_cert`.
    `headers` are further request headers; their values are secrets.
    """

    connect_to: tuple[str, int] | None = None
    proxy: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    insecure: bool = False
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Care:
    """How a subject is spared. `rate` is in requests per second, None: `USUAL_RATE` off loopback, unlimited on it.
    After `max_requests` (retries count) nothing more is sent."""

    rate: float | None = None
    max_requests: int | None = None


@dataclass(frozen=True)
class Limits:
    """How much of one answer is taken. `silence_s` is how long nothing may come, `answer_s` how long all of it may
    take, `body_bytes` how much of a body is read, before and after content decoding."""

    silence_s: float = 30
    answer_s: float = 120
    body_bytes: int = 64 * 1024 * 1024


ANSWER_S = Setting(
    "limit.answer_s",
    120,
    (),
    "For how many seconds may one answer go on arriving before it is broken off?",
    assumed=False,
)
BODY_MB = Setting(
    "limit.body_mb", 64, (), "How many MB of one answer are read, unpacked, before it is broken off?", assumed=False
)
LIMIT_SETTINGS = (ANSWER_S, BODY_MB)
"""What bounds an answer, besides the party's own patience with a silence."""


def limits_of(settings: Settings, silence_setting: str | None) -> Limits:
    """The limits that the settings say; usual ones where the interface has no such setting."""
    usual = Limits()
    given = {one.name: settings.number(one.name) for one in LIMIT_SETTINGS if one.name in settings.values}
    return Limits(
        settings.number(silence_setting) if silence_setting else usual.silence_s,
        given.get(ANSWER_S.name, usual.answer_s),
        given[BODY_MB.name] * 2**20 if BODY_MB.name in given else usual.body_bytes,
    )


USUAL_RATE = 10
"""Requests per second to somebody else's machine, where nothing else was said."""
