"""Push clients that are as right as the reference, in another way, get the verdicts that the reference gets."""

from dataclasses import dataclass, field
from functools import cache

import pytest

from harness.model.verdict import Outcome
from harness.systems.ndw.reference.push_in_process import Client
from tests.wrong_clients import other_habits as habits
from tests.wrong_clients import other_words as words
from tests.wrong_clients.playing import Judged, judged_in
from tests.wrong_clients.sending import sending


class SteadyAlone(habits.PausesForFiveSeconds, habits.HasOneWorker):
    """One worker, whose pauses are of one length."""


class BehindWithWholes(habits.PutsWholeLocations, habits.IsBehind):
    """Whole locations alone, by a clock that is slow."""


class AheadAndAnew(habits.PutsWholeEvses, habits.TellsAllAnew, habits.IsAhead):
    """Whole EVSEs alone, everything once more after a while, by a clock that is fast."""


NO_PATCH = {
    "ndw/bodies-are-objects",
    "ndw/patch-has-last-updated",
    "ndw/patched-parts-are-complete",
    "ndw/patches-are-of-known-objects",
    "ndw/patches-change-no-id",
    "ndw/patches-have-no-null",
    "ndw/unknown-is-told-in-full",
}
"""What nobody sees of a client that does not PATCH."""
NO_DELETE = {"ndw/deleted-is-deleted", "ndw/deleted-tariffs-are-not-named"}


@dataclass(frozen=True)
class Harmless:
    """A client, where it is played, and what clauses may see nothing of it. What it is `advised` against is a MAY."""

    client: type[Client]
    situations: tuple[str, ...]
    unseen: set[str] = field(default_factory=set)
    advised: str = ""


HARMLESS = {
    "says it in another way": Harmless(
        sending(
            words.PatchesMoreThanIsNew,
            words.WritesFractionsOfSeconds,
            words.SpeaksInAnotherWay,
            words.AsksForATokenInAnotherWay,
        ),
        ("ndw/all-is-well", "ndw/outage-while-things-change"),
    ),
    "treats its tokens in another way": Harmless(
        sending(
            words.WaitsAfterA401, words.HasATokenForEachHalf, words.AsksForATokenByBasic, words.RenewsItsTokenEarly
        ),
        ("ndw/short-lived-token", "ndw/token-ends-half-way", "ndw/token-server-is-down"),
        {"ndw/token-server-is-not-hammered"},  # so many tokens that nobody can say who asked again
        advised="ndw/token-requests-show-the-secret-in-the-form",
    ),
    "says it twice": Harmless(
        sending(
            words.RepeatsAtOnceWhatWasDropped, words.TellsEverythingTwice, words.IsSlow, client=habits.HasEightWorkers
        ),
        ("ndw/burst-of-changes", "ndw/connection-dropped-after-the-work"),
        {"ndw/no-old-state-is-replayed"},
    ),
    "one worker with steady pauses": Harmless(
        SteadyAlone,
        ("ndw/too-many-requests", "ndw/server-errors-and-then-well"),
    ),
    "collects changes": Harmless(
        habits.CollectsChanges,
        ("ndw/outage-while-things-change",),
        NO_DELETE | {"ndw/no-old-state-is-replayed", "ndw/repeats-after-failures-are-spaced"},
    ),
    "puts whole locations": Harmless(
        BehindWithWholes,
        ("ndw/patch-of-an-unknown-object",),
        NO_PATCH | {"ndw/evse-urls-carry-the-uid", "ndw/statuses-are-told-of-the-evse"},
    ),
    "puts whole EVSEs, and all anew": Harmless(
        AheadAndAnew, ("ndw/short-lived-token", "ndw/killed-and-started-again"), NO_PATCH
    ),
    "reads first and goes on": Harmless(sending(words.ReadsFirstAndGoesOn), ("ndw/get-is-refused",)),
}


@cache
def plain(situations: tuple[str, ...]) -> Judged:
    """The reference as it is."""
    return judged_in(Client, *situations)


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_variation_of_a_client_changes_no_verdict(name: str) -> None:
    harmless = HARMLESS[name]
    judged, expected = judged_in(harmless.client, *harmless.situations), plain(harmless.situations)
    assert judged.problems.keys() == {harmless.advised} - {""}, judged.problems
    outcomes, plain_ones = judged.outcomes, expected.outcomes
    assert Outcome.CANNOT_TELL not in outcomes.values()
    others = {one: outcome for one, outcome in outcomes.items() if plain_ones[one] is not outcome}
    assert others.keys() - {harmless.advised} <= harmless.unseen, others
    assert {others[one] for one in others.keys() & harmless.unseen} <= {Outcome.UNTESTED}
