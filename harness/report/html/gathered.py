"""What a page needs of the record besides the report, in one pass: the conversation, places, and who failed where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from harness.report.causes import State, state_of
from harness.report.html.moments import Moments, MomentsTaker

WHOLE_CONVERSATION = 500
"""A conversation of so many exchanges is shown whole."""
_FIRST, _FAILING = 8, 20

Weight = Literal["decides", "warning"]
_COUNTS: Mapping[State | None, Weight] = {
    "decides": "decides", "known": "decides", "warning": "warning", "new": "warning",
}  # fmt: skip
"""What a failure does to the object on a map; what was switched off or waived does nothing."""
ObjectId = tuple[str | None, str, str]
"""An object: its party, the name of its kind, its id."""


class Asked(NamedTuple):
    """One exchange as a line of a table."""

    id: str
    at: str
    method: str
    path: str
    answer: str
    attempts: int
    tags: tuple[str, ...]


@dataclass
class Situation:
    """One conversation: what was asked in it, the lines that are shown, and how many are not."""

    name: str
    title: str
    asked: list[Asked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shown: list[Asked] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """So many exchanges are in the record alone."""
        return len(self.asked) - len(self.shown)


class Place(NamedTuple):
    """Where an object is, in degrees, and the state of the worst that is wrong with it, None where nothing is."""

    party: str | None
    id: str
    latitude: float
    longitude: float
    state: Weight | None
    clauses: int


@dataclass
class Gathered:
    """`places` by the name of their kind of object; `moments` by the name of a situation that a client met."""

    situations: list[Situation] = field(default_factory=list)
    places: dict[str, list[Place]] = field(default_factory=dict)
    moments: dict[str, Moments] = field(default_factory=dict)
    asked: int = 0

    @property
    def shown(self) -> frozenset[str]:
        """The exchanges that have a line in the page."""
        return frozenset(one.id for situation in self.situations for one in situation.shown)


@dataclass
class _Failures:
    """The state of the worst failure of every object that a problem names, and the clauses that it fails."""

    states: Mapping[tuple[str, str | None], State]
    states_of: dict[ObjectId, set[Weight]] = field(default_factory=dict)
    clauses_of: dict[ObjectId, set[str]] = field(default_factory=dict)

    def take(self, entry: Mapping[str, Any]) -> None:
        problem = entry["problem"]
        named = [(key, value) for key, value in problem["object"].items() if key != "party"]
        weight = self.weight(entry)
        if not named or weight is None:
            return
        who: ObjectId = (problem["object"].get("party"), *named[0])
        self.states_of.setdefault(who, set()).add(weight)
        self.clauses_of.setdefault(who, set()).add(entry["requirement"])

    def place(self, key: str, told: Iterable[Any]) -> Place:
        party, name, latitude, longitude = told
        who: ObjectId = (party, key, name)
        states = self.states_of.get(who)
        if not states:
            return Place(party, name, latitude, longitude, None, 0)
        worst: Weight = "decides" if "decides" in states else "warning"
        return Place(party, name, latitude, longitude, worst, len(self.clauses_of[who]))

    def weight(self, entry: Mapping[str, Any]) -> Weight | None:
        """What a problem does to the object, or to the moment, that it is about."""
        if entry["problem"].get("waived"):
            return None
        return _COUNTS.get(self.states.get((entry["requirement"], entry["party"])))


def gathered(report: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> Gathered:
    """All of it, of the lines of a record and the report that was made of it."""
    failed = [verdict for verdict in report["verdicts"] if verdict["outcome"] == "failed"]
    failures = _Failures({(one["requirement"], one["party"]): state_of(one, report) for one in failed})
    found, by_name, moments = Gathered(), dict[str, Situation](), MomentsTaker()
    origin = _origin(report["subject"]["address"])
    for entry in entries:
        kind = entry.get("kind")
        moments.take(entry)
        if kind == "exchange":
            _situation(by_name, entry["situation"]).asked.append(_asked(entry, origin))
            found.asked += 1
        elif kind == "problem":
            failures.take(entry)
            if weight := failures.weight(entry):
                moments.problem(entry, weight)
        elif kind == "situation":
            _note(_situation(by_name, entry["name"]), entry)
        elif kind == "places":
            placed = found.places.setdefault(entry["key"], [])
            placed += [failures.place(entry["key"], told) for told in entry["places"]]
    found.situations, found.moments = list(by_name.values()), moments.by_name
    _choose(found, set(_named(failed)))
    return found


def _named(failed: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for verdict in failed:
        yield from (problem["exchange"] for problem in verdict["problems"])
        yield from (name for pair in verdict.get("unstable", ()) for name in pair)


def _choose(found: Gathered, failing: set[str]) -> None:
    """What is shown: everything, or of each situation its first exchanges and those that problems name."""
    for situation in found.situations:
        asked = situation.asked
        if found.asked <= WHOLE_CONVERSATION:
            situation.shown = asked
            continue
        named = [one for one in asked[_FIRST:] if one.id in failing]
        situation.shown = asked[:_FIRST] + named[:_FAILING]


def _situation(by_name: dict[str, Situation], name: str) -> Situation:
    return by_name.setdefault(name, Situation(name, ""))


def _note(situation: Situation, entry: Mapping[str, Any]) -> None:
    situation.title = entry.get("title", situation.title)
    situation.notes += [f"not asked: {reason}" for reason in entry.get("not_asked", ())]
    situation.notes += [f"sampled: {sample}" for sample in entry.get("sampled", ())]
    if "hook" in entry:
        hook = entry["hook"]
        situation.notes.append(f"the hook {hook['name']} was called after {hook['after'] or 'nothing yet'}")


def _asked(entry: Mapping[str, Any], origin: str) -> Asked:
    request, response = entry["request"], entry["response"]
    failure = entry.get("failure") or {}
    answer = str(response["status"]) if response else f"no answer: {failure.get('detail', 'none came')}"
    path = request["url"].removeprefix(origin) if origin else request["url"]
    return Asked(
        entry["id"],
        entry["sent"].partition("T")[2].rstrip("Z")[:12],
        request["method"],
        path or "/",
        answer,
        entry.get("attempts", 1),
        tuple(entry["tags"]),
    )


def _origin(address: str) -> str:
    """Scheme and host, which every line of the conversation would repeat."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
