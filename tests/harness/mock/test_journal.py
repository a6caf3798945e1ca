"""The journal is a ring within bounds; whoever waits is told."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from harness.mock import journal as bounds
from harness.mock.journal import Entry, Journal
from harness.model.body import Body
from harness.model.exchange import Headers, HttpExchange, HttpRequest

NOW = datetime(2026, 6, 1, tzinfo=UTC)
EXCHANGE = HttpExchange("e1", "serve", None, HttpRequest("GET", "http://x/", Headers()), None, NOW, NOW)


def entry(size: int = 0) -> Entry:
    return Entry(0, "push", replace(EXCHANGE, request=replace(EXCHANGE.request, body=Body(b"x" * size))))


def test_entries_are_numbered_and_read_from_any_number_on() -> None:
    journal = Journal()
    assert [journal.add(entry()).n for _ in range(3)] == [1, 2, 3]
    assert [one.n for one in journal.after(1)] == [2, 3]
    assert journal.after(3) == []


def test_it_forgets_the_oldest_by_number_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST", 10)
    journal = Journal()
    for _ in range(25):
        journal.add(entry())
    assert [one.n for one in journal] == list(range(16, 26))
    assert len(journal.after(0)) == 10
    monkeypatch.setattr(bounds, "LARGEST", 50_000)
    for _ in range(3):
        journal.add(entry(20_000))
    assert [one.n for one in journal] == [27, 28]


def test_bodies_are_kept_without_what_was_read_from_them() -> None:
    read = entry(3)
    assert not read.exchange.request.body.is_json
    kept = Journal().add(read)
    assert vars(kept.exchange.request.body).keys() == {"raw"}


def test_whoever_waits_gets_what_comes_next() -> None:
    async def waited() -> tuple[list[Entry], list[Entry]]:
        journal = Journal()
        waiting = asyncio.ensure_future(journal.wait(0, 30))
        await asyncio.sleep(0)
        journal.add(entry())
        return await waiting, await journal.wait(1, 0.001)

    came, none = asyncio.run(waited())
    assert [one.n for one in came] == [1]
    assert none == []


def test_numbers_go_on_after_it_was_cleared() -> None:
    journal = Journal()
    journal.add(entry())
    journal.clear()
    assert len(journal) == 0
    assert journal.add(entry()).n == 2
