"""What one check will do, after flags, harness.toml and environment have been read. Nothing was sent yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.client_way import ClientWay
from harness.model.address import Addresses, is_loopback
from harness.model.profile import Profile
from harness.model.reach import USUAL_RATE, Care, Reach
from harness.model.system import Interface
from harness.model.waiver import Waiver

if TYPE_CHECKING:  # it reads records: nothing that --help should wait for
    from harness.report.baseline import Baseline


class UsageError(Exception):
    """Usage or settings are wrong: one line, with a suggestion; exit code 2, and nothing was sent or written."""


@dataclass(frozen=True)
class OAuthClient:
    """OAuth2 client credentials and the endpoint that gives access tokens for them; `secret` is the secret itself."""

    id: str
    secret: str = field(repr=False)
    token_url: str


@dataclass(frozen=True)
class Selection:
    """What of an interface is judged (`requirements`, of so many) and held for it (`scenarios`, of so many), where it
    is not everything; `only`, `skip` and `again` are what the user asked for."""

    only: tuple[str, ...]
    skip: tuple[str, ...]
    again: str | None
    requirements: frozenset[str]
    scenarios: frozenset[str]
    of: int
    of_scenarios: int

    @property
    def told(self) -> dict[str, Any]:
        """The same in numbers, as record and report show it."""
        numbers = {"requirements": len(self.requirements), "scenarios": len(self.scenarios)}
        asked = {"only": list(self.only), "skip": list(self.skip), "again": self.again}
        return {**asked, **numbers, "of": self.of, "of_scenarios": self.of_scenarios}


@dataclass(frozen=True)
class Plan:
    """One interface and its subject.

    `kind` is ``server``, ``client`` or ``reference``; `client` says how a client is had, a bundled one included.
    `turned`: the subject sits in the chair that is not the interface's usual one; `allow_writes`: a server may be
    written to. `token` is the secret itself and never leaves this object but into the
    vault; with `oauth`, access is given to that client instead. `origins` says of every effective setting where it came
    from (``--url``, ``harness.toml``, ``default``, …). `hooks` maps a name to a command, or to ``("POST", url)``.
    `seed` None: a fresh one per run. `now` moves the story clock. `selection` None: everything is judged. `demo`: the
    reference stands behind the faults of ``harness demo``.
    `waivers` are those on requirements of the interface; `baseline` is the run whose failures are known.
    """

    interface: str
    kind: str
    addresses: Addresses
    token: str
    profile: Profile
    oauth: OAuthClient | None = None
    parties: tuple[str, ...] = ()
    name: str | None = None
    version: str | None = None
    reach: Reach = Reach()  # noqa: RUF009 - frozen
    care: Care = Care()  # noqa: RUF009 - frozen
    seed: int | None = None
    now: datetime | None = None
    out: Path | None = None
    strict: bool = False
    faults: tuple[str, ...] = ()
    openapi: Path | None = None
    selection: Selection | None = None
    demo: bool = False
    waivers: tuple[Waiver, ...] = ()
    baseline: "Baseline | None" = None
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    client: ClientWay | None = None
    turned: bool = False
    allow_writes: bool = False
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_guest(self) -> bool:
        """True where the subject is somebody else's machine, to be spared."""
        way = self.reach.connect_to
        return not (self.addresses.on_loopback and (way is None or is_loopback(way[0])))

    @property
    def pace(self) -> Care:
        """How the subject is spared, the usual rate included."""
        usual = self.is_guest and self.care.rate is None
        return replace(self.care, rate=USUAL_RATE) if usual else self.care

    def holds(self, scenario_id: str) -> bool:
        """True where a clause of this check needs the conversation."""
        return self.selection is None or scenario_id in self.selection.scenarios

    def declaring(self, interface: Interface) -> "Plan":
        """The same with its parties where clauses look for them; those of a bundled reference where none were named."""
        parties = self.parties or (interface.reference.parties if self.kind == "reference" else ())
        name = interface.parties_setting
        if not parties or name is None:
            return self
        told = {"parties": "bundled reference", **self.origins}
        profile = self.profile.with_setting(name, ",".join(parties))
        return replace(self, parties=parties, profile=profile, origins={**told, name: told["parties"]})

    def __repr__(self) -> str:
        return f"Plan({self.interface}, {self.kind}, {self.addresses.base})"
