"""What happened in each situation of a client's run, with its moment: gathered line by line from the record."""

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from harness.model.exchange import SPOILT, TOKEN_ENDPOINT, trouble_tag

MOST_OUTPUT = 200
"""So many of the last lines that a client wrote in a situation are shown."""
_LONGEST_LINE = 400

Came = Literal["done", "refused", "4xx", "5xx", "none"]
"""What a request got: all was well; HTTP said so, the status code of OCPI did not; an HTTP error; no whole answer."""

TOKENS = "Token"
"""The lane of requests to the token endpoint."""
ACCESS_TOKEN = "body:access_token"  # noqa: S105 - a place
_LANES = ("PUT", "PATCH", "DELETE", "GET")
_UNHEARD = frozenset(map(trouble_tag, ("drop before", "drop after", "reset", "stall", "truncate")))
"""Tags of exchanges of which the client heard no whole answer, whatever the mock meant to say."""
_STATUS_CODE = re.compile(r'"status_code"\s*:\s*(\d{4})\b')
_LONGEST_ENVELOPE = 20_000


class Asked(NamedTuple):
    """One request. `token` is the number of the access token that it showed."""

    id: str
    sent: datetime
    received: datetime
    lane: str
    came: Came
    answer: str
    spoilt: bool
    trouble: str
    token: int | None


class Issued(NamedTuple):
    """An access token as it was given out; `lasts_s` is None where nobody said, or the body is not there."""

    n: int
    at: datetime
    lasts_s: float | None


class Moment(NamedTuple):
    """Something that has one moment, or a first and a last one."""

    at: datetime
    until: datetime
    kind: str
    detail: str


def with_detail(one: Moment) -> str:
    """What to add to the name of what happened: ``(again)``, ``with exit code 1``."""
    if not one.detail:
        return ""
    return f" with exit code {one.detail}" if one.kind == "ended" else f" ({one.detail})"


class Fault(NamedTuple):
    """A clause that failed, with the exchange that shows it, empty where it is the whole conversation that does."""

    requirement: str
    exchange: str
    weight: str


class Written(NamedTuple):
    """A line that the client wrote."""

    stream: str
    text: str
    leaks: tuple[str, ...]


@dataclass
class Moments:
    """One situation. `known` are the tokens of all situations up to here."""

    known: Mapping[int, Issued]
    asked: list[Asked] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)
    happened: list[Moment] = field(default_factory=list)
    hooks: list[Moment] = field(default_factory=list)
    failed: list[Fault] = field(default_factory=list)
    written: int = 0
    output: deque[Written] = field(default_factory=lambda: deque(maxlen=MOST_OUTPUT))

    @property
    def instants(self) -> list[datetime]:
        """Every moment that is known."""
        found = [at for one in self.asked for at in (one.sent, one.received)]
        return found + [at for one in (*self.happened, *self.hooks) for at in (one.at, one.until)]


class MomentsTaker:
    """Takes the lines of a record; `by_name` has the situations that a client met. Times are those of its own clock:
    situations of a reference run side by side."""

    def __init__(self) -> None:
        self.by_name: dict[str, Moments] = {}
        self._known: dict[int, Issued] = {}

    def take(self, entry: Mapping[str, Any]) -> None:
        """Keep what is needed of a line, other than of a problem."""
        kind = entry.get("kind")
        if kind == "situation" and entry.get("state") == "begins":
            self.by_name[entry["name"]] = Moments(self._known)
        met = self.by_name.get(entry.get("situation" if kind in ("exchange", "output") else "name", ""))
        if met is None:
            return
        if kind == "exchange":
            self._exchange(met, entry)
        elif kind == "output":
            met.written += 1
            met.output.append(Written(entry["stream"], entry["text"][:_LONGEST_LINE], tuple(entry.get("leaks", ()))))
        elif "happened" in entry:
            told = entry["happened"]
            at = datetime.fromisoformat(told["at"])
            met.happened.append(Moment(at, at, told["kind"], told.get("detail", "")))
        elif "hook" in entry:
            told = entry["hook"]
            at = datetime.fromisoformat(told["at"])
            began = datetime.fromisoformat(told["began"]) if told.get("began") else at
            met.hooks.append(Moment(began, at, told["name"], _few_words(told["arguments"])))

    def problem(self, entry: Mapping[str, Any], weight: str) -> None:
        """Take a problem that weighs so much."""
        problem = entry["problem"]
        if met := self.by_name.get(problem.get("situation", "")):
            met.failed.append(Fault(entry["requirement"], problem["exchange"] or "", weight))

    def _exchange(self, met: Moments, entry: Mapping[str, Any]) -> None:
        request, response, tags = entry["request"], entry["response"], set(entry["tags"])
        of_tokens = TOKEN_ENDPOINT in tags
        lane = TOKENS if of_tokens else request["method"] if request["method"] in _LANES else "Other"
        came, answer = _came(response, tags)
        trouble = next((tag.partition(": ")[2] for tag in sorted(tags) if tag.startswith(trouble_tag(""))), "")
        shown = (request["credential"] or {}).get("n")
        sent, received = (datetime.fromisoformat(entry[name]) for name in ("sent", "received"))
        token = None if of_tokens else shown
        met.asked.append(Asked(entry["id"], sent, received, lane, came, answer, SPOILT in tags, trouble, token))
        given = response.get("issued", ()) if of_tokens and response else ()
        for issued in (one for one in given if one["place"] == ACCESS_TOKEN):
            self._known[issued["n"]] = Issued(issued["n"], received, _lasts(response["body"]))
            met.issued.append(self._known[issued["n"]])


def _came(response: Mapping[str, Any] | None, tags: set[str]) -> tuple[Came, str]:
    if response is None or tags & _UNHEARD:
        return "none", "no answer"
    status = int(response["status"])
    if status >= 400:
        return ("5xx" if status >= 500 else "4xx"), str(status)
    found = _STATUS_CODE.search(response["body"].get("text", "")[:_LONGEST_ENVELOPE])
    if found and not found[1].startswith("1"):
        return "refused", f"{status} with {found[1]}"
    return "done", str(status)


def _lasts(body: Mapping[str, Any]) -> float | None:
    try:
        lasts = json.loads(body.get("text", ""))["expires_in"]
        return float(lasts)
    except (ValueError, KeyError, TypeError):
        return None


def _few_words(arguments: Mapping[str, Any]) -> str:
    """What a hook was told to do, as far as it fits into a line."""
    if "words" in arguments:
        return str(arguments["words"])
    told = {**arguments.get("object", {}), **arguments.get("set", {})} if "object" in arguments else arguments
    return ", ".join(f"{name} {value}" for name, value in told.items() if isinstance(value, str | int | float))[:120]
