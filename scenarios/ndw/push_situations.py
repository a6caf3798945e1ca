"""NDW, push: what a client meets while NDW is well, and what can be asked of it then.

Trouble with the token and with single answers has chapters of its own.
"""

from harness.model.exchange import Conversation
from harness.model.situation import Change, situation
from harness.standards.ocpi_2_2_1.orders import (
    name_of_a_location,
    price_of_a_tariff,
    status_of_an_evse,
    statuses_of_evses,
)
from scenarios.ndw.push_outcomes import changes_have_come, is_accepted, pushes

A_STATUS = Change("Change the status of one charging point (EVSE), such as AVAILABLE to CHARGING.", status_of_an_evse())
A_PRICE = Change("Change a price of one tariff, by a cent.", price_of_a_tariff())
A_NAME = Change("Change the name of one location.", name_of_a_location())
BURST = 50


def _is_told(seen: Conversation) -> bool:
    return any(map(is_accepted, pushes(seen))) and changes_have_come(seen)


@situation(changes=[A_STATUS, A_PRICE, A_NAME])
def all_is_well(seen: Conversation) -> bool:
    """All is well

    Over when something was pushed and every change has come.
    """
    return _is_told(seen)


@situation(
    changes=[
        Change(
            "Delete one tariff that no connector names any more; take it out of the connectors first where you must.",
            None,  # the hook sets members: it takes no object away
        )
    ]
)
def a_tariff_is_deleted(seen: Conversation) -> bool:
    """A tariff is deleted, and the answer has no body

    Over when a tariff was deleted and the answer was 204.
    """
    return any(one.request.method == "DELETE" and is_accepted(one) for one in pushes(seen))


@situation(
    changes=[
        Change(
            "Change the statuses of many charging points (EVSEs) at once, 50 changes if you can.",
            statuses_of_evses(BURST),
        )
    ]
)
def burst_of_changes(seen: Conversation) -> bool:
    """Fifty statuses change in one go

    Over when the last status of each EVSE that changed has come.
    """
    return _is_told(seen)


@situation(settings={"push.get_method": "405"})
def get_is_refused(seen: Conversation) -> bool:
    """NDW lists no GET: whoever reads before it writes is refused

    Over when something was pushed.
    """
    return _is_told(seen)


@situation(kill_after=5, changes=[A_STATUS])
def killed_and_started_again(seen: Conversation) -> bool:
    """The client is killed after five pushes, and started again

    Over when something was pushed since, and the change that was made then has come.
    """
    again = [one.at for one in seen.happened if one.kind == "started" and one.detail == "again"]
    accepted = [one for one in pushes(seen) if is_accepted(one)]
    return bool(again) and any(one.sent >= again[-1] for one in accepted) and changes_have_come(seen)
