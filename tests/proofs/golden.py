"""The golden report of an interface: what the conforming conversation comes to, on a frozen clock."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harness.cli.plan import Plan
from harness.cli.session import Session
from harness.model.address import Addresses
from harness.model.world import VirtualClock
from harness.wire.transport import in_process
from tests.proofs.conversation import ORIGIN, SEED, START, TOKEN, bench, reference


def golden(interface_id: str) -> dict[str, Any]:
    """report.json of the reference, judged in process as a server at a made-up https address."""
    at = bench(interface_id)
    clock = VirtualClock(START)
    described = at.suite.interface.reference
    plan = Plan(
        interface_id, "server", Addresses(ORIGIN + described.base_path), TOKEN, at.profile, name=described.title
    )
    transport = in_process(reference(interface_id, clock))
    with TemporaryDirectory() as folder:
        session = Session(plan, at.suite, at.document, clock, transport, SEED, lambda _text: None)
        return session.run(Path(folder)).report
