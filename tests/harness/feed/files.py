"""Pages of the conforming conversation, judged as they came and judged as files: what both come to, side by side."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from harness.cli.file_settings import file_clauses
from harness.feed.answers import Portion
from harness.feed.assessment import Assessment, judged
from harness.feed.reading import Feed, Form
from harness.feed.window import Window
from harness.judge.judge import Judge
from harness.model.exchange import HttpExchange
from harness.model.file_kind import FileKind
from harness.model.requirement import Requirement
from harness.model.verdict import Problem, Verdict
from tests.proofs.conversation import START, bench, conforming

INTERFACE = "ndw-pull"


def kind(name: str) -> FileKind:
    """The KIND of this name."""
    return next(one for one in bench(INTERFACE).suite.interface.files if one.name == name)


LISTS = {"getLocations": "ndw-locations", "getTariffs": "ndw-tariffs"}


@cache
def crawled(label: str) -> tuple[HttpExchange, ...]:
    """The pages of both lists that were read under this label, in order."""
    tags = {f"crawl Location {label}", f"crawl Tariff {label}"}
    return tuple(one for held in conforming(INTERFACE) for one in held.exchanges if one.tags & tags)


@cache
def clauses() -> tuple[Requirement, ...]:
    """All clauses that files show."""
    suite = bench(INTERFACE).suite
    return file_clauses(suite, set(suite.interface.files))


def _judge(names: Iterable[str]) -> Judge:
    at = bench(INTERFACE)
    return replace(at.judge(at.suite.requirements), selected=frozenset(names))


@dataclass(frozen=True)
class Fact:
    """A verdict, whatever brought it: problems with the page or file in which they are, and no line."""

    requirement: str
    party: str | None
    outcome: str
    reason: str | None
    seen: int
    problem_count: int
    problems: frozenset[tuple[Any, ...]]


@dataclass(frozen=True)
class GivenBytes:
    """A file that lies nowhere."""

    kind: FileKind
    name: str
    raw: bytes
    moment: datetime = START


def over_http(pages: Sequence[HttpExchange], names: Iterable[str]) -> list[Fact]:
    """What a judge says of the pages as they came, by these clauses."""
    judge = _judge(names)
    for page in pages:
        judge.take(page)
    judge.finish()
    files = {page.id: f"{page.id}.json" for page in pages}
    return [_fact(one, lambda problem: _as_of_file(problem, files)) for one in judge.verdicts()]


def from_files(pages: Sequence[HttpExchange], names: Iterable[str], earlier: Sequence[HttpExchange] = ()) -> list[Fact]:
    """What is said of them where each page is a file, byte by byte as it came."""
    assessed = assessed_files(map(_file, pages), names)
    if earlier:
        assessed.compare(assessed_files(map(_file, earlier), names, assessed))
    return [_fact(one, _without_line) for one in assessed.verdicts]


def assessed_files(given: Iterable[GivenBytes], names: Iterable[str], beside: Assessment | None = None) -> Assessment:
    """These files, read and judged by these clauses; `beside` knows others that they are compared with."""
    names = tuple(names)
    assessed = Assessment(_judge(names), *([beside.places] if beside else ()))
    for one in given:
        feed = Feed(one.kind, Window(one.name, iter([one.raw])))
        portions = (
            Portion(feed.name, feed.kind, one.moment, chunk, lines=feed.form is Form.LINES) for chunk in feed.chunks()
        )
        for _findings in assessed.read(feed, (judged(_judge(names), portion) for portion in portions)):
            pass
    assessed.finish()
    return assessed


def _file(page: HttpExchange) -> GivenBytes:
    return GivenBytes(kind(LISTS[str(page.operation)]), f"{page.id}.json", _raw(page), page.received)


def _raw(page: HttpExchange) -> bytes:
    assert page.response is not None
    return page.response.body.raw


def _as_of_file(problem: Problem, files: dict[str, str]) -> Problem:
    """In the words of a person who has the page as a file, all of it on one line."""
    text = re.sub(r"/data/\d+ of (\S+)", lambda found: f"line 1 of {files[found[1]]}", problem.actual)
    return replace(problem, exchange=files.get(problem.exchange, problem.exchange), actual=text)


def _without_line(problem: Problem) -> Problem:
    return replace(problem, exchange=re.sub(r":\d+$", "", problem.exchange))


def _fact(verdict: Verdict, told: Any) -> Fact:
    problems = [told(problem) for problem in verdict.problems]
    return Fact(
        verdict.requirement,
        verdict.party,
        verdict.outcome,
        verdict.reason,
        verdict.seen,
        verdict.problem_count,
        frozenset((one.exchange, one.where, one.expected, one.actual, *one.object.items()) for one in problems),
    )
