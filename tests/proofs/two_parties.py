"""A platform that serves two charge point operators, and puts its own id on some of the objects of one.

It is the reference with the bulk data of NL/ABC and of NL/DEF, whose ids are the same, so that only the party tells
their objects apart. A few more Locations are under the platform's party, NL/PLT, while their evse_ids name NL/ABC. One
more party was declared, which has nothing.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from harness.model.world import Clock, VirtualClock
from harness.systems.ndw.reference.feed import bulk_locations, bulk_tariffs
from harness.wire.transport import AsgiApp
from tests.proofs.conversation import SEED, START, reference
from tests.proofs.golden import Golden, reported

INTERFACE = "ndw-pull"
OPERATORS = (("NL", "ABC"), ("NL", "DEF"))
DECLARED = ("NL/ABC", "NL/DEF", "NL/GHI")
PLATFORM = ("NL", "PLT")
EACH, PLANTED = 30, 4


def platform(clock: Clock) -> AsgiApp:
    """The app."""
    app: Any = reference(INTERFACE, clock, party=OPERATORS[0], locations=EACH)
    app.state.store.put("tariffs", bulk_tariffs(SEED, OPERATORS[1], START))
    app.state.store.put("locations", bulk_locations(EACH, SEED, OPERATORS[1], START))
    app.state.store.put("tariffs", bulk_tariffs(SEED, PLATFORM, START))
    app.state.store.put("locations", _planted())
    made: AsgiApp = app
    return made


def _planted() -> Iterator[dict[str, Any]]:
    """More Locations of the first operator, under the platform's party."""
    for location in list(bulk_locations(EACH + PLANTED, SEED, OPERATORS[0], START))[EACH:]:
        yield {**location, "party_id": PLATFORM[1]}


@cache
def golden_two_parties() -> Golden:
    """The reports of that platform."""
    clock = VirtualClock(START)
    return reported(INTERFACE, platform(clock), clock, DECLARED, "platform of two operators")
