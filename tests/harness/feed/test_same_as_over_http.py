"""Every clause on objects says of a file what it says of the same objects from a server: it is the same clause."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from harness.model.edit import Edit
from harness.model.exchange import HttpExchange
from harness.model.requirement import OF_THE_WHOLE_RUN, Requirement
from tests.harness.feed.files import clauses, crawled, from_files, over_http
from tests.needs import needs_minutes

pytestmark = needs_minutes()

Pages = Sequence[HttpExchange]


def test_conforming_lists_come_to_the_same() -> None:
    names = [one.id for one in clauses()]
    assert from_files(crawled("all"), names) == over_http(crawled("all"), names)


BROKEN = [one for one in clauses() if any(isinstance(edit, Edit) for edit in one.broken_by)]


@pytest.mark.parametrize("requirement", BROKEN, ids=lambda one: str(one.id))
def test_broken_objects_come_to_the_same(requirement: Requirement) -> None:
    for edit in requirement.broken_by:
        for earlier, pages in _edited(edit, requirement) if isinstance(edit, Edit) else ():
            expected = over_http([*earlier, *pages], [requirement.id])
            assert from_files(pages, [requirement.id], earlier) == expected, edit.spelling


def test_most_clauses_are_broken_so() -> None:
    tried = {one.id for one in BROKEN for edit in one.broken_by if isinstance(edit, Edit) and any(_edited(edit, one))}
    assert len(tried) > 0.8 * len(clauses()), sorted({one.id for one in clauses()} - tried)


def _edited(edit: Edit, requirement: Requirement) -> Iterator[tuple[Pages, Pages]]:
    """The earlier and the present pages of both lists, objects of one present page edited: of the first that fits."""
    for earlier, pages in (((), crawled("all")), (crawled("all"), crawled("again"))):
        for index, page in enumerate(pages):
            if page.response is None or not edit.scope(page):
                continue
            response = edit.change(page.response)
            data = response.body.at("/data") if response else None
            if not isinstance(data, list) or data == page.response.body.at("/data"):
                continue
            edited = replace(page, response=response)
            if requirement.evidence in OF_THE_WHOLE_RUN:
                yield earlier, [*pages[:index], edited, *pages[index + 1 :]]
            else:
                yield (), [edited]
            return
