"""How a client takes answers: what is no fault in real clients, and what is, at made-up moments."""

import pytest

from harness.model.exchange import Conversation
from harness.model.requirement import Requirement
from scenarios.ndw.push_coping import deleted_is_deleted, done_is_not_repeated, refused_is_not_repeated_unchanged
from scenarios.ndw.push_recovery import a_401_is_answered_with_a_new_token, unknown_is_told_in_full
from scenarios.ndw.push_replay import no_old_state_is_replayed
from tests.specs.made_up_client import EVSE, LOCATION, ask, change, push, said_by, stamp, talk

TARIFF = "/tariffs/NL/XPO/TAR-9"
WHOLE = {"id": "LOC-1", "last_updated": stamp(0)}
LATE = ["trouble: delay"]


def state(status: str, at: float) -> dict[str, str]:
    return {"status": status, "last_updated": stamp(at)}


REPEATS = [
    ("deleted, and never again", "passed", deleted_is_deleted, talk(push(1, TARIFF, method="DELETE", status=204))),
    ("deleted, looked at too short", "not enough", deleted_is_deleted,
     talk(push(1, TARIFF, method="DELETE", status=204), until=1.5)),
    ("deleted again at once: no body was no answer", "failed", deleted_is_deleted,
     talk(push(1, TARIFF, method="DELETE", status=204), push(1.02, TARIFF, method="DELETE", status=404))),
    ("deleted by two workers", "passed", deleted_is_deleted,
     talk(push(1, TARIFF, method="DELETE", status=204), push(1.1, TARIFF, method="DELETE", status=404, token=3))),
    ("deleted, made anew, deleted", "passed", deleted_is_deleted,
     talk(push(1, TARIFF, method="DELETE", status=204), push(2, TARIFF, method="PUT", status=201),
          push(4, TARIFF, method="DELETE", status=204))),
    ("killed before it was noted", "passed", deleted_is_deleted,
     talk(push(1, TARIFF, method="DELETE", status=204), push(3, TARIFF, method="DELETE", status=404),
          happened=[("killed", 2), ("started", 2)])),
    ("refused, retried like a failure", "failed", refused_is_not_repeated_unchanged,
     talk(push(1, code=2001), push(2, code=2001), push(4, code=2001))),
    ("refused, retried once by a timer", "failed", refused_is_not_repeated_unchanged,
     talk(push(1, code=2001), push(31, code=2001))),
    ("refused, retried once after half a second", "failed", refused_is_not_repeated_unchanged,
     talk(push(1, code=2001), push(1.5))),
    ("refused with 400, retried", "failed", refused_is_not_repeated_unchanged,
     talk(push(1, status=400, code=2000), push(6, status=400, code=2000))),
    ("refused, then corrected", "passed", refused_is_not_repeated_unchanged,
     talk(push(1, code=2001), push(2, body=state("BLOCKED", 2)))),
    ("refused, sent by two at the same time", "passed", refused_is_not_repeated_unchanged,
     talk(push(1, code=2001), push(1.2, code=2001, token=3))),
    ("refused, and everything is sent anew each half minute", "passed", refused_is_not_repeated_unchanged,
     talk(push(1, code=2001), push(1, LOCATION, method="PUT"), push(31, code=2001), push(31, LOCATION, method="PUT"))),
    ("unknown, made known, and then sent again", "passed", refused_is_not_repeated_unchanged,
     talk(push(1, code=2003), push(3, LOCATION, method="PUT", body=WHOLE, status=201), push(4))),
    ("refused, killed, tried once more", "passed", refused_is_not_repeated_unchanged,
     talk(push(1, code=2001), push(9, code=2001), happened=[("killed", 5), ("started", 6)])),
    ("created, and retried: 201 was no success", "failed", done_is_not_repeated,
     talk(*(push(at, LOCATION, method="PUT", status=201, body=WHOLE) for at in (1, 1.5, 2.5)))),
    ("everything on each change, of its own accord", "passed", done_is_not_repeated,
     talk(*(push(at, LOCATION, method="PUT", body=WHOLE) for at in (1, 3, 5, 7)),
          *(push(at, body=state("CHARGING", at)) for at in (2.9, 4.9, 6.9)))),
    ("everything on each change by the hook", "passed", done_is_not_repeated,
     talk(*(push(at, LOCATION, method="PUT", body=WHOLE) for at in (1, 3, 5, 7)),
          hooks=[change(at, "CHARGING") for at in (2.9, 4.9, 6.9)])),
    ("given up on, since the answer came late", "passed", done_is_not_repeated,
     talk(push(1, tags=LATE), push(2, tags=LATE), push(3, tags=LATE), push(4))),
]  # fmt: skip

RECOVERIES = [
    ("PUT of the location", "passed", unknown_is_told_in_full,
     talk(push(1, status=404), push(2, LOCATION.upper().replace("/LOCATIONS", "/locations"), method="PUT"))),
    ("PUT of the EVSE, sent while the PATCH was under way", "passed", unknown_is_told_in_full,
     talk(push(1, status=404, took=1), push(1.5, EVSE, method="PUT"))),
    ("a second PATCH under way, then the PUT", "passed", unknown_is_told_in_full,
     talk(push(1, status=404), push(1.1, status=404), push(3, EVSE, method="PUT"))),
    ("nothing yet", "not enough", unknown_is_told_in_full, talk(push(1, status=404), until=13)),
    ("nothing for more than a minute", "failed", unknown_is_told_in_full, talk(push(1, status=404), until=70)),
    ("it ended", "failed", unknown_is_told_in_full,
     talk(push(1, status=404), until=3, happened=[("started", 0), ("ended", 2)])),
    ("the PATCH, and the PATCH, and the PATCH", "failed", unknown_is_told_in_full,
     talk(*(push(at, status=404) for at in (1, 2, 4)), push(5, method="PUT"))),
    ("another location is PUT", "failed", unknown_is_told_in_full,
     talk(push(1, status=404), push(2, "/locations/NL/XPO/LOC-11", method="PUT"))),
    ("401, a new token, once more", "passed", a_401_is_answered_with_a_new_token,
     talk(push(1, status=401), ask(1.1, 3), push(1.2, token=3), until=4)),
    ("401 to a worker whose fellow had a new token already", "passed", a_401_is_answered_with_a_new_token,
     talk(ask(0.5, 3), push(1, status=401), push(1.2, token=3), until=4)),
    ("401 to four at once, one new token for all", "passed", a_401_is_answered_with_a_new_token,
     talk(*(push(1 + n / 10, f"{EVSE}{n}", status=401) for n in range(4)), ask(1.5, 3),
          *(push(2 + n / 10, f"{EVSE}{n}", token=3) for n in range(4)), until=5)),
    ("401 twice, then it waits", "passed", a_401_is_answered_with_a_new_token,
     talk(push(1, status=401), ask(1.1, 3), push(1.2, token=3, status=401), until=70)),
    ("401, and the state had changed by then", "passed", a_401_is_answered_with_a_new_token,
     talk(push(1, status=401), ask(1.1, 3), push(9, token=3, body=state("BLOCKED", 8)), until=20)),
    ("401, and the token server is down", "not enough", a_401_is_answered_with_a_new_token,
     talk(push(1, status=401), ask(1.1, status=503), ask(9, status=503), until=100)),
    ("401, watched for a moment", "not enough", a_401_is_answered_with_a_new_token, talk(push(1, status=401), until=9)),
    ("401, given up", "failed", a_401_is_answered_with_a_new_token, talk(push(1, status=401), until=70)),
    ("401, a token, and the push is lost", "failed", a_401_is_answered_with_a_new_token,
     talk(push(1, status=401), ask(1.1, 3), push(5, f"{EVSE}2", token=3), until=70)),
    ("401, and the same token again, which works", "failed", a_401_is_answered_with_a_new_token,
     talk(push(1, status=401), push(3), until=5)),
    ("401 in a loop", "failed", a_401_is_answered_with_a_new_token,
     talk(*(push(1 + n / 50, status=401) for n in range(9)), until=5)),
    ("404, killed", "not enough", unknown_is_told_in_full,
     talk(push(1, status=404), happened=[("started", 0), ("killed", 2), ("started", 2)])),
    ("401, killed", "not enough", a_401_is_answered_with_a_new_token,
     talk(push(1, status=401), happened=[("started", 0), ("killed", 2), ("started", 2)])),
    ("never a 401", "silent", a_401_is_answered_with_a_new_token, talk(push(1))),
]  # fmt: skip

A, B, C = (state(status, at) for status, at in (("CHARGING", 0), ("AVAILABLE", 2), ("BLOCKED", 3)))
REPLAYS = [
    ("the last state alone", "passed", talk(push(1, body=A, status=503), push(20, body=C))),
    ("an old one after a newer one", "failed",
     talk(push(1, body=A, status=503), push(5, body=C, status=503), push(20, body=A), push(21, body=C))),
    ("sent side by side, and overtaken", "passed",
     talk(push(1, body=A, status=503), push(5, body=B), push(5.5, body=A))),
    ("a queue, played back", "failed",
     talk(push(0.1, body=A, status=503), push(20, body=A), push(20.1, body=B), push(20.2, body=C))),
    ("a clock that is behind", "passed",
     talk(push(30.1, body=A, status=503), push(31.1, body=A), push(32.1, body=B), push(33.1, body=C))),
    ("a state that the hook had replaced", "failed",
     talk(push(1, body=A, status=503), push(10, body=A), push(11, body=C),
          hooks=[change(0.5, "CHARGING"), change(3, "BLOCKED")])),
    ("one that the hook replaced a moment ago", "passed",
     talk(push(1, body=A, status=503), push(6, body=A), push(7, body=C),
          hooks=[change(0.5, "CHARGING"), change(3, "BLOCKED")])),
    ("one that the hook made again", "passed",
     talk(push(1, body=A, status=503), push(12, body=state("CHARGING", 11)),
          hooks=[change(0.5, "CHARGING"), change(3, "BLOCKED"), change(11, "CHARGING")])),
    ("in the location that holds it", "failed",
     talk(push(1, LOCATION, method="PUT", body=WHOLE, status=503),
          push(12, LOCATION, method="PUT",
               body={"id": "LOC-1", "last_updated": stamp(1), "evses": [{"uid": "EV-1", "status": "CHARGING"}]}),
          hooks=[change(0.5, "CHARGING"), change(3, "BLOCKED")])),
    ("nothing had changed", "not enough", talk(push(1, body=A, status=503), push(3, body=A))),
    ("never any trouble", "silent", talk(push(1, body=A), push(3, body=C))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "clause", "conversation"), [case[1:] for case in REPEATS], ids=[case[0] for case in REPEATS]
)
def test_what_is_done_or_refused_is_not_sent_again(
    outcome: str, clause: Requirement, conversation: Conversation
) -> None:
    assert said_by(clause, conversation).outcome == outcome


@pytest.mark.parametrize(
    ("outcome", "clause", "conversation"), [case[1:] for case in RECOVERIES], ids=[case[0] for case in RECOVERIES]
)
def test_what_can_be_mended_is_mended(outcome: str, clause: Requirement, conversation: Conversation) -> None:
    assert said_by(clause, conversation).outcome == outcome


@pytest.mark.parametrize(("outcome", "conversation"), [case[1:] for case in REPLAYS], ids=[case[0] for case in REPLAYS])
def test_after_an_outage_only_the_present_state_is_sent(outcome: str, conversation: Conversation) -> None:
    assert said_by(no_old_state_is_replayed, conversation).outcome == outcome


def test_it_is_told_how_much_time_there_was_and_how_much_is_needed() -> None:
    said = said_by(unknown_is_told_in_full, talk(push(1, status=404), until=13))
    assert said.why == "needs time: 12 of 60 s were watched"
