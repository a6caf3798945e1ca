"""NDW, push: at which URL a client pushes: that of the object, by its ids, in the name of its owner.

Needs the setting ``party.declared``.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import quote, urlsplit

from harness.judge.vocabulary import shown
from harness.model.edit import Rewrite
from harness.model.exchange import HttpExchange, Transcript
from harness.model.request_edit import with_path
from harness.model.requirement import MUST, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.reading import comparable_evse_id, parts, text
from scenarios.ndw.parties import UNDECLARED
from scenarios.ndw.parties import declared as declared_parties
from scenarios.ndw.push_bodies import meant, of_requests
from scenarios.ndw.push_told import EVSE, LOCATION, body_of, target_of, writes
from scenarios.ndw.push_words import is_push, problem_of

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

BASE = "/ocpi/2.2.1"
_COUNTRY_CODE, _PARTY_ID = re.compile("[A-Za-z]{2}"), re.compile("[A-Za-z0-9]{3}")
_HALF_ESCAPED = re.compile("%(?![0-9A-Fa-f]{2})")
SHAPES = {
    "locations": "/locations/{country_code}/{party_id}/{location_id}, then an EVSE's uid and a connector's id",
    "tariffs": "/tariffs/{country_code}/{party_id}/{tariff_id}",
}
DEEPEST = {"locations": 5, "tariffs": 3}


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.5, mod_locations 8.2.2, mod_tariffs 11.2.2"],
    row="push-url-shape",
    when=writes,
    broken_by=of_requests(
        meant("putLocation"),
        with_path(f"{BASE}/locations/LOC-0001"),
        with_path(f"{BASE}/locations/XPO/LOC-0001"),
        with_path(f"{BASE}/locations/NLD/XPO/LOC-0001"),
        with_path(f"{BASE}/locations/NL/XPO/"),
        with_path(f"{BASE}/locations/NL/XPO/100%25/LOC%1"),
    )
    + of_requests(meant("putEvse"), with_path(f"{BASE}/locations/LOC-0001/EV-0001/1"))
    + of_requests(meant("putTariff"), with_path(f"{BASE}/tariffs/NL/XPO/TAR/01")),
    kept_by=of_requests(
        meant("putLocation"),
        with_path(f"{BASE}/locations/nl/xpo/LOC%200001"),
        with_path(f"{BASE}/locations/NL/XPO/LOC*1:a%2Fb%3f"),
    )
    + of_requests(meant("putTariff"), with_path(f"{BASE}/tariffs/NL/XPO/tariffs")),
)
def urls_have_the_shape_of_ocpi(exchange: HttpExchange) -> Problems:
    """The URL of a push names country code, party id and the object's ids, one segment each, percent-encoded.

    Why: whose object it is, and which, is read from the URL; without the party, or with a / in an id, it is another.
    Fix: join the base URL, country_code, party_id and the ids; percent-encode each of them, / and % as well.
    """
    target = target_of(exchange)
    if target is None:
        return
    path, segments = urlsplit(exchange.request.url).path, target.segments
    fits = (
        LOCATION <= len(segments) <= DEEPEST[target.module]
        and all(segments)
        and _COUNTRY_CODE.fullmatch(segments[0])
        and _PARTY_ID.fullmatch(segments[1])
    )
    own_id = text(body_of(exchange), "uid") or text(body_of(exchange), "id") or ""
    if not fits or _HALF_ESCAPED.search(path):
        yield problem_of(exchange, "request.path:", SHAPES[target.module], shown(path))
    elif "/" in own_id and path.endswith(f"/{own_id}"):
        yield problem_of(exchange, "request.path:", f"the id as one segment, {quote(own_id, safe='')}", shown(path))


def _is_below_a_location(exchange: HttpExchange) -> bool:
    target = target_of(exchange)
    return is_push(exchange) and target is not None and target.module == "locations" and len(target.segments) >= EVSE


def _evse_ids(transcript: Transcript) -> dict[tuple[str, ...], dict[str, str]]:
    """The EVSEs that the client itself speaks of, by Location: uid → evse_id, both as they compare."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for exchange in filter(is_push, transcript.exchanges):
        target, body = target_of(exchange), body_of(exchange)
        for one in [body, *(evse for _at, evse in parts(body, "evses"))]:
            uid, evse_id = text(one, "uid"), text(one, "evse_id")
            if target is not None and uid is not None:
                evses = found.setdefault(target.key[:LOCATION], {})
                evses.setdefault(uid.lower(), comparable_evse_id(evse_id) if evse_id else "")
    return found


def _by_evse_id(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    """Every PATCH of an EVSE at the URL of its evse_id."""
    names = {
        (target.key[:LOCATION], uid.lower()): evse_id
        for exchange in exchanges
        if (target := target_of(exchange)) is not None
        for one in [body_of(exchange), *(evse for _at, evse in parts(body_of(exchange), "evses"))]
        if (uid := text(one, "uid")) and (evse_id := text(one, "evse_id"))
    }

    def moved(exchange: HttpExchange) -> HttpExchange:
        target = target_of(exchange)
        known = (
            names.get((target.key[:LOCATION], target.key[-1])) if target and _is_below_a_location(exchange) else None
        )
        if known is None or exchange.operation != "patchEvse":
            return exchange
        url = f"{exchange.request.url.rpartition('/')[0]}/{quote(known, safe='')}"
        return replace(exchange, request=replace(exchange.request, url=url))

    return [moved(one) for one in exchanges]


def _in_capitals(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    def raised(exchange: HttpExchange) -> HttpExchange:
        before, _, last = exchange.request.url.rpartition("/")
        url = f"{before}/{last.upper()}"
        return replace(exchange, request=replace(exchange.request, url=url))

    return [raised(one) if one.operation == "patchEvse" else one for one in exchanges]


@requirement(
    MUST,
    OCPI["mod_locations 8.2.2, 8.3.2"],
    row="push-url-shape",
    when=lambda transcript: any(map(_is_below_a_location, transcript.exchanges)),
    broken_by=[Rewrite("the evse_id in the URL", "request.path:", _by_evse_id)],
    kept_by=[Rewrite("the uid in capitals in the URL", "request.path:", _in_capitals)],
)
def evse_urls_carry_the_uid(transcript: Transcript) -> Problems:
    """The URL of an EVSE or connector carries the EVSE's uid, not its evse_id.

    Why: the uid is what stays the same; by its evse_id nobody finds the EVSE.
    Fix: build the URL from the uid that is in the pushed object.
    """
    known = _evse_ids(transcript)
    for exchange in filter(_is_below_a_location, transcript.exchanges):
        target = target_of(exchange)
        evses = known.get(target.key[:LOCATION], {}) if target is not None else {}
        segment = target.segments[EVSE - 1] if target is not None else ""
        if segment.lower() in evses:
            continue
        meant_uid = next((uid for uid, evse_id in evses.items() if evse_id == comparable_evse_id(segment)), None)
        if meant_uid is not None:
            yield problem_of(exchange, "request.path:", f"the uid, {meant_uid}", f"the evse_id, {segment}")


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.5, mod_locations 8.2.2.2"],
    row="party-push-url-owner",
    when=is_push,
    broken_by=of_requests(meant("putLocation"), with_path(f"{BASE}/locations/NL/PLT/LOC-0001"))
    + of_requests(meant("patchEvse"), with_path(f"{BASE}/locations/BE/XPO/LOC-0001/EV-0001-A"))
    + of_requests(meant("putTariff"), with_path(f"{BASE}/tariffs/NL/PLT/TAR-01")),
    kept_by=of_requests(meant("putLocation"), with_path(f"{BASE}/locations/nl/xpo/LOC-0001"))
    + of_requests(meant("putTariff"), with_path(f"{BASE}/tariffs/N%4C/XPO/PLT")),
)
def urls_carry_the_owner(exchange: HttpExchange, settings: Settings) -> Problems:
    """The URL of a push carries the party that owns the object, one of those that were declared.

    Why: NDW does not show data under the id of a platform; the operator's charging points are missing on the map.
    Fix: take country_code and party_id in the URL from each object, not from the platform's own settings.
    """
    parties, target = declared_parties(settings), target_of(exchange)
    if not parties:
        yield UNDECLARED
    elif target is not None and len(target.segments) >= LOCATION:
        party = "/".join(target.segments[:2]).upper()
        if party not in parties:
            yield problem_of(exchange, "request.path:", f"one of {', '.join(sorted(parties))}", party)
