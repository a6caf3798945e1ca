"""NDW, push: how a client asks: by the methods that NDW lists, at the level where something changed, without reading.

Needs the setting ``push.get_method``.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from harness.model.body import Body
from harness.model.edit import Rewrite, compact, with_field
from harness.model.exchange import SPOILT, Conversation, Headers, HttpExchange, HttpResponse, Transcript
from harness.model.request_edit import with_method
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable
from harness.standards.ocpi_2_2_1.reading import parts, text
from scenarios.ndw import NDW
from scenarios.ndw.push_bodies import meant, of_requests
from scenarios.ndw.push_outcomes import concerns, segments
from scenarios.ndw.push_told import LISTED, LOCATION, READING, Told, body_of, in_all, in_one, target_of, writes
from scenarios.ndw.push_words import is_done, is_push, lacks_time, problem_of

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

HERE = "ndw/get-is-refused"
ANSWER_S = 5.0
"""How long a client is watched at least after a refused GET before it is said to have given up."""


@requirement(
    MUST,
    NDW["Push"],
    row="push-listed-methods-only",
    when=writes,
    broken_by=of_requests(meant("patchEvse"), with_method("DELETE"), with_method("POST"))
    + of_requests(meant("putLocation"), with_method("POST"), with_method("DELETE"))
    + of_requests(meant("putTariff"), with_method("PATCH"), with_method("POST")),
    kept_by=of_requests(meant("putTariff"), with_method("DELETE"))
    + of_requests(meant("putConnector"), with_method("PATCH")),
)
def only_listed_methods_are_used(exchange: HttpExchange) -> Problems:
    """A client writes locations by PUT and PATCH, tariffs by PUT and DELETE, and by no other method.

    Why: NDW lists no other; the request is refused, and what it was to tell is lost.
    Fix: take an EVSE away by its status REMOVED; change a tariff by a PUT of the whole; never POST.
    """
    target = target_of(exchange)
    if target is not None and exchange.request.method not in LISTED[target.module]:
        yield problem_of(exchange, "request.path:", " or ".join(LISTED[target.module]), exchange.request.method)


def _tells_a_status(exchange: HttpExchange) -> bool:
    names = {"patchEvse": "status", "putEvse": "status", "patchLocation": "evses"}
    return is_push(exchange) and names.get(exchange.operation or "") in body_of(exchange)


def _through_the_location(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    """Every PATCH of a status as one of the Location."""

    def lifted(exchange: HttpExchange) -> HttpExchange:
        if exchange.operation != "patchEvse" or not _tells_a_status(exchange):
            return exchange
        url, _, uid = exchange.request.url.rpartition("/")
        body = Body(compact({**body_of(exchange), "evses": [{**body_of(exchange), "uid": uid}]}))
        return replace(exchange, operation="patchLocation", request=replace(exchange.request, url=url, body=body))

    return [lifted(one) for one in exchanges]


@requirement(
    SHOULD,
    NDW["Push - Locations"],
    basis=Basis.ASSUMED,
    row="push-status-at-evse-level",
    when=lambda transcript: any(map(_tells_a_status, transcript.exchanges)),
    broken_by=[Rewrite("statuses by a PATCH of the location", "request.body:/evses", _through_the_location)],
    kept_by=[
        *map(in_all, of_requests(meant("patchEvse"), with_field("/status", "RESERVED"))),
        *map(in_all, of_requests(meant("patchLocation"), with_field("/evses", []))),
    ],
)
def statuses_are_told_of_the_evse(transcript: Transcript) -> Problems:
    """The status of an EVSE is changed at the URL of the EVSE, not by a PATCH of its location.

    Why: what a list of EVSEs in a PATCH means, nobody has settled: the others may be gone, or the change be refused.
    Fix: PATCH {location_id}/{evse_uid} with status and last_updated.
    """
    told = Told()
    for exchange in filter(is_push, transcript.exchanges):
        target = target_of(exchange)
        if exchange.operation == "patchLocation" and target is not None:
            known = told.locations.get(target.key[:LOCATION], {})
            for _at, one in parts(body_of(exchange), "evses"):
                evse = known.get((text(one, "uid") or "").lower())
                status = text(one, "status")
                if evse is not None and evse.status is not None and status not in (None, evse.status):
                    expected = "the status at the URL of the EVSE"
                    yield problem_of(exchange, "request.body:/evses", expected, f"{status} in a PATCH of the location")
                    break
        told.hear(exchange)


def _is_refused_read(exchange: HttpExchange) -> bool:
    status = exchange.response.status if exchange.response is not None else 0
    refused = status in (404, 405, 501) and not exchange.tags & {SPOILT, "probe"}
    return exchange.request.method in READING and refused and target_of(exchange) is not None


def _reading_of(push: HttpExchange) -> HttpExchange:
    """A GET of the same object just before, refused."""
    request = replace(push.request, method="GET", body=Body(b""))
    response = HttpResponse(405, Headers.of({"Allow": "PUT"}), Body(b""))
    tags = push.tags & {"served"}
    return replace(
        push, id=f"{push.id}-read", operation=None, request=request, response=response, tags=tags, received=push.sent
    )


def _only_reading(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    return [_reading_of(one) if is_push(one) else one for one in exchanges]


def _reading_and_giving_up(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    """As far as the first location, which is read and never pushed."""
    at = next((at for at, one in enumerate(exchanges) if one.operation == "putLocation"), len(exchanges))
    return [*exchanges[:at], *(_reading_of(one) for one in exchanges[at : at + 1])]


def _reading_first(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    return [made for one in exchanges for made in ([_reading_of(one), one] if is_push(one) else [one])]


def _reading_at_last(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    last = [one for one in exchanges if is_done(one) and is_push(one)][-1:]
    return [*exchanges, *(_reading_of(one) for one in last)]


@requirement(
    SHOULD,
    NDW["Push"],
    row="push-no-get-needed",
    when=lambda conversation: any(is_push(one) or _is_refused_read(one) for one in conversation.exchanges),
    asked_by=[HERE],
    broken_by=[
        in_one(HERE, "nothing but GET", "response.status", _only_reading),
        in_one(HERE, "tariffs, then a GET and no more", "response.status", _reading_and_giving_up),
    ],
    kept_by=[
        in_one(HERE, "a GET before each push", "response.status", _reading_first),
        in_one(HERE, "a GET at last", "response.status", _reading_at_last),
    ],
)
def pushing_needs_no_get(conversation: Conversation, settings: Settings) -> Problems:
    """A client pushes though NDW answers no GET.

    Why: NDW lists no GET of what was pushed; a client that wants to read first never writes.
    Fix: keep in mind what NDW has taken, or send a PUT of the whole; take 405 for an answer, not for trouble.
    """
    if settings.text("push.get_method") == "serve":
        yield Inapplicable("GET is served here")
        return
    said = [one for one in conversation.exchanges if is_push(one) or _is_refused_read(one)]
    for at, read in enumerate(said):
        goes_on = any(is_push(one) and one.sent >= read.received for one in said[at:])
        if (
            _is_refused_read(read)
            and not goes_on
            and not any(is_push(one) and concerns(segments(one), segments(read)) for one in said)
        ):
            actual = "no push after it, and none of this object before"
            yield lacks_time(conversation, read.received, ANSWER_S) or problem_of(
                read, "response.status", "a push all the same", actual
            )
            return
