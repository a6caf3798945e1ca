"""The faults of one session: put in and taken out at any time, counted once per request."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from harness.mock.fault import Fault, fault_of, fault_of_parts
from harness.mock.trouble import Trouble, together
from harness.model.edit import Edit
from harness.model.exchange import HttpExchange, HttpRequest, HttpResponse


@dataclass(frozen=True)
class Hits:
    """What goes wrong with one exchange; false where nothing does. `spellings` say it to people."""

    request_edits: tuple[Edit, ...] = ()
    answer_edits: tuple[Edit, ...] = ()
    trouble: Trouble | None = None
    spellings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.spellings)

    def changed_request(self, request: HttpRequest) -> HttpRequest:
        """The request with its edits made, in the order of the faults."""
        for edit in self.request_edits:
            if edit.change_request is not None:
                request = edit.change_request(request) or request
        return request

    def changed_answer(self, exchange: HttpExchange) -> HttpResponse | None:
        """The exchange's response with the edits made whose scope it is in, in the order of the faults."""
        for edit in self.answer_edits:
            exchange = edit.changed(exchange) or exchange
        return exchange.response


NO_HITS = Hits()


@dataclass
class _Armed:
    """A fault and how often it was met and hit."""

    fault: Fault
    random: Random
    met: int = 0
    hit: int = 0

    def meets(self, operation: str | None, service: str | None) -> bool:
        fault = self.fault
        if fault.operation not in ("*", operation, service):
            return False
        self.met += 1
        if self.met <= fault.after or (fault.times is not None and self.met > fault.after + fault.times):
            return False
        self.hit += 1
        return True


@dataclass
class Faults:
    """The faults of a session whose operations have these ids, its services, which stand for all of theirs, among them.
    `seed` is that of faults that bring none."""

    operations: Iterable[str]
    seed: int = 0
    _armed: dict[str, _Armed] = field(default_factory=dict, init=False)
    _given: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.operations = tuple(self.operations)

    def __bool__(self) -> bool:
        return bool(self._armed)

    def add(self, spec: str) -> Fault:
        """Put in what ``OPERATION:EDIT(ARGS)[:times=N][:after=N]`` describes; ValueError says what is wrong with it."""
        return self.put(fault_of(spec, self.operations, self.seed))

    def add_parts(
        self, operation: str, edit: str, times: int | None = None, after: int = 0, seed: int | None = None
    ) -> Fault:
        """The same from parts, as the control path has them."""
        chance = self.seed if seed is None else seed
        return self.put(fault_of_parts(operation, edit, self.operations, times, after, chance))

    def put(self, fault: Fault) -> Fault:
        """Put in a fault; it gets an id that no other of this session ever had."""
        self._given += 1
        fault = replace(fault, id=f"f{self._given}")
        self._armed[fault.id] = _Armed(fault, Random(fault.seed))  # noqa: S311 - to be the same again, not secret
        return fault

    def remove(self, fault_id: str) -> bool:
        """Take a fault out; False where there is none of this id."""
        return self._armed.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Take all out."""
        self._armed.clear()

    def list(self) -> list[dict[str, Any]]:
        """All, as JSON: `met` counts the requests of the operation since, `hit` those that it spoiled."""
        return [
            {
                "id": fault.id,
                "spelling": fault.spelling,
                "operation": fault.operation,
                "edit": str(fault.edit),
                "times": fault.times,
                "after": fault.after,
                "seed": fault.seed,
                "met": one.met,
                "hit": one.hit,
            }
            for one in self._armed.values()
            for fault in (one.fault,)
        ]

    def on_request(self, operation: str | None, service: str | None = None) -> Hits:
        """What goes wrong with this exchange; to be asked once for each request, since it counts."""
        if not self._armed:
            return NO_HITS
        hit = [one for one in self._armed.values() if one.meets(operation, service)]
        if not hit:
            return NO_HITS
        edits = [one.fault.edit for one in hit if isinstance(one.fault.edit, Edit)]
        return Hits(
            tuple(edit for edit in edits if edit.side == "request"),
            tuple(edit for edit in edits if edit.side == "response"),
            together([one.fault.edit.drawn(one.random) for one in hit if isinstance(one.fault.edit, Trouble)]),
            tuple(one.fault.spelling for one in hit),
        )
