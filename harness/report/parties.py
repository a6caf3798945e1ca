"""One party's part of a run: a record that holds nothing of the other parties, for the same formats as any other.

Clauses without a party stay, such as those on transport; their problems with another party's object do not, and where
no problem is left, nor does the clause. In every text the names of the others and the ids of their objects are masked,
and so is, where a clause on transport names a request for a single object, which object that was.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.judge.score import FAILED, PASSED
from harness.judge.tally import KEPT_PROBLEMS
from harness.report.others import MASKED, Others
from harness.report.record import read
from harness.report.unfinished import Unfinished

Line = dict[str, Any]
_TEXTS = frozenset(
    ("where", "expected", "actual", "detail", "next", "reason", "told", "url", "headers", "owner", "ticket", "object")
)
_TOLD = frozenset(("title", "sampled"))
"""What a line on a situation has that speaks of nobody's objects."""


def of(report: Mapping[str, Any]) -> list[str]:
    """The parties of a run, those with the most problems first: of its verdicts, its problems and its files."""
    found: dict[str, int] = {}
    for verdict in report["verdicts"]:
        if verdict["party"]:
            found[verdict["party"]] = found.get(verdict["party"], 0) + verdict["problem_count"]
        for problem in verdict["problems"]:
            if party := problem["object"].get("party"):
                found.setdefault(party, 1)
    for entry in report.get("files", {}).get("objects", ()):
        if entry["party"]:
            found.setdefault(entry["party"], 0)
    return sorted(found, key=lambda party: (-found[party], party))


class Apart:
    """A record taken apart. Answers are left out of it, and exchanges that no kept problem names."""

    def __init__(self, folder: Path, parties: Iterable[str]) -> None:
        self._others = Others(parties)
        self._lines: list[Line] = []
        self._verdicts: dict[str | None, list[tuple[int, Line]]] = {}
        self._asked: dict[str, Line] = {}
        self._shared: dict[str, list[Line]] = {}
        self._places: dict[tuple[str, str | None], list[list[Any]]] = {}
        self._only_new = False
        unfinished = Unfinished()
        for entry in read(folder):
            kind = entry.get("kind")
            if kind in ("clauses", "problem"):
                unfinished.take(entry)
            if kind == "exchange":
                self._asked[entry["id"]] = _without_bodies(entry)
            elif kind == "problem":
                self._learn_problem(entry)
            elif kind not in ("clauses", "baseline", "output") and (kind != "situation" or _TOLD.intersection(entry)):
                self._learn_line(entry)
                self._lines.append(entry)
            elif kind == "baseline":
                self._only_new = entry["baseline"]["fail_on"] == "new"
        stamp = {"kind": "verdict", "n": self._lines[-1]["n"], "at": self._lines[-1]["at"]}
        verdicts = [line for line in self._lines if line.get("kind") == "verdict"]
        if self._lines[-1].get("kind") != "end":
            verdicts = [{**stamp, **verdict} for verdict in unfinished.verdicts()]
        self._lines = [line for line in self._lines if line.get("kind") != "verdict"]
        for number, verdict in enumerate(verdicts):
            self._verdicts.setdefault(verdict["party"], []).append((number, verdict))

    def write(self, party: str, into: Path) -> None:
        """Write the record of this party's part into a folder."""
        with (into / "run.jsonl").open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            for line in self._part(party):
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")

    def _learn_problem(self, entry: Line) -> None:
        self._others.learn_object(entry["problem"]["object"], entry["party"])
        if entry["party"] is None:
            self._shared.setdefault(entry["requirement"], []).append(entry["problem"])

    def _learn_line(self, entry: Line) -> None:
        for row in entry.pop("places", ()):
            self._others.learn(row[0], (row[1],))
            self._places.setdefault((entry["schema"], row[0]), []).append(row)
        for problem in entry.get("problems", ()):
            self._others.learn_object(problem["object"], entry.get("party"))

    def _part(self, party: str) -> Iterator[Line]:
        head, *rest = self._lines
        numbered = sorted(self._verdicts.get(None, []) + self._verdicts.get(party, []), key=lambda pair: pair[0])
        verdicts = [one for _number, line in numbered if (one := self._verdict(line, party)) is not None]
        yield self._head(head, party)
        yield from self._exchanges(verdicts, party)
        yield from verdicts
        for line in rest:
            if line["kind"] == "places":
                if places := self._places.get((line["schema"], party)):
                    yield {**line, "places": places}
            else:
                told = self._masked(_without_rows(line, party), party)
                yield self._ending(told, verdicts) if line["kind"] == "end" else told

    def _head(self, head: Line, party: str) -> Line:
        subject, profile = head["subject"], head["profile"]
        masked = {name: self._text(subject[name], party) for name in ("name", "address")}
        values = {name: self._text(value, party) for name, value in profile["settings"].items()}
        profile = {**profile, "settings": values}
        return {**head, "subject": {**subject, **masked}, "profile": profile, "party": party, "parties": [party]}

    def _verdict(self, line: Line, party: str) -> Line | None:
        """The verdict as it is for this party; None where it says nothing of it."""
        if line["outcome"] != "failed":
            return {**line, "reason": self._text(line["reason"], party)}
        if line["party"] is not None:
            return {**line, "problems": self._masked(line["problems"], party)}
        every: list[Line] = self._shared.get(line["requirement"]) or line["problems"]
        mine = [one for one in every if one["object"].get("party", party) == party]
        waived, known = (sum(bool(one.get(name)) for one in mine) for name in ("waived", "known"))
        counts = {"problem_count": len(mine), "waived_count": waived, "known_count": known}
        return {**line, **counts, "problems": self._masked(mine[:KEPT_PROBLEMS], party)} if mine else None

    def _exchanges(self, verdicts: list[Line], party: str) -> Iterator[Line]:
        """Those that the kept problems name; what was asked for stays where it was the party's own object."""
        named: dict[str, bool] = {}
        for verdict in verdicts:
            names = [one["exchange"] for one in verdict["problems"]]
            for name in [*names, *(one for pair in verdict.get("unstable", ()) for one in pair)]:
                named[name] = named.get(name, False) or verdict["party"] is not None
        base = str(self._lines[0]["subject"]["address"])
        for line in sorted((self._asked[name] for name in named if name in self._asked), key=lambda line: line["n"]):
            request = line["request"] if named[line["id"]] else _of_nobody(line["request"], base)
            yield self._masked({**line, "request": request}, party)

    def _ending(self, end: Line, verdicts: list[Line]) -> Line:
        """The exit code as this part would have it: 1 only for what fails here; counts of files likewise."""
        if "files" in end:
            read_by_party = sum(entry["objects"] for entry in end["files"]["objects"])
            end = {**end, "files": {**end["files"], "read": read_by_party}}
        if end["exit"] != FAILED:
            return end
        weights = ("MUST", "SHOULD") if self._lines[0].get("strict") else ("MUST",)
        deciding = (
            one["effective"] in weights and not one["new"] and not one["waived"] and not self._is_old(one)
            for one in verdicts
            if one["outcome"] == "failed"
        )
        return {**end, "exit": FAILED if any(deciding) else PASSED}

    def _is_old(self, verdict: Line) -> bool:
        return self._only_new and bool(verdict.get("known"))

    def _masked(self, value: Any, party: str, name: str = "") -> Any:
        """The value, those of its members masked that hold what came from a subject or a user."""
        if isinstance(value, dict):
            return {key: self._masked(one, party, name if name == "object" else key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._masked(one, party, name) for one in value]
        return self._text(value, party) if name in _TEXTS else value

    def _text(self, value: Any, party: str) -> Any:
        return self._others.without(value, party) if isinstance(value, str) else value


def _without_rows(value: Any, party: str) -> Any:
    """Lists without the entries that are another party's: counts of objects, waivers."""
    if isinstance(value, dict):
        return {name: _without_rows(one, party) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_rows(one, party) for one in value if _owner(one) in (None, party)]
    return value


def _owner(entry: Any) -> Any:
    """Whose an entry of a list is; None where it is nobody's."""
    return entry.get("party") if isinstance(entry, dict) else None


def _without_bodies(entry: Line) -> Line:
    nothing = {"text": ""}
    response = entry["response"] and {**entry["response"], "body": nothing}
    return {**entry, "request": {**entry["request"], "body": nothing}, "response": response}


def _of_nobody(request: Line, base: str) -> Line:
    """The request, its object masked: of the path below the address, only the first part stays."""
    if not request["url"].startswith(f"{base}/"):
        return request
    path, mark, query = request["url"][len(base) + 1 :].partition("?")
    first, *further = path.split("/")
    url = "/".join([base, first, *(MASKED for part in further if part)])
    return {**request, "url": f"{url}{mark}{query}"}
