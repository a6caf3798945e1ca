"""A list that is read page by page while it changes: what of it can be held against its server, and what cannot.

Charge points change state all the time. An object that changes while somebody walks the pages may move, and with it
all that stand behind it: then a server that does everything right shows an object twice, or none at all. So every
crawl is judged between two whole ones, one before and one after it. What is the same in both is *stable*; everything
else has *moved*, and each object that moved excuses one gap, one repetition or one in the total. Where nothing moved,
nothing is excused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from urllib.parse import parse_qs, urlsplit

from harness.judge.vocabulary import instant
from harness.model.crawl import Crawl, Crawls, Entry, Page
from harness.standards.ocpi_2_2_1.traces import LocationTrace, TariffTrace

Name = tuple[str, str]
PARAMETERS = ("offset", "limit", "date_from", "date_to")
LISTED = ("Location", "Tariff")
"""The schemas of what the lists hold."""


def name_of(entry: Entry) -> Name | None:
    """Whose it is, and its id, without case; None where it has no id."""
    trace = entry.kept
    if not isinstance(trace, (LocationTrace, TariffTrace)) or trace.id is None:
        return None
    return (entry.party or "", trace.id.lower())


def stamp_of(entry: Entry) -> datetime | None:
    """Its last_updated as an instant."""
    return entry.kept.stamp if isinstance(entry.kept, (LocationTrace, TariffTrace)) else None


@lru_cache(maxsize=4096)
def parameters(url: str) -> Mapping[str, str]:
    """The paging parameters in a URL."""
    try:
        given = parse_qs(urlsplit(url).query, keep_blank_values=True)
    except ValueError:  # no URL at all, such as http://[x
        return {}
    return {name: given[name][-1] for name in PARAMETERS if name in given}


def asked(crawl: Crawl) -> Mapping[str, str]:
    """The paging parameters that the puller itself gave: those of the first page's request."""
    return parameters(crawl.pages[0].url)


def number(text: str | None) -> int | None:
    """A whole number as a header field or a parameter writes it."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 19 else None


def stated(page: Page, name: str) -> int | None:
    """The whole number that a header field of a page states; a field that comes twice with one value is one."""
    values = set(page.headers.all(name))
    return number(values.pop()) if len(values) == 1 else None


def starts(crawl: Crawl) -> Iterator[tuple[Page, int]]:
    """Every page with the position, in the whole answer, of its first object: as long as all pages are lists."""
    position = number(asked(crawl).get("offset")) or 0
    for page in crawl.pages:
        if page.count is None:
            return
        yield page, position
        position += page.count


@dataclass(frozen=True)
class Bracket:
    """The two whole crawls around all others. `positions` says where a stable object stood, in either."""

    before: Crawl
    after: Crawl
    stable: Mapping[Name, datetime | None]
    moved: int
    positions: Mapping[Name, tuple[int, int]]

    @cached_property
    def short(self) -> bool:
        """The server counted more objects than came: a Link is missing, or the total is wrong, and what the list is,
        nobody knows."""
        whole = (self.before, self.after)
        return any((stated(one.pages[-1], "X-Total-Count") or 0) - distinct(one) > self.moved for one in whole)

    @cached_property
    def size(self) -> int:
        """How many objects the list has, as it was walked before."""
        return distinct(self.before)

    def within(self, start: datetime | None, end: datetime | None) -> dict[Name, datetime]:
        """The stable objects, with their stamps, that lie in [start, end)."""
        return {
            name: stamp
            for name, stamp in self.stable.items()
            if stamp is not None and (start is None or start <= stamp) and (end is None or stamp < end)
        }


def bracket(crawls: Crawls, schema: str) -> Bracket | None:
    """The first whole crawl and the one after it; None where one of them did not come to an end, or where the list
    changed from head to foot, so that it shows nothing."""
    before = crawls.whole(schema)
    after = next((one for one in crawls.of(schema, "again") if one.complete), None)
    if before is None or after is None:
        return None
    first, second = _places(before), _places(after)
    both = {name: (*one, *second[name]) for name, one in first.items() if name in second}
    stable = {name: stamp for name, (_, stamp, _, later) in both.items() if stamp == later}
    if first and not stable:
        return None
    positions = {name: (min(both[name][0], both[name][2]), max(both[name][0], both[name][2])) for name in stable}
    return Bracket(before, after, stable, len(first.keys() | second.keys()) - len(stable), positions)


def bracketed(crawls: Crawls, *, short_too: bool = False) -> Iterator[tuple[Crawl, Bracket]]:
    """Every crawl that can be held against the two whole ones around it; those two are among them. One whose Links lost
    its dates on the way is no answer to what was asked."""
    held = {schema: bracket(crawls, schema) for schema in LISTED}
    for one in crawls.crawls:
        around = held.get(one.schema)
        if around is not None and (short_too or not around.short) and not _lost_its_dates(one):
            yield one, around


def _lost_its_dates(crawl: Crawl) -> bool:
    dates = {"date_from", "date_to"} & asked(crawl).keys()
    links = [parameters(page.url) for page in crawl.pages[1:]]
    return any("offset" in link and not dates <= link.keys() for link in links)


def _places(crawl: Crawl) -> dict[Name, tuple[int, datetime | None]]:
    """Where an object stood, and its stamp; where it came twice, the last of them, which is the newest."""
    return {name: (place, stamp_of(entry)) for entry, name, place in placed(crawl)}


def placed(crawl: Crawl) -> Iterator[tuple[Entry, Name, int]]:
    """Every object that has a name, with its position in the whole answer."""
    begin = {page.exchange: position for page, position in starts(crawl)}
    for entry in crawl.entries:
        name, position = name_of(entry), begin.get(entry.exchange)
        if name is not None and position is not None:
            yield entry, name, position + int(entry.pointer.rpartition("/")[2])


def distinct(crawl: Crawl) -> int:
    """How many objects came, each counted once."""
    named = [name for _, name, _ in placed(crawl)]
    return sum(page.count or 0 for page in crawl.pages) - len(named) + len(set(named))


def barren_at_the_end(crawl: Crawl) -> int:
    """How many pages in a row, the last among them, brought nothing new."""
    new: dict[str, str] = {}
    for entry, name, _ in placed(crawl):
        new.setdefault(repr(name), entry.exchange)
    fruitful = set(new.values())
    last = max((index for index, page in enumerate(crawl.pages) if page.exchange in fruitful), default=0)
    return len(crawl.pages) - 1 - last


def far_beyond(crawl: Crawl) -> int | None:
    """The X-Total-Count of a whole list of which more than twice as many objects came, and still a Link."""
    told = max((stated(page, "X-Total-Count") or 0 for page in crawl.pages), default=0)
    ended = not crawl.pages[-1].following or crawl.label not in ("all", "again")
    return None if not told or ended or distinct(crawl) <= 2 * told else told


def is_full(page: Page) -> bool:
    """It holds as many objects as it can, by its own limit and that of the server."""
    limits = [limit for limit in (number(parameters(page.url).get("limit")), stated(page, "X-Limit")) if limit]
    return page.count is not None and bool(limits) and page.count >= min(limits)


def cut_off(crawl: Crawl) -> bool:
    """The first page is full and has no Link, yet the server counted more objects: a matter of the Link."""
    first = crawl.pages[0]
    return is_full(first) and not first.following and (stated(first, "X-Total-Count") or 0) > (first.count or 0)


def misplaced(crawl: Crawl, held: Bracket) -> Iterator[tuple[Entry, int, tuple[int, int]]]:
    """Every stable object that does not stand where it stood before and after, or between the two: with the position
    that the request gave it, and those at which it is known."""
    for entry, name, place in placed(crawl):
        first, last = held.positions.get(name, (place, place))
        if not first <= place <= last:
            yield entry, place, (first, last)


def date_of(crawl: Crawl, name: str) -> datetime | None:
    """A date that the puller gave."""
    text = asked(crawl).get(name)
    return instant(text) if text is not None else None


def in_words(moment: datetime) -> str:
    """An instant as OCPI writes it, with no more of a fraction than it needs."""
    text = moment.replace(tzinfo=None).isoformat()
    return f"{text.rstrip('0') if '.' in text else text}Z"
