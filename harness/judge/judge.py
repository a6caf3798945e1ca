"""Requirements and evidence in, verdicts out. Pure: what it is told is all it knows."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace

from harness.judge.clauses import REQUEST, Clauses
from harness.judge.crawling import Crawler, visit_of
from harness.judge.findings import Findings, IsKnown
from harness.judge.shown import Shown, asked_of, compared_with, schema_of, shown_by, turned
from harness.judge.tally import Finding as Finding
from harness.judge.tally import Tally
from harness.judge.waiving import Waivers
from harness.model.crawl import PartyCrawls
from harness.model.exchange import (
    FEED,
    PASSED_OVER,
    SPOILT,
    TOKEN_ENDPOINT,
    HttpExchange,
    Transcript,
)
from harness.model.profile import Profile
from harness.model.requirement import OF_THE_WHOLE_RUN, Binds, Requirement
from harness.model.system import DomainObjects
from harness.model.verdict import UNREAD, UNSHOWN, Outcome, Verdict
from harness.spec.locate import address_of, located
from harness.spec.openapi import Document
from harness.spec.party_document import PartyDocument

MOST_WRITING_PARTIES = 200
"""Clients may make up as many parties as they like: what is said of more than these counts as nobody's."""


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
        self.tallies, self.repeats = self.findings.tallies, self.findings.repeats
        self.repeats.watching = self.chair == "server"  # a client is no one to ask the same twice
        self.not_asked: dict[str, list[str]] = {}
        self.not_read: list[str] = []
        self.closed: set[str] = set()
        self._has_read_back = False
        self._writing: set[str | None] = {None}
        self.crawler = Crawler()
        self.clauses = Clauses(self.requirements, self.profile, self.objects, self.selected, self.findings)
        self._not_here = self.clauses.not_here

    def take(self, exchange: HttpExchange) -> list[Finding]:
        """Judge one exchange: what the client said, then what came of it."""
        return [*self.hear(exchange), *self.see(exchange)]

    def hear(self, exchange: HttpExchange) -> list[Finding]:
        """Judge what the client said, by the clauses that look at the request alone; there need be no answer yet. A
        request that was wrong on purpose says nothing of a client."""
        if TOKEN_ENDPOINT in exchange.tags or exchange.tags & PASSED_OVER or "probe" in exchange.tags:
            return []
        schema, template = asked_of(exchange, self.document)
        if not template:
            return self.clauses.apply(REQUEST, exchange, exchange)
        about = address_of(exchange.request.url, template, self.objects)
        findings = self.clauses.apply(REQUEST, exchange, exchange, party=self._counted(about.party))
        if schema is not None:
            written = turned(exchange)
            said = Shown(located(written, schema, self.objects, about))
            if not said.parties <= self._writing:
                said = Shown([(name, one._replace(party=self._counted(one.party))) for name, one in said.found])
            findings += self.clauses.look_into(written, schema, said)
        return findings

    def _counted(self, party: str | None) -> str | None:
        """The party under which something that a client wrote is counted."""
        if len(self._writing) <= MOST_WRITING_PARTIES:
            self._writing.add(party)
        return party if party in self._writing else None

    def see(self, exchange: HttpExchange) -> list[Finding]:
        """Judge the exchange as a whole, and what the answer says: by the message clauses, the document and the object
        clauses."""
        findings: list[Finding] = []
        if exchange.tags & PASSED_OVER:
            return findings
        if SPOILT in exchange.tags:  # an answer that was made wrong on purpose is no word of anybody's
            kind = "token" if TOKEN_ENDPOINT in exchange.tags else "exchange"
            return self.clauses.apply(kind, exchange, exchange, only=Binds.CLIENT)
        schema = schema_of(exchange, self.document)
        if TOKEN_ENDPOINT in exchange.tags:
            told = self.clauses.hold_against(schema, exchange, Shown()) if schema is not None else ()
            return [*self.clauses.apply("token", exchange, exchange), *told]
        shown = shown_by(exchange, schema, self.objects)
        if FEED not in exchange.tags:
            findings += self.clauses.apply("exchange", exchange, exchange)
        findings += self.clauses.look_into(exchange, schema, shown)
        self.crawler.fed |= FEED in exchange.tags
        visit = visit_of(exchange, shown.found, self.objects)
        self.crawler.visits += [visit] if visit else []
        compared = compared_with(self.party_document, exchange)
        findings += self.clauses.apply("party-answer", compared, exchange) if compared else []
        self.repeats.end(exchange)
        return findings

    def close(self, transcript: Transcript) -> list[Finding]:
        """Judge a situation as a whole: what was said to the API in it; of a client, all that is known of it."""
        if transcript.not_asked:
            self.not_asked.setdefault(transcript.situation, []).extend(transcript.not_asked)
        self.not_read += transcript.not_read
        self.closed.add(transcript.situation)
        apart = {TOKEN_ENDPOINT, *PASSED_OVER}
        said = tuple(exchange for exchange in transcript.exchanges if not exchange.tags & apart)
        to_the_api = transcript if said == transcript.exchanges else replace(transcript, exchanges=said)
        findings = self.clauses.apply("transcript", to_the_api, None)
        if transcript.until is not None:
            findings += self.clauses.apply("conversation", transcript, None)
        if transcript.stores:
            self._has_read_back = True
            findings += self.clauses.apply("store", transcript, None)
        return findings

    def finish(self) -> list[Finding]:
        """Judge the crawls of the whole run, once every situation is over."""
        crawls = self.crawler.crawls()
        findings = self.clauses.apply("crawls", crawls, None) if not self.crawler.fed else []
        findings += self.clauses.apply("inventory", crawls, None)
        for party in crawls.parties or (None,):
            evidence = PartyCrawls(party, crawls.owned_by(party), crawls)
            findings += self.clauses.apply("party-crawls", evidence, None, party=party)
        return findings

    def so_far(self, transcript: Transcript) -> list[Verdict]:
        """The verdicts as they would be if all were over now; this judge goes on as if nobody had asked."""
        asked = copy(self)
        asked.findings = self.findings.copied()
        asked.own_faults = asked.findings.own_faults
        asked.tallies, asked.repeats = asked.findings.tallies, asked.findings.repeats
        asked.clauses = replace(self.clauses, findings=asked.findings)
        asked.closed, asked.not_read = set(self.closed), list(self.not_read)
        asked.not_asked = {name: list(reasons) for name, reasons in self.not_asked.items()}
        asked.close(transcript)
        asked.finish()
        return asked.verdicts()

    def verdicts(self) -> list[Verdict]:
        """One verdict per requirement and party seen, in the order of the requirements."""
        verdicts: list[Verdict] = []
        parties: dict[str, list[str | None]] = {}
        for name, party in self.tallies:
            parties.setdefault(name, []).append(party)
        for requirement in filter(lambda one: self.clauses.is_selected(one.id), self.requirements):
            for party in sorted(parties.get(requirement.id, [None]), key=lambda name: name or ""):
                tally = self.tallies[requirement.id, party]
                verdicts.append(self._verdict(requirement, party, tally))
        return verdicts

    def _verdict(self, requirement: Requirement, party: str | None, tally: Tally) -> Verdict:
        outcome, reason = Outcome.PASSED, None
        if tally.crash is not None:
            outcome, reason = Outcome.CANNOT_TELL, tally.crash
        elif tally.problem_count:
            outcome = Outcome.FAILED
        elif requirement.id in self._not_here:
            outcome, reason = Outcome.INAPPLICABLE, self._not_here[requirement.id]
        elif not tally.seen and tally.not_enough:
            outcome, reason = Outcome.UNTESTED, "; ".join(tally.not_enough)
        elif not tally.seen and tally.inapplicable is not None:
            outcome, reason = Outcome.INAPPLICABLE, tally.inapplicable
        elif not tally.seen and self.lost is not None and not self._was_asked(requirement):
            outcome, reason = Outcome.CANNOT_TELL, self.lost
        elif not tally.seen:
            outcome, reason = Outcome.UNTESTED, self._why_untested(requirement)
        pairs = tuple(self.repeats.unstable.get((requirement.id, party), ()))
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
        return self.closed.issuperset(requirement.asked_by)

    def _why_untested(self, requirement: Requirement) -> str:
        if self.obstacle is not None:
            return self.obstacle
        if requirement.evidence == "store" and not self._has_read_back:
            return "; ".join(dict.fromkeys(self.not_read)) or UNREAD
        reasons = [reason for name in requirement.asked_by for reason in self.not_asked.get(name, ())]
        return "; ".join(dict.fromkeys(reasons)) or UNSHOWN


def judged(judge: Judge, transcripts: Iterable[Transcript]) -> list[Verdict]:
    """The verdicts over finished transcripts."""
    for transcript in transcripts:
        for exchange in transcript.exchanges:
            judge.take(exchange)
        judge.close(transcript)
    judge.finish()
    return judge.verdicts()
