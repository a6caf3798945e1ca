"""NDW, parties: every object carries the party of the operator that owns the charging point, platform or not.

Needs the settings ``party.declared`` and ``party.operators``. Without declared parties nobody can know which are meant,
and the clauses that compare with them do not apply.
"""

from functools import partial
from typing import Any

from harness.model.crawl import Crawls, Entry, Inventory, PartyCrawls
from harness.model.edit import Rewrite, with_bytes_replaced, with_field, without_field
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, requirement
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, Problem
from harness.standards.ocpi_2_2_1.reading import operator_of
from harness.standards.ocpi_2_2_1.tariff_use import PriceList, Use, distinct, evse_problem, names_tariffs, told, uses
from scenarios.ndw import NDW
from scenarios.standards.ocpi_2_2_1.tariff_references import TARIFF_IDS, naming
from scenarios.standards.ocpi_2_2_1.twins import CRAWLED, locations_crawled, on_every_object, tariffs_crawled

UNDECLARED = Inapplicable("no party was declared: name those that the data is of with --party")
EVSE_ID = "/data/0/evses/0/evse_id"
clause = partial(requirement, since="2026.12", asked_by=CRAWLED)


def declared(settings: Settings) -> frozenset[str]:
    """The parties that the user declared, as ``NL/ABC``."""
    return frozenset(one.strip().upper() for one in settings.text("party.declared").split(",") if one.strip())


def _operators(crawls: Crawls, settings: Settings) -> dict[str, list[tuple[Entry, int]]]:
    """The parties that the evse_ids of EVSEs in use name, each with its EVSEs: Location and position."""
    pairs = [one.partition("=") for one in settings.text("party.operators").upper().split(",")]
    owners = {operator.strip(): party.strip() for operator, _sign, party in pairs if party.strip()}
    found: dict[str, list[tuple[Entry, int]]] = {}
    crawl = crawls.whole("Location")
    for entry in crawl.entries if crawl else ():
        for index, evse in enumerate(entry.kept.evses):
            operator = operator_of(evse.evse_id) if evse.status != "REMOVED" else None
            if operator is not None:
                found.setdefault(owners.get(operator, operator), []).append((entry, index))
    return found


def _has_locations(party: PartyCrawls) -> bool:
    crawl = party.mine.whole("Location")
    return party.party is not None and crawl is not None and bool(crawl.entries)


def _names_operators(party: PartyCrawls) -> bool:
    crawl = party.mine.whole("Location")
    listed = crawl.entries if crawl and party.party else ()
    return any(operator_of(evse.evse_id) for entry in listed for evse in entry.kept.evses)


def _more(count: int, what: str) -> str:
    return f"; {count} more {what}{'s' * (count != 1)} likewise" if count else ""


def _of_operators(*operators: str) -> Rewrite:
    """Every evse_id names one of these operators, Location by Location."""

    def rename(location: dict[str, Any]) -> None:
        operator = operators[sum(map(ord, location["id"])) % len(operators)]
        for index, evse in enumerate(location["evses"]):
            evse["evse_id"] = f"NL*{operator}*E{location['id'].encode().hex()[:20]}*{index}"

    spelling = f"evse_ids of {' and '.join(operators)}"
    return on_every_object(locations_crawled, spelling, "response.body:/data/0/party_id", rename)


def _with_party(scope: Any, place: str, **members: str) -> Rewrite:
    """Every object of a list with these members."""
    return on_every_object(scope, f"{members} on every object", place, lambda one: one.update(members))


@clause(
    MUST,
    NDW["party_id"],
    row="party-is-the-cpo",
    when=_has_locations,
    broken_by=[
        with_field("/data/0/party_id", "PLT").on(locations_crawled),
        with_bytes_replaced('"party_id":"XPO"', '"party_id":"PLT"').on(locations_crawled),
    ],
    kept_by=[
        with_field("/data/0/party_id", "xpo").on(locations_crawled),
        with_field(EVSE_ID, "NL*ABC*E1").on(locations_crawled),
        without_field(EVSE_ID).on(locations_crawled),
    ],
)
def party_is_the_cpo(party: PartyCrawls, settings: Settings) -> Problems:
    """A Location carries the party of the operator that its evse_ids name, where that operator was declared, and not
    one that nobody declared.

    Why: NDW does not show data under the id of a platform; the operator's charging points are missing on the map.
    Fix: fill country_code and party_id from the operator that owns the charging point, record by record.
    """
    expected = declared(settings)
    if not expected:
        yield UNDECLARED
    elif not _names_operators(party):
        yield Inapplicable("no evse_id names an operator")
    elif party.party not in expected:
        for operator, evses in _operators(party.mine, settings).items():
            if operator in expected:
                count = len({entry.pointer + entry.exchange for entry, _index in evses})
                said = f"{party.party}, which was not declared{_more(count - 1, 'Location')}"
                yield evses[0][0].problem(f"{operator}, which its evse_ids name", said, "party_id")


@clause(
    SHOULD,
    NDW["party_id"],
    basis=Basis.ASSUMED,
    row="party-is-the-cpo",
    when=_names_operators,
    broken_by=[_of_operators("ABC", "DEF"), _of_operators("ABC", "DEF", "XPO")],
    kept_by=[_of_operators("ABC"), _of_operators("XPO", "XPO", "ABC", "XPO", "XPO", "DEF")],
)
def party_is_no_platform(party: PartyCrawls, settings: Settings) -> Problems:
    """A party is not one under which most evse_ids name several other operators.

    Why: that is what the data of a platform looks like, under its own id in place of the operators'.
    Fix: split the data by operator; where all these operators are one company, declare them with party.operators.
    """
    operators = _operators(party.mine, settings)
    others = {name: evses for name, evses in operators.items() if name != party.party}
    foreign = sum(map(len, others.values()))
    if len(others) > 1 and foreign > sum(map(len, operators.values())) / 2:
        entry = next(iter(others.values()))[0][0]
        names = ", ".join(sorted(others)[:5])
        yield entry.problem("the operator of each charging point", f"{party.party} for those of {names}", "party_id")


@clause(
    SHOULD,
    NDW["party_id"],
    basis=Basis.ASSUMED,
    row="party-matches-evse-id",
    when=_names_operators,
    broken_by=[
        with_field(EVSE_ID, "NL*ABC*E0001*A").on(locations_crawled),
        with_field(EVSE_ID, "beabce1").on(locations_crawled),
        with_field(EVSE_ID, "DE*XPO*E1").on(locations_crawled),
    ],
    kept_by=[
        with_field(EVSE_ID, "nl*xpo*E5").on(locations_crawled),
        with_field(EVSE_ID, "NLXPOE77").on(locations_crawled),
        with_field(EVSE_ID, "+49*810*000*1").on(locations_crawled),
        with_field("/data/0/party_id", "xpo").on(locations_crawled),
        without_field(EVSE_ID).on(locations_crawled),
    ],
)
def evse_ids_name_the_party(party: PartyCrawls, settings: Settings) -> Problems:
    """Country and operator of an evse_id are country_code and party_id of its Location.

    Why: where they differ, one of the two is often another company, or a platform.
    Fix: correct the wrong one; an operator that goes by several ids declares them: party.operators = "NL/ABX=NL/ABC".
    """
    for operator, evses in _operators(party.mine, settings).items():
        if operator != party.party:
            entry, index = evses[0]
            said = f"{entry.kept.evses[index].evse_id}{_more(len(evses) - 1, 'EVSE')}"
            yield evse_problem(entry, index, f"an evse_id of {party.party}", said, "evse_id")


def _listed(party: PartyCrawls, schema: str) -> list[Entry]:
    return [entry for crawl in party.mine.of(schema) for entry in crawl.entries]


@clause(
    MUST,
    NDW["party_id"],
    row="party-in-declared-set",
    when=lambda party: party.party is not None,
    broken_by=[
        with_field("/data/0/party_id", "TST").on(locations_crawled),
        with_field("/data/0/party_id", "TST").on(tariffs_crawled),
        with_bytes_replaced('"country_code":"NL"', '"country_code":"BE"').on(tariffs_crawled),
    ],
    kept_by=[
        with_field("/data/0/party_id", "xpo").on(locations_crawled),
        with_field("/data/0/country_code", "nl").on(tariffs_crawled),
    ],
)
def only_declared_parties_are_listed(party: PartyCrawls, settings: Settings) -> Problems:
    """Every Location and Tariff is of a party that was declared.

    Why: the connection is registered for these parties; data of others, such as a test party, leaks or is hidden.
    Fix: filter the answers by the parties of this connection, or declare the party as well.
    """
    expected = declared(settings)
    if not expected:
        yield UNDECLARED
    elif party.party not in expected:
        for schema in ("Location", "Tariff"):
            entries = _listed(party, schema)
            if entries:
                count = len({entry.kept.id for entry in entries})
                names = ", ".join(sorted(expected))
                said = f"{party.party}, which was not{_more(count - 1, schema)}"
                yield entries[0].problem(f"a party that was declared: {names}", said, "party_id")


@clause(
    SHOULD,
    NDW["party_id"],
    basis=Basis.ASSUMED,
    row="party-all-declared-seen",
    binds=Binds.SERVER,
    when=lambda crawls: crawls.whole("Location") is not None,
    broken_by=[
        _with_party(locations_crawled, "transcript", party_id="OTH"),
        _with_party(locations_crawled, "transcript", country_code="BE"),
    ],
    kept_by=[
        with_field("/data/0/party_id", "OTH").on(locations_crawled),
        _with_party(locations_crawled, "transcript", party_id="xPo"),
    ],
)
def every_declared_party_is_seen(crawls: Inventory, settings: Settings) -> Problems:
    """Every party that was declared has a Location.

    Why: a party without any is not connected yet, or filtered out on the way, and nobody notices.
    Fix: look for the party in the source; take it off the list where it has no charging points.
    """
    expected, crawl = declared(settings), crawls.whole("Location")
    if not expected:
        yield UNDECLARED
    elif crawl is not None:
        for party in sorted(expected - {entry.party for entry in crawl.entries}):
            said = f"none among {len(crawl.entries)}"
            yield Problem("transcript", f"a Location of {party}, which was declared", said, object={"party": party})


@clause(
    SHOULD,
    NDW["party_id"],
    basis=Basis.ASSUMED,
    row="party-tariff-same-owner",
    when=names_tariffs,
    broken_by=[
        _with_party(tariffs_crawled, f"response.body:{TARIFF_IDS}/0", party_id="PLT"),
        _with_party(tariffs_crawled, f"response.body:{TARIFF_IDS}/0", country_code="DE"),
    ],
    kept_by=[
        _with_party(tariffs_crawled, "", party_id="xpo", country_code="nl"),
        naming("NOBODY-KNOWS-IT"),
        naming("free"),
    ],
)
def tariffs_are_of_the_same_party(party: PartyCrawls) -> Problems:
    """The Tariffs that a Connector names are of the party of its Location.

    Why: an id means something within one party only; a reader looks for the price there, and finds none.
    Fix: list a Tariff of each party's own, also where a platform sets one price for all.
    """
    prices = PriceList(party.everyone)
    found: dict[tuple[str, ...], list[Use]] = {}
    for use in uses(party.mine):
        for tariff_id in distinct(use.connector.tariff_ids):
            owners = prices.owners(tariff_id)
            if owners and party.party not in owners:
                found.setdefault((tariff_id, ", ".join(sorted(map(str, owners)))), []).append(use)
    for (tariff_id, owners_named), use, more in told(found):
        position = distinct(use.connector.tariff_ids)[tariff_id]
        said = f"{use.connector.tariff_ids[position]}, of {owners_named}{more}"
        yield use.problem(f"a Tariff of {party.party}", said, "tariff_ids", position)
