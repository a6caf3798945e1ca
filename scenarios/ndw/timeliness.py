"""NDW, timeliness: how soon the pull shows what happened."""

from collections.abc import Iterator

from harness.judge.vocabulary import response_of, shown, status
from harness.model.crawl import crawl_tag
from harness.model.edit import with_field, with_status
from harness.model.exchange import HookCall, HttpExchange, Transcript
from harness.model.requirement import MUST, Binds, Problems, Reason, excluded, requirement
from harness.model.verdict import Problem
from scenarios.ndw import NDW

SINCE = "2026.12"


def read_after_the_change(exchange: HttpExchange) -> bool:
    """The changed location, read alone."""
    return crawl_tag("Location", "read after the change") in exchange.tags


def _changes(transcript: Transcript) -> Iterator[tuple[HookCall, HttpExchange]]:
    """What was changed first, with the last answer that was read after it."""
    called = [call for call in transcript.hooks if call.name == "change"]
    read = [exchange for exchange in transcript.exchanges if read_after_the_change(exchange)]
    if called and read and read[-1].response is not None:
        yield called[0], read[-1]


@requirement(
    MUST,
    NDW["Pull - Locations"],
    row="timely-pull-current",
    since=SINCE,
    binds=Binds.SERVER,
    when=lambda transcript: any(True for _ in _changes(transcript)),
    asked_by=["ocpi-2.2.1/change-and-read-back"],
    broken_by=[
        with_field("/data/evses/0/status", "AVAILABLE").on(read_after_the_change),
        with_status(404).on(read_after_the_change),
    ],
    kept_by=[with_field("/data/name", "Laadplein").on(read_after_the_change)],
)
def pull_shows_what_just_happened(transcript: Transcript) -> Problems:
    """A single location shows the present state: at once, or at the latest a minute after a status changed.

    Why: NDW reads a location by itself to have its present state; a snapshot of last night sends drivers to a blocked
    plug.
    Fix: answer from live data; keep caches well below a minute.
    """
    for called, answer in _changes(transcript):
        if not status(200)(answer):
            told = str(response_of(answer).status)
            yield Problem("response.status", "200", told, answer.id, answer.situation)
            continue
        evses = response_of(answer).body.at("/data/evses")
        for index, evse in enumerate(evses if isinstance(evses, list) else ()):
            if isinstance(evse, dict) and evse.get("uid") == called.arguments["object"]["evse"]:
                wanted = called.arguments["set"]["status"]
                if evse.get("status") != wanted:
                    place = f"response.body:/data/evses/{index}/status"
                    expected = f"{wanted}, as set by the hook"
                    yield Problem(place, expected, shown(evse.get("status")), answer.id, answer.situation)


UNTESTED = (
    excluded(
        "A change of static data is in the pull within 24 hours",
        "timely-static-24h",
        Reason.NEEDS_TIME,
        "A run takes minutes: whether a change of static data is there the next day, no run can wait to see.",
    ),
)
