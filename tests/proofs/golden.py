"""The golden report of an interface: what the conforming conversation comes to, on a frozen clock."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harness.cli.plan import Plan
from harness.cli.session import Session, reference_hooks
from harness.model.address import Addresses
from harness.model.world import VirtualClock
from harness.wire.transport import AsgiApp, in_process
from tests.proofs.conversation import ORIGIN, SEED, START, TOKEN, bench, reference


def golden(interface_id: str) -> dict[str, Any]:
    """report.json of the reference."""
    clock = VirtualClock(START)
    described = bench(interface_id).suite.interface.reference
    return report_of(interface_id, reference(interface_id, clock), clock, described.parties, described.title)


def report_of(
    interface_id: str, app: AsgiApp, clock: VirtualClock, parties: tuple[str, ...], name: str
) -> dict[str, Any]:
    """report.json of an app made of the reference, judged in process as a server at a made-up https address."""
    at = bench(interface_id)
    address = Addresses(ORIGIN + at.suite.interface.reference.base_path)
    plan = Plan(interface_id, "server", address, TOKEN, at.profile, parties=parties, name=name)
    with TemporaryDirectory() as folder:
        hooks = reference_hooks(at.suite, app)
        session = Session(plan, at.suite, at.document, clock, in_process(app), SEED, lambda _text: None, hooks)
        return session.run(Path(folder)).report
