"""Probes come last: what a scenario says of its turn is what it does."""

from collections.abc import Iterable

import pytest

from harness.collect import interfaces, suite
from harness.model.exchange import HttpExchange
from harness.model.scenario import Turn
from tests.proofs.conversation import conforming, ways


def turn_of(exchanges: Iterable[HttpExchange]) -> Turn:
    """The turn of a conversation in which this was asked."""
    probes = [exchange for exchange in exchanges if "probe" in exchange.tags]
    if not probes:
        return Turn.PROPER
    return Turn.PROBES if all("authorised" in exchange.tags for exchange in probes) else Turn.KNOCKS


@pytest.mark.parametrize("interface", list(interfaces()))
def test_a_scenario_has_the_turn_that_it_says(interface: str) -> None:
    held = [one for way in ways(interface) for one in conforming(interface, way)]
    done = {
        scenario.id: max(turn_of(one.exchanges) for one in held if one.situation == scenario.id)
        for scenario in suite(interface).scenarios
    }
    assert done == {scenario.id: scenario.turn for scenario in suite(interface).scenarios}


@pytest.mark.parametrize("interface", list(interfaces()))
def test_scenarios_are_held_in_turn(interface: str) -> None:
    turns = [scenario.turn for scenario in suite(interface).scenarios]
    assert turns == sorted(turns)
