"""A masked copy of a run, to hand on: the record without bodies, addresses and personal data, and every format of it.

Ids of objects, parties, clauses, statuses, times, settings and the name of the subject stay, since a reader must find
what is told of. Bodies are left out, and so are positions, hooks' answers and header fields that are no part of a
protocol. Masks are those of `masks.Masks`. The copy says of itself that it is one, in every format.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.report.masks import Masks
from harness.report.record import read

NOTE = "Masked copy for sharing: no bodies, no addresses, texts and long numbers masked."
_PLAIN_FIELDS = frozenset(
    (
        *("accept", "accept-encoding", "cache-control", "connection", "content-encoding", "content-length"),
        *("content-type", "date", "link", "location", "retry-after", "transfer-encoding", "vary"),
        *("x-correlation-id", "x-limit", "x-request-id", "x-total-count"),
    )
)
_SECRET = re.compile(r"(\w+ )?\[secret [^\]]*\]")
"""A value that the record has masked already: a token, with its scheme."""
_ELSEWHERE = "[masked]"
_COUNTS = ("rate", "max_requests")
Line = dict[str, Any]


def share(folder: Path, into: Path) -> None:
    """Write the masked record of the run in `folder` into another folder."""
    masks = Masks(_ids(folder))
    into.mkdir(parents=True, exist_ok=True)
    with (into / "run.jsonl").open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        for line in _masked_lines(folder, masks):
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _ids(folder: Path) -> Iterator[str]:
    """The names of all objects that problems speak of."""
    for entry in read(folder):
        problems = [entry["problem"]] if entry.get("kind") == "problem" else entry.get("problems", ())
        for problem in problems:
            yield from problem["object"].values()


def _masked_lines(folder: Path, masks: Masks) -> Iterator[Line]:
    for entry in read(folder):
        kind = entry.get("kind")
        if kind is None:
            yield _head(entry, masks)
        elif kind == "exchange":
            yield _exchange(entry, masks)
        elif kind == "problem":
            yield {**entry, "problem": _problem(entry["problem"], masks)}
        elif kind == "verdict":
            problems = [_problem(problem, masks) for problem in entry["problems"]]
            waived = _waiver(entry["waived"], masks) if entry["waived"] else entry["waived"]
            yield {**entry, **_texts(entry, masks, "reason"), "problems": problems, "waived": waived}
        elif kind == "situation":
            hook = {"hook": {**entry["hook"], "arguments": {}, "answer": {}}} if "hook" in entry else {}
            yield {**_lists(entry, masks), **hook, **_happened(entry, masks)}
        elif kind == "waivers":
            yield {**entry, "waivers": [_waiver(one, masks) for one in entry["waivers"]]}
        elif kind == "baseline":
            yield {**entry, "baseline": {**entry["baseline"], "path": _ELSEWHERE}}
        elif kind in ("preflight", "end"):
            yield {**entry, **_texts(entry, masks, "detail", "next", "reason")}
        elif kind == "clauses":
            yield entry


def _head(head: Line, masks: Masks) -> Line:
    subject, selection, profile = head["subject"], head["selection"], head["profile"]
    address = subject["address"]
    files = {
        name: [{**one, "name": Path(one["name"]).name} for one in subject[name]]
        for name in ("files", "earlier")
        if name in subject
    }
    shown = ", ".join(one["name"] for one in files["files"]) if files else masks.url(address) if address else address
    return {
        **head,
        "copy": NOTE,
        "subject": {**subject, **files, "address": shown, "faults": [masks.text(one) for one in subject["faults"]]},
        "selection": {**selection, "again": _ELSEWHERE} if selection and selection.get("again") else selection,
        "profile": {
            **profile,
            "settings": {name: _text(value, masks) for name, value in profile["settings"].items()},
            "confirmed": {name: masks.value(source) for name, source in profile["confirmed"].items()},
        },
        "origins": {name: _text(value, masks) for name, value in head["origins"].items()},
        "reach": {name: value if name in _COUNTS else _ELSEWHERE for name, value in head.get("reach", {}).items()},
    }


def _exchange(entry: Line, masks: Masks) -> Line:
    request, response = entry["request"], entry["response"]
    failure = entry["failure"] and {**entry["failure"], "detail": masks.text(entry["failure"]["detail"])}
    asked = {"url": masks.url(request["url"]), "headers": _headers(request, masks), "body": _size(request["body"])}
    came = response and {
        "reason": masks.text(response["reason"]),
        "headers": _headers(response, masks),
        "body": _size(response["body"]),
    }
    return {
        **entry,
        "failure": failure,
        "request": {**request, **asked},
        "response": response and {**response, **came},
    }


def _headers(message: Mapping[str, Any], masks: Masks) -> list[list[str]]:
    return [[name, _field(name.lower(), value, masks)] for name, value in message["headers"]]


def _field(name: str, value: str, masks: Masks) -> str:
    if name == "host":
        return masks.host(value)
    if name in _PLAIN_FIELDS or _SECRET.fullmatch(value):
        return masks.text(value)
    return _ELSEWHERE


def _size(body: Mapping[str, Any]) -> dict[str, Any]:
    """What stands for a body: how much was left out."""
    if "text" in body:
        return {"left_out": len(body["text"].encode("utf-8", "replace"))}
    return {"left_out": body["bytes"] if "bytes" in body else len(body["base64"]) * 3 // 4}


def _problem(problem: Mapping[str, Any], masks: Masks) -> dict[str, Any]:
    named = {name: masks.text(value) for name, value in problem["object"].items()}
    texts = {"expected": masks.text(problem["expected"], members=True), "actual": masks.text(problem["actual"])}
    places = {name: masks.place(problem[name]) for name in ("where", "inside") if name in problem}
    return {**problem, **texts, **places, "object": named}


def _waiver(waiver: Mapping[str, Any], masks: Masks) -> dict[str, Any]:
    """A waiver: who answers for it and why is text of a person's."""
    words = {name: masks.value(waiver[name]) for name in ("reason", "owner", "ticket") if waiver.get(name)}
    told = {name: masks.text(waiver[name]) for name in ("told", "origin") if waiver.get(name)}
    return {**waiver, **words, **told}


def _texts(entry: Mapping[str, Any], masks: Masks, *names: str) -> dict[str, Any]:
    return {name: masks.text(entry[name]) for name in names if isinstance(entry.get(name), str)}


def _lists(entry: Mapping[str, Any], masks: Masks) -> dict[str, Any]:
    texts = {name: [masks.text(one) for one in entry[name]] for name in ("sampled", "not_asked") if name in entry}
    return {**entry, **texts}


def _happened(entry: Line, masks: Masks) -> dict[str, Any]:
    """What befell a client: in what is told of it, words of its own may stand."""
    told = entry.get("happened")
    return {"happened": {**told, "detail": masks.text(told["detail"])}} if told else {}


def _text(value: Any, masks: Masks) -> Any:
    return masks.text(value) if isinstance(value, str) else value
