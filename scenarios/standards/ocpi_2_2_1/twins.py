"""Edits for proofs about ids: one object's member put into another, as it is or in other case; and where they are made.

No clause of its own.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from harness.judge.vocabulary import Predicate, both, tagged
from harness.model.crawl import crawl_tag
from harness.model.edit import Edit, Rewrite, compact, with_raw
from harness.model.exchange import HttpExchange, HttpResponse
from harness.model.pointer import MISSING, split, value_at
from scenarios.standards.ocpi_2_2_1.objects import location_page, tariff_page

locations_crawled = both(location_page, tagged(crawl_tag("Location", "all")))
tariffs_crawled = both(tariff_page, tagged(crawl_tag("Tariff", "all")))
CRAWLED = ("ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/crawl-tariffs")
"""The scenarios that read both lists to the end."""


def copied(source: str, target: str, change: Callable[[Any], Any] = lambda value: value, how: str = "copied") -> Edit:
    """The value at one JSON Pointer of the body put at another, which may be the next place of a list."""

    def copy(response: HttpResponse) -> HttpResponse | None:
        document = json.loads(compact(response.body.value))
        *above, last = split(target)
        value, container = value_at(document, source), value_at(document, "".join(f"/{one}" for one in above))
        if value is MISSING:
            return None
        if isinstance(container, list) and last.isdigit() and int(last) <= len(container):
            container[int(last) : int(last) + 1] = [change(value)]
        elif isinstance(container, dict):
            container[last] = change(value)
        else:
            return None
        return with_raw(response, compact(document))

    return Edit(f"{how}({source!r}, {target!r})", f"response.body:{target}", copy)


def copied_in_other_case(source: str, target: str) -> Edit:
    """The same of a text, its letters in other case."""
    return copied(source, target, str.swapcase, "copied_in_other_case")


def on_every_object(scope: Predicate, spelling: str, place: str, change: Callable[[dict[str, Any]], Any]) -> Rewrite:
    """Every object of every list in scope changed; `place` is where the problem is then seen."""

    def edited(exchange: HttpExchange) -> HttpExchange:
        if exchange.response is None or not scope(exchange):
            return exchange
        envelope = json.loads(compact(exchange.response.body.value))
        for one in envelope["data"]:
            change(one)
        return replace(exchange, response=with_raw(exchange.response, compact(envelope)))

    def rewrite(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        return [edited(exchange) for exchange in exchanges]

    return Rewrite(spelling, place, rewrite)
