"""The clauses of an interface by the kind of evidence that they look at, and how each kind is laid before them."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from harness.judge.findings import Findings
from harness.judge.shown import Shown
from harness.judge.tally import Finding, why_not
from harness.model.exchange import FEED, WRITTEN_BY_THE_CLIENT, HttpExchange, Located
from harness.model.profile import Profile
from harness.model.requirement import SCHEMA_EVIDENCE, Binds, Problems, Requirement, always
from harness.model.system import DomainObjects
from harness.model.verdict import Problem
from harness.spec.schema import CATCH_ALL, CATCH_ALL_OF_REQUESTS, CompiledSchema, Mismatch

_NOBODYS: Collection[str | None] = (None,)
NO_SUCH_PART = "nothing that was shown has this part, which is optional"
REQUEST = "request"
"""How the clauses are kept that look at an exchange, and there at the request alone."""


class _Clause(NamedTuple):
    """A clause, and its check as a function of the evidence alone."""

    requirement: Requirement
    look: Callable[[Any], Problems]


@dataclass
class Clauses:
    """Those that are `selected` (all where None) and apply under the profile's settings; `not_here` says of the others
    why they do not. What they find goes to `findings`."""

    requirements: tuple[Requirement, ...]
    profile: Profile
    objects: DomainObjects
    selected: frozenset[str] | None
    findings: Findings

    def __post_init__(self) -> None:
        self._by_id = {requirement.id: requirement for requirement in self.requirements}
        told = ((requirement.id, requirement.not_here(self.profile.settings)) for requirement in self.requirements)
        self.not_here = {name: reason for name, reason in told if reason is not None}
        self._by_kind: dict[str, list[_Clause]] = {}
        self._by_schema: dict[tuple[int, bool, str], list[tuple[Requirement, bool]]] = {}
        for requirement in self.requirements:
            if requirement.id not in self.not_here and self.is_selected(requirement.id):
                kind = REQUEST if requirement.refuses and requirement.evidence == "exchange" else requirement.evidence
                if kind != SCHEMA_EVIDENCE:
                    self._by_kind.setdefault(kind, []).append(_Clause(requirement, self._look(requirement)))

    def is_selected(self, name: str) -> bool:
        """It is judged by the clause of this id."""
        return self.selected is None or name in self.selected

    def look_into(self, exchange: HttpExchange, schema: CompiledSchema | None, shown: Shown) -> list[Finding]:
        """Judge what a message says: its text, its document, its objects."""
        findings: list[Finding] = []
        if exchange.response is not None and exchange.response.body.raw:
            findings += self.apply("text", exchange, exchange)
        if schema is not None:
            findings += self.hold_against(schema, exchange, shown)
        if shown.found:
            findings += self.apply("objects", exchange, exchange, shown)
        for name, ones in shown.by_schema.items():
            for clause in self._by_kind.get(f"located:{name}", ()):
                findings += self._apply_to_each(clause, ones, exchange, shown)
        return findings

    def hold_against(self, schema: CompiledSchema, exchange: HttpExchange, shown: Shown) -> Iterator[Finding]:
        """The document's clauses: seen where the schema names them, failed where an error is routed to them."""
        assert exchange.response is not None  # noqa: S101 - a schema was found by it
        by_clause: dict[str, list[Mismatch]] = {}
        catch_all = CATCH_ALL_OF_REQUESTS if WRITTEN_BY_THE_CLIENT in exchange.tags else CATCH_ALL
        for mismatch in schema.mismatches(exchange.response.body.value):
            known = mismatch.requirement in self._by_id and mismatch.requirement != CATCH_ALL
            clause = mismatch.requirement if known else catch_all
            by_clause.setdefault(clause, []).append(mismatch)
        shapeless = any(mismatch.pointer == "" for found in by_clause.values() for mismatch in found)
        for requirement, is_inside in self._named_by(schema, FEED in exchange.tags, catch_all):
            found_here = by_clause.get(requirement.id, ())
            if shapeless and not found_here:  # where the whole is of another type, nobody looked inside
                continue
            if requirement.when is not always and not self._is_about(requirement, exchange):
                for party in shown.parties if is_inside and shown.found else ():
                    self.findings.tallies[requirement.id, party].inapplicable = NO_SUCH_PART
                continue
            parties: Collection[str | None] = shown.parties if is_inside else _NOBODYS
            for mismatch in found_here:
                problem = Problem(f"response.body:{mismatch.pointer}", mismatch.expected, mismatch.actual)
                owner = shown.owner(problem.where)
                parties = {*parties, owner.inner.party if owner else None}
                yield from self.findings.note(requirement, problem, exchange, owner)
            if requirement.evidence == SCHEMA_EVIDENCE:
                for party in parties:
                    self.findings.passed_by(requirement.id, party)

    def _named_by(self, schema: CompiledSchema, fed: bool, catch_all: str) -> list[tuple[Requirement, bool]]:
        """The clauses that a schema names, each with whether it looks into objects; of a file, only those."""
        key = (id(schema), fed, catch_all)  # a schema lives as long as its document does
        if key not in self._by_schema:
            inside = schema.requirements_inside(frozenset(self.objects.keys))
            named = [(catch_all if name == CATCH_ALL else name, name in inside) for name in sorted(schema.requirements)]
            self._by_schema[key] = [
                (self._by_id[name], is_inside)
                for name, is_inside in named
                if name in self._by_id
                and name not in self.not_here
                and self.is_selected(name)
                and (is_inside or not fed)
            ]
        return self._by_schema[key]

    def _is_about(self, requirement: Requirement, evidence: Any) -> bool:
        try:
            return requirement.when(evidence)
        except Exception as error:  # noqa: BLE001 - a crash of ours must not look like a fault of the subject
            self.findings.tallies.crashed(requirement.id, None, error)
            return False

    def apply(
        self,
        kind: str,
        evidence: Any,
        exchange: HttpExchange | None,
        shown: Shown | None = None,
        party: str | None = None,
        only: Binds | None = None,
    ) -> list[Finding]:
        """Judge one piece of evidence by the clauses on its kind, for each party whose objects it shows; `only` leaves
        those that bind this chair."""
        findings: list[Finding] = []
        parties: Collection[str | None] = shown.parties if shown else (party,)
        for requirement, look in self._by_kind.get(kind, ()):
            try:
                if (only is not None and requirement.binds is not only) or not requirement.when(evidence):
                    continue
                results = list(look(evidence))
            except Exception as error:  # noqa: BLE001 - a crash of ours must not look like a fault of the subject
                for one in parties:
                    self.findings.tallies.crashed(requirement.id, one, error)
                continue
            reason = why_not(results) if results else None
            for one in parties:
                if reason is None:
                    self.findings.passed_by(requirement.id, one)
                else:
                    self.findings.tallies[requirement.id, one].set_aside(reason)
            for problem in results:
                if isinstance(problem, Problem):
                    owner = shown.owner(problem.where) if shown else None
                    findings += self.findings.note(requirement, problem, exchange, owner, party)
        return findings

    def _apply_to_each(
        self, clause: _Clause, ones: list[Located[Any]], exchange: HttpExchange, shown: Shown
    ) -> list[Finding]:
        """Judge objects one by one. Nearly always nothing is found: then nothing is made either."""
        findings: list[Finding] = []
        seen: dict[str | None, int] = {}
        requirement, look = clause
        when = requirement.when
        for one in ones:
            try:
                if when is not always and not when(one):
                    continue
                results = list(look(one))
            except Exception as error:  # noqa: BLE001 - a crash of ours must not look like a fault of the subject
                self.findings.tallies.crashed(requirement.id, one.party, error)
                continue
            party = one.party
            if results:
                if (reason := why_not(results)) is not None:
                    self.findings.tallies[requirement.id, party].set_aside(reason)
                    continue
                owner = shown.owner(f"response.body:{one.pointer}")
                problems = [problem for problem in results if isinstance(problem, Problem)]
                findings += [
                    found for problem in problems for found in self.findings.note(requirement, problem, exchange, owner)
                ]
            seen[party] = seen.get(party, 0) + 1
        for party, count in seen.items():
            self.findings.passed_by(requirement.id, party, count)
        return findings

    def _look(self, requirement: Requirement) -> Callable[[Any], Problems]:
        """The check of a clause, as a function of the evidence alone."""
        assert requirement.check is not None  # noqa: S101 - only schema clauses have none
        check = requirement.check
        return (lambda evidence: check(evidence, self.profile.settings)) if requirement.takes_settings else check
