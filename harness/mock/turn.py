"""One request to a mock, from its arrival to its answer and its entry in the journal."""

import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace

from harness.judge.tally import Finding
from harness.mock.call import Call, Dialect, Refusal, Reply, json_reply
from harness.mock.faults import Hits
from harness.mock.journal import Entry
from harness.mock.session import Offered, Served, Session
from harness.mock.trouble import Trouble
from harness.mock.written import body_of
from harness.model.body import Body
from harness.model.exchange import (
    SPOILT,
    Failure,
    Headers,
    HttpExchange,
    HttpRequest,
    HttpResponse,
    trouble_tag,
)
from harness.wire.breakable import Break

_NOTHING = Reply(0)
"""No answer at all."""
_NOT_ANSWERED = Failure("other", "a fault: the connection was ended on purpose, without an answer")


class Turn:
    """One request from its arrival to its answer."""

    def __init__(self, session: Session, served: Served, call: Call) -> None:
        self.session, self.served, self.call = session, served, call
        self.entry: Entry
        self.delay = 0.0
        self._trouble: Trouble | None = None
        self._judge = session.judges[served.system.name]
        self._offered = _offered(served, call.path)
        self._findings: list[Finding] = []
        self._tags = {*self._offered.service.tags, "served"}

    @property
    def _dialect(self) -> Dialect:
        return self.served.behaviour.dialects[self._offered.service.name]

    def play(self, is_whole: bool, largest: int) -> Reply:
        """The answer; from then on the journal has the exchange."""
        call, offered = self.call, self._offered
        call.service = offered.service.name
        whole_path = call.path
        call.path = whole_path.removeprefix(offered.base_path) if _lies_below(whole_path, offered.base_path) else ""
        self._find_operation()
        known = call.operation  # what is not listed gets its refusal, and uses up no fault of the service
        hits = self.session.faults.on_request(known.id if known else None, call.service if known else None)
        self._alter_request(hits)
        if "probe" in self._tags:  # a fault may have led it elsewhere
            whole_path = offered.base_path + call.path
        received = call.now
        request = self._evidence(whole_path)
        exchange = HttpExchange(
            f"{self.session.exchange_prefix}{self.session.journal.last + 1}",
            self.session.situation,
            call.operation.id if call.operation else None,
            request,
            None,
            received,
            received,
            frozenset(self._tags),
        )
        if not is_whole:
            reply = self._dialect.trouble(call, 413).but(f"the body has more than {largest} bytes")
        else:
            reply = self._answered(exchange, hits)
        if reply is not _NOTHING:
            reply = self._alter_answer(exchange, self._dialect.finished(call, reply), hits)
        self._keep(exchange, reply, hits)
        return reply

    def break_of(self, reply: Reply) -> Break | None:
        """What happens to the connection in answering."""
        return self._trouble.break_of(reply.body) if self._trouble else None

    def _find_operation(self) -> None:
        call = self.call
        fitting = self._offered.document.methods(call.path) if call.path else []
        settings = self.session.settings.values
        self._listed = [one for one in fitting if all(settings.get(k) == v for k, v in one.only_where.items())]
        call.operation = next((one for one in self._listed if one.method == call.method), None)
        if call.operation is not None:
            call.parameters = call.operation.parameters(call.path)

    def _alter_request(self, hits: Hits) -> None:
        """Make the edits of the request; it is then no word of the client's any more."""
        if not hits.request_edits:
            return
        call = self.call
        request = hits.changed_request(HttpRequest(call.method, call.path, call.headers, call.body))
        self._tags |= {"probe", SPOILT}
        moved = (request.method, request.url) != (call.method, call.path)
        call.method, call.path, call.headers, call.body = request.method, request.url, request.headers, request.body
        if moved:
            self._find_operation()

    def _evidence(self, whole_path: str) -> HttpRequest:
        """The request without its secrets."""
        call, received = self.call, self.session.received
        headers, credential = received.credential(call.headers)
        query = f"?{call.query}" if call.query else ""
        url = received.text(f"{call.origin}{whole_path}{query}")
        body = received.body(call.body.raw, headers.get("content-type") or "") if call.body.raw else call.body
        body = call.body if body.raw == call.body.raw else body
        return HttpRequest(call.method, url, headers, body, credential)

    def _answered(self, exchange: HttpExchange, hits: Hits) -> Reply:
        call, dialect = self.call, self._dialect
        if not self._listed:
            return dialect.unknown_path(call)
        if call.operation is None:
            return dialect.method_not_listed(call, sorted({one.method for one in self._listed}))
        try:
            if (reply := self._in_trouble(hits.trouble)) is not None:
                return reply
            if (refused := dialect.admit(call)) is not None:
                return refused
            if call.account is not None:
                self._tags.add("authorised")
            if (refused := self._objection(exchange)) is not None:
                return refused
            behaviour = self.served.behaviour.operations.get(call.operation.id)
            return behaviour(call) if behaviour else _example(call)
        except Exception:  # noqa: BLE001 - the client must get an answer of the API's own kind
            traceback.print_exc(file=sys.stderr)
            self._judge.own_faults.append(f"{call.operation.id}: the mock crashed: {traceback.format_exc(limit=-1)}")
            return dialect.trouble(call, 500).but("the mock itself crashed: this is its fault, please report it")

    def _in_trouble(self, trouble: Trouble | None) -> Reply | None:
        """What the mock was told to answer instead; None where it was not."""
        if trouble is None:
            return None
        self._tags |= {SPOILT, trouble_tag(trouble.kind)}
        self.delay, self._trouble = trouble.seconds, trouble
        if trouble.status:
            reply = self._dialect.trouble(self.call, trouble.status)
            wait = trouble.retry_after(self.call.now)
            return replace(reply, headers=(*reply.headers, ("Retry-After", wait))) if wait else reply
        if trouble.kind in ("token ended", "token revoked"):
            self.call.token_counts = False
            return None
        return None if trouble.carried_out else _NOTHING

    def _objection(self, exchange: HttpExchange) -> Reply | None:
        """The answer to a request that breaks clauses for which it is refused."""
        altered = "probe" in self._tags
        judge = self.served.judge() if altered else self._judge
        heard = replace(exchange, tags=exchange.tags - {"probe"}) if altered else exchange
        found = judge.hear(heard)
        self._findings = [] if altered else found
        profile = self.served.profile
        refusals = [Refusal(one.requirement.id, one.problem) for one in found if profile.refuses(one.requirement)]
        return self._dialect.refused(self.call, refusals) if refusals else None

    def _alter_answer(self, exchange: HttpExchange, reply: Reply, hits: Hits) -> Reply:
        if not hits.answer_edits or reply is _NOTHING:
            return reply
        answered = replace(exchange, response=HttpResponse(reply.status, Headers(reply.headers), Body(reply.body)))
        response = hits.changed_answer(answered)
        assert response is not None  # noqa: S101 - there was one
        self._tags.add(SPOILT)
        return replace(reply, status=response.status, headers=response.headers.fields, body=response.body.raw)

    def _keep(self, exchange: HttpExchange, reply: Reply, hits: Hits) -> None:
        call, received = self.call, self.session.received
        names = self.served.behaviour.secrets.get(exchange.operation or "", ())
        raw, issued = received.issued(reply.body, names) if names else (received.redacted(reply.body), ())
        response = HttpResponse(reply.status, Headers(reply.headers), body_of(raw), "", issued)
        exchange = replace(
            exchange,
            response=None if reply is _NOTHING else response,
            failure=_NOT_ANSWERED if reply is _NOTHING else None,
            received=self.session.wire.now(),
            tags=frozenset(self._tags),
        )
        findings = [*self._findings, *self._judge.see(exchange)]
        entry = Entry(
            0, call.service, exchange, tuple(findings), reply.why, reply.advice,
            hits.spellings, tuple(call.notes),
        )  # fmt: skip
        self.entry = self.session.journal.add(entry)


def _offered(served: Served, path: str) -> Offered:
    """The service below whose base path this path lies; where there is none, the first."""
    fitting = [one for one in served.offered if _lies_below(path, one.base_path)]
    return max(fitting, key=lambda one: len(one.base_path), default=served.offered[0])


def _lies_below(path: str, base: str) -> bool:
    return path.startswith(base) and path[len(base) : len(base) + 1] in ("/", "")


def _example(call: Call) -> Reply:
    """The document's own example of what comes of this operation."""
    operation = call.operation
    assert operation is not None  # noqa: S101 - the caller has one
    status = operation.success_status
    example = operation.example(status)
    return json_reply(status, example) if example else Reply(status)


def said(refusals: Sequence[Refusal]) -> str:
    """Refusals in one line for a person."""
    first = refusals[0]
    more = f" and {len(refusals) - 1} more" if len(refusals) > 1 else ""
    what = f"expected {first.problem.expected}, got {first.problem.actual}"
    return f"{first.requirement} at {first.problem.where}: {what}{more}"
