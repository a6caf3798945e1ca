"""The document itself as a judge of answers: whatever no clause of its own covers."""

from harness.judge.vocabulary import asked_properly, both, operation, status
from harness.model.edit import with_field
from harness.model.requirement import MUST, Binds, requirement
from scenarios.standards.openapi import DOCUMENT

SINCE = "2026.12"

a_location_page = both(asked_properly, status(200), operation("getLocations"))
a_tariff_page = both(asked_properly, status(200), operation("getTariffs"))
a_location = both(asked_properly, status(200), operation("getLocation"))


@requirement(
    MUST,
    DOCUMENT["responses"],
    row="",
    since=SINCE,
    binds=Binds.AUTHOR,
    broken_by=[
        with_field("/status_message", 7).on(a_location_page),
        with_field("/status_message", {"nl": "gelukt"}).on(a_location),
        with_field("/status_message", []).on(a_tariff_page),
    ],
    kept_by=[
        with_field("/status_message", None).on(a_location_page),
        with_field("/status_message", "").on(a_location),
        with_field("/x_extension", {"anything": [1, None]}).on(a_location_page),
    ],
)
def answers_match_the_document() -> None:
    """Whatever the document says of an answer's body, beyond the clauses that have a name of their own, holds.

    Why: a reader generated from the document refuses anything else. The document is this project's reading of the
    sources, not the party's own file; hence it warns and does not fail.
    Fix: compare the member at the place shown with the field tables of the source.
    """
