"""Conforming conversations: the bundled reference in process, at a fixed moment, asked by every scenario."""

import asyncio
import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from harness import collect
from harness.auth.vault import Vault
from harness.cli.client_session import ClientSession
from harness.cli.client_way import ClientWay
from harness.cli.mocks import mock_sessions, served_by_default
from harness.cli.plan import Plan
from harness.cli.stand_in import reference_hooks
from harness.collect import Suite
from harness.judge.judge import Judge, judged
from harness.mock.app import MockApp
from harness.mock.session import DEFAULT
from harness.model.address import Addresses
from harness.model.credential import Client, Presentation
from harness.model.exchange import HttpExchange, Transcript
from harness.model.profile import Profile
from harness.model.requirement import Requirement
from harness.model.scenario import token_request
from harness.model.settings import Settings, Value
from harness.model.verdict import Verdict
from harness.model.world import Clock, VirtualClock, World
from harness.run.access_token import AccessToken
from harness.run.drive import Drive
from harness.run.preflight import preflight
from harness.spec.openapi import Document
from harness.spec.party_document import PartyDocument, load_party_document
from harness.wire.http import HttpWire
from harness.wire.transport import AsgiApp, in_process
from harness.wire.virtual import LoopClock

ORIGIN = "https://cpo.example"
WITH_A_DOCUMENT = "with the party's own document"
SITUATIONS = "situations"
"""The way in which it is a client of the harness that is judged: the bundled one, in every situation."""
TOKEN = "proof-Token-0001-abcXYZ"
CLIENT = ("proof-client", "proof-Secret-0002-defUVW")
TOKEN_ORIGIN = "https://login.cpo.example"
SEED = 1
START = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)

SMALL = {"locations": 75, "page_size": 20}
"""Of an implementation that makes up its data: so few that a proof is quick, so many that limits are sampled."""

Held = tuple[Transcript, ...]
MakeApp = Callable[[Clock], AsgiApp]


@dataclass(frozen=True)
class Bench:
    """What an interface's conversations are held and judged with: its suite, document and default profile."""

    suite: Suite
    document: Document
    profile: Profile
    party_document: PartyDocument | None = None

    def verdicts(self, transcripts: Iterable[Transcript], only: Requirement | None = None) -> list[Verdict]:
        """The verdicts of all clauses, or of one."""
        return judged(self.judge(self.suite.requirements if only is None else (only,)), transcripts)

    def judge(self, requirements: tuple[Requirement, ...]) -> Judge:
        """A fresh judge of these clauses."""
        interface, theirs = self.suite.interface, self.party_document
        return Judge(
            requirements, self.profile, self.document, interface.objects, interface.subject, party_document=theirs
        )

    def declaring(self, *parties: str) -> "Bench":
        """The same with these parties declared."""
        name = self.suite.interface.parties_setting
        return self if name is None else replace(self, profile=self.profile.with_setting(name, ",".join(parties)))


def ways(interface_id: str) -> tuple[str, ...]:
    """The ways in which an interface is judged: by default (empty), with access given otherwise, and with the party's
    own document, in whose part ours stands. Where the subject is a client, with the settings that some clauses want."""
    interface = collect.suite(interface_id).interface
    if interface.subject == "client":
        played = (SITUATIONS,) if collect.suite(interface_id).situations else ()
        return "", *([way] if (way := _in_words(_wanted(interface_id))) else []), *played
    others = [one.alternatives for one in interface.settings if one.name == interface.access.way_setting]
    own = (WITH_A_DOCUMENT,) if interface.openapi_setting else ()
    return "", *(str(way) for alternatives in others for way in alternatives), *own


def _wanted(interface_id: str) -> dict[str, Value]:
    """The settings without whose values some clauses do not apply."""
    return dict(pair for one in collect.suite(interface_id).requirements for pair in one.only_where)


def _in_words(settings: Mapping[str, Value]) -> str:
    return " and ".join(f"{name}={value}" for name, value in settings.items())


def bench(interface_id: str, way: str = "") -> Bench:
    """The bench of an interface; settings at their defaults, but for the way in which access is given."""
    return _bench(interface_id, way)


@cache
def _bench(interface_id: str, way: str) -> Bench:
    suite = collect.suite(interface_id)
    interface = suite.interface
    if way == SITUATIONS:
        return _bench(interface_id, "")
    if way == WITH_A_DOCUMENT:
        plain, ours = _bench(interface_id, ""), load_party_document(suite.document_path, suite.load())
        profile = plain.profile.with_setting(str(interface.openapi_setting), "given")
        return replace(plain, profile=profile, party_document=ours)
    values = {setting.name: setting.default for setting in interface.settings}
    other = _wanted(interface_id) if interface.subject == "client" else {str(interface.access.way_setting): way}
    settings = Settings({**values, **(other if way else {})})
    assumed = frozenset(setting.name for setting in interface.settings if setting.assumed)
    profile = Profile(interface.id, interface.profile_date, settings, assumed)
    return Bench(suite, suite.load(), profile).declaring(*interface.reference.parties)


def conforming(interface_id: str, way: str = "") -> Held:
    """The conversation with the reference as it comes, access given in this way."""
    return _conforming(interface_id, way)


@cache
def _conforming(interface_id: str, way: str) -> Held:
    """Besides the first way, access tokens live a minute, so that one can be seen to expire; and the world is small:
    what it holds is seen by the first."""
    if way == WITH_A_DOCUMENT:
        return _conforming(interface_id, "")
    if way == SITUATIONS:
        return played(bench(interface_id))
    if bench(interface_id).suite.interface.subject == "client":
        return asyncio.run(held_by_the_mock(bench(interface_id, way)))
    options = {"oauth_client": CLIENT, "access_token_life_s": 60, "locations": 60} if way else {}
    return held(interface_id, lambda clock: reference(interface_id, clock, **options), way=way)


@cache
def paged(interface_id: str, page_size: int) -> Held | None:
    """The same with another page size; None where the reference has no pages, or where there is none."""
    if bench(interface_id).suite.interface.subject == "client":
        return None
    module = importlib.import_module(bench(interface_id).suite.interface.reference.module)
    if "page_size" not in inspect.signature(module.create_app).parameters:
        return None
    return held(interface_id, lambda clock: reference(interface_id, clock, page_size=page_size))


def reference(interface_id: str, clock: Clock, **options: Any) -> AsgiApp:
    """The bundled implementation of an interface."""
    described = bench(interface_id).suite.interface.reference
    module = importlib.import_module(described.module)
    known = inspect.signature(module.create_app).parameters
    small = {name: number for name, number in SMALL.items() if name in known}
    app: AsgiApp = module.create_app(
        token=TOKEN, now=clock.now, seed=SEED, public_url=ORIGIN + described.base_path, **{**small, **options}
    )
    return app


def playing(at: Bench) -> ClientSession:
    """A check of the bundled client in every situation, on a clock of its own, not begun."""
    way = ClientWay("reference")
    plan = Plan(at.suite.interface.id, "reference", Addresses(ORIGIN), "", at.profile, seed=SEED, client=way)
    return ClientSession(plan, at.suite, LoopClock(START), SEED, lambda _text: None)


@contextmanager
def few_objects(at: Bench, locations: int = 2) -> Iterator[None]:
    """The bundled client has few objects: a proof is quick, and no less is proven."""
    client = importlib.import_module(at.suite.interface.reference.module).Client
    with patch.multiple(client, locations=locations, every_tariff=False):
        yield


def played(at: Bench) -> Held:
    """Every situation played for the bundled client."""
    session = playing(at)
    with few_objects(at), TemporaryDirectory() as place:
        session.run(Path(place))
    assert session.judge.own_faults == []
    return tuple(map(_with_reasons, session.transcripts))


async def held_by_the_mock(at: Bench) -> Held:
    """Every scenario held with the bundled mock, which must find nothing wrong with itself."""
    clock, vault, interface, system = VirtualClock(START), Vault(seed=SEED), at.suite.interface, at.suite.system
    profile = at.profile if "token.expires_in" not in at.profile.settings.values else _short_lived(at.profile)
    served = replace(served_by_default(system.name), profile=profile)
    sessions = mock_sessions((served,), clock, seed=SEED)
    session = sessions.get(DEFAULT)
    assert session is not None
    given = {name.partition("_")[2]: value for name, value in session.environment({system.name: ORIGIN}).items()}
    client = Client(given["CLIENT_ID"], vault.keep(given["CLIENT_SECRET"]), given["TOKEN_URL"])
    bearer = vault.presentation = Presentation("Bearer", "raw")
    async with HttpWire(vault, clock, transport=in_process(MockApp(system.name, sessions, clock.sleep))) as wire:
        addresses = Addresses(given["PUSH_URL"])
        access = AccessToken(vault, client)
        drive = Drive(wire, interface, at.document, addresses, lambda _exchange: None, access=access)
        world = World(clock, clock, Random(SEED), at.profile.settings, client.secret, bearer, client=client)
        await drive.ask(token_request(client, tags=["probe"]), world, "")
        assert access.secret is not None
        world = replace(world, secret=access.secret)
        transcripts = [await drive.hold(scenario, world) for scenario in at.suite.scenarios]
    assert session.judges[system.name].own_faults == []
    return tuple(map(_with_reasons, transcripts))


def _short_lived(profile: Profile) -> Profile:
    """Access tokens live a minute, so that one can be seen to end."""
    return profile.with_setting("token.expires_in", 60)


def held(interface_id: str, make_app: MakeApp, base_path: str | None = None, way: str = "") -> Held:
    """Every scenario of the suite held with an app; AssertionError where preflight finds it not fit for that."""
    path = bench(interface_id).suite.interface.reference.base_path if base_path is None else base_path
    return asyncio.run(_held(bench(interface_id, way), make_app, Addresses(ORIGIN + path), way))


async def _held(at: Bench, make_app: MakeApp, addresses: Addresses, way: str) -> Held:
    clock, vault, interface = VirtualClock(START), Vault(seed=SEED), at.suite.interface
    first, client = interface.access.presentations[0], None
    if way:
        client = Client(CLIENT[0], vault.keep(CLIENT[1]), f"{TOKEN_ORIGIN}{interface.reference.token_path}")
    secret = client.secret if client else vault.keep(TOKEN)
    world = World(clock, clock, Random(SEED), at.profile.settings, secret, first, client=client)
    app = make_app(clock)
    async with HttpWire(vault, clock, transport=in_process(app)) as wire:
        hooks = reference_hooks(at.suite, app) if hasattr(app, "state") else getattr(app, "hooks", {})
        drive = Drive(wire, at.suite.interface, at.document, addresses, lambda _exchange: None, hooks)
        ready = await preflight(drive, world, vault)
        assert ready.world is not None, ready.checks
        transcripts = [await drive.hold(scenario, ready.world) for scenario in at.suite.scenarios]
    return tuple(map(_with_reasons, transcripts))


def _with_reasons(transcript: Transcript) -> Transcript:
    return replace(transcript, exchanges=tuple(map(_with_reason, transcript.exchanges)))


def _with_reason(exchange: HttpExchange) -> HttpExchange:
    """With the reason phrase that a socket server writes, so that leaving it out is a variation."""
    if exchange.response is None:
        return exchange
    return replace(exchange, response=replace(exchange.response, reason=HTTPStatus(exchange.response.status).phrase))
