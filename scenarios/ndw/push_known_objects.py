"""NDW, push: what a client writes fits what NDW knows: only that is patched, and no EVSE vanishes.

Needs the settings ``push.put_drops_evse`` and ``push.put_requires``.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from harness.judge.vocabulary import both, operation, status, tagged
from harness.model.edit import of_the_request, together, with_field, with_status
from harness.model.exchange import SPOILT, Conversation, HttpExchange, Stored, Transcript
from harness.model.request_edit import with_method
from harness.model.requirement import MUST, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, NotEnough, Problem
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.reading import parts, text
from scenarios.ndw import NDW
from scenarios.ndw.push_bodies import meant, of_requests
from scenarios.ndw.push_outcomes import concerns, segments
from scenarios.ndw.push_told import (
    EVSE,
    LOCATION,
    Told,
    body_of,
    in_all,
    removes,
    target_of,
    writes,
)
from scenarios.ndw.push_words import is_done, is_push, problem_of
from scenarios.standards.ocpi_2_2_1.objects import PATCHED

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

EVSES = "request.body:/evses"
NO_EVSES, ANOTHER_EVSE = with_field("/evses", []), with_field("/evses/0/uid", "EV-9999")
OUT_OF_ORDER = with_field("/evses/0/status", "OUTOFORDER")
of_a_known_location = both(meant("putLocation"), tagged("known"))
of_a_removal = both(meant("putEvse"), removes)


def _missing(transcript: Transcript) -> Iterator[tuple[HttpExchange, list[str]]]:
    """Every PUT of a Location, with the EVSEs that NDW knew by then and that are not in it."""
    told = Told()
    for exchange in filter(is_push, transcript.exchanges):
        target = target_of(exchange)
        if exchange.operation == "putLocation" and target is not None and isinstance(exchange.request.body.value, dict):
            known = told.locations.get(target.key[:LOCATION], {})
            listed = {(text(one, "uid") or "").lower() for _at, one in parts(body_of(exchange), "evses")}
            in_use = [uid for uid, one in known.items() if one.status != "REMOVED" and one.since <= exchange.sent]
            yield exchange, [uid for uid in in_use if uid not in listed]
        told.hear(exchange)


@requirement(
    MUST,
    OCPI["mod_locations 8.1"],
    row="push-put-keeps-evses",
    when=lambda transcript: any(one.operation == "putLocation" and is_push(one) for one in transcript.exchanges),
    broken_by=[in_all(one, EVSES) for one in of_requests(of_a_known_location, NO_EVSES, ANOTHER_EVSE)],
    kept_by=[*map(in_all, of_requests(of_a_known_location, OUT_OF_ORDER, with_field("/name", "Noord")))],
)
def put_of_a_location_keeps_its_evses(transcript: Transcript, settings: Settings) -> Problems:
    """A PUT of a location holds every EVSE that NDW knows of it and that was not removed.

    Why: the object takes the place of the old one as a whole: charging points that are left out are off the map.
    Fix: build the PUT from the whole location; to tell of one EVSE alone, use the URL of that EVSE.
    """
    if settings.text("push.put_drops_evse") == "keep" or settings.text("push.put_requires") != "whole":
        yield Inapplicable("here NDW keeps what a PUT leaves out")
        return
    for exchange, uids in _missing(transcript):
        if uids:
            yield problem_of(
                exchange, EVSES, f"all EVSEs that NDW knows, {', '.join(uids[:5])} too", "they are not in it"
            )


def _removals(transcript: Transcript) -> Iterator[Problem | None]:
    """Every way in which an EVSE went away: as it should (None), or not."""
    said = list(transcript.exchanges)
    for exchange in filter(writes, said):
        target = target_of(exchange)
        if target is None or target.module != "locations":
            continue
        if exchange.request.method == "DELETE" and len(target.segments) >= EVSE:
            yield problem_of(exchange, "request.path:", "a PUT or PATCH with the status REMOVED", "DELETE")
        elif removes(exchange):
            yield None
    for exchange, uids in _missing(transcript):
        later = said[said.index(exchange) + 1 :]
        gone = [uid for uid in uids if is_done(exchange) and not _comes_again(uid, exchange, later)]
        if gone:
            expected = f"the status REMOVED for {', '.join(gone[:5])}"
            yield problem_of(exchange, EVSES, expected, "left out, and never spoken of again")


def _comes_again(uid: str, exchange: HttpExchange, later: Sequence[HttpExchange]) -> bool:
    for one in later:
        target = target_of(one)
        if target is not None and concerns(segments(one), segments(exchange)) and writes(one):
            uids = {(text(evse, "uid") or "").lower() for _at, evse in parts(body_of(one), "evses")}
            if uid in uids or target.key[LOCATION:EVSE] == (uid,):
                return True
    return False


@requirement(
    MUST,
    OCPI["mod_locations 8.1"],
    row="push-evse-removed-by-status",
    when=lambda transcript: any(True for _ in _removals(transcript)),
    asked_by=["ndw/push-an-evse"],
    broken_by=[
        *map(in_all, of_requests(of_a_removal, with_method("DELETE"))),
        *map(in_all, of_requests(of_a_known_location, NO_EVSES)),
    ],
    kept_by=[
        in_all(together(with_method("PATCH"), of_the_request(with_field("/floor_level", "-2"))).on(of_a_removal)),
        in_all(of_the_request(with_field("/connectors/0/max_amperage", 16)).on(of_a_removal)),
    ],
)
def evses_go_away_by_their_status(transcript: Transcript) -> Problems:
    """An EVSE that goes away is told with the status REMOVED: it is not deleted, and not just left out.

    Why: OCPI knows no DELETE here; whoever holds the EVSE keeps it until told, and shows it to drivers.
    Fix: PATCH the EVSE with status REMOVED and last_updated when it is taken down.
    """
    for found in _removals(transcript):
        if found is not None:
            yield found


def _is_patch(exchange: HttpExchange) -> bool:
    return is_push(exchange) and exchange.operation in PATCHED


def _is_in(state: Stored, exchange: HttpExchange) -> bool:
    """The client held the Location before, or nobody could look."""
    target = target_of(exchange)
    if state.before is None or target is None:
        return True
    return "/".join(target.key[:LOCATION]) in {key.lower() for key in state.before.get("locations", {})}


def _began_with_nothing(conversation: Conversation, by: HttpExchange) -> bool:
    """The client was started here and has told NDW of a new Location before: it does not take it to know them all."""
    began = any(one.kind == "started" and one.detail != "again" for one in conversation.happened)
    fresh = both(operation("putLocation"), status(201))
    return began and any(
        fresh(one) and SPOILT not in one.tags and one.received <= by.sent for one in conversation.exchanges
    )


@requirement(
    MUST,
    NDW["Push - Locations"],
    row="push-patch-known-object",
    when=lambda conversation: any(map(_is_patch, conversation.exchanges)),
    broken_by=[with_status(404).on(both(meant("patchEvse"), status(200)))],
    kept_by=[
        with_status(503).on(both(meant("patchEvse"), status(200))),
        with_status(201).on(both(meant("patchEvse"), status(200))),
    ],
)
def patches_are_of_known_objects(conversation: Conversation) -> Problems:
    """A PATCH is of an object that NDW knows: by a PUT before, or by its own pull.

    Why: a few members are no object: there is nothing to change, and the PATCH is answered 404.
    Fix: PUT the whole object first; until that is taken, send no PATCH of it.
    """
    for at, exchange in enumerate(conversation.exchanges):
        unknown = exchange.response is not None and exchange.response.status == 404 and SPOILT not in exchange.tags
        if not unknown or not _is_patch(exchange):
            continue
        earlier = conversation.exchanges[:at]
        if any(
            is_push(one)
            and one.request.method == "PUT"
            and concerns(segments(one), segments(exchange))
            and not is_done(one)
            for one in earlier
        ):
            continue  # it was told of it, and cannot know what became of that
        known_before = [one for one in conversation.stores if one.before is not None]
        if any(_is_in(one, exchange) for one in known_before):
            continue
        if known_before or _began_with_nothing(conversation, exchange):
            yield problem_of(
                exchange, "response.status", "a PUT of the whole object before", "404: NDW does not know it"
            )
        else:
            yield NotEnough(
                "a PATCH was answered 404, and what NDW knew before nobody said: a pull of your server would"
            )
