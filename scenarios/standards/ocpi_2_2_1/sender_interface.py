"""OCPI 2.2.1, the sender interfaces: what a puller gets for a list, and for what is not there."""

from urllib.parse import quote

from harness.judge.vocabulary import answered, both, operation, response_of, status_problem, tagged
from harness.model.edit import with_field, with_status, without_field
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, SHOULD, Binds, Problems, requirement
from harness.model.scenario import Steps, Turn, get, scenario
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.standards.ocpi_2_2_1.conversation import answered_ok, locations_page, plain_ids_on

SINCE = "2026.12"


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7, mod_locations 8.2.1.1"],
    row="pull-data-shape",
    since=SINCE,
    binds=Binds.SERVER,
    broken_by=[
        with_field("/data", None).on(locations_page),
        without_field("/data").on(locations_page),
        with_field("/data", {"locations": []}).on(locations_page),
        with_field("/data", {}).on(both(answered_ok, operation("getTariffs"))),
    ],
    kept_by=[with_field("/data", []).on(locations_page)],
)
def list_data_is_an_array() -> None:
    """The data of a list is an array, also when nothing is in it.

    Why: readers map the page to a list; null or an object stops the whole pull.
    Fix: answer [] for an empty page.
    """


@scenario(turn=Turn.PROBES)
def ask_for_an_unknown_location(world: World) -> Steps:
    """The puller asks for a location that was never listed, its id in the form of the listed ones."""
    page = yield from get("/locations", auth=world.credential)
    unknown = quote(world.unlike(plain_ids_on(page)), safe="")
    yield from get(f"/locations/{unknown}", auth=world.credential, tags=["probe", "unknown id"])


@requirement(
    SHOULD,
    OCPI["status_codes 5"],
    row="pull-unknown-location-404",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered, tagged("unknown id")),
    asked_by=["ocpi-2.2.1/ask-for-an-unknown-location"],
    broken_by=[with_status(200), with_status(500), with_status(400)],
    kept_by=[with_field("/status_code", 2000), with_field("/status_message", "no such location")],
)
def unknown_location_is_answered_404(exchange: HttpExchange) -> Problems:
    """A location that does not exist is answered with HTTP 404.

    Why: the puller tells "gone" from "broken" by it.
    Fix: answer 404, with an envelope of code 2003, for an id that you do not know.
    """
    if response_of(exchange).status != 404:
        yield status_problem(exchange, "404")
