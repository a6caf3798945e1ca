"""Strategies for what Locations and Tariffs are made of: stamps, texts, companies, hours, energy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from harness.generate.values import DATE_TIME_FORMS, TIME_ZONES, Form, date_time, shares, time_of_day

Json = dict[str, Any]

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Terms:
    """What the objects of one feed share.

    `always` names optional members that are never left out; `prices` are the lists of tariff ids that a connector may
    name; stamps lie in the five months before `now` (aware, UTC); `publish` false adds locations that are not public.
    """

    party: tuple[str, str] = ("NL", "XPO")
    now: datetime = NOW
    always: frozenset[str] = frozenset()
    prices: tuple[tuple[str, ...], ...] = (("TAR-01",),)
    publish: bool = True
    time_zones: tuple[str, ...] = TIME_ZONES


_SETS = [st.integers(0, 2**size - 1) for size in range(20)]


def some(draw: DrawFn, terms: Terms, members: Mapping[str, SearchStrategy[Any]]) -> Json:
    """Some of these optional members; those that `terms` always wants, always."""
    chosen = draw(_SETS[len(members)])
    return {
        name: draw(strategy)
        for place, (name, strategy) in enumerate(members.items())
        if name in terms.always or chosen >> place & 1
    }


# ---- Stamps ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stamps:
    """Writes moments so that none gains or loses a digit that decides their order."""

    newest: datetime
    forms: SearchStrategy[Form]

    def draw(self, draw: DrawFn, age: int) -> str:
        """The stamp of something `age` seconds older than the newest."""
        return date_time(self.newest - timedelta(seconds=age), draw(self.forms))


_FORMS = st.sampled_from(DATE_TIME_FORMS)
_FORMS_OF_TENTHS = st.sampled_from([form for form in DATE_TIME_FORMS if form.digits])
_TENTHS = st.integers(6_000, 150 * 864_000)


def stamps_of(draw: DrawFn, terms: Terms) -> Stamps:
    """The stamps of one object and all in it."""
    tenths = draw(_TENTHS)
    return Stamps(terms.now - timedelta(milliseconds=100 * tenths), _FORMS_OF_TENTHS if tenths % 10 else _FORMS)


_TWENTY_DAYS = 20 * 86_400
AGES = st.integers(-_TWENTY_DAYS, _TWENTY_DAYS).map(lambda seconds: max(0, seconds))
"""By how many seconds a part is older than the whole; often not at all."""


# ---- Texts, companies, pictures --------------------------------------------------------------------------------------

_SENTENCES = (
    ("nl", "De laadplaatsen liggen naast de lift."),
    ("nl", "Inrit via de Kadijk; hoogte ten hoogste 2,10 m"),
    ("en", "The charging bays are on the left, behind the café."),
    ("fy", "Oan 'e efterkant fan it stasjon"),
    ("de", "Zufahrt über den Parkplatz P+R (Ebene −1)"),
)
TEXT = st.sampled_from(_SENTENCES).map(lambda said: {"language": said[0], "text": said[1]})
TEXTS = st.lists(TEXT, min_size=1, max_size=2)
URLS = st.sampled_from(("https://www.example.com", "https://cpo.example/laden?taal=nl", "http://example.nl/a%20b"))


_SIZES = st.integers(1, 9_999)
_IMAGE = st.fixed_dictionaries(
    {
        "url": URLS,
        "category": st.sampled_from(("CHARGER", "ENTRANCE", "LOCATION", "NETWORK", "OPERATOR", "OTHER", "OWNER")),
        "type": st.sampled_from(("jpeg", "png", "svg", "gif")),
    },
    optional={"thumbnail": URLS, "width": _SIZES, "height": _SIZES},
)
IMAGES = st.lists(_IMAGE, min_size=1, max_size=2)
COMPANIES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(
            ("Example Power", "Gemeente Súdwest-Fryslân", "Voorbeeld & Zonen B.V.", "Laadpalen Coöperatie U.A.")
        )
    },
    optional={"website": URLS, "logo": _IMAGE},
)


# ---- Opening hours and energy ----------------------------------------------------------------------------------------

_MINUTES = st.lists(st.integers(0, 1_439), min_size=2, max_size=4, unique=True).map(sorted)


_DAYS = st.sets(st.integers(1, 7), max_size=7)
_WEEKS = st.sets(st.integers(1, 40), max_size=2)


@st.composite
def opening_times(draw: DrawFn, now: datetime) -> Json:
    """Hours: always, or by weekday in periods that do not overlap; exceptions on days of their own."""
    days = draw(_DAYS)
    hours: Json = {"twentyfourseven": not days}
    if days:
        hours["regular_hours"] = [period for day in sorted(days) for period in _periods(day, draw(_MINUTES))]
        _add_exceptions(hours, "exceptional_openings", now, draw(_WEEKS), 0)
    _add_exceptions(hours, "exceptional_closings", now, draw(_WEEKS), 1)
    return hours


def _periods(day: int, minutes: list[int]) -> list[Json]:
    pairs = zip(minutes[::2], minutes[1::2], strict=False)
    return [
        {"weekday": day, "period_begin": time_of_day(begin), "period_end": time_of_day(end)} for begin, end in pairs
    ]


def _add_exceptions(hours: Json, name: str, now: datetime, weeks: set[int], day: int) -> None:
    """Exceptions are UTC; openings and closings lie on different days."""
    begins = [now.replace(hour=9, minute=0) + timedelta(days=7 * week + day) for week in sorted(weeks)]
    plain = Form(0, True)
    periods = [
        {"period_begin": date_time(begin, plain), "period_end": date_time(begin + timedelta(hours=6), plain)}
        for begin in begins
    ]
    if periods:
        hours[name] = periods


_GREEN = ("SOLAR", "WIND", "WATER", "GENERAL_GREEN")
_GREY = ("GAS", "COAL", "NUCLEAR", "GENERAL_FOSSIL")


_SUPPLIERS = st.sampled_from(("Voorbeeld Energie", "Wind uit Zeeland"))
_MIXED = {"energy_sources": st.integers(1, 3), "environ_impact": st.integers(1, 400)}
_NAMES = {"supplier_name": _SUPPLIERS, "energy_product_name": _SUPPLIERS}
_GREEN_SOURCES, _OTHER_SOURCES = st.permutations(_GREEN), st.permutations((*_GREY, "WIND", "SOLAR"))


@st.composite
def energy_mixes(draw: DrawFn) -> Json:
    """An EnergyMix whose shares sum to 100; a green one has neither fossil nor nuclear shares, and leaves nothing."""
    green = draw(st.booleans())
    mix: Json = {"is_green_energy": green, **some(draw, Terms(), _NAMES)}
    given = some(draw, Terms(), _MIXED)
    if "energy_sources" in given:
        kinds = draw(_GREEN_SOURCES if green else _OTHER_SOURCES)[: given["energy_sources"]]
        if not green and not set(kinds) & set(_GREY):
            kinds = ["GAS", *kinds[1:]]
        parts = draw(shares(len(kinds)))
        mix["energy_sources"] = [{"source": kind, "percentage": part} for kind, part in zip(kinds, parts, strict=True)]
    if "environ_impact" in given:
        amount = 0 if green else given["environ_impact"] / 2
        mix["environ_impact"] = [{"category": "CARBON_DIOXIDE", "amount": amount}]
    return mix


ENERGY_MIXES = energy_mixes()
