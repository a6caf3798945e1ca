"""What a judge says: problems and verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from harness.model.waiver import Waiver

LOST = "the subject stopped answering"
"""How the reason begins where nobody can tell, since the subject went away; any other such reason is our own fault."""

UNSHOWN = "nothing in this run shows it"
"""The reason where no evidence came up at all."""

UNREAD = "needs the hook export, or --pull-url"
"""The reason where what the client holds itself could not be looked at."""


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
    ``transcript``; `object` names the thing in the user's own keys, `inside` is the JSON Pointer within it (``""``: the
    thing itself, or there is none). The judge fills in `exchange`, `situation` and, for located evidence, `object` and
    `inside`; further whether it is `waived`, and whether it is `known` from an earlier run.
    """

    where: str
    expected: str
    actual: str
    exchange: str = ""
    situation: str = ""
    object: Mapping[str, str] = field(default_factory=dict)
    inside: str = ""
    waived: bool = False
    known: bool = False

    @property
    def is_excused(self) -> bool:
        """Somebody answers for it, or it was there before."""
        return self.waived or self.known


@dataclass(frozen=True)
class Inapplicable:
    """What a check yields instead of a problem where the clause does not apply to this evidence, and why."""

    reason: str


@dataclass(frozen=True)
class NotEnough:
    """What a check yields instead of a problem where the evidence falls short of a verdict, and by how much: ``needs
    time: 12 of 65 s were watched``. Where no other evidence shows the clause, it is untested for this reason."""

    reason: str


@dataclass(frozen=True)
class Verdict:
    """The outcome of one requirement for one party (None: for all of them together).

    `seen` counts the pieces of evidence that were judged, `problem_count` all problems; at most 20 are kept, those that
    nobody excuses first. `unstable` holds pairs of exchanges with the same request, of which the first failed the
    clause and the second passed it. `waived_count` and `known_count` count the problems that one of the `waivers`
    covers, and those of an earlier run; `excused_count` those that are one of the two, or both.
    """

    requirement: str
    party: str | None
    outcome: Outcome
    reason: str | None
    seen: int
    problem_count: int
    problems: tuple[Problem, ...]
    unstable: tuple[tuple[str, str], ...] = ()
    waivers: tuple[Waiver, ...] = ()
    waived_count: int = 0
    known_count: int = 0
    excused_count: int = 0

    @property
    def is_waived(self) -> bool:
        """It failed, and waivers cover all of it."""
        return self.outcome is Outcome.FAILED and 0 < self.problem_count == self.waived_count

    @property
    def is_excused(self) -> bool:
        """It failed, and there is nothing but what is waived or was known before."""
        return self.outcome is Outcome.FAILED and 0 < self.problem_count == self.excused_count
