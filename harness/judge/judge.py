"""Requirements and evidence in, verdicts out. Pure: what it is told is all it knows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from harness.judge.crawling import Crawler, visit_of
from harness.judge.findings import Findings, IsKnown
from harness.judge.shown import Shown, compared_with, schema_of, shown_by
from harness.judge.tally import Finding as Finding
from harness.judge.tally import Tally, why_not
from harness.judge.waiving import Waivers
from harness.model.crawl import PartyCrawls
from harness.model.exchange import FEED, PASSED_OVER, TOKEN_ENDPOINT, HttpExchange, Located, Transcript
from harness.model.profile import Profile
from harness.model.requirement import SCHEMA_EVIDENCE, Problems, Requirement, always
from harness.model.system import DomainObjects
from harness.model.verdict import Outcome, Problem, Verdict
from harness.spec.openapi import Document
from harness.spec.party_document import PartyDocument
from harness.spec.schema import CATCH_ALL, CompiledSchema, Mismatch

OF_THE_WHOLE_RUN = frozenset({"crawls", "inventory", "party-crawls"})
"""Kinds of evidence that are there only when all is over."""


@dataclass
class Judge:
    """Judges evidence as it arrives.

    Exchanges with a token endpoint are no part of the API: only clauses on them look at them.
    `take` wants every exchange once; `close` every transcript when its situation is over; `finish` is told when there
    will be no more of them; `verdicts` sums up. `chair`
    is the HTTP chair of the subject: a failed clause that binds the other chair, outside probes and faults, is a
    fault of the harness and lands in `own_faults`. `obstacle` says why the subject could not be tested (to the end);
    `lost` that it went away in the middle, and when: of what was not shown by then, nobody can tell.
    `party_document` is the party's own document, where there is one: one more judge. `selected` are the clauses that
    are judged, None for all: of the others nothing is told, nor are their errors laid at another's door. `waivers` and
    `is_known` (was it there in an earlier run?) excuse problems: these are marked, and told like any other.
    Evidence is dropped as soon as it is judged.
    """

    requirements: tuple[Requirement, ...]
    profile: Profile
    document: Document
    objects: DomainObjects
    chair: str
    own_faults: list[str] = field(default_factory=list)
    obstacle: str | None = None
    lost: str | None = None
    party_document: PartyDocument | None = None
    selected: frozenset[str] | None = None
    waivers: Waivers = field(default_factory=Waivers)
    is_known: IsKnown | None = None

    def __post_init__(self) -> None:
        self.findings = Findings(self.chair, self.waivers, self.is_known, self.own_faults)
        self.tallies, self._repeats = self.findings.tallies, self.findings.repeats
        self._not_asked: dict[str, list[str]] = {}
        self._closed: set[str] = set()
        self._by_kind: dict[str, list[Requirement]] = {}
        self.crawler = Crawler()
        self._by_id = {requirement.id: requirement for requirement in self.requirements}
        told = ((requirement.id, requirement.not_here(self.profile.settings)) for requirement in self.requirements)
        self._not_here = {name: reason for name, reason in told if reason is not None}
        for requirement in self.requirements:
            if requirement.id not in self._not_here and self._is_selected(requirement.id):
                self._by_kind.setdefault(requirement.evidence, []).append(requirement)

    def take(self, exchange: HttpExchange) -> list[Finding]:
        """Judge one exchange by the message clauses, the document and the object clauses."""
        findings: list[Finding] = []
        if exchange.tags & PASSED_OVER:
            return findings
        if TOKEN_ENDPOINT in exchange.tags:
            return self._apply("token", exchange, exchange)
        schema = schema_of(exchange, self.document)
        shown = shown_by(exchange, schema, self.objects)
        if FEED not in exchange.tags:
            findings += self._apply("exchange", exchange, exchange)
        if exchange.response is not None and exchange.response.body.raw:
            findings += self._apply("text", exchange, exchange)
        if schema is not None:
            findings += self._hold_against(schema, exchange, shown)
        if shown.found:
            findings += self._apply("objects", exchange, exchange, shown)
        for name, ones in shown.by_schema.items():
            for requirement in self._by_kind.get(f"located:{name}", ()):
                findings += self._apply_to_each(requirement, ones, exchange, shown)
        self.crawler.fed |= FEED in exchange.tags
        visit = visit_of(exchange, shown.found, self.objects)
        self.crawler.visits += [visit] if visit else []
        compared = compared_with(self.party_document, exchange)
        findings += self._apply("party-answer", compared, exchange) if compared else []
        self._repeats.end(exchange)
        return findings

    def close(self, transcript: Transcript) -> list[Finding]:
        """Judge a situation as a whole: what was said to the API in it."""
        if transcript.not_asked:
            self._not_asked.setdefault(transcript.situation, []).extend(transcript.not_asked)
        self._closed.add(transcript.situation)
        apart = {TOKEN_ENDPOINT, *PASSED_OVER}
        said = tuple(exchange for exchange in transcript.exchanges if not exchange.tags & apart)
        transcript = transcript if said == transcript.exchanges else replace(transcript, exchanges=said)
        return self._apply("transcript", transcript, None)

    def finish(self) -> list[Finding]:
        """Judge the crawls of the whole run, once every situation is over."""
        crawls = self.crawler.crawls()
        findings = self._apply("crawls", crawls, None) if not self.crawler.fed else []
        findings += self._apply("inventory", crawls, None)
        for party in crawls.parties or (None,):
            evidence = PartyCrawls(party, crawls.owned_by(party), crawls)
            findings += self._apply("party-crawls", evidence, None, party=party)
        return findings

    def verdicts(self) -> list[Verdict]:
        """One verdict per requirement and party seen, in the order of the requirements."""
        verdicts: list[Verdict] = []
        parties: dict[str, list[str | None]] = {}
        for name, party in self.tallies:
            parties.setdefault(name, []).append(party)
        for requirement in filter(lambda one: self._is_selected(one.id), self.requirements):
            for party in sorted(parties.get(requirement.id, [None]), key=lambda name: name or ""):
                tally = self.tallies[requirement.id, party]
                verdicts.append(self._verdict(requirement, party, tally))
        return verdicts

    def _is_selected(self, name: str) -> bool:
        return self.selected is None or name in self.selected

    def _verdict(self, requirement: Requirement, party: str | None, tally: Tally) -> Verdict:
        outcome, reason = Outcome.PASSED, None
        if tally.crash is not None:
            outcome, reason = Outcome.CANNOT_TELL, tally.crash
        elif tally.problem_count:
            outcome = Outcome.FAILED
        elif requirement.id in self._not_here:
            outcome, reason = Outcome.INAPPLICABLE, self._not_here[requirement.id]
        elif not tally.seen and tally.inapplicable is not None:
            outcome, reason = Outcome.INAPPLICABLE, tally.inapplicable
        elif not tally.seen and self.lost is not None and not self._was_asked(requirement):
            outcome, reason = Outcome.CANNOT_TELL, self.lost
        elif not tally.seen:
            outcome, reason = Outcome.UNTESTED, self._why_untested(requirement)
        pairs = tuple(self._repeats.unstable.get((requirement.id, party), ()))
        return Verdict(
            requirement.id,
            party,
            outcome,
            reason,
            tally.seen,
            tally.problem_count,
            tally.problems,
            pairs,
            tuple(tally.waivers),
            tally.waived_count,
            tally.known_count,
            tally.excused_count,
        )

    def _was_asked(self, requirement: Requirement) -> bool:
        """Every conversation is over that would have shown it."""
        if requirement.evidence in OF_THE_WHOLE_RUN or not requirement.asked_by:
            return False
        return self._closed.issuperset(requirement.asked_by)

    def _why_untested(self, requirement: Requirement) -> str:
        if self.obstacle is not None:
            return self.obstacle
        reasons = [reason for name in requirement.asked_by for reason in self._not_asked.get(name, ())]
        return "; ".join(dict.fromkeys(reasons)) or "nothing in this run shows it"

    def _hold_against(self, schema: CompiledSchema, exchange: HttpExchange, shown: Shown) -> Iterator[Finding]:
        """The document's clauses: seen where the schema names them, failed where an error is routed to them."""
        assert exchange.response is not None  # noqa: S101 - a schema was found by it
        by_clause: dict[str, list[Mismatch]] = {}
        for mismatch in schema.mismatches(exchange.response.body.value):
            clause = mismatch.requirement if mismatch.requirement in self._by_id else CATCH_ALL
            by_clause.setdefault(clause, []).append(mismatch)
        shapeless = any(mismatch.pointer == "" for found in by_clause.values() for mismatch in found)
        inside = schema.requirements_inside(frozenset(self.objects.keys))
        for name in sorted(inside if FEED in exchange.tags else schema.requirements):
            requirement = self._by_id.get(name)
            if requirement is None or name in self._not_here or not self._is_selected(name):
                continue
            if not self._is_about(requirement, exchange):
                continue
            if shapeless and name not in by_clause:  # where the whole is of another type, nobody looked inside
                continue
            parties: set[str | None] = set(shown.parties) if name in inside else {None}
            for mismatch in by_clause.get(name, ()):
                problem = Problem(f"response.body:{mismatch.pointer}", mismatch.expected, mismatch.actual)
                owner = shown.owner(problem.where)
                parties.add(owner.inner.party if owner else None)
                yield from self.findings.note(requirement, problem, exchange, owner)
            if requirement.evidence == SCHEMA_EVIDENCE:
                for party in parties:
                    self.tallies[name, party].seen += 1
                    self._repeats.note(name, party, failed=False)

    def _is_about(self, requirement: Requirement, evidence: Any) -> bool:
        try:
            return requirement.when(evidence)
        except Exception as error:  # noqa: BLE001 - a crash of ours must not look like a fault of the subject
            self.tallies.crashed(requirement.id, None, error)
            return False

    def _apply(
        self,
        kind: str,
        evidence: Any,
        exchange: HttpExchange | None,
        shown: Shown | None = None,
        party: str | None = None,
    ) -> list[Finding]:
        """Judge one piece of evidence by the clauses on its kind, for each party whose objects it shows."""
        findings: list[Finding] = []
        parties = shown.parties if shown else (party,)
        for requirement in self._by_kind.get(kind, ()):
            try:
                if not requirement.when(evidence):
                    continue
                results = list(self._look(requirement)(evidence))
            except Exception as error:  # noqa: BLE001 - a crash of ours must not look like a fault of the subject
                for one in parties:
                    self.tallies.crashed(requirement.id, one, error)
                continue
            reason = why_not(results)
            for one in parties:
                if reason is None:
                    self.tallies[requirement.id, one].seen += 1
                    self._repeats.note(requirement.id, one, failed=False)
                else:
                    self.tallies[requirement.id, one].inapplicable = reason
            for problem in results:
                if isinstance(problem, Problem):
                    owner = shown.owner(problem.where) if shown else None
                    findings += self.findings.note(requirement, problem, exchange, owner, party)
        return findings

    def _apply_to_each(
        self, requirement: Requirement, ones: list[Located[Any]], exchange: HttpExchange, shown: Shown
    ) -> list[Finding]:
        """Judge objects one by one. Nearly always nothing is found: then nothing is made either."""
        findings: list[Finding] = []
        seen: dict[str | None, int] = {}
        when, look = requirement.when, self._look(requirement)
        for one in ones:
            try:
                if when is not always and not when(one):
                    continue
                results = list(look(one))
            except Exception as error:  # noqa: BLE001 - a crash of ours must not look like a fault of the subject
                self.tallies.crashed(requirement.id, one.party, error)
                continue
            if results and (reason := why_not(results)) is not None:
                self.tallies[requirement.id, one.party].inapplicable = reason
                continue
            seen[one.party] = seen.get(one.party, 0) + 1
            for problem in results:
                if isinstance(problem, Problem):
                    findings += self.findings.note(
                        requirement, problem, exchange, shown.owner(f"response.body:{one.pointer}")
                    )
        for party, count in seen.items():
            self.tallies[requirement.id, party].seen += count
            self._repeats.note(requirement.id, party, failed=False)
        return findings

    def _look(self, requirement: Requirement) -> Callable[[Any], Problems]:
        """The check of a clause, as a function of the evidence alone."""
        assert requirement.check is not None  # noqa: S101 - only schema clauses have none
        check = requirement.check
        return (lambda evidence: check(evidence, self.profile.settings)) if requirement.takes_settings else check


def judged(judge: Judge, transcripts: Iterable[Transcript]) -> list[Verdict]:
    """The verdicts over finished transcripts."""
    for transcript in transcripts:
        for exchange in transcript.exchanges:
            judge.take(exchange)
        judge.close(transcript)
    judge.finish()
    return judge.verdicts()
