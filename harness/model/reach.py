"""How a subject is reached, and how it is spared."""

from dataclasses import dataclass, field
from pathlib import Path

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


USUAL_RATE = 10
"""Requests per second to somebody else's machine, where nothing else was said."""
