"""Takes problems as they arise: whose they are, whether they were told before, and whether anything excuses them."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace

from harness.judge.repeats import Repeats
from harness.judge.shown import Owner
from harness.judge.tally import Finding, Tallies
from harness.judge.waiving import Waivers
from harness.model.exchange import SPOILT, WRITTEN_BY_THE_CLIENT, HttpExchange
from harness.model.requirement import Binds, Requirement
from harness.model.verdict import Problem

OUR_DOING = frozenset({"probe", SPOILT})

MOST_OWN_FAULTS = 100
"""More of them say nothing new."""

IsKnown = Callable[[str, str | None, Problem], bool]
"""Was this problem of a clause (its id) and party there in an earlier run?"""


@dataclass
class Findings:
    """`chair` is the HTTP chair of the subject: what fails in the other one, outside probes and faults, is a fault of
    the harness and lands in `own_faults`."""

    chair: str
    waivers: Waivers
    is_known: IsKnown | None
    own_faults: list[str]
    tallies: Tallies = field(default_factory=Tallies)
    repeats: Repeats = field(default_factory=Repeats)

    def copied(self) -> "Findings":
        """The same at this moment, to go on from here without changing it."""
        return replace(
            self, own_faults=list(self.own_faults), tallies=self.tallies.copied(), repeats=deepcopy(self.repeats)
        )

    def note(
        self,
        requirement: Requirement,
        problem: Problem,
        exchange: HttpExchange | None,
        owner: Owner | None,
        party: str | None = None,
    ) -> list[Finding]:
        """The finding that a problem is, its object and exchange filled in; nothing where it was told before."""
        identity: object = None
        if owner is not None:
            party = owner.inner.party
            inside = problem.inside or owner.inside(problem.where)
            problem = replace(problem, object=problem.object or owner.named, inside=inside)
            if problem.where.startswith(f"response.body:{owner.begins}") and owner.inner.keys:
                below = problem.where[len("response.body:") + len(owner.begins) :]
                identity = (below, tuple(owner.inner.keys.items()), problem.expected, problem.actual)
        if exchange is not None:
            problem = replace(problem, exchange=exchange.id, situation=exchange.situation)
            if WRITTEN_BY_THE_CLIENT in exchange.tags:  # each is a message of its own, whatever object it is about
                problem, identity = replace(problem, where=problem.where.replace("response", "request", 1)), None
            self.repeats.note(requirement.id, party, failed=True)
        of_one = exchange is not None and self.chair == "client"
        found = self.take(requirement, party, problem, identity, is_of_one_message=of_one)
        if found and self._is_ours(requirement, exchange) and len(self.own_faults) < MOST_OWN_FAULTS:
            self.own_faults.append(f"{requirement.id}: {problem.where}: {problem.expected}, not {problem.actual}")
        return found

    def passed_by(self, requirement: str, party: str | None, count: int = 1) -> None:
        """A clause, by its id, has looked at so many pieces of evidence; what it found there is noted besides."""
        self.tallies[requirement, party].seen += count
        if self.repeats.watching:
            self.repeats.note(requirement, party, failed=False)

    def take(
        self,
        requirement: Requirement,
        party: str | None,
        problem: Problem,
        identity: object,
        *,
        is_of_one_message: bool = False,
    ) -> list[Finding]:
        """Count a problem to which nothing is to be filled in any more; nothing where it was told before."""
        tally = self.tallies[requirement.id, party]
        if not tally.is_new(problem, identity, is_of_one_message=is_of_one_message):
            return []
        waiver = self.waivers.covering(requirement.id, party, problem)
        known = self.is_known is not None and self.is_known(requirement.id, party, problem)
        if waiver is not None or known:
            problem = replace(problem, waived=waiver is not None, known=known)
        tally.count(problem, waiver)
        return [Finding(requirement, party, problem, identity)]

    def _is_ours(self, requirement: Requirement, exchange: HttpExchange | None) -> bool:
        bound = requirement.binds
        if bound is Binds.AUTHOR:
            by_client = exchange is not None and WRITTEN_BY_THE_CLIENT in exchange.tags
            bound = Binds.CLIENT if by_client else Binds.SERVER
            if exchange is None:  # nobody can tell who wrote what a whole run comes to
                return False
        return bound.value != self.chair and (exchange is None or not exchange.tags & OUR_DOING)
