"""Finds the domain objects in a body: wherever the document says one stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from harness.model.exchange import HttpExchange, Located
from harness.model.pointer import join
from harness.model.system import DomainObjects
from harness.spec.schema import CompiledSchema, Place


@dataclass
class _Step:
    """A step on the way to known objects: what stands here, and the further steps; None is every element."""

    name: str | None = None
    further: dict[str | None, "_Step"] = field(default_factory=dict)


def located(
    exchange: HttpExchange, schema: CompiledSchema, objects: DomainObjects, address: "Address | None" = None
) -> list[tuple[str, Located[Any]]]:
    """Every object of a known schema in the response's body, with its schema name, keys and owner.

    An object inside another carries the keys of those around it, and their owner where it names none itself; so does
    one at an `address` that tells them.
    """
    assert exchange.response is not None  # noqa: S101 - the caller has a response
    walk = _Walk(exchange, objects)
    keys, party = (address.keys, address.party) if address else ({}, None)
    walk.on(exchange.response.body.value, _way(schema, objects.keys), "", keys, party)
    return walk.found


@dataclass(frozen=True)
class Address:
    """What the path of a request tells of the object that it is about: its keys, and its owner."""

    keys: Mapping[str, str]
    party: str | None


def address_of(url: str, template: str, objects: DomainObjects) -> Address:
    """What a URL tells whose path ends in what this template stands for."""
    given = parameters_in(url, template)
    keys = {name: given[one][:64] for one, name in objects.named_by.items() if one in given}
    owner = [given[member] for member in objects.party if member in given]
    return Address(keys, "/".join(owner).upper()[:64] if owner and len(owner) == len(objects.party) else None)


def parameters_in(url: str, template: str) -> dict[str, str]:
    """The parameters of a path template, decoded, in a URL whose path ends in what it stands for."""
    steps = template.strip("/").split("/")
    path = urlsplit(url).path.split("/")[-len(steps) :]
    return {step[1:-1]: unquote(part) for step, part in zip(steps, path, strict=False) if step.startswith("{")}


def _way(schema: CompiledSchema, known: Collection[str]) -> _Step:
    """The paths to all known objects as one tree, so that a body is walked once; the schema keeps it."""
    ways: dict[frozenset[str], _Step] = schema.ways
    names = frozenset(known)
    if names not in ways:
        ways[names] = _made(schema.places, names)
    return ways[names]


def _made(places: tuple[Place, ...], known: frozenset[str]) -> _Step:
    root = _Step()
    for place in places:
        if place.schema in known:
            step = root
            for token in place.path:
                step = step.further.setdefault(token, _Step())
            step.name = place.schema
    return root


@dataclass(frozen=True)
class _Walk:
    exchange: HttpExchange
    objects: DomainObjects
    found: list[tuple[str, Located[Any]]] = field(default_factory=list)

    def on(self, value: Any, step: _Step, pointer: str, keys: Mapping[str, str], party: str | None) -> None:
        """The object that stands here, if any, then those below it."""
        if isinstance(value, dict):
            if step.name is not None:
                keys, party = self._named(step.name, value, keys, party)
                self.found.append((step.name, Located(value, pointer, self.exchange, keys, party)))
            for token, further in step.further.items():
                if token is not None and token in value:
                    self.on(value[token], further, pointer + join((token,)), keys, party)
        elif isinstance(value, list) and None in step.further:
            further = step.further[None]
            for index, one in enumerate(value):
                self.on(one, further, f"{pointer}/{index}", keys, party)

    def _named(
        self, name: str, value: Mapping[str, Any], keys: Mapping[str, str], party: str | None
    ) -> tuple[Mapping[str, str], str | None]:
        key = self.objects.keys[name]
        own = value.get(key.member)
        if isinstance(own, str | int):
            keys = {**keys, key.name: str(own)[:64]}
            for member in key.also:
                if isinstance(second := value.get(member), str):
                    keys[member] = second[:64]
        if self.objects.party and self.objects.party[0] in value:
            owner = [part for member in self.objects.party if isinstance(part := value.get(member), str)]
            party = "/".join(owner).upper() if len(owner) == len(self.objects.party) else party
        return keys, party
