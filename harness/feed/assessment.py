"""Files judged portion by portion, here or by processes side by side: with the same result, in the same order."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from harness.feed.answers import BrokenObjectError, Portion, answers
from harness.feed.places import Places, shifted
from harness.feed.reading import Feed
from harness.feed.source import UnreadableFileError
from harness.judge.crawling import Visit
from harness.judge.judge import Finding, Judge
from harness.judge.parts import Key, Part, absorb, part_of
from harness.model.crawl import Entry, crawl_tag
from harness.model.verdict import Outcome, Problem, Verdict

EARLIER = "earlier"
AGAIN = "again"
"""The label of the crawl of a list that was read before: clauses on two visits look at it."""


@dataclass(frozen=True)
class Judged:
    """What came of a portion, of which so many objects were judged. `broken` is the number of the object that is no
    JSON, with the reader's words: nothing from there on was judged."""

    part: Part
    objects: int
    broken: tuple[int, str] | None = None


Judging = Callable[[Iterable[Portion]], Iterator[Judged]]
"""Judges portions, in their order; may read on ahead."""


def judged(judge: Judge, portion: Portion) -> Judged:
    """A portion by a judge that has seen nothing yet."""
    findings: list[Finding] = []
    objects, broken = len(portion.chunk.objects), None
    try:
        for answer in answers(portion):
            findings += judge.take(answer)
    except BrokenObjectError as error:
        objects, broken = error.number - portion.chunk.first, (error.number, error.fault)
    return Judged(part_of(judge, findings), objects, broken)


@dataclass
class Assessment:
    """What is known of the files so far. `affected` counts the objects of which a clause said something, by clause and
    party; `objects` those of whole lists, by kind of file and party; `judged` all that were judged, by file."""

    judge: Judge
    places: Places = field(default_factory=Places)
    affected: Counter[Key] = field(default_factory=Counter)
    objects: Counter[Key] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    comparison: Judge | None = None

    def __post_init__(self) -> None:
        self.judge.crawler.fed = True

    def read(self, feed: Feed, portions: Iterable[Judged]) -> Iterator[list[Finding]]:
        """Take what came of the portions of a file, and give the findings of each. UnreadableFileError where the rest
        cannot be read: what came before it counts."""
        self.places.feeds[feed.name] = feed
        last: Visit | None = None
        entries: list[Entry] = []
        where: array[float] = array("d")
        try:
            for one in portions:
                for last in one.part.visits:
                    entries += self.places.entries(feed, last)
                    where += last.places
                self.judged[feed.name] += one.objects
                yield self._told(absorb(self.judge, one.part))
                if one.broken is not None:
                    raise UnreadableFileError(f"{feed.name}: not JSON: {shifted(one.broken[1], feed, one.broken[0])}")
        finally:
            if last is not None:
                self._keep(Visit(last.crawl, self.places.page(feed, last), tuple(entries), where))

    def finish(self) -> list[Finding]:
        """Judge what is true of the lists as a whole."""
        return self._told(self.judge.finish())

    def compare(self, earlier: "Assessment") -> list[Finding]:
        """Judge what neither these files nor the `earlier` ones show alone: what became of the objects in between. Both
        are finished by then."""
        left = _not_shown(self.judge) & _not_shown(earlier.judge)
        self.comparison = replace(self.judge, selected=left, own_faults=[])
        crawler = self.comparison.crawler
        crawler.fed = True
        crawler.visits += [replace(one, crawl=(EARLIER, one.crawl[1])) for one in earlier.judge.crawler.visits]
        for one in self.judge.crawler.visits:
            schema = one.crawl[1].split(" ")[1]
            crawler.visits.append(replace(one, crawl=(one.crawl[0], crawl_tag(schema, AGAIN))))
        return self._told(self.comparison.finish())

    @property
    def verdicts(self) -> list[Verdict]:
        """The verdicts, problems told as a person finds them in the files."""
        compared = {} if self.comparison is None else _by_requirement(self.comparison)
        found = {**_by_requirement(self.judge), **compared}
        return [
            replace(one, problems=tuple(self.places.in_file(problem) for problem in one.problems))
            for verdicts in found.values()
            for one in verdicts
        ]

    def _keep(self, visit: Visit) -> None:
        self.judge.crawler.visits.append(visit)
        for entry in visit.entries:
            self.objects[entry.situation, entry.party] += 1

    def _told(self, findings: list[Finding]) -> list[Finding]:
        found = {((one.requirement.id, one.party), self._object(one.problem)) for one in findings}
        self.affected.update(key for key, _object in found)
        return [replace(one, problem=self.places.in_file(one.problem)) for one in findings]

    def _object(self, problem: Problem) -> object:
        return self.places.number_of(problem) or problem.where


def _not_shown(judge: Judge) -> frozenset[str]:
    found = _by_requirement(judge)
    return frozenset(
        name for name, verdicts in found.items() if all(one.outcome is Outcome.UNTESTED for one in verdicts)
    )


def _by_requirement(judge: Judge) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in judge.verdicts():
        found.setdefault(verdict.requirement, []).append(verdict)
    return found
