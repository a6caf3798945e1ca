"""OCPI 2.2.1, all objects: members that are null, empty, unknown or there twice."""

from functools import partial

from harness.judge.vocabulary import response_of
from harness.model.edit import with_bytes_replaced, with_field
from harness.model.exchange import WRITTEN_BY_THE_CLIENT, Showing, Written
from harness.model.pointer import join, value_at
from harness.model.requirement import MAY, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import FIELDS_OF_OTHER_VERSIONS, OCPI
from scenarios.standards.ocpi_2_2_1.conversation import answered_json
from scenarios.standards.ocpi_2_2_1.objects import (
    contents,
    is_partial,
    location_page,
    one_location,
    problem_at,
    shows_objects,
    tariff_page,
)

SINCE = "2026.12"
requirement = partial(declared, since=SINCE, binds=Binds.AUTHOR, basis=Basis.ASSUMED)


@requirement(
    SHOULD,
    OCPI["mod_locations 8.2.1.1"],
    row="null-and-empty-optional",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/name", None).on(location_page),
        with_field("/data/0/evses", None).on(location_page),
        with_field("/data/evses/0/evse_id", None).on(one_location),
        with_field("/data/0/operator/logo", None).on(location_page),
        with_field("/data/0/elements/0/restrictions", None).on(tariff_page),
        with_field("/data/0/elements/0/price_components/0/vat", None).on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/images", []).on(location_page),
        with_field("/data/0/last_updated", None).on(location_page),
        with_field("/data/0/opening_times", None).on(location_page),
        with_field("/data/0/evses/0/connectors/0/max_electric_power", None).on(location_page),
        with_field("/data/0/x_extension", None).on(location_page),
    ],
)
def optional_members_are_absent_not_null(exchange: Showing) -> Problems:
    """An optional member that has no value is left out, not sent as null.

    Why: OCPI says that absent may count as null, and not that null may be sent; typed readers differ.
    Fix: let the serialiser skip nulls (Jackson: NON_NULL; .NET: WhenWritingNull).
    """
    top = 1 if is_partial(exchange) else 0  # null as a member of a PATCH means something else
    for tokens in contents(exchange).nulls:
        if len(tokens) > top:
            yield problem_at(tokens, "no such member", None)


@requirement(
    SHOULD,
    OCPI["types 16.7"],
    row="null-and-empty-optional",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/name", "").on(location_page),
        with_field("/data/0/operator/website", "").on(location_page),
        with_field("/data/evses/0/physical_reference", "").on(one_location),
        with_field("/data/0/tariff_alt_url", "").on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/city", "").on(location_page),
        with_field("/data/0/name", "-").on(location_page),
        with_field("/data/0/evses/0/connectors/0/tariff_ids", [""]).on(location_page),
    ],
)
def optional_texts_are_absent_not_empty(exchange: Showing) -> Problems:
    """An optional text that says nothing is left out, not sent empty.

    Why: an empty address of a web page is shown as a link that leads nowhere.
    Fix: leave the member out where the column is empty.
    """
    for tokens in contents(exchange).empties:
        yield problem_at(tokens, "no such member, or a text", "")


@requirement(
    MAY,
    OCPI["transport_and_format 4.1.7"],
    row="unknown-keys-reported",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/x_extension", {"anything": [1, None]}).on(location_page),
        with_field("/data/0/evses/0/tariffs", []).on(location_page),
        with_field("/data/evses/0/floor", "1").on(one_location),
        with_field("/data/0/evses/0/connectors/0/Standard", "CHADEMO").on(location_page),
        with_field("/data/0/opening_times/open", "always").on(location_page),
        with_field("/data/0/elements/0/price_components/0/currency", "EUR").on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/evses/0/connectors/0/voltage", 230).on(location_page),
        with_field("/data/0/directions", [{"language": "nl", "text": "x"}]).on(location_page),
        with_field("/x_trace", 1).on(tariff_page),
    ],
)
def members_are_known(exchange: Showing) -> Problems:
    """Objects have no members beyond those that OCPI 2.2.1 defines.

    Why: others are not read, so what they say is lost; often one is a member under a wrong name.
    Fix: compare the name, its case too, with OCPI's table; keep extensions of your own to peers that know them.
    """
    for tokens, name in contents(exchange).unknown:
        if tokens[-1] not in FIELDS_OF_OTHER_VERSIONS.get(name, ()):  # that is a clause of its own
            value = value_at(response_of(exchange).body.value, join(tokens))
            yield problem_at(tokens, f"a member of {name}", value)


@requirement(
    SHOULD,
    OCPI["transport_and_format 4.1.7"],
    row="pull-response-is-json",
    when=lambda exchange: WRITTEN_BY_THE_CLIENT in exchange.tags or answered_json(exchange),
    broken_by=[
        with_bytes_replaced('"publish":true', '"publish":false,"publish":true').on(location_page),
        with_bytes_replaced('"currency":"EUR"', '"currency":"EUR","currency":"EUR"').on(tariff_page),
        with_bytes_replaced('"status_code":1000', '"status_code":1000,"status_code":1000').on(one_location),
    ],
    kept_by=[with_bytes_replaced('"status_code":1000', '"status_code":1000,"Status_Code":1001').on(location_page)],
)
def members_are_named_once(exchange: Written) -> Problems:
    """No object has two members of the same name.

    Why: JSON leaves open which of them counts; two readers see two different objects.
    Fix: write objects with a JSON library, from a map.
    """
    for fault in response_of(exchange).body.faults:
        if fault.startswith("duplicate key"):
            yield Problem("response.body:", "each name once in an object", fault)
