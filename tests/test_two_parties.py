"""A platform of two operators: verdicts party by party, its id in place of an operator's, parties that are missing."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from harness.model.exchange import HttpExchange, Transcript
from harness.model.verdict import Outcome, Verdict
from tests.harness.generate.pages import page_of
from tests.proofs.conversation import bench
from tests.proofs.two_parties import DECLARED, PLANTED, golden_two_parties
from tests.test_semantics import LOCATION, TARIFF

Json = dict[str, Any]


def reported(requirement: str) -> dict[str | None, Json]:
    return {one["party"]: one for one in golden_two_parties().report["verdicts"] if one["requirement"] == requirement}


def outcomes(requirement: str) -> dict[str | None, str]:
    return {party: verdict["outcome"] for party, verdict in reported(requirement).items()}


def test_verdicts_are_party_by_party() -> None:
    parties = {"NL/ABC", "NL/DEF", "NL/PLT"}
    assert set(reported("ocpi-2.2.1/location-ids-are-unique")) == parties
    assert set(reported("ocpi-2.2.1/power-is-in-watts")) == parties


def test_the_platforms_id_is_found_where_it_stands() -> None:
    assert outcomes("ndw/party-is-the-cpo") == {"NL/ABC": "passed", "NL/DEF": "passed", "NL/PLT": "failed"}
    (problem,) = reported("ndw/party-is-the-cpo")["NL/PLT"]["problems"]
    assert problem["expected"].startswith("NL/ABC")
    assert problem["actual"].startswith("NL/PLT, ")
    assert problem["actual"].endswith(f"; {PLANTED - 1} more Locations likewise")
    assert problem["where"].endswith("/party_id")
    assert problem["object"]["party"] == "NL/PLT"
    assert outcomes("ndw/evse-ids-name-the-party") == {"NL/ABC": "passed", "NL/DEF": "passed", "NL/PLT": "failed"}


def test_a_party_that_was_seen_and_not_declared() -> None:
    assert outcomes("ndw/only-declared-parties-are-listed")["NL/PLT"] == "failed"
    problems = reported("ndw/only-declared-parties-are-listed")["NL/PLT"]["problems"]
    assert [sorted(problem["object"]) for problem in problems] == [["location", "party"], ["party", "tariff"]]


def test_a_party_that_was_declared_and_not_seen() -> None:
    (problem,) = reported("ndw/every-declared-party-is-seen")[None]["problems"]
    assert problem["object"] == {"party": "NL/GHI"}
    assert "NL/GHI" in DECLARED


def test_the_same_ids_under_two_parties_are_no_twins() -> None:
    for requirement in ("location-ids-are-unique", "evse-uids-are-unique", "tariff-ids-are-unique"):
        assert set(outcomes(f"ocpi-2.2.1/{requirement}").values()) == {"passed"}


def located(party: str, *evse_ids: str, name: str = "L1", tariffs: tuple[str, ...] = ("T1",)) -> Json:
    """A Location of a party with EVSEs of these ids."""
    country, party_id = party.split("/")
    made = {**deepcopy(LOCATION), "country_code": country, "party_id": party_id, "id": name}
    (evse,) = made["evses"]
    evse["connectors"][0]["tariff_ids"] = list(tariffs)
    made["evses"] = [{**deepcopy(evse), "uid": f"{name}-{one}", "evse_id": one} for one in evse_ids]
    return made


def priced(party: str, name: str = "T1") -> Json:
    country, party_id = party.split("/")
    return {**deepcopy(TARIFF), "country_code": country, "party_id": party_id, "id": name}


def verdicts(
    locations: list[Json], tariffs: list[Json], declared: tuple[str, ...], operators: str = ""
) -> dict[tuple[str, str | None], Verdict]:
    at = bench("ndw-pull").declaring(*declared)
    at = replace(at, profile=at.profile.with_setting("party.operators", operators))
    pages = (page_of("getLocations", locations), page_of("getTariffs", tariffs))
    return {(one.requirement, one.party): one for one in at.verdicts([Transcript("made", pages)])}


def failed(found: dict[tuple[str, str | None], Verdict]) -> Iterator[tuple[str, str | None]]:
    return (key for key, one in found.items() if one.outcome is Outcome.FAILED)


PLATFORM = [
    located("NL/PLT", "NL*ABC*E1", "NL*ABC*E2"),
    located("NL/PLT", "NL*DEF*E1", name="L2"),
]
PARTY_CLAUSES = ("party-is-the-cpo", "only-declared-parties-are-listed", "every-declared-party-is-seen")


def test_nobody_who_declared_nothing_is_measured_by_it() -> None:
    found = verdicts(PLATFORM, [priced("NL/PLT")], ())
    told = {name: [one for (clause, _party), one in found.items() if clause == f"ndw/{name}"] for name in PARTY_CLAUSES}
    assert {one.outcome for several in told.values() for one in several} == {Outcome.INAPPLICABLE}
    assert all("--party" in (one.reason or "") for several in told.values() for one in several)
    assert set(failed(found)) == {("ndw/party-is-no-platform", "NL/PLT"), ("ndw/evse-ids-name-the-party", "NL/PLT")}


def test_a_platform_that_declares_itself_still_looks_like_one() -> None:
    found = verdicts(PLATFORM, [priced("NL/PLT")], ("NL/PLT",))
    assert set(failed(found)) == {("ndw/party-is-no-platform", "NL/PLT"), ("ndw/evse-ids-name-the-party", "NL/PLT")}


def test_a_platform_among_declared_operators_is_certain() -> None:
    found = verdicts(PLATFORM, [priced("NL/PLT")], ("NL/ABC", "NL/DEF"))
    assert len(found["ndw/party-is-the-cpo", "NL/PLT"].problems) == 2


@pytest.mark.parametrize("operators", ["NL/ABC=NL/XPO,NL/DEF=NL/XPO", " nl/abc = nl/xpo , nl/def = NL/XPO,"])
def test_an_operator_that_goes_by_several_ids(operators: str) -> None:
    locations = [located("NL/XPO", "NL*ABC*E1", "NL*DEF*E2", "NL*XPO*E3")]
    assert set(failed(verdicts(locations, [priced("NL/XPO")], ("NL/XPO",), operators))) == set()
    assert set(failed(verdicts(locations, [priced("NL/XPO")], ("NL/XPO",)))) == {
        ("ndw/party-is-no-platform", "NL/XPO"),
        ("ndw/evse-ids-name-the-party", "NL/XPO"),
    }


def test_an_operator_with_evse_ids_of_one_that_it_took_over() -> None:
    locations = [located("NL/XPO", "NL*XPO*E1", "NL*XPO*E2", "NL*OLD*E3")]
    assert set(failed(verdicts(locations, [priced("NL/XPO")], ("NL/XPO",)))) == {
        ("ndw/evse-ids-name-the-party", "NL/XPO")
    }


def test_tariffs_of_a_platform_are_of_another_owner() -> None:
    found = verdicts([located("NL/XPO", "NL*XPO*E1")], [priced("NL/PLT")], ("NL/XPO", "NL/PLT"))
    assert set(failed(found)) == {
        ("ndw/tariffs-are-of-the-same-party", "NL/XPO"),
        ("ndw/every-declared-party-is-seen", None),
    }


def test_one_tariff_id_of_two_parties_means_the_own_one() -> None:
    other = {**priced("NL/DEF"), "type": "PROFILE_FAST"}
    found = verdicts(
        [located("NL/XPO", "NL*XPO*E1"), located("NL/DEF", "NL*DEF*E1", tariffs=("T1", "T2"))],
        [priced("NL/XPO"), other, priced("NL/DEF", "T2")],
        ("NL/XPO", "NL/DEF"),
    )
    assert set(failed(found)) == set()


def test_one_evse_id_under_two_parties() -> None:
    locations = [located("NL/XPO", "NL*XPO*E1"), located("NL/DEF", "nlxpoe1", name="l1")]
    found = verdicts(locations, [priced("NL/XPO"), priced("NL/DEF")], ("NL/XPO", "NL/DEF"))
    assert ("ocpi-2.2.1/evse-ids-are-unique", None) in failed(found)


def crawled(*pages: list[Json]) -> list[Transcript]:
    """A list of Locations that came page by page, and one Tariff."""
    exchanges: list[HttpExchange] = []
    for number, listed in enumerate(pages):
        page = page_of("getLocations", listed)
        exchanges.append(replace(page, id=f"e{number}"))
    return [Transcript("made", (*exchanges, page_of("getTariffs", [priced("NL/XPO")])))]


UNIQUE = {"ocpi-2.2.1/location-ids-are-unique", "ocpi-2.2.1/evse-uids-are-unique", "ocpi-2.2.1/evse-ids-are-unique"}


@pytest.mark.parametrize(
    ("again", "found"),
    [
        ({}, set()),
        ({"last_updated": "2026-06-01T07:59:59Z", "name": "New"}, set()),
        ({"name": "Another place"}, {"ocpi-2.2.1/location-ids-are-unique"}),
        ({"last_updated": "2026-05-02T00:00:00Z", "name": "Old"}, {"ocpi-2.2.1/location-ids-are-unique"}),
        ({"last_updated": "2026-06-01T07:59:59Z", "id": "l1"}, {"ocpi-2.2.1/location-ids-are-unique"}),
    ],
    ids=["same", "changed meanwhile", "two states at once", "changed long before", "another case"],
)
def test_a_location_on_two_pages(again: Json, found: set[str]) -> None:
    """What moved while the pages were read is no twin; whether a page may repeat it is a matter of paging."""
    location = located("NL/XPO", "NL*XPO*E1")
    verdicts = bench("ndw-pull").verdicts(crawled([location], [{**location, **again}]))
    assert {one.requirement for one in verdicts if one.outcome is Outcome.FAILED} & UNIQUE == found
