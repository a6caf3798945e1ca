"""A situation: what a client under test meets. It has no steps: it says what the mock presents, and when it is over."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from harness.model.exchange import Conversation, State
from harness.model.requirement import derived_id
from harness.model.settings import Value

Orders = Callable[[State, Random], Sequence[Mapping[str, Any]]]
"""Makes the arguments of calls of the hook ``change`` out of what is known."""


@dataclass(frozen=True)
class Change:
    """Something that the client is made to do, by the hook ``change`` or by a person.

    `words` say it to a person. `orders` makes the arguments of each call of the hook out of what the mock holds by then
    (table → key → object); it gives none where there is nothing that could be changed, and is None where only a person
    can do it. `after_s` is waited before, on wire time;
    `settles`: what comes of it is waited for before the next change is made.
    """

    words: str
    orders: Orders | None
    after_s: float = 0
    settles: bool = True


@dataclass(frozen=True)
class Situation:
    """One world for a client. `id` is derived like a requirement's; `until` says in words what `done` says.

    `settings` are those of the mock; `faults` are what it does wrong, written as ``--fault`` writes them: from the
    start or, with `troubled_by_changes`, from the first change on; after `trouble_s` of wire time it is well again.
    `changes` are made once the client has settled. A client is killed after `kill_after` pushes and started again.
    `needs_s` is how much wire time it takes at least; a `slow` one is played only where that is wanted.
    `done` looks at all that was said so far: then, once nothing has come for a while, the situation is over.
    """

    id: str
    title: str
    until: str
    module: str
    done: Callable[[Conversation], bool]
    settings: Mapping[str, Value]
    faults: tuple[str, ...]
    troubled_by_changes: bool
    trouble_s: float | None
    changes: tuple[Change, ...]
    kill_after: int | None
    needs_s: float
    slow: bool


def situation(
    *,
    settings: Mapping[str, Value] | None = None,
    faults: Iterable[str] = (),
    troubled_by_changes: bool = False,
    trouble_s: float | None = None,
    changes: Iterable[Change] = (),
    kill_after: int | None = None,
    needs_s: float = 0,
    slow: bool = False,
) -> Callable[[Callable[[Conversation], bool]], Situation]:
    """Make a situation of the function that says when it is over.

    The first line of its docstring is the title; a paragraph ``Over when …`` says the end condition to people.
    """

    def made(done: Callable[[Conversation], bool]) -> Situation:
        title, _, rest = (inspect.getdoc(done) or "").partition("\n")
        until = " ".join(rest.split()).removeprefix("Over when ").removesuffix(".")
        return Situation(
            derived_id(done.__module__, done.__name__), title, until, done.__module__, done, dict(settings or {}),
            tuple(faults), troubled_by_changes, trouble_s, tuple(changes), kill_after, needs_s, slow,
        )  # fmt: skip

    return made
