"""What a client under test met, situation by situation: the member `situations` of a report, and words for it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.model.exchange import TOKEN_ENDPOINT

_OVER = {
    "done": "its condition held",
    "ended": "the client ended by itself",
    "limit": "the limit came before its condition held",
    "nothing to wait for": "there was nothing to wait for",
    "flood": "the client said more than anybody wants to hear",
    "skipped": "it was skipped",
    "nobody called": "nobody called",
    None: "the run was cut off in it",
}


@dataclass
class _Met:
    """One situation as its lines told it."""

    told: dict[str, Any]
    exchanges: int = 0
    tokens: int = 0
    hooks: list[dict[str, Any]] = field(default_factory=list)
    happened: list[dict[str, Any]] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)


class Situations:
    """Takes the ``situation`` and ``exchange`` lines of a record. A conversation that the harness itself held is none
    of a client's situations: it has no beginning of its own in the record."""

    def __init__(self) -> None:
        self._met: dict[str, _Met] = {}

    def take(self, entry: Mapping[str, Any]) -> None:
        """Keep what is needed of a line."""
        if entry["kind"] == "exchange":
            if met := self._met.get(entry["situation"]):
                met.exchanges += 1
                met.tokens += bool((entry["response"] or {}).get("issued")) and TOKEN_ENDPOINT in entry["tags"]
            return
        if entry.get("state") == "begins":
            told = {name: entry[name] for name in ("name", "title", "until")}
            self._met[entry["name"]] = _Met({**told, "faults": list(entry.get("faults", ()))})
        met = self._met.get(entry["name"])
        if met is None:
            return
        if entry.get("state") == "over":
            met.told |= {"over": entry["why"], "seconds": entry["seconds"]}
        if "happened" in entry:
            met.happened.append(dict(entry["happened"]))
        if "hook" in entry:
            met.hooks.append({name: entry["hook"].get(name) for name in ("name", "after", "began", "at")})
        met.not_asked += entry.get("not_asked", ())

    def told(self) -> list[dict[str, Any]]:
        """One entry per situation, in the order in which they began. `over` is None of one that was cut off."""
        return [
            {
                "over": None,
                "seconds": None,
                **met.told,
                "exchanges": met.exchanges,
                "tokens": met.tokens,
                "hooks": met.hooks,
                "happened": met.happened,
                "not_asked": met.not_asked,
            }
            for met in self._met.values()
        ]


def met_by_client(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The situations of a report; none where the subject is no client that was led through any."""
    return list(report.get("situations", ()))


def over_words(situation: Mapping[str, Any]) -> str:
    """Why it was over: ``its condition held``."""
    return _OVER.get(situation["over"], str(situation["over"]))


def counted(count: int, noun: str) -> str:
    """``1 request``, ``2 requests``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def line_of(situation: Mapping[str, Any]) -> str:
    """All of a situation in one line: how long, how much was said, what went wrong on purpose, why it was over."""
    seconds = situation["seconds"]
    parts = [] if seconds is None else [f"{seconds:.1f} s"]
    parts += [counted(situation["exchanges"], "request"), counted(situation["tokens"], "token")]
    if situation["faults"]:
        parts.append(f"on purpose ({'; '.join(map(_short, situation['faults']))})")
    kills = sum(one["kind"] == "killed" for one in situation["happened"])
    parts += [counted(kills, "kill")] if kills else []
    calls = Counter(one["name"] for one in situation["hooks"])
    parts += [f"{counted(count, 'call')} of the hook {name}" for name, count in calls.items()]
    return f"{', '.join(parts)}. Over because {over_words(situation)}"


def summed_up(situations: Iterable[Mapping[str, Any]]) -> str:
    """All of them in one line: ``3 situations: 2 played to the end, 1 skipped (ndw/outage); 80 requests, 3 tokens``."""
    ends: dict[str, list[str]] = {}
    met = list(situations)
    for one in met:
        ends.setdefault(_end(one), []).append(one["name"])
    told = [f"{len(names)} {end}{'' if end == _WELL else f' ({_few(names)})'}" for end, names in ends.items()]
    requests, tokens = (sum(one[name] for one in met) for name in ("exchanges", "tokens"))
    said = f"{counted(requests, 'request')}, {counted(tokens, 'token')}"
    return f"{counted(len(met), 'situation')}: {', '.join(told)}; {said}"


_WELL = "played to the end"
_FEW = 3
_LONG_ARGUMENTS = re.compile(r"\(.{24,}\)", re.DOTALL)


def _short(fault: str) -> str:
    """A fault without what would fill the line: ``push:with_field(…):times=1``."""
    return _LONG_ARGUMENTS.sub("(…)", fault)


def _end(situation: Mapping[str, Any]) -> str:
    if situation["over"] in ("done", "ended", "nothing to wait for"):
        return _WELL
    return {
        "limit": "over at the limit",
        "skipped": "skipped",
        "flood": "ended in a flood of requests",
        "nobody called": "in which nobody called",
        None: "cut off",
    }.get(situation["over"], str(situation["over"]))


def _few(names: list[str]) -> str:
    return ", ".join(names[:_FEW]) + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
