"""NDW, pull authentication by OAuth2: the access token on the API, fresh, altered and expired.

Needs the setting ``pull.auth``.
"""

from harness.judge.vocabulary import (
    answered,
    asked_properly,
    both,
    listed,
    operation,
    response_of,
    status,
    status_problem,
    tagged,
    token_life_s,
)
from harness.model.credential import Present
from harness.model.edit import together, with_body, with_field, with_status
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.scenario import Steps, Turn, ask_for_a_token, cannot_ask, get, scenario, wait
from harness.model.verdict import Problem
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.ndw import NDW
from scenarios.ndw.pull import further_page

SINCE = "2026.12"
OAUTH2 = {"pull.auth": "oauth2"}

SHORT_LIFE_S = 60
"""A token that lives no longer is left to expire."""

LEEWAY_S = 65
"""For so long after its end a token may still be taken: many servers allow a minute between two clocks."""

OBJECT = '{"data":[{"id":"LOC-1"}],"status_code":1000,"timestamp":"2026-06-01T08:00:05Z"}'


@scenario(turn=Turn.KNOCKS)
def show_an_altered_access_token(world: World) -> Steps:
    """Somebody asks for both lists with an access token of which one character, of the signature, was changed."""
    if world.client is None:
        return
    for path in ("/locations", "/tariffs"):
        page = yield from get(path, query={"limit": 1}, auth=world.credential)
        if not status(200)(page):
            yield from cannot_ask(f"{path} does not open with the access token, so a wrong one shows nothing")
            continue
        altered = Present(world.secret, "one character changed")
        yield from get(path, query={"limit": 1}, auth=altered, tags=["probe", "altered token"])


@scenario(turn=Turn.KNOCKS)
def show_an_expired_access_token(world: World) -> Steps:
    """Somebody asks for a list with an access token that has expired, where tokens live a minute at most."""
    if world.client is None:
        return
    life = token_life_s((yield from ask_for_a_token(world.client)))
    if life is None:
        yield from cannot_ask("needs time: the token endpoint does not say how long a token lives")
    elif life > SHORT_LIFE_S:
        yield from cannot_ask(f"needs time: a token lives {life} s here, and no more than {SHORT_LIFE_S} s are waited")
    else:
        yield from wait(life + LEEWAY_S)
        expired = Present(world.secret, stale=True)
        yield from get(world.entry, query={"limit": 1}, auth=expired, tags=["probe", "expired token"])


@requirement(
    MUST,
    NDW["Pull - Authentication"],
    row="pull-auth-oauth-bearer-accepted",
    since=SINCE,
    binds=Binds.SERVER,
    only_where=OAUTH2,
    when=asked_properly,
    broken_by=[
        with_status(401).on(operation("getTariffs")),
        with_status(401).on(operation("getLocation")),
        with_status(401).on(further_page),
        with_status(403).on(operation("getLocations")),
    ],
    kept_by=[with_status(404).on(operation("getLocation")), with_status(500).on(operation("getTariffs"))],
)
def fresh_access_token_opens_every_endpoint(exchange: HttpExchange) -> Problems:
    """An access token that was just issued opens lists, single locations and further pages, as Bearer.

    Why: NDW fetches one token and uses it for the whole pull; nothing else, no handshake either, comes before it.
    Fix: let all endpoints accept what the token endpoint issues, until expires_in is over.
    """
    if response_of(exchange).status in (401, 403):
        yield status_problem(exchange, "200: the access token is fresh")


def _refused_with_401(exchange: HttpExchange) -> Problems:
    if response_of(exchange).status != 401:
        yield status_problem(exchange, "401")
    elif listed(exchange):
        yield Problem("response.body:/data", "no objects", f"{len(listed(exchange))} object(s)")


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.2"],
    row="pull-auth-oauth-stale-jwt-401",
    since=SINCE,
    binds=Binds.SERVER,
    only_where=OAUTH2,
    when=both(answered, tagged("altered token")),
    asked_by=["ndw/show-an-altered-access-token"],
    broken_by=[
        together(with_body(OBJECT), with_status(200)),
        together(with_body(OBJECT), with_status(200)).on(operation("getTariffs")),
        with_status(403),
        with_status(500),
        with_body(OBJECT),
    ],
    kept_by=[with_field("/status_code", 2004), with_body(""), with_field("/data", [])],
)
def altered_access_token_is_refused(exchange: HttpExchange) -> Problems:
    """An access token with another signature is answered with 401, on both lists, and shows no object.

    Cut short, in another case and made up it is tried where any token is: missing_or_unknown_token_is_answered_401.

    Why: a server that reads a JWT without checking who signed it believes whatever anybody writes into one.
    Fix: verify the signature with a fixed algorithm and your own key, before anything in the token is used.
    """
    yield from _refused_with_401(exchange)


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.2"],
    row="pull-auth-oauth-stale-jwt-401",
    since=SINCE,
    binds=Binds.SERVER,
    only_where=OAUTH2,
    when=both(answered, tagged("expired token")),
    asked_by=["ndw/show-an-expired-access-token"],
    broken_by=[together(with_body(OBJECT), with_status(200)), with_status(403), with_body(OBJECT)],
    kept_by=[with_field("/status_code", 2004), with_body("")],
)
def expired_access_token_is_refused(exchange: HttpExchange) -> Problems:
    """An access token whose expires_in is over, by more than a minute, is answered with 401.

    Why: a token that never ends is a password that nobody can take back.
    Fix: compare exp with the clock on every request; a leeway of up to a minute does no harm.
    """
    yield from _refused_with_401(exchange)
