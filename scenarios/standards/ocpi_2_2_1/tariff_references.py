"""OCPI 2.2.1, tariff_ids: the prices that Connectors name exist, are meant for now, and do not contradict others."""

from datetime import timedelta
from functools import partial
from itertools import combinations

from harness.model.crawl import PartyCrawls
from harness.model.edit import Edit, with_field
from harness.model.requirement import MAY, MUST, SHOULD, Basis, Binds, Problems, requirement
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.tariff_use import PriceList, Use, distinct, names_tariffs, told, uses
from harness.standards.ocpi_2_2_1.traces import TariffTrace
from scenarios.standards.ocpi_2_2_1.twins import CRAWLED, copied_in_other_case, locations_crawled, tariffs_crawled

A_DAY = timedelta(days=1)
TARIFF_IDS = "/data/0/evses/0/connectors/0/tariff_ids"
clause = partial(requirement, since="2026.12", asked_by=CRAWLED)


def naming(*tariff_ids: str) -> Edit:
    """The first Connector of a page names these Tariffs."""
    return with_field(TARIFF_IDS, list(tariff_ids)).on(locations_crawled)


@clause(
    MUST,
    OCPI["mod_locations 8.3.3, types 16.1"],
    row="sem-tariff-reference-resolves",
    binds=Binds.SERVER,
    when=names_tariffs,
    broken_by=[naming("AC-ADHOC", "NOBODY-KNOWS-IT"), naming("1"), naming("AC-ADHOC ")],
    kept_by=[
        naming("ac-adhoc", "Ac-Regular"),
        naming("FREE"),
        naming(),
        copied_in_other_case(f"{TARIFF_IDS}/0", f"{TARIFF_IDS}/0").on(locations_crawled),
    ],
)
def named_tariffs_are_listed(party: PartyCrawls) -> Problems:
    """Every id in tariff_ids is that of a Tariff in the list of Tariffs, in any case.

    Why: a Connector that names nothing has no price on the map.
    Fix: list the Tariff, or take the id out of the Connector; a placeholder such as 1 names nothing.
    """
    prices = PriceList(party.everyone)
    dangling: dict[tuple[str, ...], list[Use]] = {}
    for use in uses(party.mine):
        for tariff_id in distinct(use.connector.tariff_ids):
            if not prices.knows(tariff_id):
                dangling.setdefault((tariff_id,), []).append(use)
    for (tariff_id,), use, more in told(dangling):
        position = distinct(use.connector.tariff_ids)[tariff_id]
        as_written = use.connector.tariff_ids[position]
        yield use.problem("the id of a listed Tariff", f"{as_written}{more}", "tariff_ids", position)


def _has_tariffs(party: PartyCrawls) -> bool:
    crawl = party.mine.whole("Tariff")
    return crawl is not None and bool(crawl.entries) and party.everyone.whole("Location") is not None


@clause(
    MAY,
    OCPI["mod_tariffs 11.1"],
    basis=Basis.ASSUMED,
    row="sem-tariff-reference-resolves",
    binds=Binds.SERVER,
    when=_has_tariffs,
    broken_by=[with_field("/data/0/id", "NOBODY-NAMES-IT").on(tariffs_crawled)],
    kept_by=[copied_in_other_case("/data/0/id", "/data/0/id").on(tariffs_crawled)],
)
def listed_tariffs_are_named(party: PartyCrawls) -> Problems:
    """Every listed Tariff is named by a Connector.

    Why: one that nobody names is often left over, or its id is spelt otherwise in the Locations.
    Fix: compare the ids; nothing is to be done where the Tariff is for later, or for Locations that are not listed.
    """
    named = {tariff_id for use in uses(party.everyone) for tariff_id in distinct(use.connector.tariff_ids)}
    crawl = party.mine.whole("Tariff")
    for entry in crawl.entries if crawl else ():
        if entry.kept.id and entry.kept.id.lower() not in named:
            yield entry.problem("an id that a Connector names", f"{entry.kept.id}, named by none", "id")


def _overlap(one: TariffTrace, other: TariffTrace) -> bool:
    begins = [tariff.start for tariff in (one, other) if tariff.start is not None]
    ends = [tariff.end for tariff in (one, other) if tariff.end is not None]
    backwards = any(tariff.start and tariff.end and tariff.end <= tariff.start for tariff in (one, other))
    return not backwards and (not begins or not ends or max(begins) < min(ends))


@clause(
    MUST,
    OCPI["mod_locations 8.3.3, mod_tariffs 11.3.1"],
    row="sem-tariff-one-active-per-type",
    binds=Binds.SERVER,
    when=names_tariffs,
    broken_by=[
        naming("AC-REGULAR", "NIGHT-REGULAR"),
        naming("DC-ADHOC-NOW", "DC-REGULAR", "ac-adhoc"),
        naming("FREE", "SESSION-FEE"),
    ],
    kept_by=[
        naming("DC-ADHOC-NOW", "DC-ADHOC-NEXT", "DC-REGULAR", "GREEN"),
        naming("FREE", "AC-REGULAR", "AC-ADHOC"),
        naming("AC-REGULAR", "ac-regular", "AC-REGULAR"),
        naming("AC-REGULAR", "NOBODY-KNOWS-IT"),
    ],
)
def one_tariff_of_a_type_at_a_time(party: PartyCrawls) -> Problems:
    """Of the Tariffs that a Connector names, no two of one type (or without type) are active at the same time.

    Why: the same driver at the same moment would have two prices.
    Fix: end the old Tariff with end_date_time where the new one starts, or name one of the two.
    """
    prices = PriceList(party.everyone)
    found: dict[tuple[str, ...], list[Use]] = {}
    for use in uses(party.mine):
        ids = distinct(use.connector.tariff_ids)
        known = [(name, tariff) for name in ids if (tariff := prices.named(name, party.party)) and tariff.dated]
        for (name, tariff), (other_name, other) in combinations(known, 2):
            if tariff.type == other.type and _overlap(tariff, other):
                found.setdefault((name, other_name, tariff.type or "no type"), []).append(use)
    for (name, other_name, kind), use, more in told(found):
        position = distinct(use.connector.tariff_ids)[other_name]
        said = f"{use.connector.tariff_ids[position]} beside {name}{more}"
        yield use.problem(f"one Tariff of {kind} at a time", said, "tariff_ids", position)


@clause(
    SHOULD,
    OCPI["mod_tariffs 11.3.1"],
    basis=Basis.ASSUMED,
    row="sem-tariff-period-valid",
    binds=Binds.SERVER,
    when=_has_tariffs,
    broken_by=[
        with_field("/data/0/end_date_time", "2026-05-31T08:00:00Z").on(tariffs_crawled),
        with_field("/data/1/end_date_time", "2019-12-31T23:00:00").on(tariffs_crawled),
    ],
    kept_by=[
        with_field("/data/0/end_date_time", "2026-06-01T08:01:00Z").on(tariffs_crawled),
        with_field("/data/0/end_date_time", "2026-06-01T00:00:00Z").on(tariffs_crawled),
    ],
)
def ended_tariffs_are_not_named(party: PartyCrawls) -> Problems:
    """A Tariff that ended more than a day ago is named by no Connector that is in use.

    Why: a Connector whose only price has ended is shown without one.
    Fix: when a Tariff ends, take its id out of the Connectors, or name the one that follows it.
    """
    prices = PriceList(party.everyone)
    naming_it: dict[str, list[Use]] = {}
    for use in uses(party.everyone):
        for tariff_id in distinct(use.connector.tariff_ids) if use.evse.status != "REMOVED" else ():
            if prices.owners(tariff_id) == (party.party,) or use.location.party == party.party:
                naming_it.setdefault(tariff_id, []).append(use)
    crawl = party.mine.whole("Tariff")
    for entry in crawl.entries if crawl else ():
        named_by = naming_it.get((entry.kept.id or "").lower(), [])
        if named_by and prices.read_at and entry.kept.end and entry.kept.end + A_DAY <= prices.read_at:
            said = f"named by {len(named_by)}, such as {named_by[0].name}"
            yield entry.problem("named by no Connector, since it has ended", said, "end_date_time")
