"""``harness generate``: made-up payloads, valid ones or such that break one clause."""

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from harness.cli.moment import moment
from harness.cli.plan import UsageError
from harness.generate.kind import Kind
from harness.model.spelling import did_you_mean

MOMENT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
"""When the made-up objects are made up, unless --now says otherwise: a fixed moment, so that a seed gives the same
bytes on every day."""
PARTY = ("NL", "XPO")
_FIRST_YEAR, _LAST_YEAR = 1970, 9990


def command(
    kind: Annotated[str, typer.Argument(help="ndw-location, ndw-tariff, ndw-locations or ndw-tariffs.")],
    count: Annotated[int, typer.Option("-n", min=1, help="How many objects.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    broken: Annotated[str | None, typer.Option(help="A requirement that every object, or the feed, breaks.")] = None,
    now: Annotated[str | None, typer.Option(help="When they are made up; 2026-06-01T08:00:00Z by default.")] = None,
) -> None:
    """Print made-up payloads: one JSON object per line, or a feed as one JSON array.

    They come from plain seeded code, the same that feeds the bundled reference: fast, realistic and valid. Their
    stamps and periods lie around one fixed moment, so that a seed gives the same bytes on every day; --now moves it.
    Feeds of one seed and one moment fit together: the first 13 of ndw-tariffs are all that ndw-locations names. With
    --broken, as few other clauses as can be are broken besides. For property tests in Python there are Hypothesis
    strategies: harness.systems.ndw.payloads (locations, tariffs, feeds, locations_without) and
    harness.generate.from_schema for any schema of the subset that the documents here use.
    """
    known = kinds()
    if kind not in known:
        raise UsageError(f"KIND: unknown kind {kind!r}{did_you_mean(kind, known)}")
    chosen = known[kind]
    at = _around(moment(now) or MOMENT)
    objects: Iterable[Any] = chosen.objects(count, seed, PARTY, at)
    if broken is not None:
        from harness.cli.generate_broken import broken_feed, broken_objects

        break_them = broken_feed if chosen.feed else broken_objects
        objects, others = break_them(chosen, tuple(known.values()), broken, count, seed, at)
        if others:
            typer.echo(f"besides, these cannot but break: {', '.join(sorted(others))}", err=True)
    _write(_feed_of(objects) if chosen.feed else (_text_of(one) + b"\n" for one in objects))


def _around(now: datetime) -> datetime:
    """The moment in UTC, where a year before it and after it can be written too."""
    if not _FIRST_YEAR <= now.year <= _LAST_YEAR:
        raise UsageError(f"--now: the year {now.year} is too far away; give one from {_FIRST_YEAR} to {_LAST_YEAR}")
    return now.astimezone(UTC)


def kinds() -> dict[str, Kind]:
    """Every kind by its name: the `KINDS` of each system's payloads."""
    from importlib import import_module
    from importlib.util import find_spec

    from harness.collect import systems

    modules = [f"harness.systems.{system.name}.payloads" for system in systems()]
    return {kind.name: kind for name in modules if find_spec(name) for kind in import_module(name).KINDS}


def _text_of(value: Any) -> bytes:
    import orjson

    return orjson.dumps(value)


def _feed_of(objects: Iterable[Any]) -> Iterator[bytes]:
    before = b"["
    for one in objects:
        yield before + _text_of(one)
        before = b",\n"
    yield b"]\n"


def _write(parts: Iterable[bytes]) -> None:
    """Write to stdout; a reader that has seen enough is no fault."""
    try:
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
