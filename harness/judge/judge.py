"""Requirements and evidence in, verdicts out. Pure: what it is told is all it knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from harness.judge.crawling import Crawler, visit_of
from harness.model.crawl import PartyCrawls
from harness.model.exchange import THROTTLED, TOKEN_ENDPOINT, HttpExchange, Located, PartyAnswer, Transcript
from harness.model.profile import Profile
from harness.model.requirement import SCHEMA_EVIDENCE, Binds, Requirement
from harness.model.system import DomainObjects
from harness.model.verdict import Inapplicable, Outcome, Problem, Verdict
from harness.spec.locate import located
from harness.spec.openapi import Document
from harness.spec.party_document import PartyDocument
from harness.spec.schema import CATCH_ALL, CompiledSchema, Mismatch

KEPT_PROBLEMS = 20
OUR_DOING = frozenset({"probe", "fault"})


@dataclass
class _Tally:
    seen: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    inapplicable: str | None = None
    crash: str | None = None


@dataclass(frozen=True)
class Finding:
    """A problem of one clause, as it arises."""

    requirement: Requirement
    party: str | None
    problem: Problem


@dataclass
class Judge:
    """Judges evidence as it arrives.

    Exchanges with a token endpoint are no part of the API: only clauses on them look at them.
    `take` wants every exchange once; `close` every transcript when its situation is over; `finish` is told when there
    will be no more of them; `verdicts` sums up. `chair`
    is the HTTP chair of the subject: a failed clause that binds the other chair, outside probes and faults, is a
    fault of the harness and lands in `own_faults`. `obstacle` says why the subject could not be tested (to the end).
    `party_document` is the party's own document, where there is one: one more judge.
    Evidence is dropped as soon as it is judged.
    """

    requirements: tuple[Requirement, ...]
    profile: Profile
    document: Document
    objects: DomainObjects
    chair: str
    own_faults: list[str] = field(default_factory=list)
    obstacle: str | None = None
    party_document: PartyDocument | None = None

    def __post_init__(self) -> None:
        self._tallies: dict[tuple[str, str | None], _Tally] = {}
        self._not_asked: dict[str, list[str]] = {}
        self._by_kind: dict[str, list[Requirement]] = {}
        self.crawler = Crawler()
        self._by_id = {requirement.id: requirement for requirement in self.requirements}
        told = ((requirement.id, requirement.not_here(self.profile.settings)) for requirement in self.requirements)
        self._not_here = {name: reason for name, reason in told if reason is not None}
        for requirement in self.requirements:
            self._by_kind.setdefault(requirement.evidence, []).append(requirement)

    def take(self, exchange: HttpExchange) -> list[Finding]:
        """Judge one exchange by the message clauses, the document and the object clauses."""
        findings: list[Finding] = []
        if THROTTLED in exchange.tags:
            return findings
        if TOKEN_ENDPOINT in exchange.tags:
            for requirement in self._by_kind.get("token", ()):
                findings += self._apply(requirement, exchange, exchange, None)
            return findings
        for requirement in self._by_kind.get("exchange", ()):
            findings += self._apply(requirement, exchange, exchange, None)
        schema = self._schema_of(exchange)
        if schema is not None:
            findings += self._hold_against(schema, exchange)
        found = [] if schema is None else list(located(exchange, schema, self.objects))
        for name, one in found:
            for requirement in self._by_kind.get(f"located:{name}", ()):
                findings += self._apply(requirement, one, exchange, one)
        visit = visit_of(exchange, found, self.objects)
        self.crawler.visits += [visit] if visit else []
        compared = self._compared(exchange)
        for requirement in self._by_kind.get("party-answer", ()) if compared else ():
            findings += self._apply(requirement, compared, exchange, None)
        return findings

    def close(self, transcript: Transcript) -> list[Finding]:
        """Judge a situation as a whole: what was said to the API in it."""
        if transcript.not_asked:
            self._not_asked.setdefault(transcript.situation, []).extend(transcript.not_asked)
        apart = {TOKEN_ENDPOINT, THROTTLED}
        said = tuple(exchange for exchange in transcript.exchanges if not exchange.tags & apart)
        transcript = transcript if said == transcript.exchanges else replace(transcript, exchanges=said)
        findings: list[Finding] = []
        for requirement in self._by_kind.get("transcript", ()):
            findings += self._apply(requirement, transcript, None, None)
        return findings

    def finish(self) -> list[Finding]:
        """Judge the crawls of the whole run, once every situation is over."""
        crawls = self.crawler.crawls()
        findings: list[Finding] = []
        for requirement in self._by_kind.get("crawls", ()):
            findings += self._apply(requirement, crawls, None, None)
        for party in crawls.parties or (None,):
            evidence = PartyCrawls(party, crawls.owned_by(party), crawls)
            for requirement in self._by_kind.get("party-crawls", ()):
                findings += self._apply(requirement, evidence, None, None, party)
        return findings

    def verdicts(self) -> list[Verdict]:
        """One verdict per requirement and party seen, in the order of the requirements."""
        verdicts: list[Verdict] = []
        for requirement in self.requirements:
            parties = [party for name, party in self._tallies if name == requirement.id] or [None]
            for party in sorted(parties, key=lambda name: name or ""):
                tally = self._tallies.get((requirement.id, party), _Tally())
                verdicts.append(self._verdict(requirement, party, tally))
        return verdicts

    def _verdict(self, requirement: Requirement, party: str | None, tally: _Tally) -> Verdict:
        outcome, reason = Outcome.PASSED, None
        if tally.crash is not None:
            outcome, reason = Outcome.CANNOT_TELL, tally.crash
        elif tally.problem_count:
            outcome = Outcome.FAILED
        elif requirement.id in self._not_here:
            outcome, reason = Outcome.INAPPLICABLE, self._not_here[requirement.id]
        elif not tally.seen and tally.inapplicable is not None:
            outcome, reason = Outcome.INAPPLICABLE, tally.inapplicable
        elif not tally.seen:
            outcome, reason = Outcome.UNTESTED, self._why_untested(requirement)
        return Verdict(requirement.id, party, outcome, reason, tally.seen, tally.problem_count, tuple(tally.problems))

    def _why_untested(self, requirement: Requirement) -> str:
        if self.obstacle is not None:
            return self.obstacle
        reasons = [reason for name in requirement.asked_by for reason in self._not_asked.get(name, ())]
        return "; ".join(dict.fromkeys(reasons)) or "nothing in this run shows it"

    def _compared(self, exchange: HttpExchange) -> PartyAnswer | None:
        response, document = exchange.response, self.party_document
        if document is None or response is None or exchange.operation is None or not response.body.is_json:
            return None
        if not document.judges(exchange.operation, response.status):
            return None
        found = document.differences(exchange.operation, response.status, response.body.value)
        return PartyAnswer(exchange, tuple((one.pointer, one.expected, one.actual) for one in found))

    def _schema_of(self, exchange: HttpExchange) -> CompiledSchema | None:
        if exchange.response is None or exchange.operation is None or not exchange.response.body.is_json:
            return None
        operation = self.document.operation_by_id(exchange.operation)
        return operation.answer(exchange.response.status) if operation else None

    def _hold_against(self, schema: CompiledSchema, exchange: HttpExchange) -> Iterator[Finding]:
        """The document's clauses: seen where the schema names them, failed where an error is routed to them."""
        assert exchange.response is not None  # noqa: S101 - a schema was found by it
        by_clause: dict[str, list[Mismatch]] = {}
        for mismatch in schema.mismatches(exchange.response.body.value):
            clause = mismatch.requirement if mismatch.requirement in self._by_id else CATCH_ALL
            by_clause.setdefault(clause, []).append(mismatch)
        shapeless = any(mismatch.pointer == "" for found in by_clause.values() for mismatch in found)
        for name in sorted(schema.requirements):
            requirement = self._by_id.get(name)
            if requirement is None or not self._is_about(requirement, exchange):
                continue
            if shapeless and name not in by_clause:  # where the whole is of another type, nobody looked inside
                continue
            if requirement.evidence == SCHEMA_EVIDENCE:
                self._tally(requirement, None).seen += 1
            for mismatch in by_clause.get(name, ()):
                problem = Problem(f"response.body:{mismatch.pointer}", mismatch.expected, mismatch.actual)
                yield from self._note(requirement, None, problem, exchange, {})

    def _is_about(self, requirement: Requirement, evidence: Any) -> bool:
        if requirement.id in self._not_here:
            return False
        try:
            return requirement.when(evidence)
        except Exception as error:  # noqa: BLE001 - a crash of ours must not look like a fault of the subject
            self._tally(requirement, None).crash = f"the harness failed: {type(error).__name__}: {error}"
            return False

    def _apply(
        self,
        requirement: Requirement,
        evidence: Any,
        exchange: HttpExchange | None,
        found: Located[Any] | None,
        party: str | None = None,
    ) -> Iterable[Finding]:
        """Judge one piece of evidence by one clause. Nearly always nothing is found: then nothing is made either."""
        party = found.party if found else party
        if not self._is_about(requirement, evidence):
            return ()
        assert requirement.check is not None  # noqa: S101 - only schema clauses have none
        arguments = (evidence, self.profile.settings) if requirement.takes_settings else (evidence,)
        tally = self._tally(requirement, party)
        try:
            results = list(requirement.check(*arguments))
        except Exception as error:  # noqa: BLE001 - a crash of ours must not look like a fault of the subject
            tally.crash = f"the harness failed: {type(error).__name__}: {error}"
            return ()
        if results and all(isinstance(result, Inapplicable) for result in results):
            tally.inapplicable = next(result.reason for result in results if isinstance(result, Inapplicable))
            return ()
        tally.seen += 1
        keys = found.keys if found else {}
        problems = [one for one in results if isinstance(one, Problem)]
        return [finding for one in problems for finding in self._note(requirement, party, one, exchange, keys)]

    def _note(
        self,
        requirement: Requirement,
        party: str | None,
        problem: Problem,
        exchange: HttpExchange | None,
        keys: Any,
    ) -> Iterator[Finding]:
        if exchange is not None:
            named = {**({"party": party} if party else {}), **keys}
            problem = replace(
                problem, exchange=exchange.id, situation=exchange.situation, object=problem.object or named
            )
        tally = self._tally(requirement, party)
        if problem in tally.problems:
            return
        if self._is_ours(requirement, exchange):
            self.own_faults.append(f"{requirement.id}: {problem.where}: {problem.expected}, not {problem.actual}")
        tally.problem_count += 1
        if len(tally.problems) < KEPT_PROBLEMS:
            tally.problems.append(problem)
        yield Finding(requirement, party, problem)

    def _is_ours(self, requirement: Requirement, exchange: HttpExchange | None) -> bool:
        if requirement.binds is Binds.AUTHOR or requirement.binds.value == self.chair:
            return False
        return exchange is None or not exchange.tags & OUR_DOING

    def _tally(self, requirement: Requirement, party: str | None) -> _Tally:
        key = (requirement.id, party)
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = _Tally()
        return tally


def judged(judge: Judge, transcripts: Iterable[Transcript]) -> list[Verdict]:
    """The verdicts over finished transcripts."""
    for transcript in transcripts:
        for exchange in transcript.exchanges:
            judge.take(exchange)
        judge.close(transcript)
    judge.finish()
    return judge.verdicts()
