"""The request by which preflight asks whether an entry of an interface opens."""

from harness.model.credential import Present
from harness.model.scenario import Ask
from harness.model.system import Interface, Knocking
from harness.model.world import World

_JSON = (("Content-Type", "application/json"),)


def knock_at(entry: str, interface: Interface, world: World, auth: Present) -> Ask:
    """Knock at an entry as the interface says."""
    how = interface.knocking
    headers = _JSON if how.body else ()
    return Ask(
        how.method,
        entry + target_below(how, world),
        auth=auth,
        tags=frozenset({"probe"}),
        body=how.body,
        headers=headers,
    )


def target_below(how: Knocking, world: World) -> str:
    """What follows the path of the entry, the party filled in."""
    return how.below.format(party=world.parties[0] if world.parties else "")
