"""NDW, push: a tariff is there for as long as a connector names it.

Needs no setting.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from harness.judge.vocabulary import status
from harness.model.exchange import SPOILT, Conversation, HttpExchange, Transcript
from harness.model.requirement import SHOULD, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.ndw.push_told import LOCATION, Told, in_one, target_of, tariffs_named
from scenarios.ndw.push_words import is_done, is_push, problem_of

HERE = "ndw/all-is-well"
requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)


def _tariff_of(exchange: HttpExchange) -> tuple[str, ...] | None:
    target = target_of(exchange)
    return target.key[:LOCATION] if target is not None and target.module == "tariffs" and is_push(exchange) else None


def _first_told(conversation: Transcript) -> dict[tuple[str, ...], HttpExchange]:
    """The first push of each Tariff."""
    found: dict[tuple[str, ...], HttpExchange] = {}
    for exchange in conversation.exchanges:
        if (key := _tariff_of(exchange)) is not None:
            found.setdefault(key, exchange)
    return found


def _names_tariffs(exchange: HttpExchange) -> bool:
    return is_push(exchange) and any(True for _ in tariffs_named(exchange))


def _with_the_tariff_last(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    """The Tariff that the first connector names is pushed at the end."""
    named = [
        (name, target.key[:2])
        for one in exchanges
        if _names_tariffs(one) and (target := target_of(one))
        for name, _ in tariffs_named(one)
    ]
    key = (*named[0][1], named[0][0]) if named else None
    moved = [one for one in exchanges if _tariff_of(one) == key]
    if not moved or not status(201)(moved[0]):
        return list(exchanges)
    last = exchanges[-1].received
    late = [replace(one, sent=last, received=last) for one in moved]
    return [*(one for one in exchanges if one not in moved), *late]


def _with_the_tariff_twice(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    """Every Tariff is pushed again at the end, as it was."""
    last = exchanges[-1].received if exchanges else None
    again = [
        replace(one, id=f"{one.id}-again", sent=last, received=last)
        for one in exchanges
        if last is not None and one.operation == "putTariff" and is_push(one) and is_done(one)
    ]
    return [*exchanges, *again]


@requirement(
    SHOULD,
    OCPI["mod_locations 8"],
    row="push-tariff-before-reference",
    when=lambda conversation: any(map(_names_tariffs, conversation.exchanges)),
    broken_by=[
        in_one(
            HERE,
            "a tariff after its connector",
            "request.body:/evses/0/connectors/0/tariff_ids/0",
            _with_the_tariff_last,
        )
    ],
    kept_by=[in_one(HERE, "all tariffs once more", "request.body:", _with_the_tariff_twice)],
)
def tariffs_come_before_their_connectors(conversation: Conversation) -> Problems:
    """A new tariff is pushed before a connector names it.

    Why: between the two, NDW has a connector with a price that it does not know.
    Fix: push tariffs first, and what names them when they are taken.
    """
    first = _first_told(conversation)
    told: set[tuple[str, ...]] = set()
    for exchange in filter(_names_tariffs, conversation.exchanges):
        target = target_of(exchange)
        for name, place in tariffs_named(exchange) if target is not None and is_done(exchange) else ():
            key = (*target.key[:2], name) if target is not None else ()
            tariff = first.get(key)
            if (
                tariff is None
                or key in told
                or tariff.sent < exchange.received
                or _is_before(conversation, tariff, exchange)
            ):
                continue
            is_new = tariff.operation == "putTariff" and status(201)(tariff) and SPOILT not in tariff.tags
            if is_new:
                told.add(key)
                yield problem_of(
                    exchange, f"request.body:{place}", f"{name} pushed before", f"pushed later, by {tariff.id}"
                )


def _is_before(conversation: Transcript, one: HttpExchange, other: HttpExchange) -> bool:
    """Where both are at the same moment, their order tells."""
    return conversation.exchanges.index(one) < conversation.exchanges.index(other)


def _is_deletion(exchange: HttpExchange) -> bool:
    return is_push(exchange) and exchange.operation == "deleteTariff" and SPOILT not in exchange.tags


def _deleting(which: int) -> Any:
    """Every deletion is of another Tariff: that of this number among those that the first Location names."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        named = [name for one in exchanges if one.operation == "putLocation" for name, _ in tariffs_named(one)]

        def moved(exchange: HttpExchange) -> HttpExchange:
            if not named or not _is_deletion(exchange):
                return exchange
            url = f"{exchange.request.url.rpartition('/')[0]}/{named[which]}"
            return replace(exchange, request=replace(exchange.request, url=url))

        return [moved(one) for one in exchanges]

    return change


def _without_locations(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    return [one for one in exchanges if target_of(one) is None or one.operation in ("putTariff", "deleteTariff")]


@requirement(
    SHOULD,
    OCPI["mod_tariffs 11.2.2.3"],
    row="push-tariff-delete-unreferenced",
    when=lambda conversation: any(map(_is_deletion, conversation.exchanges)),
    asked_by=["ndw/a-tariff-is-deleted"],
    broken_by=[
        in_one(HERE, "the first tariff that is named is deleted", "request.path:", _deleting(0)),
        in_one(HERE, "the last one", "request.path:", _deleting(-1)),
    ],
    kept_by=[in_one(HERE, "tariffs alone", "request.path:", _without_locations)],
)
def deleted_tariffs_are_not_named(conversation: Conversation) -> Problems:
    """A tariff is deleted when no connector names it any more.

    Why: else a connector is left with a price that is not there.
    Fix: give its connectors other tariffs first, and delete it when those pushes are taken.
    """
    told = Told()
    for exchange in filter(is_push, conversation.exchanges):
        target = target_of(exchange)
        if _is_deletion(exchange) and target is not None:
            for place, evses in told.locations.items():
                naming = [
                    f"connector {connector} of EVSE {uid}, location {place[-1]}"
                    for uid, evse in evses.items()
                    for connector, named in evse.named.items()
                    if place[:2] == target.key[:2] and evse.status != "REMOVED" and target.key[-1] in named
                ]
                if naming:
                    yield problem_of(exchange, "request.path:", "a tariff that no connector names", naming[0])
                    break
        told.hear(exchange)
