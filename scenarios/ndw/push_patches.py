"""NDW, push: PATCH, which changes the members that it holds and leaves the others as they are.

Needs the setting ``push.id_compare``.
"""

from functools import partial

from harness.judge.vocabulary import both, operation
from harness.model.edit import with_field, without_field
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, SHOULD, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.receiver import ID_OF, OWNER
from scenarios.ndw import NDW
from scenarios.ndw.push_bodies import class_in, is_object, meant, of_requests, others_than_in_the_url
from scenarios.standards.ocpi_2_2_1.objects import PATCHED

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

HALF_THE_HOURS = {"regular_hours": [{"weekday": 1, "period_begin": "08:00", "period_end": "18:00"}]}


@requirement(
    MUST,
    NDW["Push - Locations"],
    row="push-patch-last-updated",
    broken_by=of_requests(meant("patchLocation"), without_field("/last_updated"))
    + of_requests(meant("patchEvse"), without_field("/last_updated"), with_field("/last_updated", None))
    + of_requests(meant("patchConnector"), without_field("/last_updated")),
    kept_by=of_requests(meant("patchEvse"), with_field("/last_updated", "2026-06-01T08:00:04.5Z")),
)
def patch_has_last_updated() -> None:
    """A PATCH holds last_updated.

    Why: without it nobody can tell which of two states of the object is the newer one.
    Fix: send last_updated with every PATCH: the moment of the change that it tells of.
    """


@requirement(
    MUST,
    NDW["Push - Locations"],
    row="push-patch-subobjects-complete",
    broken_by=of_requests(
        meant("patchLocation"),
        with_field("/opening_times", HALF_THE_HOURS),
        with_field("/coordinates", {"latitude": "52.090740"}),
        with_field("/operator", {"website": "https://power.example"}),
        with_field("/energy_mix", {"supplier_name": "Stroom"}),
        with_field("/evses", [{"uid": "EV-0001-A", "status": "CHARGING", "last_updated": "2026-06-01T08:00:00Z"}]),
    )
    + of_requests(meant("patchEvse"), with_field("/connectors", [{"id": "1", "max_amperage": 16}])),
    kept_by=of_requests(
        meant("patchLocation"),
        with_field("/opening_times", {"twentyfourseven": False, **HALF_THE_HOURS}),
        with_field("/operator", {"name": "Stroom"}),
    ),
)
def patched_parts_are_complete() -> None:
    """An object inside a PATCH is complete: it has all that a PUT of it would need.

    Why: NDW takes it in the place of the old one as a whole, unlike OCPI, so what is left out would be gone.
    Fix: send the part in full; to change one EVSE or connector, PATCH that one at its own URL.
    """


@requirement(
    MUST,
    NDW["Push"],
    row="push-patch-no-id-change",
    refuses=True,
    when=both(operation(*PATCHED), is_object),
    broken_by=of_requests(
        meant("patchLocation"),
        with_field("/id", "LOC-9999"),
        with_field("/party_id", "AGG"),
        with_field("/country_code", "BE"),
    )
    + of_requests(meant("patchEvse"), with_field("/uid", "EV-9999"))
    + of_requests(meant("patchConnector"), with_field("/id", "99")),
    kept_by=of_requests(meant("patchLocation"), with_field("/party_id", "XPO"), with_field("/country_code", "nl")),
)
def patches_change_no_id(exchange: HttpExchange, settings: Settings) -> Problems:
    """A PATCH changes no id and no owner: where it repeats them, they are those in the URL.

    Why: ids may not change; who knew the object by the old one would lose it.
    Fix: leave id, uid, country_code and party_id out of a PATCH.
    """
    name = class_in(exchange)
    owner = OWNER if name == "Location" else ()
    yield from others_than_in_the_url(exchange, [ID_OF[name], *owner], settings)


@requirement(
    SHOULD,
    OCPI["mod_locations 8.2.2.3"],
    row="push-patch-no-null",
    refuses=True,
    when=both(operation(*PATCHED), is_object),
    broken_by=of_requests(meant("patchEvse"), with_field("/evse_id", None), with_field("/floor_level", None))
    + of_requests(meant("patchLocation"), with_field("/name", None))
    + of_requests(meant("patchConnector"), with_field("/max_electric_power", None)),
    kept_by=of_requests(meant("patchEvse"), with_field("/floor_level", "-1")),
)
def patches_have_no_null(exchange: HttpExchange) -> Problems:
    """A PATCH has no member that is null.

    Why: OCPI knows no way to take a value away by a PATCH; one server ignores null, another refuses it.
    Fix: send the whole object by PUT, without the member that is to go.
    """
    for member, value in exchange.request.body.value.items():
        if value is None and member != "last_updated":  # that is a clause of its own
            yield Problem(f"request.body:/{member}", "a value, or no such member", "null")
