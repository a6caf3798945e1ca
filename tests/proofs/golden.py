"""The golden reports of an interface: what the conforming conversation comes to, on a frozen clock, in every format."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harness.cli.plan import Plan
from harness.cli.session import Session
from harness.cli.stand_in import reference_hooks
from harness.model.address import Addresses
from harness.model.world import VirtualClock
from harness.report.formats import FORMATS
from harness.wire.transport import AsgiApp, in_process
from tests.proofs.conversation import ORIGIN, SEED, START, TOKEN, bench, few_objects, playing, reference


@dataclass(frozen=True)
class Golden:
    """report.json, and the text of each format by its name."""

    report: dict[str, Any]
    texts: Mapping[str, str]


@cache
def golden(interface_id: str) -> Golden:
    """Those of the reference."""
    if bench(interface_id).suite.interface.subject == "client":
        return of_a_client(interface_id)
    clock = VirtualClock(START)
    described = bench(interface_id).suite.interface.reference
    return reported(interface_id, reference(interface_id, clock), clock, described.parties, described.title)


def of_a_client(interface_id: str) -> Golden:
    """Those of the bundled client, in every situation."""
    at = bench(interface_id)
    with few_objects(at), TemporaryDirectory() as place:
        folder = Path(place)
        report = playing(at).run(folder).report
        return Golden(report, {name: one.render(report, folder) for name, one in FORMATS.items()})


def reported(interface_id: str, app: AsgiApp, clock: VirtualClock, parties: tuple[str, ...], name: str) -> Golden:
    """Those of an app made of the reference, judged in process as a server at a made-up https address."""
    at = bench(interface_id)
    address = Addresses(ORIGIN + at.suite.interface.reference.base_path)
    plan = Plan(interface_id, "server", address, TOKEN, at.profile, parties=parties, name=name)
    with TemporaryDirectory() as place:
        hooks, folder = reference_hooks(at.suite, app), Path(place)
        session = Session(plan, at.suite, at.document, clock, in_process(app), SEED, lambda _text: None, hooks)
        report = session.run(folder).report
        return Golden(report, {name: one.render(report, folder) for name, one in FORMATS.items()})
