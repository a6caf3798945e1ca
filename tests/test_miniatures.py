"""Small servers with one named fault each are found by the clause that they break, and by no other."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.model.requirement import MUST
from harness.model.verdict import Outcome, Verdict
from harness.wire.transport import AsgiApp
from tests.miniatures.bare_list_server import bare_list_server
from tests.miniatures.correct_but_unusual_server import CorrectButUnusualServer
from tests.miniatures.lenient_token_server import lenient_token_server
from tests.miniatures.open_second_page_server import OpenSecondPageServer
from tests.proofs.conversation import ORIGIN, TOKEN, bench, held

Make = Callable[..., AsgiApp]

WITHOUT_A_HOOK = {
    "ndw/pull-shows-what-just-happened",
    "ocpi-2.2.1/date-from-finds-the-whole-location",
    "ocpi-2.2.1/stamps-move-with-content",
}
"""What nobody sees where nothing can be changed on request."""

OBJECT_CHAPTERS = (
    "scenarios.ndw.ad_hoc",
    "scenarios.ndw.afir",
    "scenarios.ndw.afir_values",
    "scenarios.ndw.dutch_data",
    "scenarios.ndw.parties",
    "scenarios.standards.ocpi_2_2_1.codes",
    "scenarios.standards.ocpi_2_2_1.coordinates",
    "scenarios.standards.ocpi_2_2_1.date_times",
    "scenarios.standards.ocpi_2_2_1.energy",
    "scenarios.standards.ocpi_2_2_1.hours",
    "scenarios.standards.ocpi_2_2_1.identity",
    "scenarios.standards.ocpi_2_2_1.location_parts",
    "scenarios.standards.ocpi_2_2_1.location_schema",
    "scenarios.standards.ocpi_2_2_1.members",
    "scenarios.standards.ocpi_2_2_1.power",
    "scenarios.standards.ocpi_2_2_1.prices",
    "scenarios.standards.ocpi_2_2_1.stamps",
    "scenarios.standards.ocpi_2_2_1.tariff_references",
    "scenarios.standards.ocpi_2_2_1.tariff_schema",
    "scenarios.standards.ocpi_2_2_1.tariffs",
    "scenarios.standards.ocpi_2_2_1.texts",
)
ON_OBJECTS = {
    one.id
    for one in bench("ndw-pull").suite.requirements
    if one.module in OBJECT_CHAPTERS or one.evidence.startswith("located:")
}
"""Clauses on the objects in an envelope."""

WITHOUT_A_REMOVED_EVSE = {"ndw/removed-evses-keep-what-ndw-asks-for"}

WITHOUT_A_LIST = {
    "ocpi-2.2.1/date-forms-mean-the-same",
    "ocpi-2.2.1/date-from-is-inclusive",
    "ocpi-2.2.1/date-to-is-exclusive",
    "ocpi-2.2.1/encoded-ids-are-decoded-once",
    "ocpi-2.2.1/every-limit-gives-the-same-objects",
    "ocpi-2.2.1/evses-do-not-vanish",
    "ocpi-2.2.1/ids-stay-with-their-evse",
    "ocpi-2.2.1/last-page-has-no-link",
    "ocpi-2.2.1/limit-is-given",
    "ocpi-2.2.1/limit-is-honoured",
    "ocpi-2.2.1/limit-is-not-the-count-of-the-page",
    "ocpi-2.2.1/link-is-given-while-more-follows",
    "ocpi-2.2.1/link-keeps-date-from",
    "ocpi-2.2.1/link-keeps-date-to",
    "ocpi-2.2.1/link-keeps-the-limit",
    "ocpi-2.2.1/link-leads-to-a-page",
    "ocpi-2.2.1/no-object-comes-on-two-pages",
    "ocpi-2.2.1/offset-counts-objects",
    "ocpi-2.2.1/order-stays-the-same",
    "ocpi-2.2.1/single-location-equals-its-list-entry",
    "ocpi-2.2.1/single-location-has-the-id-of-the-list",
    "ocpi-2.2.1/stamps-are-not-in-the-future",
    "ocpi-2.2.1/stamps-do-not-go-back",
    "ocpi-2.2.1/total-count-is-given",
    "ocpi-2.2.1/total-counts-what-the-dates-leave",
    "ocpi-2.2.1/total-is-the-number-of-objects",
    "ocpi-2.2.1/total-is-the-same-on-every-page",
    "ocpi-2.2.1/unchanged-content-keeps-its-stamp",
}
"""Clauses on pages, and on the objects of both visits, that see nothing where no list is in an envelope."""

FAULTY: dict[str, tuple[Make, set[str], set[str]]] = {
    "bare_list_server": (
        bare_list_server,
        {"ocpi-2.2.1/envelope-is-an-object"},
        WITHOUT_A_LIST
        | ON_OBJECTS
        | {
            "ndw/single-location-is-served",
            "ndw/locations-are-of-2-2-1",
            "ndw/evses-are-of-2-2-1",
            "ndw/connectors-are-of-2-2-1",
            "ndw/tariffs-are-of-2-2-1",
            "ocpi-2.2.1/envelope-clock-is-right",
            "ocpi-2.2.1/envelope-is-timestamped",
            "ocpi-2.2.1/objects-come-with-a-success-code",
            "ocpi-2.2.1/single-data-is-an-object",
        },
    ),
    "open_second_page_server": (OpenSecondPageServer, {"ocpi-2.2.1/every-endpoint-asks-for-the-token"}, set()),
    "lenient_token_server": (
        lenient_token_server,
        {
            "ocpi-2.2.1/missing-or-unknown-token-is-answered-401",
            "ocpi-2.2.1/nobody-sees-objects-without-the-token",
            "ocpi-2.2.1/token-with-a-line-feed-is-refused",
        },
        set(),
    ),
}
"""Each miniature: the clauses that fail, SHOULD or MUST, and those that its fault leaves without evidence."""


ADVISED_AGAINST = {
    "ndw/locations-may-be-published": "one location is not for the public",
    "ocpi-2.2.1/date-times-end-in-z": "its times have no designator",
    "ocpi-2.2.1/members-are-known": "it has members of its own",
    "ocpi-2.2.1/optional-members-are-absent-not-null": "it sends null where it has nothing",
}
"""What the unusual server does that is allowed, and that a SHOULD or MAY speaks of all the same."""


def verdicts_on(make: Make, base_path: str = "/ocpi/2.2.1") -> list[Verdict]:
    """The whole ndw-pull suite against a miniature."""
    transcripts = held("ndw-pull", lambda clock: make(TOKEN, clock, ORIGIN + base_path), base_path)
    return bench("ndw-pull").declaring("NL/MIN").verdicts(transcripts)


def of(outcome: Outcome, verdicts: list[Verdict]) -> dict[str, Any]:
    """The clauses with this outcome, each with what it says."""
    return {one.requirement: one.problems[:2] or one.reason for one in verdicts if one.outcome is outcome}


@pytest.mark.parametrize("name", FAULTY)
def test_faulty_server_fails_what_it_breaks_and_nothing_else(name: str) -> None:
    make, failing, untested = FAULTY[name]
    verdicts = verdicts_on(make)
    assert of(Outcome.FAILED, verdicts).keys() == failing, of(Outcome.FAILED, verdicts)
    assert of(Outcome.UNTESTED, verdicts).keys() == untested | WITHOUT_A_HOOK | WITHOUT_A_REMOVED_EVSE, of(
        Outcome.UNTESTED, verdicts
    )
    assert of(Outcome.CANNOT_TELL, verdicts) == {}


@pytest.mark.parametrize("base_path", ["/ocpi/2.2.1", "/c%C3%A9/OCPI%20v2/nl"])
def test_unusual_server_that_is_right_passes_every_clause(base_path: str) -> None:
    verdicts = verdicts_on(CorrectButUnusualServer, base_path)
    advised = {one.requirement for one in verdicts if one.outcome is Outcome.FAILED} & ADVISED_AGAINST.keys()
    assert advised == ADVISED_AGAINST.keys()
    not_passed = [one for one in verdicts if one.outcome is not Outcome.PASSED and not _is_of_another_way(one)]
    others = [one for one in not_passed if one.requirement not in advised]
    assert [(one.requirement, one.outcome, one.problems[:2], one.reason) for one in others] == []


def test_no_must_is_advice() -> None:
    keywords = {one.id: one.keyword for one in bench("ndw-pull").suite.requirements}
    assert [name for name in ADVISED_AGAINST if keywords[name] is MUST] == []


def _is_of_another_way(verdict: Verdict) -> bool:
    """The clause is about access by OAuth2, or about the party's own document; miniatures have neither."""
    ways = ("only where pull.auth", "only where subject.openapi")
    return verdict.outcome is Outcome.INAPPLICABLE and (verdict.reason or "").startswith(ways)
