"""Payloads that break one clause and, where that is possible, no other: tried out by the judge itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.cli.generate import PARTY
from harness.cli.names import requirement_named
from harness.cli.plan import UsageError
from harness.collect import Suite, suite
from harness.generate.broken import variants
from harness.generate.kind import Kind
from harness.judge.judge import Judge, judged
from harness.model.body import Body
from harness.model.crawl import crawl_tag
from harness.model.edit import compact
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse, Transcript
from harness.model.profile import Profile
from harness.model.requirement import Requirement
from harness.model.settings import Settings
from harness.model.verdict import Outcome
from harness.spec.openapi import Document

TRIED = 400
"""So many objects are tried before a clause counts as one that no object breaks; a rare member is in one of 100."""
HOPEFUL = 30
"""So many are tried in search of one that breaks nothing else, while none is found."""
ENOUGH = 20
"""So many objects of the kind that the objects name stand beside; and so many make a feed that is tried."""

Found = tuple[Iterator[Any], set[str]]


@dataclass(frozen=True)
class _Bench:
    """Judges pages, beside one of the objects that they name."""

    suite: Suite
    document: Document
    beside: tuple[HttpExchange, ...]

    def failed(self, page: HttpExchange) -> frozenset[str]:
        """The clauses that a page fails."""
        interface = self.suite.interface
        settings = Settings({setting.name: setting.default for setting in interface.settings})
        profile = Profile(interface.id, interface.profile_date, settings)
        judge = Judge(self.suite.requirements, profile, self.document, interface.objects, interface.subject)
        verdicts = judged(judge, [Transcript("generate", (page, *self.beside))])
        return frozenset(one.requirement for one in verdicts if one.outcome is Outcome.FAILED)

    def breaks(self, page: HttpExchange, requirement: Requirement) -> list[tuple[HttpExchange, frozenset[str]]]:
        """The page in every variant that fails the requirement, with what fails besides; the cleanest ones alone."""
        broken = list(variants(page, requirement))
        before = self.failed(page) if broken else frozenset()
        tried = [(variant, self.failed(variant) - before) for variant in broken]
        found = [(variant, failed - {requirement.id}) for variant, failed in tried if requirement.id in failed]
        least = min((len(others) for _, others in found), default=0)
        return [(variant, others) for variant, others in found if len(others) == least]


def broken_objects(kind: Kind, known: tuple[Kind, ...], name: str, count: int, seed: int, now: datetime) -> Found:
    """`count` objects that each break this requirement, in its cleanest ways in turn; and what they break besides."""
    requirement, bench = _chosen(kind, known, name, seed, now)
    clean: list[Any] = []
    others: list[tuple[Any, frozenset[str]]] = []
    fruitless = 0
    for one in kind.objects(count * TRIED, seed, PARTY, now):
        ways = bench.breaks(_page(kind, [one], now), requirement)
        is_clean = bool(ways) and not ways[0][1]
        fruitless = 0 if is_clean else fruitless + 1
        if is_clean:
            clean += _objects(ways[len(clean) % len(ways)][0])
        elif ways and len(others) < count:
            page, besides = ways[len(others) % len(ways)]
            others += [(broken, besides) for broken in _objects(page)]
        hopeless = not clean and fruitless >= HOPEFUL and len(others) == count
        if len(clean) == count or fruitless == TRIED or hopeless:
            break
    added = others[: count - len(clean)]
    found = clean + [broken for broken, _ in added]
    if not found:
        feed = _page(kind, list(kind.objects(ENOUGH, seed, PARTY, now)), now)
        feeds = [one.name for one in known if one.feed and one.operation == kind.operation]
        hint = f"; a feed can: {', '.join(feeds)}" if bench.breaks(feed, requirement) else ""
        raise UsageError(f"{_no_way(kind, requirement)}{hint}")
    return iter(found), {name for _, besides in added for name in besides}


def broken_feed(kind: Kind, known: tuple[Kind, ...], name: str, count: int, seed: int, now: datetime) -> Found:
    """A feed of `count` objects that breaks this requirement somewhere; and what it breaks besides."""
    requirement, bench = _chosen(kind, known, name, seed, now)
    ways = bench.breaks(_page(kind, list(kind.objects(count, seed, PARTY, now)), now), requirement)
    if not ways:
        raise UsageError(_no_way(kind, requirement))
    page, others = ways[0]
    return iter(_objects(page)), set(others)


def _chosen(kind: Kind, known: tuple[Kind, ...], name: str, seed: int, now: datetime) -> tuple[Requirement, _Bench]:
    of_kind = suite(kind.interface)
    interface, requirement = requirement_named(name)
    if requirement not in of_kind.requirements:
        raise UsageError(f"--broken: {requirement.id} is a requirement of {interface}, not of {kind.interface}")
    named = [one for one in known if one.name == kind.names]
    beside = tuple(_page(one, list(one.objects(ENOUGH, seed, PARTY, now)), now) for one in named)
    return requirement, _Bench(of_kind, of_kind.load(), beside)


def _no_way(kind: Kind, requirement: Requirement) -> str:
    what = "feed" if kind.feed else "object"
    return f"--broken: no single {what} of kind {kind.name} breaks {requirement.id}: {requirement.title}"


def _page(kind: Kind, objects: list[Any], now: datetime) -> HttpExchange:
    """The objects as the whole of a list that was asked for properly."""
    ids = (("X-Request-ID", "4f1c2f3e-0001"), ("X-Correlation-ID", "4f1c2f3e-0002"))
    counts = (("X-Total-Count", str(len(objects))), ("X-Limit", str(max(len(objects), 50))))
    envelope = {"status_code": 1000, "timestamp": f"{now:%Y-%m-%dT%H:%M:%SZ}", "data": objects}
    headers = Headers((*ids, *counts, ("Content-Type", "application/json")))
    return HttpExchange(
        id=kind.operation,
        situation="generate",
        operation=kind.operation,
        request=HttpRequest("GET", f"https://cpo.example/{kind.operation}", Headers(ids)),
        response=HttpResponse(200, headers, Body(compact(envelope))),
        sent=now,
        received=now,
        tags=frozenset({"authorised", "whole list", crawl_tag(kind.schema, "all")}),
    )


def _objects(page: HttpExchange) -> list[Any]:
    assert page.response is not None  # noqa: S101 - _page made one
    data: list[Any] = page.response.body.value["data"]
    return data
