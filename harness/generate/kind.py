"""What ``harness generate`` can print: kinds of payload, made by plain seeded code."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of payload.

    `objects(count, seed, party, now)` makes the objects; the same arguments give the same ones. A `feed` is one JSON
    array, another kind one object per line. `operation` is the operationId of `interface` whose answer lists such
    objects, `schema` what the document calls one; `names` is the kind of the objects that these name by id.
    """

    name: str
    interface: str
    operation: str
    schema: str
    objects: Callable[[int, int, tuple[str, str], datetime], Iterator[dict[str, Any]]]
    feed: bool
    title: str
    names: str | None = None
