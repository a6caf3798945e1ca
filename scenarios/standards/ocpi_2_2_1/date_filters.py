"""OCPI 2.2.1, paged lists: date_from and date_to, asked exactly on a last_updated and on both sides of it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from harness.judge.vocabulary import instant, listed
from harness.model.crawl import Crawl, Crawls
from harness.model.edit import with_field, with_status
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.scenario import Steps, cannot_ask, get, scenario
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.drift import Bracket, Name, asked, bracketed, cut_off, date_of, in_words, placed
from scenarios.standards.ocpi_2_2_1.conversation import LISTS, crawl
from scenarios.standards.ocpi_2_2_1.page_edits import answered_like, page_of, pages_of, with_objects
from scenarios.standards.ocpi_2_2_1.paging import total_on

clause = partial(
    requirement,
    since="2026.12",
    binds=Binds.SERVER,
    asked_by=("ocpi-2.2.1/ask-by-dates",),
    rests_on=("pull.require_date_filters",),
    only_where={"pull.require_date_filters": True},
)
DATES = OCPI["transport_and_format 4.1.4.1, mod_locations 8.2.1.1, mod_tariffs 11.2.1.1"]

SECOND = timedelta(seconds=1)
NEAR_THE_END = 5
"""How many stamps a probe leaves on its smaller side, so that the answer stays small."""

MOST_PAGES = 30


@scenario
def ask_by_dates(world: World) -> Steps:
    """The puller asks for what changed since a moment, and before one: on a last_updated, and a second to each side."""
    if not world.settings.flag("pull.require_date_filters"):
        return
    for path in LISTS:
        pages = [(yield from get(path, auth=world.credential))]
        total = total_on(pages[0])
        if total > len(listed(pages[0])):
            query: dict[str, str | int] = {"offset": max(0, total - 2 * NEAR_THE_END), "limit": 2 * NEAR_THE_END}
            pages.append((yield from get(path, query=query, auth=world.credential)))
        stamps = _stamps(pages)
        if not stamps:
            yield from cannot_ask(f"{path}: no object with a last_updated is listed")
            continue
        if len(stamps) == 1:
            yield from cannot_ask(f"{path}: there is one last_updated only; nothing lies on its two sides")
        late = stamps[max(len(stamps) - NEAR_THE_END, len(stamps) // 2)]
        early = stamps[min(NEAR_THE_END - 1, len(stamps) // 2)]
        for label, question in (*_questions(early, late), *_in_pages(stamps)):
            yield from crawl(world, path, label, question, at_most=MOST_PAGES)


def _stamps(pages: list[HttpExchange]) -> list[tuple[datetime, str]]:
    """Every last_updated on these pages, each instant once, oldest first, with the text that stood there."""
    texts = [entry.get("last_updated") for page in pages for entry in listed(page)]
    found = {moment: text for text in texts if isinstance(text, str) and (moment := instant(text)) is not None}
    return sorted(found.items())


def _questions(early: tuple[datetime, str], late: tuple[datetime, str]) -> Iterator[tuple[str, dict[str, str | int]]]:
    for name, (moment, text) in (("from", late), ("to", early)):
        for side, asked_for in (
            ("on", text),
            ("before", in_words(moment - SECOND)),
            ("after", in_words(moment + SECOND)),
        ):
            yield f"{name} {side}", {f"date_{name}": asked_for}
    for form in FORMS:
        start, end = FORMS[form](late[0]), FORMS[form](late[0] + SECOND)
        yield f"dates {form}", {"date_from": start, "date_to": end}


def _in_pages(stamps: list[tuple[datetime, str]]) -> Iterator[tuple[str, dict[str, str | int]]]:
    """The same in several pages, so that the Link has something to keep."""
    yield "from in pages", {"date_from": stamps[-NEAR_THE_END:][0][1], "limit": 1}
    yield "to in pages", {"date_to": stamps[:NEAR_THE_END][-1][1], "limit": 1}


FORMS: dict[str, Callable[[datetime], str]] = {
    "with Z": in_words,
    "without Z": lambda moment: in_words(moment)[:-1],
    "with a fraction": lambda moment: f"{in_words(moment)[:-1]}{'0' if moment.microsecond else '.000'}Z",
}
"""The ways to write one moment that a server must understand (types 16.2)."""


def _probes(crawls: Crawls, *names: str) -> Iterator[tuple[Crawl, Bracket]]:
    """The crawls that were asked with these dates, and with these only, where a list came of it."""
    for one, held in bracketed(crawls):
        dates = {"date_from", "date_to"} & asked(one).keys()
        if dates == set(names) and one.label != "after the change":
            yield one, held


def _can_be_told(*names: str) -> Callable[[Crawls], bool]:
    return lambda crawls: any(one.pages[0].count is not None for one, _ in _probes(crawls, *names))


def _wrong(one: Crawl, held: Bracket) -> Problems:
    """Objects that lie outside the bounds, and, where every page came, those that are left out inside."""
    start, end = date_of(one, "date_from"), date_of(one, "date_to")
    inside = held.within(start, end)
    bounds = " and ".join(f"{name}={text}" for name, text in asked(one).items() if name.startswith("date_"))
    came: set[Name] = set()
    for entry, name, _ in placed(one):
        came.add(name)
        stamp = held.stable.get(name)
        if stamp is not None and name not in inside:
            told = f"{in_words(stamp)}, which is {'not before date_to' if end and stamp >= end else 'before date_from'}"
            yield entry.problem(f"a last_updated by {bounds}", told, "last_updated")
    missing = inside.keys() - came
    if one.complete and len(missing) > held.moved and not cut_off(one):
        name = min(missing, key=lambda name: (inside[name], name))
        told = f"{len(missing)} left out, among them {name[1]} of {in_words(inside[name])}"
        yield one.problem(one.pages[0], "response.body:/data", f"every object by {bounds}", told)


@clause(
    MUST,
    DATES,
    row="paging-date-bounds",
    when=_can_be_told("date_from"),
    broken_by=[
        with_objects("without the first", lambda listed: listed[1:]).on(page_of("Location", "from on", 2)),
        with_objects("without the first", lambda listed: listed[1:]).on(page_of("Tariff", "from on", 2)),
        with_field("/data", []).on(page_of("Location", "from before", 2)),
        answered_like("from after", "from on", "response.body:/data/0/last_updated"),
    ],
    kept_by=[with_objects("back to front", lambda listed: listed[::-1]).on(page_of("Location", "from on", 2))],
)
def date_from_is_inclusive(crawls: Crawls) -> Problems:
    """date_from gives the objects whose last_updated is that moment or later, and no older ones.

    Why: the puller asks from the moment of its last pull on; what changed in that very second would be lost.
    Fix: compare with >=, as instants and not as texts, on the last_updated that you send.
    """
    for one, held in _probes(crawls, "date_from"):
        if one.pages[0].count is not None:
            yield from _wrong(one, held)


@clause(
    MUST,
    DATES,
    row="paging-date-bounds",
    when=_can_be_told("date_to"),
    broken_by=[
        with_field("/data", []).on(page_of("Location", "to after", 1)),
        with_field("/data", []).on(page_of("Tariff", "to on", 1)),
        answered_like("to on", "to after", "response.body:/data/4/last_updated"),
        answered_like("to before", "to after", "response.body:/data/4/last_updated"),
    ],
    kept_by=[with_objects("back to front", lambda listed: listed[::-1]).on(page_of("Location", "to on", 2))],
)
def date_to_is_exclusive(crawls: Crawls) -> Problems:
    """date_to gives the objects whose last_updated is before that moment, without that moment itself.

    Why: the puller joins periods end to end; an object on the border must come in one of them, not in both.
    Fix: compare with <, as instants and not as texts, on the last_updated that you send.
    """
    for one, held in _probes(crawls, "date_to"):
        if one.pages[0].count is not None:
            yield from _wrong(one, held)


@clause(
    MUST,
    OCPI["types 16.2, transport_and_format 4.1.4.1"],
    row="paging-date-forms",
    when=lambda crawls: any(True for _ in _probes(crawls, "date_from", "date_to")),
    broken_by=[
        with_status(400).on(pages_of("Location", "dates without Z")),
        with_field("/data", None).on(pages_of("Tariff", "dates with a fraction")),
        with_field("/data", []).on(page_of("Location", "dates without Z", 1)),
        with_field("/data", []).on(page_of("Tariff", "dates with a fraction", 1)),
        with_field("/data", []).on(page_of("Tariff", "dates with Z", 1)),
    ],
    kept_by=[with_field("/data/0/x_read", "as UTC").on(pages_of("Location", "dates without Z"))],
)
def date_forms_mean_the_same(crawls: Crawls) -> Problems:
    """One moment gives one answer, written with Z, without it, or with a fraction of a second.

    Why: all three are the same moment in UTC; read as local time, the one without Z moves by an hour or two.
    Fix: parse dates before you compare them, and take UTC where no designator is given.
    """
    for one, held in _probes(crawls, "date_from", "date_to"):
        page = one.pages[0]
        if page.count is None and page.status is not None and page.status < 500:
            place = "response.status" if page.status != 200 else "response.body:/data"
            yield one.problem(page, place, f"the objects by {asked(one)}", f"{page.status}, no list")
        elif page.count is not None:
            yield from _wrong(one, held)
