"""OCPI 2.2.1, the token: who shows none, or a wrong one, sees nothing.

Needs the settings ``pull.auth`` (by token, or by an access token of OAuth2) and ``pull.token_encoding``.
"""

from urllib.parse import quote

from harness.judge.vocabulary import (
    answered,
    as_whole_number,
    both,
    listed,
    next_link,
    operation,
    response_of,
    shown,
    status,
    status_problem,
    tagged,
)
from harness.model.credential import Alteration, Form, Present, Presentation
from harness.model.edit import together, with_body, with_field, with_status
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, requirement
from harness.model.scenario import Steps, Turn, cannot_ask, get, scenario
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, Problem
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI, refused
from scenarios.standards.ocpi_2_2_1.conversation import plain_ids_on

SINCE = "2026.12"
SOURCE = OCPI["transport_and_format 4.1.2"]

ALTERATIONS: tuple[Alteration, ...] = ("made up", "another case", "characters added", "cut short", "empty")
MADE_UP: tuple[Alteration, ...] = ("made up", "empty")
"""What is tried on somebody else's machine: an altered token in its log would be nearly the true one."""


@scenario(turn=Turn.KNOCKS)
def present_the_token(world: World) -> Steps:
    """The puller shows its token in Base64, raw, and in Base64 with the line feed of OCPI's own examples."""
    if world.client is not None:
        return
    forms: tuple[Form, ...] = ("base64", "raw")
    for form in forms:
        shown = Present(world.secret, presentation=Presentation("Token", form))
        yield from get(world.entry, query={"limit": 1}, auth=shown, tags=["probe", "presentation"])
    if world.presentation.form == "base64" and world.presentation.scheme == "Token":
        shown = Present(world.secret, presentation=Presentation("Token", "base64+lf"))
        yield from get(world.entry, query={"limit": 1}, auth=shown, tags=["probe", "line feed"])
    else:
        yield from cannot_ask(f"the server takes the token as {world.presentation}, so a line feed cannot be added")


@scenario(turn=Turn.KNOCKS)
def knock_without_the_token(world: World) -> Steps:
    """Somebody asks for a list without a token, with a wrong one, or with the right one in the wrong place."""
    knock = ("probe", "unauthorised")
    yield from get(world.entry, tags=[*knock, "no header"])
    for alteration in MADE_UP if world.guest else ALTERATIONS:
        if alteration == "another case" and not world.secret.has_letters:
            yield from cannot_ask("the token has no letters, so it cannot be written in another case")
        elif not (alteration == "cut short" and world.secret.length < 2):
            yield from get(world.entry, auth=Present(world.secret, alteration), tags=[*knock, "wrong token"])
    if world.guest:
        yield from cannot_ask(
            "off loopback the token is put into no URL and wrong ones are made up, since logs are read"
        )
    else:
        yield from get(world.entry, auth=Present(world.secret, query="token"), tags=[*knock, "token in query"])


@scenario(turn=Turn.KNOCKS)
def knock_under_another_scheme(world: World) -> Steps:
    """Somebody shows the right token under a scheme that was not agreed."""
    scheme = "Basic" if world.presentation.scheme == "Bearer" else "Bearer"
    shown = Present(world.secret, presentation=Presentation(scheme, world.presentation.form))
    yield from get(world.entry, auth=shown, tags=["probe", "another scheme"])


@scenario(turn=Turn.KNOCKS)
def knock_at_every_endpoint(world: World) -> Steps:
    """Somebody without a token tries each endpoint, and each list's second page, that opens with it."""
    knock = ("probe", "unauthorised", "every endpoint")
    for path in ("/locations", "/tariffs"):
        page = yield from get(path, query={"limit": 1}, auth=world.credential)
        if not status(200)(page):
            yield from cannot_ask(f"{path} does not open with the token, so nothing is shown by knocking without it")
            continue
        if path != world.entry:
            yield from get(path, tags=knock)
        if path == "/locations" and plain_ids_on(page):
            single = f"/locations/{quote(plain_ids_on(page)[0], safe='')}"
            if status(200)((yield from get(single, auth=world.credential))):
                yield from get(single, tags=knock)
        following = next_link(page)
        if following is None:
            yield from cannot_ask(f"{path} has no second page, even with limit=1")
        else:
            yield from get(following, tags=[*knock, "second page"], operation=page.operation)


unauthorised = both(answered, tagged("unauthorised"))
at_the_door = both(unauthorised, lambda exchange: "every endpoint" not in exchange.tags)
elsewhere = both(unauthorised, tagged("every endpoint"))

EMPTY = '{"data":[],"status_code":1000,"timestamp":"2026-06-01T08:00:05Z"}'
OBJECT = '{"data":[{"id":"LOC-1"}],"status_code":1000,"timestamp":"2026-06-01T08:00:05Z"}'
ONE_OBJECT = '{"data":{"id":"LOC-1"},"status_code":2000,"timestamp":"2026-06-01T08:00:05Z"}'


@requirement(
    MUST,
    SOURCE,
    row="pull-auth-401",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(unauthorised, lambda exchange: "token in query" not in exchange.tags),
    asked_by=["ocpi-2.2.1/knock-without-the-token"],
    broken_by=[
        with_status(403).on(tagged("no header")),
        with_status(403).on(both(elsewhere, operation("getTariffs"))),
        with_status(404).on(tagged("no header")),
        with_status(403).on(tagged("wrong token")),
        together(with_field("/status_code", 2002), with_status(200)).on(tagged("no header")),
        with_status(500).on(tagged("wrong token")),
    ],
    kept_by=[with_field("/status_code", 2004), with_body("")],
)
def missing_or_unknown_token_is_answered_401(exchange: HttpExchange) -> Problems:
    """A call without a token, or with one that nobody gave out, is answered with HTTP 401.

    Tried: no header; a made-up token; the true one in another case, with characters added, cut short; an empty one.

    Why: 401 tells the client to look at its credentials; 403, or 200 with an OCPI code, sends it elsewhere.
    Fix: compare the whole token, case and all, before anything else, and answer 401.
    """
    if response_of(exchange).status != 401 and not (elsewhere(exchange) and list(_opened(exchange))):
        yield status_problem(exchange, "401")  # a door that is open is every_endpoint_asks_for_the_token's finding


@requirement(
    MUST,
    SOURCE,
    row="pull-auth-401",
    since=SINCE,
    binds=Binds.SERVER,
    when=at_the_door,
    asked_by=["ocpi-2.2.1/knock-without-the-token"],
    broken_by=[
        with_body(OBJECT).on(tagged("no header")),
        with_body(OBJECT).on(tagged("wrong token")),
        with_body(ONE_OBJECT).on(tagged("wrong token")),
        with_body(OBJECT).on(tagged("token in query")),
    ],
    kept_by=[
        with_field("/data", []),
        with_field("/data", None),
        with_field("/data", {"errors": [{"path": "/", "message": "no token"}]}),
        with_status(400).on(tagged("token in query")),
    ],
)
def nobody_sees_objects_without_the_token(exchange: HttpExchange) -> Problems:
    """A refused call shows no object, and a token in the URL opens nothing.

    Why: a filter that sets the status but lets the handler run gives the data away all the same; tokens in URLs end
    in the logs of every proxy on the way.
    Fix: stop before the handler; read the token from the Authorization header alone.
    """
    yield from _shown_objects(exchange)


def _shown_objects(exchange: HttpExchange) -> Problems:
    data = response_of(exchange).body.at("/data")
    if listed(exchange):
        yield Problem("response.body:/data", "no objects", f"{len(listed(exchange))} object(s)")
    elif isinstance(data, dict) and "id" in data:
        yield Problem("response.body:/data", "no object", "an object with an id")


@requirement(
    SHOULD,
    SOURCE,
    basis=Basis.ASSUMED,
    row="pull-auth-401",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered, tagged("another scheme")),
    asked_by=["ocpi-2.2.1/knock-under-another-scheme"],
    broken_by=[with_body(OBJECT), with_body(ONE_OBJECT)],
    kept_by=[with_status(400), with_status(403)],
)
def another_scheme_opens_nothing(exchange: HttpExchange) -> Problems:
    """The token under another scheme than the agreed one shows no objects.

    Why: a server that reads whatever follows the first space does not check what it was told.
    Fix: compare the scheme, without regard to case, before the token.
    """
    yield from _shown_objects(exchange)


@requirement(
    MUST,
    SOURCE,
    row="pull-auth-every-endpoint",
    since=SINCE,
    binds=Binds.SERVER,
    when=elsewhere,
    asked_by=["ocpi-2.2.1/knock-at-every-endpoint"],
    broken_by=[
        together(with_body(EMPTY), with_status(200)).on(operation("getTariffs")),
        together(with_body(EMPTY), with_status(200)).on(operation("getLocation")),
        together(with_body(EMPTY), with_status(200)).on(tagged("second page")),
        with_body(OBJECT).on(operation("getTariffs")),
        with_body(OBJECT).on(tagged("second page")),
        with_body(ONE_OBJECT).on(operation("getLocation")),
    ],
    kept_by=[with_body(""), with_field("/data", []), with_status(403), with_status(500)],
)
def every_endpoint_asks_for_the_token(exchange: HttpExchange) -> Problems:
    """Tariffs, single locations and every further page open to nobody without the token.

    Why: one open door is enough; a next link is a door.
    Fix: put the check before the router, not into one handler.
    """
    yield from _opened(exchange)


def _opened(exchange: HttpExchange) -> Problems:
    """A problem where the call got through: the status of success with no OCPI error, or objects with any status."""
    response = response_of(exchange)
    code = as_whole_number(response.body.at("/status_code"))
    if 200 <= response.status < 300 and not (code is not None and 2000 <= code <= 4999):
        yield status_problem(exchange, "401")
    yield from _shown_objects(exchange)


@requirement(
    MUST,
    SOURCE,
    row="pull-auth-token-base64",
    since=SINCE,
    binds=Binds.SERVER,
    only_where={"pull.auth": "token"},
    rests_on=["pull.token_encoding"],
    when=both(answered, tagged("presentation"), lambda exchange: _form(exchange) == "base64", status(200, 401, 403)),
    asked_by=["ocpi-2.2.1/present-the-token"],
    broken_by=[with_status(401), with_status(403), together(with_field("/status_code", 2002), with_status(200))],
    kept_by=[with_field("/data", []), with_field("/status_code", 1001)],
)
def base64_token_is_accepted(exchange: HttpExchange, settings: Settings) -> Problems:
    """The token is accepted in Base64, as OCPI 2.2.1 has it since its bug fixes.

    Why: a puller that follows the text sends it so; NDW does not publish which form it sends.
    Fix: decode what follows "Token " by RFC 4648 section 4 before comparing; accept the raw form beside it if older
    peers need it.
    """
    if settings.text("pull.token_encoding") == "raw":
        yield Inapplicable("pull.token_encoding = raw: the puller sends the token as it is")
    elif refused(exchange):
        code = response_of(exchange).body.at("/status_code")
        told = f"{response_of(exchange).status}, status_code {shown(code)}"
        yield Problem("response.status", "200: the token in Base64 is accepted", told)


def _form(exchange: HttpExchange) -> str | None:
    credential = exchange.request.credential
    return credential.form if credential else None


@requirement(
    MUST,
    SOURCE,
    row="pull-auth-token-no-newline",
    since=SINCE,
    binds=Binds.SERVER,
    only_where={"pull.auth": "token"},
    when=both(answered, tagged("line feed")),
    asked_by=["ocpi-2.2.1/present-the-token"],
    broken_by=[together(with_body(EMPTY), with_status(200)), with_body(OBJECT)],
    kept_by=[with_body(""), with_field("/status_code", 2004), with_status(403), with_status(400)],
)
def token_with_a_line_feed_is_refused(exchange: HttpExchange) -> Problems:
    """Base64 of the token and a line feed is another token, and opens nothing.

    Why: the examples in OCPI's text carry such a line feed; a server that needs or ignores it fails or confuses every
    peer that encodes the token as it is.
    Fix: encode and decode without a line feed (echo -n); do not trim after decoding.
    """
    yield from _opened(exchange)
