"""The document itself as a judge of requests: whatever no clause of its own covers."""

from dataclasses import replace
from typing import Any

from harness.judge.vocabulary import both, operation
from harness.model.edit import Edit, of_the_request, with_field
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, Binds, requirement
from scenarios.standards.openapi import DOCUMENT


def _well_meant(exchange: HttpExchange) -> bool:
    return "probe" not in exchange.tags


def _nested(pointer: str, levels: int) -> Edit:
    """So many lists within each other as a member."""
    value: list[Any] = []
    for _level in range(levels - 1):
        value = [value]
    edit = of_the_request(with_field(pointer, value))
    return replace(edit, spelling=f"request.with_field('{pointer}', {levels} lists, one in the other)")


a_put = both(operation("putLocation", "putTariff"), _well_meant)


@requirement(
    MUST,
    DOCUMENT["requestBody"],
    row="",
    since="2026.12",
    binds=Binds.CLIENT,
    broken_by=[
        _nested("/city", 300).on(both(a_put, operation("putLocation"))),
        _nested("/currency", 300).on(both(a_put, operation("putTariff"))),
    ],
    kept_by=[
        _nested("/x_extension", 300).on(a_put),
        of_the_request(with_field("/x_extension", {"anything": [1, None]})).on(a_put),
    ],
)
def requests_match_the_document() -> None:
    """Whatever the document says of a request's body, beyond the clauses that have a name of their own, holds.

    Why: a server generated from the document refuses anything else. The document is this project's reading of the
    sources, not the party's own file; hence it warns and does not fail.
    Fix: compare the member at the place shown with the field tables of the source.
    """
