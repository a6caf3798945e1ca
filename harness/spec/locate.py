"""Finds the domain objects in a body: wherever the document says one stands."""

from collections.abc import Iterator
from typing import Any

from harness.model.exchange import HttpExchange, Located
from harness.model.pointer import join
from harness.model.system import DomainObjects
from harness.spec.schema import CompiledSchema, Place


def located(
    exchange: HttpExchange, schema: CompiledSchema, objects: DomainObjects
) -> Iterator[tuple[str, Located[Any]]]:
    """Every object of a known schema in the response's body, with its schema name, keys and owner.

    An object inside another carries the keys of those around it, and their owner where it names none itself.
    """
    assert exchange.response is not None  # noqa: S101 - the caller has a response
    for place in schema.places:
        if place.schema in objects.keys:
            for pointer, chain in _walk(exchange.response.body.value, place, schema.places, objects):
                yield place.schema, _located(exchange, pointer, chain, objects)


def _walk(
    value: Any, place: Place, places: tuple[Place, ...], objects: DomainObjects
) -> Iterator[tuple[list[str | int], list[tuple[str, dict[str, Any]]]]]:
    """Every object at `place`, with the chain of known objects around it, outermost first, itself last."""
    known = {one.path: one.schema for one in places if one.schema in objects.keys}

    def step(node: Any, depth: int, pointer: list[str | int], chain: list[tuple[str, dict[str, Any]]]) -> Iterator[Any]:
        name = known.get(place.path[:depth])
        if name is not None and isinstance(node, dict):
            chain = [*chain, (name, node)]
        if depth == len(place.path):
            if isinstance(node, dict):
                yield pointer, chain
            return
        token = place.path[depth]
        if token is None:
            for index, child in enumerate(node if isinstance(node, list) else ()):
                yield from step(child, depth + 1, [*pointer, index], chain)
        elif isinstance(node, dict) and token in node:
            yield from step(node[token], depth + 1, [*pointer, token], chain)

    yield from step(value, 0, [], [])


def _located(
    exchange: HttpExchange, pointer: list[str | int], chain: list[tuple[str, dict[str, Any]]], objects: DomainObjects
) -> Located[Any]:
    keys: dict[str, str] = {}
    party: str | None = None
    for name, node in chain:
        key = objects.keys[name]
        if isinstance(node.get(key.member), (str, int)):
            keys[key.name] = str(node[key.member])[:64]
        named = [node.get(member) for member in objects.party]
        if named and all(isinstance(part, str) for part in named):
            party = "/".join(str(part).upper() for part in named)
    return Located(chain[-1][1], join(pointer), exchange, keys, party)
