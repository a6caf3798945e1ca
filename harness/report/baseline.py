"""An earlier run whose findings are known, so that only what is new need count."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from harness.model.exchange import HttpExchange
from harness.model.verdict import Problem, Verdict
from harness.report.findings import RunFindings
from harness.report.identity import Identities

NEW, ALL = "new", "all"


@dataclass(frozen=True)
class Baseline:
    """The run at `path`, as the user wrote it. `fail_on`: ``new`` where its findings do not count, else ``all``."""

    path: str
    findings: RunFindings
    fail_on: str

    @property
    def spares_known(self) -> bool:
        """What it knew does not count."""
        return self.fail_on == NEW


@dataclass
class Known:
    """Tells the problems of the present run that the baseline has; `names` are those of ids that tell objects apart."""

    baseline: Baseline
    names: frozenset[str]
    _identities: Identities = field(init=False)

    def __post_init__(self) -> None:
        self._identities = Identities(self.names)

    def saw(self, exchange: HttpExchange) -> None:
        """An exchange of this run, before it is judged."""
        status = exchange.response.status if exchange.response is not None else None
        self._identities.saw(exchange.id, exchange.operation, status)

    def is_known(self, requirement: str, party: str | None, problem: Problem) -> bool:
        """True where the baseline has the finding that this problem is."""
        told = {
            "where": problem.where,
            "inside": problem.inside,
            "object": problem.object,
            "exchange": problem.exchange,
        }
        return self._identities.of(requirement, party, told) in self.baseline.findings.found

    def told(self, verdicts: Iterable[Verdict]) -> dict[str, Any]:
        """The baseline as record and report show it: how many problems it had, how many of this run it knew, and how
        many are new and not waived."""
        verdicts, report = list(verdicts), self.baseline.findings.report
        return {
            "run": report["run"],
            "path": self.baseline.path,
            "started": report["started"],
            "fail_on": self.baseline.fail_on,
            "problems": sum(map(self.baseline.findings.count, self.baseline.findings.clauses)),
            "known": sum(one.known_count for one in verdicts),
            "new": sum(one.problem_count - one.excused_count for one in verdicts),
        }
