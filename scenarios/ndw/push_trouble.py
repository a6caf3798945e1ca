"""NDW, push: what a client meets while something is wrong: with its token, with single answers, with all of NDW."""

from harness.model.exchange import Conversation
from harness.model.situation import Change, situation
from harness.standards.ocpi_2_2_1.orders import status_of_an_evse
from scenarios.ndw.push_outcomes import (
    changes_have_come,
    changes_were_tried,
    is_accepted,
    is_spoilt,
    nothing_is_left,
    pushes,
    trouble_is_over,
)
from scenarios.ndw.push_situations import A_STATUS

EXPIRES_IN_S = 20


def _status(which: int = 0, turn: int = 0, after_s: float = 0, *, settles: bool = True) -> Change:
    return Change(A_STATUS.words, status_of_an_evse(which, turn), after_s, settles)


def _is_well_again(seen: Conversation) -> bool:
    return trouble_is_over(seen) and changes_have_come(seen)


@situation(
    faults=["push:token_ended():times=1:after=2"],
    changes=[_status(0, settles=False), _status(1, after_s=1, settles=False), _status(2, after_s=1)],
)
def token_ends_half_way(seen: Conversation) -> bool:
    """The access token ends in the middle: the third push is answered 401

    Over when what was refused was pushed after all, and the changes have come.
    """
    return _is_well_again(seen)


@situation(faults=["push:token_revoked():times=1"], changes=[A_STATUS], troubled_by_changes=True)
def unauthorised_out_of_the_blue(seen: Conversation) -> bool:
    """A good access token is refused once: 401 out of the blue

    Over when what was refused was pushed after all, and the change has come.
    """
    return _is_well_again(seen)


@situation(faults=["token:failing(503):times=3", "push:token_ended():times=1"], changes=[A_STATUS])
def token_server_is_down(seen: Conversation) -> bool:
    """The token server answers 503 three times, and the token at hand is over

    Over when what was refused was pushed after all, and the change has come.
    """
    return _is_well_again(seen)


@situation(
    settings={"token.expires_in": EXPIRES_IN_S},
    changes=[_status(after_s=EXPIRES_IN_S + 5)],
    needs_s=EXPIRES_IN_S + 5,
)
def short_lived_token(seen: Conversation) -> bool:
    """Access tokens live 20 seconds, and something changes after 25

    Over when the change has come.
    """
    return nothing_is_left(seen) and changes_have_come(seen)


@situation(faults=["push:throttled(2):times=6"])
def too_many_requests(seen: Conversation) -> bool:
    """Six pushes are answered 429, with Retry-After: 2

    Over when all six were pushed after all.
    """
    return _is_well_again(seen)


@situation(faults=["push:failing(500):times=3"])
def server_errors_and_then_well(seen: Conversation) -> bool:
    """Three pushes are answered 500, and then all is well

    Over when all three were pushed after all.
    """
    return _is_well_again(seen)


REFUSED = (
    'push:with_field("/data", {"errors": [{"pointer": "", "message": "refused on purpose"}]}):times=1',
    'push:with_field("/status_message", "Refused on purpose"):times=1',
    'push:with_field("/status_code", 2001):times=1',
    "push:with_status(200):times=1",
)


@situation(faults=REFUSED, changes=[A_STATUS, _status(turn=1, after_s=8)])
def content_is_refused(seen: Conversation) -> bool:
    """A push is answered 200 with the code 2001: its content is refused

    Over when a push was refused and every change was tried.
    """
    return any(map(is_spoilt, pushes(seen))) and changes_were_tried(seen)


@situation(
    faults=[f"{one}:unknown():times=2" for one in ("patchLocation", "patchEvse", "patchConnector")],
    changes=[A_STATUS],
)
def patch_of_an_unknown_object(seen: Conversation) -> bool:
    """NDW does not know an object that is patched: 404

    Over when the change has come, by a PUT or otherwise, and whatever was answered 404 was pushed after all.
    """
    return nothing_is_left(seen) and changes_have_come(seen)


@situation(faults=["push:delay(2):times=3"])
def slow_answers(seen: Conversation) -> bool:
    """Three answers come two seconds late

    Over when something was pushed and the changes have come.
    """
    return any(map(is_accepted, pushes(seen))) and changes_have_come(seen)


@situation(faults=["push:drop_before():times=1"])
def connection_dropped_before_the_answer(seen: Conversation) -> bool:
    """The connection is closed without an answer, and nothing was done

    Over when the push came again and was done.
    """
    return _is_well_again(seen)


@situation(faults=["push:drop_after():times=1"])
def connection_dropped_after_the_work(seen: Conversation) -> bool:
    """The push is done, but its answer is lost

    Over when the push came again and was done.
    """
    return _is_well_again(seen)


@situation(
    faults=["push:failing(503)"],
    troubled_by_changes=True,
    trouble_s=10,
    changes=[_status(turn=turn, after_s=1, settles=False) for turn in range(3)],
    needs_s=13,
)
def outage_while_things_change(seen: Conversation) -> bool:
    """NDW answers 503 for ten seconds, while the status of one EVSE changes three times

    Over when NDW is well again, and the last status has come.
    """
    well = [one.at for one in seen.happened if one.kind == "well"]
    late = [one for one in pushes(seen) if well and one.sent >= well[0] and is_accepted(one)]
    return bool(late) and nothing_is_left(seen) and changes_have_come(seen)
