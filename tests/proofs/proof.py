"""The two proofs: each break fails its clause at the edited place, each keep leaves it passed."""

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from harness import collect
from harness.judge.shown import turned
from harness.model.edit import Edit, Retelling, Rewrite
from harness.model.exchange import TOKEN_ENDPOINT, HttpExchange, Transcript
from harness.model.requirement import SCHEMA_EVIDENCE, Requirement
from harness.model.verdict import Outcome, Verdict
from harness.spec.schema import CATCH_ALL_OF_REQUESTS, CompiledSchema
from tests.proofs.anew import before, is_of_the_run, is_single, verdicts_anew
from tests.proofs.conversation import Bench, Held, bench, conforming, ways

ANSWERS = ("exchange", "text", "objects", "token")
"""Evidence that is a whole answer."""

Score = dict[tuple[str, str | None], tuple[Outcome, int]]


@dataclass(frozen=True)
class Proof:
    """One edit of one clause tried. `fault` says in what way it proves nothing, empty where it proves its point; `at`
    names the exchange that was edited; `also_failed` the other clauses that failed with it."""

    requirement: Requirement
    edit: Edit | Rewrite | Retelling
    fault: str
    at: str = ""
    also_failed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.requirement.id} :: {self.edit.spelling}"


def score(verdicts: Iterable[Verdict]) -> Score:
    """What may not change: outcome and number of problems of every clause and party."""
    return {(one.requirement, one.party): (one.outcome, one.problem_count) for one in verdicts}


def failed(verdicts: list[Verdict]) -> set[str]:
    """The clauses that failed for somebody."""
    return {verdict.requirement for verdict in verdicts if verdict.outcome is Outcome.FAILED}


@cache
def broken(interface_id: str, requirement_id: str, index: int, *, alone: bool = False) -> Proof:
    """Try the break of this number. `alone`: nobody looks what else fails."""
    at, way, held, requirement = _given(interface_id, requirement_id)
    edit = requirement.broken_by[index]
    edited = next(_edits(at, held, requirement, edit), None)
    if edited is None:
        return Proof(requirement, edit, "it applies to no exchange of the conforming conversation")
    verdicts = verdicts_anew(at, way, edited.held, (requirement,) if alone else at.suite.requirements)
    others = tuple(sorted(failed(verdicts) - {requirement_id}))
    fault = _break_fault(verdicts, requirement, edit, edited.exchange)
    return Proof(requirement, edit, fault, _named(held, edited.exchange), others)


@cache
def kept(interface_id: str, requirement_id: str, index: int) -> Proof:
    """Try the keep of this number: on the first exchange that it fits, then on all of them."""
    at, way, held, requirement = _given(interface_id, requirement_id)
    edit = requirement.kept_by[index]
    every = list(_edits(at, held, requirement, edit))
    if not every:
        return Proof(requirement, edit, "it changes nothing in the conforming conversation")
    for tried in (every[0].held, _all_together(held, every)):
        verdicts = verdicts_anew(at, way, tried, (requirement,))
        if any(verdict.outcome is not Outcome.PASSED for verdict in verdicts):
            return Proof(requirement, edit, "; ".join(_in_words(verdict) for verdict in verdicts))
        if _seen(verdicts) < _seen_before(at, way, requirement, tried):
            return Proof(requirement, edit, "the clause no longer looks at what was edited")
    return Proof(requirement, edit, "", _named(held, every[0].exchange))


def _seen_before(at: Bench, way: str, requirement: Requirement, tried: Held) -> int:
    """How much of what was edited the clause looked at while it was as it was."""
    held = conforming(at.suite.interface.id, way)
    if is_of_the_run(requirement):
        return _seen(
            [one for one in verdicts_on_conforming(at.suite.interface.id, way) if one.requirement == requirement.id]
        )
    pairs = [(one, other) for one, other in zip(held, tried, strict=True) if other is not one]
    if not is_single(requirement):
        return _seen(at.verdicts((one for one, _ in pairs), requirement))
    known = before(at.suite.interface.id, way).seen
    edited = (
        one for was, now in pairs for one, other in zip(was.exchanges, now.exchanges, strict=True) if other is not one
    )
    return sum(known[one.id].get(requirement.id, 0) for one in edited)


def in_place(where: str, place: str) -> bool:
    """A problem lies where the edit was made: the same place, or one above or below it in the same body."""
    (part, _, pointer), (edited_part, _, edited) = where.partition(":"), place.partition(":")
    if part != edited_part or part not in ("response.body", "request.body"):
        return where == place
    return f"{pointer}/".startswith(f"{edited}/") or f"{edited}/".startswith(f"{pointer}/")


@dataclass(frozen=True)
class _Edited:
    """A conversation with one edit in it; `exchange` is the edited one, None where a rewrite changed many."""

    held: Held
    exchange: HttpExchange | None


def _named(held: Held, edited: HttpExchange | None) -> str:
    """Operation and tags of an edited exchange, and the status that it had."""
    if edited is None:
        return "the whole conversation"
    before = next(one for transcript in held for one in transcript.exchanges if one.id == edited.id)
    tags = sorted(edited.tags - {"probe", "authorised"})
    status = before.response.status if before.response else "no answer"
    return ", ".join([edited.operation or "no operation", *tags, str(status)])


def _given(interface_id: str, requirement_id: str) -> tuple[Bench, str, Held, Requirement]:
    way = way_of(interface_id, requirement_id)
    at = bench(interface_id, way)
    requirement = next(one for one in at.suite.requirements if one.id == requirement_id)
    return at, way, conforming(interface_id, way), requirement


def way_of(interface_id: str, requirement_id: str) -> str:
    """The first way of access in which the conforming conversation passes the clause; the first of all where none."""
    return next((way for way in ways(interface_id) if requirement_id in passed(interface_id, way)), "")


def only_shown_by(interface_id: str, way: str) -> tuple[Requirement, ...]:
    """The clauses that this way shows and the first does not."""
    shown = passed(interface_id, way) - passed(interface_id, "")
    return tuple(one for one in bench(interface_id, way).suite.requirements if one.id in shown)


def own_clauses(interface_id: str) -> tuple[Requirement, ...]:
    """The clauses of an interface that none before it has: those are proven there, and say the same here."""
    earlier = [collect.suite(name) for name in sorted(collect.interfaces()) if name < interface_id]
    known = {one.id for suite in earlier for one in suite.requirements}
    return tuple(one for one in collect.suite(interface_id).requirements if one.id not in known)


@cache
def verdicts_on_conforming(interface_id: str, way: str) -> tuple[Verdict, ...]:
    """What the conforming conversation comes to, access given in this way."""
    return tuple(bench(interface_id, way).verdicts(conforming(interface_id, way)))


@cache
def passed(interface_id: str, way: str) -> frozenset[str]:
    """The clauses that it passes."""
    return frozenset(one.requirement for one in verdicts_on_conforming(interface_id, way) if one.outcome == "passed")


def _edits(at: Bench, held: Held, requirement: Requirement, edit: Edit | Rewrite | Retelling) -> Iterator[_Edited]:
    """The conversation with the edit made, once for each exchange where the clause looks and something changes."""
    if isinstance(edit, Rewrite | Retelling):
        rewritten = tuple(_rewritten(edit, one) for one in held)
        if rewritten != held:
            yield _Edited(rewritten, None)
        return
    accepts = _accepts_request(at, requirement) if edit.side == "request" else _accepts(at, requirement)
    for transcript in held:
        for exchange in transcript.exchanges:
            if exchange.response is None or not accepts(exchange):
                continue
            changed = edit.changed(exchange)
            if changed is not None and changed != exchange:
                yield _Edited(_replaced(held, {exchange.id: changed}), changed)


def _rewritten(edit: Rewrite | Retelling, one: Transcript) -> Transcript:
    """The transcript as it is told now; the very same where nothing in it changes: that is not judged again."""
    if isinstance(edit, Retelling):
        return edit.change(one)
    exchanges = tuple(edit.change(one.exchanges))
    is_same = len(exchanges) == len(one.exchanges) and all(map(operator.is_, exchanges, one.exchanges))
    return one if is_same else replace(one, exchanges=exchanges)


def _accepts(at: Bench, requirement: Requirement) -> Callable[[HttpExchange], bool]:
    """The exchanges in which the clause finds its evidence."""
    kind, _, schema_name = requirement.evidence.partition(":")

    def holds_object(exchange: HttpExchange) -> bool:
        schema = _schema_of(at, exchange)
        return schema is not None and any(place.schema == schema_name for place in schema.places)

    def is_named(exchange: HttpExchange) -> bool:
        schema = _schema_of(at, exchange)
        return schema is not None and requirement.id in schema.requirements and requirement.when(exchange)

    if kind == SCHEMA_EVIDENCE:
        return is_named
    if kind == "located":
        return holds_object
    if kind in ANSWERS:
        return lambda one: (TOKEN_ENDPOINT in one.tags) == (kind == "token") and requirement.when(one)
    return lambda _exchange: True


def _accepts_request(at: Bench, requirement: Requirement) -> Callable[[HttpExchange], bool]:
    """The exchanges in whose request the clause finds its evidence."""
    kind, _, schema_name = requirement.evidence.partition(":")

    def finds(exchange: HttpExchange) -> bool:
        operation = at.document.operation_by_id(exchange.operation) if exchange.operation else None
        schema = operation.request if operation else None
        if schema is None:
            return False
        if kind == "located":
            return any(place.schema == schema_name for place in schema.places)
        if kind == SCHEMA_EVIDENCE and requirement.id not in {*schema.requirements, CATCH_ALL_OF_REQUESTS}:
            return False
        return requirement.when(exchange if kind == "exchange" else turned(exchange))

    return finds


def _schema_of(at: Bench, exchange: HttpExchange) -> CompiledSchema | None:
    operation = at.document.operation_by_id(exchange.operation) if exchange.operation else None
    return operation.answer(exchange.response.status) if operation and exchange.response else None


def _replaced(held: Held, changed: dict[str, HttpExchange]) -> Held:
    return tuple(_with(transcript, changed) for transcript in held)


def _with(transcript: Transcript, changed: dict[str, HttpExchange]) -> Transcript:
    if not any(exchange.id in changed for exchange in transcript.exchanges):
        return transcript
    return replace(transcript, exchanges=tuple(changed.get(one.id, one) for one in transcript.exchanges))


def _all_together(held: Held, every: list[_Edited]) -> Held:
    changed = {edited.exchange.id: edited.exchange for edited in every if edited.exchange is not None}
    return _replaced(held, changed) if changed else every[0].held


def _seen(verdicts: list[Verdict]) -> int:
    return sum(verdict.seen for verdict in verdicts)


def _break_fault(
    verdicts: list[Verdict], requirement: Requirement, edit: Edit | Rewrite | Retelling, exchange: HttpExchange | None
) -> str:
    own = [verdict for verdict in verdicts if verdict.requirement == requirement.id]
    problems = [problem for verdict in own for problem in verdict.problems]
    if not any(verdict.outcome is Outcome.FAILED for verdict in own):
        return f"it does not fail the clause: {'; '.join(_in_words(verdict) for verdict in own)}"
    crashed = [_in_words(verdict) for verdict in verdicts if verdict.outcome is Outcome.CANNOT_TELL]
    if crashed:
        return f"it makes clauses crash: {'; '.join(crashed)}"
    if exchange is None:
        at_place = [problem for problem in problems if problem.where == edit.place]
    else:
        here = [problem for problem in problems if problem.exchange in ("", exchange.id)]
        at_place = [problem for problem in here if in_place(problem.where, edit.place)]
    if not at_place:
        places = ", ".join(sorted({f"{problem.exchange} {problem.where}" for problem in problems}))
        return f"the clause fails elsewhere than at {exchange.id if exchange else ''} {edit.place}: {places}"
    return ""


def _in_words(verdict: Verdict) -> str:
    return f"{verdict.requirement} {verdict.outcome} {verdict.reason or ''} {verdict.problems[:1]}"
