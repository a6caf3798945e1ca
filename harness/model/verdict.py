"""What a judge says: problems and verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """The five outcomes of W3C's EARL 1.0, in the order of how bad they are."""

    FAILED = "failed"
    CANNOT_TELL = "cannot_tell"
    PASSED = "passed"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"


@dataclass(frozen=True)
class Problem:
    """One way in which evidence breaks a clause: data, not a sentence.

    `where` is ``request|response`` ``.body|header|query|path|status|claim`` ``:`` JSON Pointer or name, or
    ``transcript``; `object` names the thing in the user's own keys; the judge fills in `exchange`, `situation` and,
    for located evidence, `object`.
    """

    where: str
    expected: str
    actual: str
    exchange: str = ""
    situation: str = ""
    object: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Inapplicable:
    """What a check yields instead of a problem where the clause does not apply to this evidence, and why."""

    reason: str


@dataclass(frozen=True)
class Verdict:
    """The outcome of one requirement for one party (None: for all of them together).

    `seen` counts the pieces of evidence that were judged, `problem_count` all problems; at most 20 are kept.
    """

    requirement: str
    party: str | None
    outcome: Outcome
    reason: str | None
    seen: int
    problem_count: int
    problems: tuple[Problem, ...]
