"""What a person sees while a mock runs: how to reach it, then a line per request with the reason of each refusal."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from harness.mock.journal import Entry
from harness.mock.session import DEFAULT, Served, Session
from harness.model.profile import Profile
from harness.model.requirement import MUST

_MOST_PROBLEMS = 5


def welcome(session: Session, env: Mapping[str, str], control: str, addresses: Mapping[str, str]) -> Iterator[str]:
    """How to reach the mock: addresses, credentials and known ids to copy."""
    for served in session.served:
        yield f"{served.system.title}, as a mock: {addresses[served.system.name]}"
        for line in served.behaviour.known(session):
            yield f"  {line}"
    yield "\nFor your client (harness env SYSTEM gives it in other forms):\n"
    for name, value in env.items():
        yield f"  export {name}={value}"
    yield f"\nFor you: {control}/  journal, state, clock, faults, actions; {control}/_harness/v1/docs for programs"
    yield "Ctrl-C ends it and writes the report.\n"


def line(session: Session, entry: Entry, profile: Profile) -> Iterator[str]:
    """One request in a line, and below it what is to be said of it."""
    exchange = entry.exchange
    at = exchange.sent.strftime("%H:%M:%S")
    path = urlsplit(exchange.request.url).path
    came = _came(entry)
    which = "" if session.id == DEFAULT else f"[{session.id}] "
    yield f"{at} {which}{exchange.request.method} {path} -> {came}"
    if entry.why:
        yield f"         why: {entry.why}"
    if entry.advice:
        yield f"         do:  {entry.advice}"
    failed = [one for one in entry.findings if profile.effective(one.requirement) is not None]
    for finding in failed[:_MOST_PROBLEMS]:
        keyword = profile.effective(finding.requirement)
        problem = finding.problem
        kind = "fails" if keyword is MUST else "warns"
        yield f"         {kind} {finding.requirement.id} at {problem.where}"
        yield f"               expected {problem.expected}, got {problem.actual}"
    if len(failed) > _MOST_PROBLEMS:
        yield f"         and {len(failed) - _MOST_PROBLEMS} more"
    if failed:
        yield f"         see: harness explain {failed[0].requirement.id}"
    for note in entry.notes:
        yield f"         note: {note}"
    for fault in entry.faults:
        yield f"         fault: {fault}"


def _came(entry: Entry) -> str:
    response = entry.exchange.response
    if response is None:
        return "no answer, on purpose"
    if not response.body.is_json:
        return str(response.status)
    code = response.body.at("/status_code")
    error = response.body.at("/error")
    told = [str(one) for one in (code, error) if isinstance(one, int | str)]
    return " ".join([str(response.status), *told])


def summary_line(served: Served, code: int, folder: str) -> str:
    """What is said at the end."""
    return f"\n{served.system.title}: the report on what came is in {folder} (exit code {code} by its verdicts)"
