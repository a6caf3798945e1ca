"""A feed that changes while it is read is no fault of its server: whatever the order, no MUST on paging fails by it."""

import json
from random import Random
from typing import Any

import pytest

from harness.model.requirement import MUST
from harness.model.verdict import Outcome
from harness.model.world import Clock
from harness.systems.ndw.reference import change
from harness.wire.transport import AsgiApp
from tests.needs import needs_minutes
from tests.proofs.conversation import bench, held, reference

pytestmark = needs_minutes()

INTERFACE = "ndw-pull"
ORDERS = {
    "oldest change first": "last_updated, id",
    "newest change first": "last_updated DESC, id",
    "last written last": "rowid",
    "by id": "id",
}


class DriftingServer:
    """The reference, in which an EVSE changes with every `every`-th request that is answered."""

    def __init__(self, clock: Clock, every: int, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
        made: Any = reference(INTERFACE, clock)
        self.app, self.state = made, made.state
        self.random = Random(every)
        self.every = every
        self.answered = 0
        _, bodies = self.state.store.page("locations", offset=0, limit=1000)
        self.ids = [json.loads(body)["id"] for body in bodies]
        bounds = "kind = ? AND last_updated >= ? AND last_updated < ?"
        page = f"SELECT body FROM objects WHERE {bounds} ORDER BY {order} LIMIT ? OFFSET ?"
        monkeypatch.setattr("harness.systems.ndw.reference.store._PAGE", page)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, then change something now and then."""
        await self.app(scope, receive, send)
        self.answered += 1
        if self.answered % self.every == 0:
            chosen = self.random.choice(self.ids)
            change(self.app, {"object": {"location": chosen}, "set": {"name": f"Laadplein {self.answered}"}})


@pytest.mark.parametrize("every", [5, 13])
@pytest.mark.parametrize("order", ORDERS)
def test_drift_fails_no_must(order: str, every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    servers: list[DriftingServer] = []

    def make(clock: Clock) -> AsgiApp:
        servers.append(DriftingServer(clock, every, ORDERS[order], monkeypatch))
        return servers[-1]

    at = bench(INTERFACE)
    musts = {one.id for one in at.suite.requirements if one.keyword is MUST}
    verdicts = at.verdicts(held(INTERFACE, make))
    assert servers[0].answered > 100
    failed = [one for one in verdicts if one.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)]
    assert [
        (one.requirement, one.outcome, one.problems[:2], one.reason) for one in failed if one.requirement in musts
    ] == []
