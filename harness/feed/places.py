"""From the answers that a judge saw back to the files: which object, on which line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harness.feed.answers import prefix
from harness.feed.reading import Feed
from harness.judge.crawling import Visit
from harness.model.crawl import Entry, Page
from harness.model.exchange import Headers
from harness.model.verdict import Problem

_BODY = "response.body:"
_LINE = re.compile(r"at line (\d+), column (\d+)")
_BYTE = re.compile(r"at byte (\d+)")


@dataclass
class Places:
    """Every file by its name. A judge knows the portions of one by its name and the number of their first object."""

    feeds: dict[str, Feed] = field(default_factory=dict)

    def _origin(self, exchange: str) -> tuple[Feed, int] | None:
        """The file, and the number of its first object, that a judge saw under this id."""
        if exchange in self.feeds:
            return self.feeds[exchange], 0
        name, _, first = exchange.rpartition("#")
        return (self.feeds[name], int(first)) if name in self.feeds else None

    def number_of(self, problem: Problem) -> tuple[str, int] | None:
        """The file and the number of the object that a problem is about; None where it is about no single one."""
        origin = self._origin(problem.exchange)
        if origin is None:
            return None
        feed, first = origin
        if problem.where == _BODY:
            return feed.name, first
        found = re.match(rf"{_BODY}/{re.escape(feed.kind.list_member)}/([0-9]+)", problem.where)
        return (feed.name, first + int(found[1])) if found else None

    def in_file(self, problem: Problem) -> Problem:
        """The problem as a person finds it in the file: `exchange` is ``FILE:LINE``, `where` leads to the place in the
        file, or in its line where every line is an object."""
        origin = self._origin(problem.exchange)
        if origin is None:
            return problem
        feed = origin[0]
        listed = f"{_BODY}/{feed.kind.list_member}"
        place = self.number_of(problem)
        if place is None:
            where = problem.where.replace(listed, f"{_BODY}{feed.list_pointer}", 1)
            return replace(problem, where=where, exchange=feed.name, actual=self._named(problem.actual))
        number = place[1]
        below = problem.where[len(listed) + 1 :].lstrip("0123456789") if problem.where != _BODY else ""
        actual = self._named(problem.actual) if below else shifted(problem.actual, feed, number)
        where = f"{_BODY}{feed.pointer(number)}{below}"
        return replace(problem, where=where, exchange=f"{feed.name}:{feed.lines[number]}", actual=actual)

    @staticmethod
    def entries(feed: Feed, visit: Visit) -> Iterator[Entry]:
        """What a judge kept of a portion, as of one page that is the whole file: there nothing slips between two."""
        first = int(visit.page.exchange.rpartition("#")[2])
        for entry in visit.entries:
            above, _, position = entry.pointer.rpartition("/")
            pointer = f"{above}/{first + int(position)}"
            yield Entry(entry.kept, entry.keys, entry.party, feed.name, entry.situation, pointer)

    @staticmethod
    def page(feed: Feed, visit: Visit) -> Page:
        """The page that a file is, `visit` being one of a portion of it."""
        return Page(feed.name, feed.name, 200, Headers(), len(feed.lines), (), visit.page.received)

    def _named(self, text: str) -> str:
        """A text that names another object by its place in a file, with the place that a person knows."""
        for feed in self.feeds.values() if " of " in text else ():
            pattern = rf"/{re.escape(feed.kind.list_member)}/([0-9]+) of {re.escape(feed.name)}"
            for found in re.finditer(pattern, text):
                text = text.replace(found[0], f"line {feed.lines[int(found[1])]} of {feed.name}")
        return text


def shifted(text: str, feed: Feed, number: int) -> str:
    """What a reader says of an object's text, with lines and columns of the file; bytes count within the object."""
    line, column = feed.lines[number], feed.columns[number]

    def moved(found: re.Match[str]) -> str:
        lines, signs = int(found[1]), int(found[2])
        return f"at line {line + lines - 1}, column {signs + column - 1 if lines == 1 else signs}"

    text = _BYTE.sub(lambda found: f"at byte {int(found[1]) - len(prefix(feed.kind))}", text)
    return _LINE.sub(moved, text)
