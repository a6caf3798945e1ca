"""The reference with one fault in its paging or its stamps, asked for real: the clause on it fails, and who else."""

import json
from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest

from harness.model.verdict import Outcome
from harness.systems.ndw import reference as module
from harness.systems.ndw.reference import paging, store
from tests.needs import needs_minutes
from tests.proofs.conversation import bench, held, reference

pytestmark = needs_minutes()

INTERFACE = "ndw-pull"
COUNT, PAGE = "_COUNT", "_PAGE"
Patch = Callable[[pytest.MonkeyPatch], None]


def sql(old: str, new: str, *statements: str) -> Patch:
    """Another condition in the statements that make a page."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        for name in statements:
            text = str(getattr(store, name))
            assert old in text
            monkeypatch.setattr(f"harness.systems.ndw.reference.store.{name}", text.replace(old, new))

    return patch


def link(change: Callable[[str | None, int], str | None]) -> Patch:
    """Another Link, made of the right one and the offset of the page."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        right = paging.next_link
        monkeypatch.setattr(
            "harness.systems.ndw.reference.app.next_link",
            lambda url, page, total: change(right(url, page, total), page.offset),
        )

    return patch


def offset(change: Callable[[int, int], int]) -> Patch:
    """Another reading of offset and limit as the position where a page begins."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        right = store.Store.page

        def page(self: store.Store, kind: Any, **query: Any) -> tuple[int, list[bytes]]:
            return right(self, kind, **{**query, "offset": change(query["offset"], query["limit"])})

        monkeypatch.setattr("harness.systems.ndw.reference.store.Store.page", page)

    return patch


def order_alternates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forwards and backwards in turn."""
    text = str(getattr(store, PAGE))
    right, ways = store.Store.page, cycle(("last_updated", "last_updated DESC"))

    def page(self: store.Store, kind: Any, **query: Any) -> tuple[int, list[bytes]]:
        monkeypatch.setattr(store, PAGE, text.replace("BY last_updated", f"BY {next(ways)}"))
        return right(self, kind, **query)

    monkeypatch.setattr("harness.systems.ndw.reference.store.Store.page", page)


def stamps_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change stamps nothing."""

    def change(made: Any, order: Any) -> dict[str, str]:
        _, bodies = made.state.store.page("locations", offset=0, limit=1000)
        location = next(one for one in map(json.loads, bodies) if one["id"] == order["object"]["location"])
        next(one for one in location["evses"] if one["uid"] == order["object"]["evse"]).update(order["set"])
        made.state.store.put("locations", [location])
        return {}

    monkeypatch.setattr(module, "change", change)


def change_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is changed comes with the export of the night."""
    monkeypatch.setattr(module, "change", lambda _app, _order: {})


def without(text: str) -> Callable[[str | None, int], str | None]:
    """The Link without a parameter."""

    def change(right: str | None, _offset: int) -> str | None:
        if right is None:
            return None
        address, _, rest = right.partition("?")
        query, _, end = rest.partition(">")
        return f"{address}?{'&'.join(pair for pair in query.split('&') if not pair.startswith(text))}>{end}"

    return change


FAULTS: dict[str, tuple[Patch, set[str]]] = {
    "date_from is exclusive": (
        sql("last_updated >= ?", "last_updated > ?", COUNT, PAGE),
        {"date-from-is-inclusive", "date-forms-mean-the-same", "date-from-finds-the-whole-location"},
    ),
    "date_to is inclusive": (sql("last_updated < ?", "last_updated <= ?", COUNT, PAGE), {"date-to-is-exclusive"}),
    "the total is of the whole list, and so are the Links": (
        sql("last_updated >= ? AND last_updated < ?", "? IS NOT NULL AND ? IS NOT NULL", COUNT),
        {"total-counts-what-the-dates-leave", "last-page-has-no-link", "crawl-comes-to-an-end"},
    ),
    "no Link at all": (
        link(lambda _right, _offset: None),
        {"link-is-given-while-more-follows", "total-is-the-number-of-objects"},
    ),
    "limit lost in the Link": (link(without("limit=")), {"link-keeps-the-limit"}),
    "date_from lost in the Link": (link(without("date_from=")), {"link-keeps-date-from"}),
    "date_to lost in the Link": (link(without("date_to=")), {"link-keeps-date-to"}),
    "pages counted for offset": (
        offset(lambda number, limit: number * limit),
        {
            "offset-counts-objects",
            "every-limit-gives-the-same-objects",
            "last-page-has-no-link",
            "total-is-the-number-of-objects",
            "total-counts-what-the-dates-leave",
        },
    ),
    "offset counted from 1": (
        offset(lambda number, _limit: max(0, number - 1)),
        {
            "offset-counts-objects",
            "no-object-comes-on-two-pages",
            "every-limit-gives-the-same-objects",
            "date-from-is-inclusive",
            "date-to-is-exclusive",
            "total-is-the-number-of-objects",
            "total-counts-what-the-dates-leave",
        },
    ),
    "changes leave old stamps": (stamps_stay, {"stamps-move-with-content", "date-from-finds-the-whole-location"}),
    "changes come later": (change_is_lost, {"pull-shows-what-just-happened"}),
}
"""Fault: how it is put in, and the clauses that fail by it. Where pages overlap, much else is wrong as well."""


def failing(monkeypatch: pytest.MonkeyPatch, patch: Patch) -> dict[str, Any]:
    """The clauses that fail with this fault, each with its first problems."""
    patch(monkeypatch)
    verdicts = bench(INTERFACE).verdicts(held(INTERFACE, lambda clock: reference(INTERFACE, clock)))
    assert [(one.requirement, one.reason) for one in verdicts if one.outcome is Outcome.CANNOT_TELL] == []
    return {one.requirement.partition("/")[2]: one.problems[:2] for one in verdicts if one.outcome is Outcome.FAILED}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patch, wanted = FAULTS[fault]
    failed = failing(monkeypatch, patch)
    assert failed.keys() == wanted, failed


def test_another_order_with_every_request_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else fails depends on where pages were cut."""
    assert {"order-stays-the-same", "no-object-comes-on-two-pages"} <= failing(monkeypatch, order_alternates).keys()
