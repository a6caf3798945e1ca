"""Pages of made-up objects as evidence, for the judge and for other validators."""

from typing import Any

from hypothesis import settings

from harness.cli.generate import MOMENT
from harness.judge.judge import Judge, judged
from harness.model.body import Body
from harness.model.crawl import crawl_tag
from harness.model.edit import compact
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse, Transcript
from harness.model.requirement import MAY
from harness.model.verdict import Outcome
from tests.proofs.conversation import bench

PATHS = {"getLocations": "/locations", "getLocation": "/locations/1", "getTariffs": "/tariffs"}
SCHEMAS = {"getLocations": "Location", "getLocation": "Location", "getTariffs": "Tariff"}
BASE = "https://cpo.example/ocpi/2.2.1"


def moderately(examples: int) -> settings:
    """So many examples, the same ones on every machine, however slow it is."""
    return settings(max_examples=examples, derandomize=True, database=None, deadline=None)


def envelope(data: Any) -> dict[str, Any]:
    """What is around every answer."""
    return {"status_code": 1000, "timestamp": f"{MOMENT:%Y-%m-%dT%H:%M:%SZ}", "data": data}


def page_of(operation: str, objects: list[Any]) -> HttpExchange:
    """A whole list in one page."""
    return answer_of(operation, compact(envelope(objects)), len(objects))


def answer_of(operation: str, raw: bytes, total: int) -> HttpExchange:
    """An answer with these bytes as its body, said to hold all of `total` objects."""
    ids = (("X-Request-ID", f"r-{operation}"), ("X-Correlation-ID", "c-1"))
    plain = (("X-Total-Count", str(total)), ("X-Limit", "100"), ("Content-Type", "application/json"))
    return HttpExchange(
        id=operation,
        situation="generated",
        operation=operation,
        request=HttpRequest("GET", BASE + PATHS[operation], Headers(ids)),
        response=HttpResponse(200, Headers((*ids, *plain)), Body(raw)),
        sent=MOMENT,
        received=MOMENT,
        tags=frozenset({"authorised", "whole list", crawl_tag(SCHEMAS[operation], "all")}),
    )


def failures(*pages: HttpExchange) -> dict[str, list[str]]:
    """What fails, MUST or SHOULD, when all of ndw-pull judges these pages as one conversation, with the problems.

    A MAY is a remark: it points out, among others, moments without a Z, which are allowed.
    """
    at = bench("ndw-pull")
    interface = at.suite.interface
    judge = Judge(at.suite.requirements, at.profile, at.document, interface.objects, interface.subject)
    verdicts = judged(judge, [Transcript("generated", pages)])
    bad = (Outcome.FAILED, Outcome.CANNOT_TELL)
    remarks = {requirement.id for requirement in at.suite.requirements if requirement.keyword is MAY}
    return {
        verdict.requirement: [verdict.reason or "", *(str(problem) for problem in verdict.problems)]
        for verdict in verdicts
        if verdict.outcome in bad and verdict.requirement not in remarks
    }
