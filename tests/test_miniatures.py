"""Small servers with one named fault each are found by the clause that they break, and by no other."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.model.verdict import Outcome, Verdict
from harness.wire.transport import AsgiApp
from tests.miniatures.bare_list_server import bare_list_server
from tests.miniatures.correct_but_unusual_server import correct_but_unusual_server
from tests.miniatures.lenient_token_server import lenient_token_server
from tests.miniatures.open_second_page_server import OpenSecondPageServer
from tests.proofs.conversation import ORIGIN, TOKEN, bench, held

Make = Callable[..., AsgiApp]

FAULTY: dict[str, tuple[Make, set[str], set[str]]] = {
    "bare_list_server": (
        bare_list_server,
        {"ocpi-2.2.1/envelope-is-an-object"},
        {
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


def verdicts_on(make: Make, base_path: str = "/ocpi/2.2.1") -> list[Verdict]:
    """The whole ndw-pull suite against a miniature."""
    transcripts = held("ndw-pull", lambda clock: make(TOKEN, clock, ORIGIN + base_path), base_path)
    return bench("ndw-pull").verdicts(transcripts)


def of(outcome: Outcome, verdicts: list[Verdict]) -> dict[str, Any]:
    """The clauses with this outcome, each with what it says."""
    return {one.requirement: one.problems[:2] or one.reason for one in verdicts if one.outcome is outcome}


@pytest.mark.parametrize("name", FAULTY)
def test_faulty_server_fails_what_it_breaks_and_nothing_else(name: str) -> None:
    make, failing, untested = FAULTY[name]
    verdicts = verdicts_on(make)
    assert of(Outcome.FAILED, verdicts).keys() == failing, of(Outcome.FAILED, verdicts)
    assert of(Outcome.UNTESTED, verdicts).keys() == untested, of(Outcome.UNTESTED, verdicts)
    assert of(Outcome.CANNOT_TELL, verdicts) == {}


@pytest.mark.parametrize("base_path", ["/ocpi/2.2.1", "/c%C3%A9/OCPI%20v2/nl"])
def test_unusual_server_that_is_right_passes_every_clause(base_path: str) -> None:
    verdicts = verdicts_on(correct_but_unusual_server, base_path)
    not_passed = [one for one in verdicts if one.outcome is not Outcome.PASSED]
    assert [(one.requirement, one.outcome, one.problems[:2], one.reason) for one in not_passed] == []
