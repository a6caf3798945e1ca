"""Verdicts that differ between two exchanges with the same request: the subject is of two minds."""

from dataclasses import dataclass, field

from harness.model.exchange import HttpExchange

KEPT_PAIRS = 3

_Clause = tuple[str, str | None]
_Asked = tuple[object, ...]


@dataclass(frozen=True)
class _Judged:
    """One exchange: the clauses (and party) that it passed, and those that it failed."""

    exchange: str
    passed: frozenset[_Clause]
    failed: frozenset[_Clause]


@dataclass
class Repeats:
    """Compares what clauses said of the same request, while it is `watching`. `unstable` holds by clause and party the
    pairs of exchanges, the failed one first."""

    watching: bool = True
    unstable: dict[_Clause, list[tuple[str, str]]] = field(default_factory=dict)
    _earlier: dict[_Asked, _Judged] = field(default_factory=dict)
    _same: dict[frozenset[_Clause], frozenset[_Clause]] = field(default_factory=dict)
    _passed: set[_Clause] = field(default_factory=set)
    _failed: set[_Clause] = field(default_factory=set)

    def note(self, requirement: str, party: str | None, *, failed: bool) -> None:
        """A clause has looked at the present exchange."""
        if not self.watching:
            return
        (self._failed if failed else self._passed).add((requirement, party))

    def end(self, exchange: HttpExchange) -> None:
        """The present exchange is judged: hold it against the last one with the same request."""
        if not self.watching:
            return
        passed = self._kept(frozenset(self._passed - self._failed))
        now = _Judged(exchange.id, passed, self._kept(frozenset(self._failed)))
        self._passed.clear()
        self._failed.clear()
        asked = _asked(exchange)
        earlier = self._earlier.get(asked)
        self._earlier[asked] = now
        if earlier is not None:
            self._compare(earlier, now)
            self._compare(now, earlier)

    def _compare(self, one: _Judged, other: _Judged) -> None:
        for clause in one.failed & other.passed:
            pairs = self.unstable.setdefault(clause, [])
            if len(pairs) < KEPT_PAIRS:
                pairs.append((one.exchange, other.exchange))

    def _kept(self, clauses: frozenset[_Clause]) -> frozenset[_Clause]:
        """Most pages pass the same clauses: those are kept once."""
        return self._same.setdefault(clauses, clauses)


def _asked(exchange: HttpExchange) -> _Asked:
    """What was asked: all of the request but its fresh ids, and how it was meant."""
    request = exchange.request
    return (request.method, request.url, request.body.raw, request.credential, "probe" in exchange.tags)
