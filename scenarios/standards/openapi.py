"""The document itself as a judge: whatever no clause of its own covers."""

from harness.judge.vocabulary import asked_properly, both, operation, status
from harness.model.edit import with_field, without_field
from harness.model.requirement import MUST, Basis, Binds, Publication, requirement

SINCE = "2026.12"
DOCUMENT = Publication("the interface's OpenAPI document, this project's reading", Basis.ASSUMED)

a_page = both(asked_properly, status(200), operation("getLocations"), lambda exchange: _filled(exchange))


def _filled(exchange: object) -> bool:
    response = getattr(exchange, "response", None)
    return response is not None and isinstance(response.body.at("/data/0/id"), str)


@requirement(
    MUST,
    DOCUMENT["responses"],
    row="",
    since=SINCE,
    binds=Binds.AUTHOR,
    broken_by=[
        without_field("/data/0/last_updated").on(a_page),
        with_field("/data/0/coordinates", "52.1,5.1").on(a_page),
        with_field("/data/0/evses/0/status", "Available").on(a_page),
        with_field("/data/0", "LOC-1").on(a_page),
    ],
    kept_by=[
        with_field("/data/0/x_extension", {"anything": [1, None]}).on(a_page),
        with_field("/data/0/name", None).on(a_page),
        with_field("/data/0/evses/0/connectors/0/max_voltage", 230.0).on(a_page),
    ],
)
def answers_match_the_document() -> None:
    """Whatever the document says of an answer's body, beyond the clauses that have a name of their own, holds.

    Why: a reader generated from the document refuses anything else. The document is this project's reading of the
    sources, not the party's own file; hence it warns and does not fail.
    Fix: compare the member at the place shown with the field tables of the source.
    """
