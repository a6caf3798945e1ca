"""What one check will do, after flags, harness.toml and environment have been read. Nothing was sent yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from harness.model.address import Addresses
from harness.model.profile import Profile


class UsageError(Exception):
    """Usage or settings are wrong: one line, with a suggestion; exit code 2, and nothing was sent or written."""


@dataclass(frozen=True)
class Plan:
    """One interface and its subject.

    `kind` is ``server`` or ``reference``. `token` is the secret itself and never leaves this object but into the
    vault. `origins` says of every effective setting where it came from (``--url``, ``harness.toml``, ``default``, …).
    `seed` None: a fresh one per run. `now` moves the story clock.
    """

    interface: str
    kind: str
    addresses: Addresses
    token: str
    profile: Profile
    parties: tuple[str, ...] = ()
    name: str | None = None
    version: str | None = None
    ca_file: Path | None = None
    seed: int | None = None
    now: datetime | None = None
    out: Path | None = None
    strict: bool = False
    faults: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Plan({self.interface}, {self.kind}, {self.addresses.base})"
