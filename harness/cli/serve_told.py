"""What a person sees while a mock runs: how to reach it, then a line per request with the reason of each refusal."""

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TextIO
from urllib.parse import urlsplit

from harness.judge.tally import Finding
from harness.mock.journal import Entry
from harness.mock.session import DEFAULT, Session
from harness.model.profile import Profile
from harness.model.requirement import MUST
from harness.model.verdict import Problem
from harness.report.visible import visible
from harness.wire.incidents import Incident

_MOST_CLAUSES = 5
_MOST_PLACES = 3
_LONGEST = 200
_IN = " " * 9


class Terminal:
    """Standard output. What it cannot encode is written out; where nobody reads it any more, the mock goes on."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._encoding = self._out.encoding or "ascii"

    def say(self, lines: Iterable[str]) -> None:
        """Write these lines now."""
        text = "".join(f"{visible(line)}\n" for line in lines)
        try:
            self._out.write(text.encode(self._encoding, "backslashreplace").decode(self._encoding))
            self._out.flush()
        except OSError:  # a closed pipe, a full disk: from here on nothing is said
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._out.fileno())
            os.close(nowhere)


def welcome(
    session: Session,
    env: Mapping[str, str],
    control: str,
    addresses: Mapping[str, str],
    heard: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """How to reach the mock: addresses, credentials and known ids to copy. `heard` are all addresses where a system
    listens, by its name."""
    for served in session.served:
        name = served.system.name
        yield f"{served.system.title}, as a mock: {addresses[name]}"
        if list(heard[name]) != [addresses[name]]:
            yield f"  listens on {' and '.join(heard[name])}"
        for line in served.behaviour.known(session):
            yield f"  {line}"
    yield from ("", "For your client:", "")
    for name, value in env.items():
        yield f"  export {name}={shlex.quote(value)}"
    first = session.served[0].system.name
    yield from ("", f"The same in another terminal, or as a file: harness env {first} --control {control}")
    yield f"For you: {control}/ (journal, state, clock, faults, actions); for programs: {control}/_harness/v1/docs"
    yield from ("Ctrl-C ends it and writes the report.", "")


def line(session: Session, entry: Entry, profile: Profile) -> Iterator[str]:
    """One request in a line, and below it what is to be said of it, nothing twice."""
    exchange = entry.exchange
    at = exchange.sent.strftime("%H:%M:%S")
    path = urlsplit(exchange.request.url).path
    which = "" if session.id == DEFAULT else f"[{session.id}] "
    if not any(entry.service in one.services for one in session.served):  # the mock itself asked
        which += f"{entry.service}: "
    yield f"{at} {which}{exchange.request.method} {path} -> {_came(entry)}"
    broken = _by_clause(entry, profile)
    explains = [f"harness explain {clause}" for clause in broken]
    reason = next((clause for clause in broken if entry.why.startswith(f"{clause} ")), None)
    if entry.why and reason is None:
        yield f"{_IN}why: {_short(entry.why)}"
        broken = {clause: found for clause, found in broken.items() if not entry.advice.endswith(f" {clause}")}
    if entry.advice and entry.advice not in explains:
        yield f"{_IN}do:  {entry.advice}"
    for clause in list(broken)[:_MOST_CLAUSES]:
        yield from _told(clause, broken[clause], profile)
    if len(broken) > _MOST_CLAUSES:
        yield f"{_IN}and {len(broken) - _MOST_CLAUSES} more"
    if explains:
        yield f"{_IN}do:  {explains[0]}"
    for note in entry.notes:
        yield f"{_IN}note: {note}"
    for fault in entry.faults:
        yield f"{_IN}fault: {fault}"


def no_request(incident: Incident, at: datetime, names: Sequence[str]) -> Iterator[str]:
    """A connection on which no request came, and what to do; `names` are those of the certificate."""
    from harness.run.refused_connection import advice

    asked = f", who asked for {incident.asked}" if incident.asked else ""
    yield f"{at:%H:%M:%S} no request from {incident.peer}{asked}: {incident.detail}"
    yield f"{_IN}do:  {advice(incident, names)}"


def _by_clause(entry: Entry, profile: Profile) -> dict[str, list[Finding]]:
    """What was found, by clause; what counts most comes first."""
    found: dict[str, list[Finding]] = {}
    for one in entry.findings:
        if profile.effective(one.requirement) is not None:
            found.setdefault(one.requirement.id, []).append(one)
    order = sorted(found, key=lambda clause: profile.effective(found[clause][0].requirement) is not MUST)
    return {clause: found[clause] for clause in order}


def _told(clause: str, found: list[Finding], profile: Profile) -> Iterator[str]:
    """A broken clause: its first problem, and where the others are."""
    kind = "fails" if profile.effective(found[0].requirement) is MUST else "warns"
    first, *others = [one.problem for one in found]
    yield f"{_IN}{kind} {clause}"
    yield f"{_IN}      {_said(first, found[0].requirement.title)}"
    if others:
        places = ", ".join(_place(one) for one in others[:_MOST_PLACES])
        more = f" and {len(others) - _MOST_PLACES} more" if len(others) > _MOST_PLACES else ""
        yield f"{_IN}      likewise {places}{more}"


def _said(problem: Problem, title: str) -> str:
    if problem.actual == "absent":
        return f"{_place(problem)} is missing"
    if problem.expected.startswith("pattern: "):  # nobody reads those
        return f"{_place(problem)}: {title} Got {_short(problem.actual)}"
    return f"{_place(problem)}: expected {_short(problem.expected)}, got {_short(problem.actual)}"


def _place(problem: Problem) -> str:
    """Where it is, as somebody who wrote the request would say it."""
    kind, _, place = problem.where.partition(":")
    return {"request.body": place or "the body", "request.header": f"header field {place}"}.get(kind, problem.where)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _came(entry: Entry) -> str:
    response = entry.exchange.response
    if response is None:
        return "no answer, on purpose" if entry.faults else "no answer"
    if not response.body.is_json:
        return str(response.status)
    code = response.body.at("/status_code")
    error = response.body.at("/error")
    told = [str(one) for one in (code, error) if isinstance(one, int | str)]
    return " ".join([str(response.status), *told])
