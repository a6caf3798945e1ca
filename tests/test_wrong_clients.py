"""Push clients with one named fault each are found by the clause that they break, and by few others."""

from dataclasses import dataclass

import pytest

from harness.systems.ndw.reference.push_in_process import Client
from tests.wrong_clients import answers, messages, tokens
from tests.wrong_clients.playing import judged_in
from tests.wrong_clients.sending import Sending, sending

NEWS = {"ndw/what-changes-is-told"}
"""Who does not tell a change has not told it at the end either."""
LATE_NEWS = NEWS | {"ndw/tariff-changes-arrive-within-a-minute"}


@dataclass(frozen=True)
class Fault:
    """A client, the situation that shows its fault, the clause that tells of it, where it does so and in a request of
    which method (none: of the whole), and what else comes of the fault."""

    client: type[Client] | type[Sending]
    situation: str
    clause: str
    where: str
    method: str | None = None
    besides: frozenset[str] | set[str] = frozenset()


BEARER = "request.header:authorization"
PATH = "request.path:"
FAULTS = (
    Fault(tokens.FetchesATokenForEachPush, "ndw/all-is-well", "ndw/tokens-are-used-again", PATH, "POST"),
    Fault(tokens.KeepsATokenUntilItIsRefused, "ndw/short-lived-token", "ndw/no-ended-token-is-shown", BEARER, "PATCH"),
    Fault(
        tokens.GivesUpAfterA401,
        "ndw/unauthorised-out-of-the-blue",
        "ndw/a-401-is-answered-with-a-new-token",
        BEARER,
        "PATCH",
        {"ndw/states-arrive-within-a-minute-after-an-outage", "ndw/states-meet-again-after-trouble"},
    ),
    Fault(tokens.HammersTheTokenServer, "ndw/token-server-is-down", "ndw/token-server-is-not-hammered", PATH, "POST"),
    Fault(
        tokens.AsksForATokenInJson,
        "ndw/all-is-well",
        "ndw/token-requests-are-forms",
        "request.header:content-type",
        "POST",
        {"ndw/held-tariffs-are-those-that-were-told"},
    ),
    Fault(
        tokens.ShowsItsTokenAsOcpiDoes,
        "ndw/all-is-well",
        "ndw/pushes-show-a-bearer-token",
        BEARER,
        "PUT",
        {"ndw/held-tariffs-are-those-that-were-told", "ndw/tokens-are-used-again"},
    ),
    Fault(tokens.PutsItsTokenInTheUrl, "ndw/all-is-well", "ndw/no-secret-is-in-a-url", "request.query:", "PUT"),
    Fault(tokens.LogsItsHeaders, "ndw/all-is-well", "ndw/no-secret-is-in-the-output", "transcript"),
    Fault(
        answers.RepeatsWhatWasRefused, "ndw/content-is-refused", "ndw/refused-is-not-repeated-unchanged", PATH, "PUT"
    ),
    Fault(answers.LooksForDataInEveryAnswer, "ndw/all-is-well", "ndw/done-is-not-repeated", PATH, "PUT", LATE_NEWS),
    Fault(answers.ReadsTheBodyOfA204, "ndw/all-is-well", "ndw/deleted-is-deleted", PATH, "DELETE"),
    Fault(
        answers.HammersWhileNdwIsDown,
        "ndw/outage-while-things-change",
        "ndw/repeats-after-failures-are-spaced",
        PATH,
        "PATCH",
        {"ndw/no-old-state-is-replayed"},  # it goes on with the state that it began with
    ),
    Fault(answers.IgnoresRetryAfter, "ndw/too-many-requests", "ndw/retry-after-is-kept", PATH, "PUT"),
    Fault(
        answers.PatchesAgainWhatIsUnknown,
        "ndw/patch-of-an-unknown-object",
        "ndw/unknown-is-told-in-full",
        PATH,
        "PATCH",
    ),
    Fault(
        answers.ForgetsWhatFailed,
        "ndw/server-errors-and-then-well",
        "ndw/states-meet-again-after-trouble",
        "store:",
        None,
        {"ndw/states-arrive-within-a-minute-after-an-outage"},
    ),
    Fault(
        answers.ReplaysAQueue,
        "ndw/outage-while-things-change",
        "ndw/no-old-state-is-replayed",
        "request.body:/status",
        "PATCH",
    ),
    Fault(answers.ReadsBeforeItWrites, "ndw/get-is-refused", "ndw/pushing-needs-no-get", "response.status", "GET"),
    Fault(
        answers.TellsStatusesEveryFiveMinutes,
        "ndw/all-is-well",
        "ndw/dynamic-changes-arrive-within-a-minute",
        "transcript",
        besides=NEWS,
    ),
    Fault(
        messages.DeletesAnEvse,
        "ndw/all-is-well",
        "ndw/evses-go-away-by-their-status",
        "request.path:",
        "DELETE",
        {"ndw/only-listed-methods-are-used", "ndw/held-locations-are-those-that-were-told"},
    ),
    Fault(
        messages.PostsObjects,
        "ndw/all-is-well",
        "ndw/only-listed-methods-are-used",
        "request.path:",
        "POST",
        {"ndw/held-tariffs-are-those-that-were-told"},
    ),
    Fault(
        messages.NamesAnEvseByItsEvseId,
        "ndw/all-is-well",
        "ndw/evse-urls-carry-the-uid",
        PATH,
        "PATCH",
        {
            "ndw/ids-match-the-url",
            "ndw/patches-are-of-known-objects",
            "ndw/states-meet-again-after-trouble",
            "ndw/held-locations-are-those-that-were-told",
        },
    ),
    Fault(
        messages.PushesInThePlatformsName,
        "ndw/all-is-well",
        "ndw/urls-carry-the-owner",
        PATH,
        "PUT",
        {"ndw/parties-match-the-url", "ndw/held-tariffs-are-those-that-were-told"},
    ),
    Fault(
        messages.PutsALocationWithTheChangedEvse,
        "ndw/all-is-well",
        "ndw/put-of-a-location-keeps-its-evses",
        "request.body:/evses",
        "PUT",
        {"ndw/held-locations-are-those-that-were-told"},
    ),
    Fault(
        messages.TellsAStatusInTheLocation,
        "ndw/all-is-well",
        "ndw/statuses-are-told-of-the-evse",
        "request.body:/evses",
        "PATCH",
        {"ndw/held-locations-are-those-that-were-told"},
    ),
    Fault(
        messages.PatchesBeforeItPuts, "ndw/all-is-well", "ndw/patches-are-of-known-objects", "response.status", "PATCH"
    ),
    Fault(
        messages.NamesATariffBeforeItTellsIt,
        "ndw/all-is-well",
        "ndw/tariffs-come-before-their-connectors",
        "request.body:/evses/",
        "PUT",
    ),
    Fault(
        messages.DeletesATariffThatIsNamed,
        "ndw/all-is-well",
        "ndw/deleted-tariffs-are-not-named",
        PATH,
        "DELETE",
        {"ndw/deleted-tariffs-are-gone-and-gone-ones-were-deleted"},
    ),
    Fault(
        messages.PushesAnotherPrice,
        "ndw/all-is-well",
        "ndw/held-tariffs-are-those-that-were-told",
        "store:/tariffs/",
        besides=LATE_NEWS,
    ),
    Fault(messages.StampsEachPushAnew, "ndw/all-is-well", "ndw/stamps-are-those-that-were-told", "store:/locations/"),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.client.__name__)
def test_wrong_client_is_found_by_the_clause_that_it_breaks(fault: Fault) -> None:
    make = fault.client if issubclass(fault.client, Client) else sending(fault.client)
    judged = judged_in(make, fault.situation)
    problems = judged.problems
    assert fault.clause in problems
    problem = problems[fault.clause][0]
    assert problem.where.startswith(fault.where), problem
    assert problem.situation in (fault.situation, "")
    if fault.method is not None:
        assert judged.exchange(problem).request.method == fault.method, problem
    assert problems.keys() - fault.besides == {fault.clause}, problems
