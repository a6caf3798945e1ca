"""What settings change of the clauses on objects."""

from dataclasses import replace

import pytest

from harness.model.edit import Edit, together, with_field, without_field
from harness.model.verdict import Outcome, Verdict
from scenarios.ndw.afir import CONNECTOR_AT, EVSE_AT, EXEMPT
from tests.proofs.conversation import Bench, bench, conforming

REMOVED = with_field(f"{EVSE_AT}/status", "REMOVED")
ADVICE = "ndw/removed-evses-keep-what-ndw-asks-for"
LACKS = [
    ("ndw/evses-have-parking-restrictions", without_field(f"{EVSE_AT}/parking_restrictions")),
    ("ndw/evses-have-parking-restrictions", with_field(f"{EVSE_AT}/parking_restrictions", None)),
    ("ndw/connectors-have-their-power", without_field(f"{CONNECTOR_AT}/max_electric_power")),
    ("ndw/connectors-have-tariff-ids", without_field(f"{CONNECTOR_AT}/tariff_ids")),
    ("ndw/connectors-have-tariff-ids", with_field(f"{CONNECTOR_AT}/tariff_ids", None)),
]


def judged(at: Bench, edit: Edit) -> dict[str, Verdict]:
    """The verdicts over the first page with this edit."""
    crawl = next(one for one in conforming("ndw-pull") if one.situation == "ocpi-2.2.1/crawl-locations")
    page = crawl.exchanges[0]
    assert page.response is not None
    changed = edit.change(page.response)
    assert changed is not None
    transcript = replace(crawl, exchanges=(replace(page, response=changed),))
    found = at.verdicts((transcript,))
    alone = {one.id for one in at.suite.requirements if "crawls" not in one.evidence and one.evidence != "transcript"}
    return {one.requirement: one for one in found if one.requirement in alone and one.outcome is Outcome.FAILED}


@pytest.mark.parametrize(("clause", "edit"), LACKS, ids=lambda one: str(one))
def test_an_evse_that_lacks_what_ndw_asks_for_fails_that_clause_alone(clause: str, edit: Edit) -> None:
    assert judged(bench("ndw-pull"), edit).keys() == {clause}


@pytest.mark.parametrize("edit", [edit for _, edit in LACKS], ids=lambda one: str(one))
def test_a_removed_evse_is_only_advised(edit: Edit) -> None:
    assert judged(bench("ndw-pull"), together(REMOVED, edit)).keys() == {ADVICE}


@pytest.mark.parametrize(("clause", "edit"), LACKS, ids=lambda one: str(one))
def test_a_removed_evse_is_asked_like_any_other_where_the_setting_says_so(clause: str, edit: Edit) -> None:
    at = bench("ndw-pull")
    at = replace(at, profile=at.profile.with_setting(EXEMPT, False))
    failed = judged(at, together(REMOVED, edit))
    assert failed.keys() == {clause}
    assert failed[clause].problems[0].where == edit.place
    assert failed[clause].problems[0].object.keys() >= {"party", "location", "evse"}


@pytest.mark.parametrize("field", ["opening_times", "energy_mix"])
def test_a_location_that_lacks_what_ndw_asks_for_fails_that_clause_alone(field: str) -> None:
    for edit in (without_field(f"/data/0/{field}"), with_field(f"/data/0/{field}", None)):
        failed = judged(bench("ndw-pull"), edit)
        assert len(failed) == 1
        assert next(iter(failed)).startswith("ndw/locations-have-")


def test_another_currency_may_be_expected() -> None:
    at = bench("ndw-pull")
    clause = "ndw/prices-are-in-the-currency-of-the-country"
    at = replace(at, profile=at.profile.with_setting("ndw.currency", "GBP"))
    assert [one.outcome for one in at.verdicts(conforming("ndw-pull")) if one.requirement == clause] == [Outcome.FAILED]
