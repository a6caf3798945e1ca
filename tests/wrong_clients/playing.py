"""Plays situations for a variation of the bundled push client, on a clock that jumps."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from harness.model.exchange import HttpExchange, Transcript
from harness.model.requirement import Binds
from harness.model.verdict import Outcome, Problem, Verdict
from harness.systems.ndw.reference import push_in_process
from harness.systems.ndw.reference.push_in_process import Client
from tests.proofs.conversation import bench, few_objects, playing


@dataclass(frozen=True)
class Judged:
    """What was said in these situations, and the verdicts on the client."""

    transcripts: tuple[Transcript, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def problems(self) -> dict[str, tuple[Problem, ...]]:
        """Those of every clause that failed."""
        return {one.requirement: one.problems for one in self.verdicts if one.outcome is Outcome.FAILED}

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """The outcome of each clause, the worst where it has one for each party."""
        worst_last = sorted(self.verdicts, key=lambda one: -list(Outcome).index(one.outcome))
        return {one.requirement: one.outcome for one in worst_last}

    def exchange(self, problem: Problem) -> HttpExchange:
        """The exchange that a problem names."""
        return next(one for held in self.transcripts for one in held.exchanges if one.id == problem.exchange)


def judged_in(make: type[Client], *situations: str) -> Judged:
    """Have a client go through these situations; the mock must find nothing wrong with itself."""
    at = bench("ndw-push")
    chosen = tuple(one for one in at.suite.situations if one.id in situations)
    assert len(chosen) == len(set(situations))
    session = playing(replace(at, suite=replace(at.suite, situations=chosen)))
    with few_objects(at, locations=5), patch.object(push_in_process, "Client", make), TemporaryDirectory() as place:
        session.run(Path(place))
    assert session.judge.own_faults == []
    of_the_mock = {one.id for one in at.suite.requirements if one.binds is Binds.SERVER}
    verdicts = (one for one in session.judge.verdicts() if one.requirement not in of_the_mock)
    return Judged(tuple(session.transcripts), tuple(verdicts))
