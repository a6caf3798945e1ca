"""Records of a client's run that nobody held: four situations, tokens, faults, hooks, a kill, and failed clauses."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.cli.plan import Plan
from harness.cli.record_lines import clause_lines, head, verdict_line
from harness.judge.score import scored
from harness.model.address import Addresses
from harness.model.body import Body
from harness.model.credential import Credential
from harness.model.exchange import (
    SPOILT,
    TOKEN_ENDPOINT,
    Failure,
    Headers,
    HttpExchange,
    HttpRequest,
    HttpResponse,
    trouble_tag,
)
from harness.model.verdict import Outcome, Problem, Verdict
from harness.model.world import VirtualClock
from harness.report.record import Recorder, moment
from tests.proofs.conversation import bench

START = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:40001"
WELL, OUTAGE, KILLED, BURST = (f"ndw/push-{name}" for name in ("all-is-well", "outage", "killed", "burst"))
FAILING, WARNING = "ndw/ids-match-the-url", "ndw/patches-have-no-null"
_SECRET = Credential(1, None, "raw", 24, None, "body:client_secret")


@dataclass
class MadeClientRun:
    """`crowd` requests come in a burst; `text` stands where a client's own words may, and `way` says how it was had."""

    crowd: int = 40
    text: str = "pushed a location"
    kind: str = "client"
    way: dict[str, str] = field(default_factory=lambda: {"command": "command line"})
    cut_off: bool = False

    def write(self, folder: Path) -> None:
        """Write the record into a folder."""
        at = bench("ndw-push")
        plan = Plan("ndw-push", self.kind, Addresses(ORIGIN), "", at.profile, name="made pusher", origins=self.way)
        self.n, self.token, self.problems = 0, 1, list[tuple[str, Problem]]()
        with Recorder(folder, VirtualClock(START)) as self.recorder:
            first = head(plan, at.suite, 1, "7c1e", None)
            self.recorder.begin({**first, "subject": {**first["subject"], "as": "client"}})
            self.recorder.note("clauses", clauses=clause_lines(at.suite.requirements, plan))
            for play in (self._well, self._outage, self._killed, self._burst):
                self.now = START
                play()
            if self.cut_off:
                return
            for score in scored(self._verdicts(), at.suite.requirements, at.profile):
                self.recorder.note("verdict", **verdict_line(score, at.profile))
            self.recorder.note("end", exit=1, reason=None)

    def _well(self) -> None:
        self._begin(WELL, "The client pushes what it has, and all is well.")
        self._token()
        for _ in range(12):
            self._push(0.05)
        self._push(0.4, status=200, code=2001, fails=FAILING)
        self._write("stdout", self.text)
        self._write("stderr", "Authorization: [secret 2]", "access token")
        self._over(WELL, "ended", ended="0")

    def _outage(self) -> None:
        self._begin(OUTAGE, "NDW is down for a while.", "push:failing(503):times=3", "push:drop_after():times=1")
        self._token(90)
        self._push(0.2)
        self._happened(OUTAGE, "troubled", "push:failing(503):times=3, push:drop_after():times=1")
        self._change(OUTAGE, "EVSE-1")
        for pause in (0.4, 2.0, 4.0):
            self._push(pause, "PATCH", 503, trouble="fail")
        self._push(8.0, "PATCH", None, trouble="drop after")
        self._happened(OUTAGE, "well")
        self._push(6, "PATCH", fails=WARNING)
        self._push(1.5, "PATCH", 401)
        self._token(1800)
        self._push(0.2, "PATCH")
        self._over(OUTAGE, "done", after=3)

    def _killed(self) -> None:
        self._begin(KILLED, "The client is killed in the middle and started again.")
        self._token()
        for _ in range(5):
            self._push(0.3)
        self._happened(KILLED, "killed")
        self.now += timedelta(seconds=1)
        self._happened(KILLED, "started", "again")
        self._token()
        for _ in range(9):
            self._push(0.3)
        self.recorder.note("situation", name=KILLED, not_asked=["needs the hook change"])
        self._over(KILLED, "limit", after=60)

    def _burst(self) -> None:
        self._begin(BURST, "Much changes at once.")
        self._token()
        self._change(BURST, self.text)
        for number in range(self.crowd):
            self._push(0.01, "PATCH" if number % 3 else "PUT", 404 if number % 50 == 49 else 200)
        if not self.cut_off:
            self._over(BURST, "done", after=3)

    def _begin(self, name: str, title: str, *faults: str) -> None:
        until = "all that it has was accepted"
        told = {"title": title, "until": until, "settings": {}, "faults": list(faults), "state": "begins"}
        self.recorder.note("situation", name=name, **told)
        self.situation = name
        self._happened(name, "started")
        self.now += timedelta(seconds=0.6)

    def _over(self, name: str, why: str, *, after: float = 0, ended: str = "") -> None:
        self.now += timedelta(seconds=after)
        self._happened(name, "ended" if ended else "stopped", ended)
        self.recorder.note("situation", name=name, state="over", why=why, seconds=(self.now - START).total_seconds())

    def _happened(self, name: str, kind: str, detail: str = "") -> None:
        self.recorder.note("situation", name=name, happened={"kind": kind, "detail": detail, "at": moment(self.now)})

    def _write(self, stream: str, text: str, *leaks: str) -> None:
        self.recorder.note("output", situation=self.situation, stream=stream, text=text, leaks=list(leaks))

    def _change(self, name: str, evse: str) -> None:
        began, self.now = self.now, self.now + timedelta(seconds=0.2)
        arguments = {"party": "NL/ABC", "object": {"location": "LOC-1", "evse": evse}, "set": {"status": "BLOCKED"}}
        call = {"name": "change", "arguments": arguments, "answer": {}, "after": f"e{self.n}"}
        self.recorder.note("situation", name=name, hook={**call, "at": moment(self.now), "began": moment(began)})

    def _token(self, lasts: int = 1800) -> None:
        self.token += 1
        issued = (Credential(self.token, None, "raw", 32, None, "body:access_token"),)
        body = Body(f'{{"access_token":"[secret {self.token}]","expires_in":{lasts}}}'.encode())
        request = HttpRequest("POST", f"{ORIGIN}/token", Headers(), Body(b""), _SECRET)
        response = HttpResponse(200, Headers(), body, "", issued)
        self._exchange(request, response, {TOKEN_ENDPOINT})

    def _push(
        self, after: float, method: str = "PUT", status: int | None = 200, *, code: int = 1000, trouble: str = "",
        fails: str = "",
    ) -> None:  # fmt: skip
        self.now += timedelta(seconds=after)
        shown = Credential(self.token, "Bearer", "raw", 32)
        url = f"{ORIGIN}/ocpi/2.2.1/locations/NL/ABC/LOC-1"
        request = HttpRequest(method, url, Headers(), Body(b"{}"), shown)
        body = Body(f'{{"status_code":{code},"timestamp":"2026-06-01T08:00:05Z"}}'.encode())
        response = HttpResponse(status, Headers(), body) if status is not None else None
        tags = {SPOILT, trouble_tag(trouble)} if trouble else set()
        self._exchange(request, response, tags)
        if fails:
            problem = Problem("request.body:/id", "the id of the URL", self.text, f"e{self.n}", self.situation)
            self.problems.append((fails, problem))
            self.recorder.problem(fails, None, problem)

    def _exchange(self, request: HttpRequest, response: HttpResponse | None, tags: set[str]) -> None:
        self.n += 1
        sent, self.now = self.now, self.now + timedelta(seconds=0.02)
        failure = None if response else Failure("reset", "the mock closed the connection")
        self.recorder.exchange(HttpExchange(
            f"e{self.n}", self.situation, None, request, response, sent, self.now, frozenset(tags), failure,
        ))  # fmt: skip

    def _verdicts(self) -> list[Verdict]:
        found = {name: [problem for of, problem in self.problems if of == name] for name in (FAILING, WARNING)}
        made = []
        for number, one in enumerate(bench("ndw-push").suite.requirements):
            wrong = found.get(one.id, [])
            open_one = number % 9 == 5 and not wrong
            reason = "needs the hook export" if number % 2 else "needs the hook change"
            outcome = Outcome.FAILED if wrong else Outcome.UNTESTED if open_one else Outcome.PASSED
            verdict = Verdict(one.id, None, outcome, reason if open_one else None, 12, len(wrong), tuple(wrong))
            made.append(replace(verdict, seen=0) if open_one else verdict)
        return made
