"""A push client whose HTTP is of another kind than the reference's, over a socket and in real time."""

import asyncio
from random import Random

import httpx
import pytest

from harness.cli.client_stage import staged
from harness.cli.ports import port_of
from harness.cli.reference_client import ReferenceClient
from harness.model.exchange import Transcript
from harness.model.verdict import Outcome, Verdict
from harness.run.observe import Observe
from harness.run.play import Play, Why
from harness.systems.ndw.reference import push_in_process
from harness.wire.clock import SystemClock
from harness.wire.serve import Listeners, listener
from tests.proofs.conversation import bench, playing
from tests.wrong_clients.other_words import SpeaksAnotherHttp
from tests.wrong_clients.sending import sending


class Hasty(SystemClock):
    """A clock by which pauses are short."""

    async def sleep(self, seconds: float) -> None:
        """Wait for a little of that."""
        await asyncio.sleep(seconds / 50)


async def _played(situation: str) -> tuple[Transcript, Why, list[Verdict]]:
    at, clock, chance = bench("ndw-push"), SystemClock(), Random(1)
    session = playing(at)
    chosen = next(one for one in at.suite.situations if one.id == situation)
    stage = staged(session.plan, session.suite, clock, session.judge, lambda _exchange, _findings: None, seed=1)
    bound, listeners = listener(), Listeners()
    stop, ready = asyncio.Event(), asyncio.Event()
    listeners.add(stage.app, bound)
    stage.origins[at.suite.system.name] = f"http://127.0.0.1:{port_of(bound)}"
    serving = asyncio.ensure_future(listeners.run(ready.set, stop))
    await ready.wait()
    async with httpx.AsyncHTTPTransport() as transport:
        reference = at.suite.interface.reference
        client = ReferenceClient(reference, transport, Hasty(), chance, stage.read)
        interface = at.suite.interface.id
        observed = Observe(client, stage.chair, client.hooks, clock, chance, interface, 0.2, 10, 10)
        transcript, why = await Play(observed, chosen).play()
    stop.set()
    await serving
    session.judge.close(transcript)
    assert session.judge.own_faults == []
    return transcript, why, session.judge.verdicts()


def test_client_with_another_http_breaks_no_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_in_process, "Client", sending(SpeaksAnotherHttp))
    transcript, why, verdicts = asyncio.run(_played("ndw/all-is-well"))
    assert why == "done"
    written = [one.request for one in transcript.exchanges if one.request.method == "PUT"]
    assert {one.headers.get("transfer-encoding") for one in written} == {"chunked"}
    assert {one.headers.get("expect") for one in written} == {"100-continue"}
    assert all(one.body.is_json for one in written)
    wrong = [one for one in verdicts if one.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)]
    assert wrong == []
    assert sum(one.outcome is Outcome.PASSED for one in verdicts) > 80
