"""The record of a run: JSON Lines, appended as things happen, so that a killed run still renders.

The first line says what run this is (``harness-run/1``); each later line has a ``kind``, a number ``n`` and the wire
time ``at``. Bodies over 64 kB lie once, gzip-compressed, in ``bodies/<sha256>``.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from harness.model.body import Body
from harness.model.credential import Credential
from harness.model.exchange import Failure, Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.verdict import Problem
from harness.model.world import Clock

RECORD = "harness-run/1"
LARGEST_INLINE = 64 * 1024


class Recorder:
    """Writes a record into a run folder. Every line is flushed: what happened is there after a kill."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._n = 0
        self._stored: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = (folder / "run.jsonl").open("w", encoding="utf-8", errors="backslashreplace", newline="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def begin(self, head: Mapping[str, Any]) -> None:
        """The first line."""
        self._write({"record": RECORD, "n": self._next(), "at": moment(self._clock.now()), **head})

    def note(self, kind: str, **members: Any) -> None:
        """Any later line."""
        self._write({"kind": kind, "n": self._next(), "at": moment(self._clock.now()), **members})

    def exchange(self, exchange: HttpExchange) -> None:
        """One exchange, its bodies apart where they are large."""
        self.note("exchange", **_told(exchange, self._of_body))

    def problem(self, requirement: str, party: str | None, problem: Problem) -> None:
        """A problem as it arises."""
        self.note("problem", requirement=requirement, party=party, problem=asdict(problem))

    def _next(self) -> int:
        self._n += 1
        return self._n - 1

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()

    def _of_body(self, body: Body) -> dict[str, Any]:
        if len(body.raw) > LARGEST_INLINE:
            digest = hashlib.sha256(body.raw).hexdigest()
            if digest not in self._stored:
                self._stored.add(digest)
                bodies = self._folder / "bodies"
                bodies.mkdir(exist_ok=True)
                (bodies / digest).write_bytes(gzip.compress(body.raw, compresslevel=1, mtime=0))
            return {"sha256": digest, "bytes": len(body.raw)}
        return _in_full(body)


def _in_full(body: Body) -> dict[str, Any]:
    try:
        return {"text": body.raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body.raw).decode()}


def _told(exchange: HttpExchange, of_body: Callable[[Body], dict[str, Any]]) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "id": exchange.id,
        "situation": exchange.situation,
        "operation": exchange.operation,
        "tags": sorted(exchange.tags),
        "sent": moment(exchange.sent),
        "received": moment(exchange.received),
        "attempts": exchange.attempts,
        "retried": exchange.retried,
        "failure": asdict(exchange.failure) if exchange.failure else None,
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": request.headers.fields,
            "body": of_body(request.body),
            "credential": asdict(request.credential) if request.credential else None,
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "reason": response.reason,
            "headers": response.headers.fields,
            "body": of_body(response.body),
            "issued": [asdict(credential) for credential in response.issued],
        },
    }


def told(exchange: HttpExchange) -> dict[str, Any]:
    """What a record says of an exchange, its bodies in full."""
    return _told(exchange, _in_full)


def moment(instant: datetime) -> str:
    """An instant as RFC 3339 in UTC, to the microsecond where there is one."""
    return instant.isoformat().replace("+00:00", "Z")


class UnreadableRecordError(Exception):
    """The record is of a newer major version, or none at all."""


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of a record, the first one first. A last line that was cut off by a kill is left out."""
    with (folder / "run.jsonl").open("rb") as file:
        for number, line in enumerate(file):
            try:
                entry = json.loads(line)
            except ValueError:  # no JSON, or cut off within a character
                if line.endswith(b"\n"):
                    raise UnreadableRecordError(f"run.jsonl, line {number + 1}: no JSON") from None
                return
            if not isinstance(entry, dict):
                raise UnreadableRecordError(f"run.jsonl, line {number + 1}: no JSON object")
            if number == 0 and str(entry.get("record", "")).split("/") != RECORD.split("/"):
                raise UnreadableRecordError(f"{entry.get('record')}: this version reads {RECORD}")
            yield entry


def exchange_of(entry: Mapping[str, Any], folder: Path) -> HttpExchange:
    """The evidence that an ``exchange`` line tells of, as it was judged live."""
    request, response = entry["request"], entry["response"]
    return HttpExchange(
        entry["id"],
        entry["situation"],
        entry["operation"],
        HttpRequest(
            request["method"],
            request["url"],
            _headers(request["headers"]),
            _body(request["body"], folder),
            Credential(**request["credential"]) if request["credential"] else None,
        ),
        None
        if response is None
        else HttpResponse(
            response["status"],
            _headers(response["headers"]),
            _body(response["body"], folder),
            response["reason"],
            tuple(Credential(**credential) for credential in response.get("issued", ())),
        ),
        datetime.fromisoformat(entry["sent"]),
        datetime.fromisoformat(entry["received"]),
        frozenset(entry["tags"]),
        Failure(**entry["failure"]) if entry["failure"] else None,
        entry["attempts"],
        tuple(entry.get("retried", ())),
    )


def _headers(fields: list[list[str]]) -> Headers:
    return Headers(tuple((name, value) for name, value in fields))


def _body(entry: Mapping[str, Any], folder: Path) -> Body:
    if "text" in entry:
        return Body(entry["text"].encode("utf-8"))
    if "base64" in entry:
        return Body(base64.b64decode(entry["base64"]))
    return Body(gzip.decompress((folder / "bodies" / entry["sha256"]).read_bytes()))
