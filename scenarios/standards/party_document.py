"""The party's own OpenAPI document (``--openapi FILE``) as one more judge of every answer.

Needs the setting ``subject.openapi``.
"""

from harness.judge.vocabulary import asked_properly, both, operation, status
from harness.model.edit import with_field, without_field
from harness.model.exchange import PartyAnswer
from harness.model.requirement import MUST, Basis, Problems, Publication, requirement
from harness.model.verdict import Problem

DOCUMENT = Publication("the party's own OpenAPI document", Basis.PUBLISHED)


a_page = both(asked_properly, status(200), operation("getLocations"))


@requirement(
    MUST,
    DOCUMENT["responses"],
    row="",
    since="2026.12",
    only_where={"subject.openapi": "given"},
    broken_by=[
        without_field("/data/0/last_updated").on(a_page),
        with_field("/data/0/coordinates", "52.1,5.1").on(a_page),
        with_field("/timestamp", 1).on(a_page),
    ],
    kept_by=[with_field("/data/0/x_extension", {"anything": [1, None]}).on(a_page)],
)
def answers_match_the_partys_document(answer: PartyAnswer) -> Problems:
    """An answer's body holds against what the party's own document says of it.

    Why: it is the document that the party's own software is made from.
    Fix: compare the member at the place shown with the document that you gave.
    """
    for pointer, expected, actual in answer.differences:
        yield Problem(f"response.body:{pointer}", expected, actual)
