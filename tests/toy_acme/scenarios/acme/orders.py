"""Acme, orders: one list, counted, of things that were really ordered."""

from harness.judge.vocabulary import asked_properly, both, header_problem, response_of, status
from harness.model.edit import with_field, with_header, without_field, without_header
from harness.model.exchange import HttpExchange
from harness.model.pointer import MISSING
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.scenario import Steps, get, scenario
from harness.model.world import World
from scenarios.acme import ACME

SINCE = "2026.12"


@scenario
def fetch_orders(world: World) -> Steps:
    """Acme fetches the orders."""
    yield from get("/orders", auth=world.credential)


@requirement(
    MUST,
    ACME["1"],
    row="orders-counted",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(asked_properly, status(200)),
    asked_by=["acme/fetch-orders"],
    broken_by=[with_header("X-Count", "0"), without_header("X-Count")],
    kept_by=[with_header("X-Count", " 5 "), with_field("/orders/0/quantity", 7)],
)
def orders_are_counted(exchange: HttpExchange) -> Problems:
    """The header X-Count says how many orders the list holds.

    Why: Acme tells a list that was cut short by it.
    Fix: count the orders that you write.
    """
    response = response_of(exchange)
    orders = response.body.at("/orders")
    if orders is not MISSING and response.headers.get("X-Count") != str(len(orders)):
        yield header_problem(exchange, "X-Count", str(len(orders)))


@requirement(
    MUST,
    ACME["2"],
    row="orders-of-something",
    since=SINCE,
    broken_by=[with_field("/orders/0/quantity", 0), without_field("/orders/0/quantity")],
    kept_by=[with_field("/orders/0/quantity", 1.0)],
)
def orders_are_of_something() -> None:
    """Every order is of a whole number of things, at least one.

    Why: nothing can be sent for an order of nothing.
    Fix: leave an order out once its last thing was cancelled.
    """
