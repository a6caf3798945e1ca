"""Conforming conversations: the bundled reference in process, at a fixed moment, asked by every scenario."""

import asyncio
import importlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from random import Random
from typing import Any

from harness import collect
from harness.auth.vault import Vault
from harness.collect import Suite
from harness.judge.judge import Judge, judged
from harness.model.address import Addresses
from harness.model.exchange import HttpExchange, Transcript
from harness.model.profile import Profile
from harness.model.requirement import Requirement
from harness.model.settings import Settings
from harness.model.verdict import Verdict
from harness.model.world import Clock, VirtualClock, World
from harness.run.drive import Drive
from harness.run.preflight import preflight
from harness.spec.openapi import Document, load
from harness.wire.http import HttpWire
from harness.wire.transport import AsgiApp, in_process

ORIGIN = "https://cpo.example"
TOKEN = "proof-Token-0001-abcXYZ"
SEED = 1
START = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)

Held = tuple[Transcript, ...]
MakeApp = Callable[[Clock], AsgiApp]


@dataclass(frozen=True)
class Bench:
    """What an interface's conversations are held and judged with: its suite, document and default profile."""

    suite: Suite
    document: Document
    profile: Profile

    def verdicts(self, transcripts: Iterable[Transcript], only: Requirement | None = None) -> list[Verdict]:
        """The verdicts of all clauses, or of one."""
        interface = self.suite.interface
        requirements = self.suite.requirements if only is None else (only,)
        judge = Judge(requirements, self.profile, self.document, interface.objects, interface.subject)
        return judged(judge, transcripts)


@cache
def bench(interface_id: str) -> Bench:
    """The bench of an interface; settings at their defaults."""
    suite = collect.suite(interface_id)
    interface = suite.interface
    settings = Settings({setting.name: setting.default for setting in interface.settings})
    assumed = frozenset(setting.name for setting in interface.settings if setting.assumed)
    return Bench(suite, load(suite.document_path), Profile(interface.id, interface.profile_date, settings, assumed))


@cache
def conforming(interface_id: str) -> Held:
    """The conversation with the reference as it comes."""
    return held(interface_id, lambda clock: reference(interface_id, clock))


@cache
def paged(interface_id: str, page_size: int) -> Held | None:
    """The same with another page size; None where the reference has no pages."""
    module = importlib.import_module(bench(interface_id).suite.interface.reference.module)
    if "page_size" not in inspect.signature(module.create_app).parameters:
        return None
    return held(interface_id, lambda clock: reference(interface_id, clock, page_size=page_size))


def reference(interface_id: str, clock: Clock, **options: Any) -> AsgiApp:
    """The bundled implementation of an interface."""
    described = bench(interface_id).suite.interface.reference
    module = importlib.import_module(described.module)
    app: AsgiApp = module.create_app(
        token=TOKEN, now=clock.now, seed=SEED, public_url=ORIGIN + described.base_path, **options
    )
    return app


def held(interface_id: str, make_app: MakeApp, base_path: str | None = None) -> Held:
    """Every scenario of the suite held with an app; AssertionError where preflight finds it not fit for that."""
    path = bench(interface_id).suite.interface.reference.base_path if base_path is None else base_path
    return asyncio.run(_held(bench(interface_id), make_app, Addresses(ORIGIN + path)))


async def _held(at: Bench, make_app: MakeApp, addresses: Addresses) -> Held:
    clock, vault = VirtualClock(START), Vault(seed=SEED)
    first = at.suite.interface.access.presentations[0]
    world = World(clock, clock, Random(SEED), at.profile.settings, vault.keep(TOKEN), first)
    async with HttpWire(vault, clock, transport=in_process(make_app(clock))) as wire:
        drive = Drive(wire, at.suite.interface, at.document, addresses, lambda _exchange: None)
        ready = await preflight(drive, world, vault)
        assert ready.world is not None, ready.checks
        transcripts = [await drive.hold(scenario, ready.world) for scenario in at.suite.scenarios]
    return tuple(
        replace(transcript, exchanges=tuple(_with_reason(exchange) for exchange in transcript.exchanges))
        for transcript in transcripts
    )


def _with_reason(exchange: HttpExchange) -> HttpExchange:
    """With the reason phrase that a socket server writes, so that leaving it out is a variation."""
    if exchange.response is None:
        return exchange
    return replace(exchange, response=replace(exchange.response, reason=HTTPStatus(exchange.response.status).phrase))
