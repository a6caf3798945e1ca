"""What a finding is known by from run to run: requirement, object in the user's own keys, and the place inside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from harness.model.waiver import PARTY

_STATUS = "response.status"
_POSITION = re.compile(r"/[0-9]+(?=/|$)")


class Identity(NamedTuple):
    """The same in both runs where it is the same finding.

    `object` are the names and ids of its object; `place` is where it is inside that. Where there is no object, `place`
    is all of it, with the operation that was asked for and the class of the status that came (``2xx``). A position in
    a list is ``*``: lists come in another order next time, and what has a name of its own is told by that. So one
    finding may stand for several problems of a run.
    """

    requirement: str
    party: str | None
    object: tuple[tuple[str, str], ...]
    place: str
    operation: str = ""
    status: str = ""


@dataclass
class Identities:
    """Tells the findings of one run. `names` are the names of ids that tell objects apart (None, of a record that does
    not say: all are), `former` maps ids that requirements had to those of today."""

    names: frozenset[str] | None
    former: Mapping[str, str] = field(default_factory=dict)
    _asked: dict[str, tuple[str, str]] = field(default_factory=dict)

    def saw(self, exchange: str, operation: str | None, status: int | None) -> None:
        """An exchange of the run, to be told before the findings in it."""
        self._asked[exchange] = (operation or "", f"{status // 100}xx" if status is not None else "")

    def of(self, requirement: str, party: str | None, problem: Mapping[str, object]) -> Identity:
        """The identity of a problem, with its members as a record has them."""
        named = problem.get("object")
        ids = self._ids(named if isinstance(named, Mapping) else {}, party)
        name, where = self.former.get(requirement, requirement), str(problem.get("where", ""))
        if ids:
            return Identity(name, party, ids, without_positions(str(problem.get("inside", ""))))
        operation, status = self._asked.get(str(problem.get("exchange", "")), ("", ""))
        return Identity(name, party, (), without_positions(where), operation, "" if where == _STATUS else status)

    def _ids(self, named: Mapping[str, object], party: str | None) -> tuple[tuple[str, str], ...]:
        def tells_apart(name: str) -> bool:
            if name == PARTY:
                return party is None
            return self.names is None or name in self.names

        return tuple((name, str(value)) for name, value in sorted(named.items()) if tells_apart(name))


def without_positions(place: str) -> str:
    """``/images/*/url``: a place, wherever in a list it is."""
    return _POSITION.sub("/*", place)
