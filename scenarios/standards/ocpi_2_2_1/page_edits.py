"""Changes of pages, for proofs: other objects on a page, or a conversation in which pages went another way."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from harness.judge.vocabulary import Predicate, listed, next_link
from harness.model.crawl import crawl_tag
from harness.model.edit import Edit, Rewrite, compact, with_header, with_raw
from harness.model.exchange import HttpExchange, HttpResponse

Objects = list[dict[str, Any]]


def with_objects(told: str, change: Callable[[Objects], Objects]) -> Edit:
    """Other objects on a page; `told` says in words which."""

    def changed(response: HttpResponse) -> HttpResponse | None:
        document = response.body.value
        if not isinstance(document, dict) or not isinstance(document.get("data"), list):
            return None
        return with_raw(response, compact({**document, "data": change(document["data"])}))

    return Edit(told, "response.body:/data", changed)


def pages_of(schema: str, label: str) -> Predicate:
    """The pages of one crawl."""
    return lambda exchange: crawl_tag(schema, label) in exchange.tags


def page_of(schema: str, label: str, least: int) -> Predicate:
    """The same, those that hold at least so many objects."""
    return lambda exchange: crawl_tag(schema, label) in exchange.tags and len(listed(exchange)) >= least


def rewritten_pages(
    told: str,
    place: str,
    scope: Predicate,
    change: Callable[[list[HttpExchange]], Sequence[HttpExchange]],
) -> Rewrite:
    """The pages that `scope` accepts, all of one situation together, replaced in their places by what `change` makes
    of them; those that it leaves out are gone."""

    def changed(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        chosen = [exchange for exchange in exchanges if scope(exchange)]
        made = {exchange.id: exchange for exchange in change(chosen)} if chosen else {}
        return [made.get(one.id, one) for one in exchanges if one.id in made or not scope(one)]

    return Rewrite(told, place, changed)


def edited(exchange: HttpExchange, edit: Edit) -> HttpExchange:
    """The exchange with an edit made, where it fits."""
    response = edit.change(exchange.response) if exchange.response else None
    return exchange if response is None else replace(exchange, response=response)


def linked_elsewhere(told: str, name: str, value: str | None, scope: Predicate) -> Rewrite:
    """Each page that `scope` accepts leads on by another Link: one parameter (all of them where `name` is empty) left
    out or replaced."""

    def change(exchange: HttpExchange) -> HttpExchange:
        target = next_link(exchange)
        if target is None:
            return exchange
        address, _, query = target.partition("?")
        kept = [pair for pair in query.split("&") if name and not pair.startswith(f"{name}=")]
        put = [] if value is None else [f"{name}={value}" if name else value]
        return edited(exchange, with_header("Link", f'<{address}?{"&".join(kept + put)}>; rel="next"'))

    return rewritten_pages(told, "response.header:link", scope, lambda pages: [change(page) for page in pages])


def linked_to_itself(scope: Predicate) -> Rewrite:
    """Each page that `scope` accepts leads to itself."""

    def change(page: HttpExchange) -> HttpExchange:
        return edited(page, with_header("Link", f'<{page.request.url}>; rel="next"'))

    return rewritten_pages(
        "pages lead to themselves", "response.header:link", scope, lambda pages: [change(page) for page in pages]
    )


def without_end(scope: Predicate, total: str) -> Rewrite:
    """The last page that `scope` accepts leads on like the others, and every one of them says this X-Total-Count."""
    leads_on = with_header("Link", '<https://cpo.example/on>; rel="next"')

    def change(pages: list[HttpExchange]) -> list[HttpExchange]:
        told = [edited(page, with_header("X-Total-Count", total)) for page in pages]
        return [*told[:-1], edited(told[-1], leads_on)]

    return rewritten_pages(f"on and on, beyond {total} objects", "response.header:link", scope, change)


def repeated_over_pages(told: str, scope: Predicate, **changed: str) -> Rewrite:
    """The second of the pages that `scope` accepts begins with the last object of the first, or with that `changed`."""

    def change(pages: list[HttpExchange]) -> list[HttpExchange]:
        last = {**listed(pages[0])[-1], **changed}
        return [pages[0], edited(pages[1], with_objects(told, lambda objects: [last, *objects])), *pages[2:]]

    return rewritten_pages(told, "response.body:/data/0", scope, change)


def with_a_new_object(told: str, place: int | None, scope: Predicate) -> Edit:
    """One object more on a page, made while the list was read: at this place, or at the end."""

    def change(objects: Objects) -> Objects:
        made = {**objects[0], "id": "MADE-JUST-NOW", "last_updated": "2026-06-01T08:00:15Z"}
        at = len(objects) if place is None else place
        return [*objects[:at], made, *objects[at:]]

    return with_objects(told, change).on(scope)


def answered_like(label: str, other: str, place: str, schema: str = "Location") -> Rewrite:
    """The first page of one crawl holds the objects of another's."""

    def change(pages: list[HttpExchange]) -> list[HttpExchange]:
        objects = next(listed(page) for page in pages if pages_of(schema, other)(page))
        told = with_objects("", lambda _objects: objects)
        return [edited(page, told) if pages_of(schema, label)(page) else page for page in pages]

    def either(exchange: HttpExchange) -> bool:
        return pages_of(schema, label)(exchange) or pages_of(schema, other)(exchange)

    return rewritten_pages(f"{label} is answered like {other}", place, either, change)
