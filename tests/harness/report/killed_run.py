"""A run in a process of its own, to be killed: of the reference behind the faults of the demo, in process."""

from pathlib import Path

from harness.cli.demo_faults import FAULTS
from harness.cli.plan import Plan
from harness.cli.session import Session
from harness.mock.faulty_app import FaultyApp
from harness.model.address import Addresses
from harness.model.world import VirtualClock
from harness.wire.transport import in_process
from tests.proofs.conversation import ORIGIN, SEED, START, TOKEN, bench, reference


def run(folder: str, locations: int = 20, page_size: int = 5) -> None:
    """Hold it, to the end."""
    at, clock = bench("ndw-pull"), VirtualClock(START)
    base_path = at.suite.interface.reference.base_path
    app = FaultyApp(
        reference("ndw-pull", clock, locations=locations, page_size=page_size), FAULTS, at.document, base_path
    )
    plan = Plan("ndw-pull", "server", Addresses(ORIGIN + base_path), TOKEN, at.profile, parties=("NL/XPO",))
    Session(plan, at.suite, at.document, clock, in_process(app), SEED, lambda _text: None).run(Path(folder))
