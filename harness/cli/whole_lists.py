"""What a pull brought of one list, and whether it was read to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.judge.shown import schema_of, shown_by
from harness.judge.vocabulary import next_link
from harness.model.crawl import CRAWL_TAG
from harness.model.exchange import HttpExchange
from harness.model.system import DomainObjects
from harness.spec.openapi import Document


@dataclass(frozen=True)
class WholeList:
    """The objects of the pages; `is_whole`: every page was read, and the last one names no next."""

    rows: tuple[dict[str, Any], ...]
    is_whole: bool


def whole_list(pages: Sequence[HttpExchange], schema: str, document: Document, objects: DomainObjects) -> WholeList:
    """The list of the objects of this schema among all that was pulled, whatever is wrong with others on a page."""
    crawl = [page for page in pages if f"{CRAWL_TAG}{schema} all" in page.tags]
    is_whole = bool(crawl) and all(map(_is_read, crawl)) and next_link(crawl[-1]) is None
    shown = (shown_by(page, schema_of(page, document), objects) for page in crawl)
    return WholeList(tuple(one.value for page in shown for one in page.by_schema.get(schema, ())), is_whole)


def _is_read(page: HttpExchange) -> bool:
    return page.response is not None and page.response.status == 200
