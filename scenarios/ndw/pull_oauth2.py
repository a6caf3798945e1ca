"""NDW, pull authentication by OAuth2: what the token endpoint gives for client credentials.

Needs the settings ``pull.auth``, ``pull.oauth_client_auth`` and ``pull.plain_http``.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from harness.judge.vocabulary import (
    answered,
    asked_properly,
    body_problem,
    both,
    response_of,
    start_of,
    status_problem,
    tagged,
)
from harness.model.address import is_loopback
from harness.model.edit import Rewrite, together, with_body, with_field, with_header, with_status, without_field
from harness.model.exchange import HttpExchange, TokenExchange
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, Publication, requirement
from harness.model.scenario import Steps, Turn, ask_for_a_token, scenario
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, Problem
from harness.model.world import World
from scenarios.ndw import NDW

SINCE = "2026.12"
RFC6749 = Publication("RFC 6749, OAuth 2.0", Basis.STANDARD)
OAUTH2 = {"pull.auth": "oauth2"}

ISSUED = '{"access_token":"eyJ.eyJ.sig","token_type":"Bearer","expires_in":1800}'


@scenario
def fetch_an_access_token(world: World) -> Steps:
    """The puller asks the token endpoint for an access token with its client credentials."""
    if world.client is not None:
        yield from ask_for_a_token(world.client)


@scenario(turn=Turn.KNOCKS)
def log_in_with_a_wrong_secret(world: World) -> Steps:
    """Somebody asks for an access token with a secret that nobody gave out.

    At somebody else's token endpoint the client is made up, too: nobody's account may be locked by a test.
    """
    if world.client is not None:
        unknown = replace(world.client, id=world.unlike([world.client.id]))
        client = unknown if world.guest else world.client
        yield from ask_for_a_token(client, "made up", tags=["probe", "wrong login"])


def opaque(spelling: str, alg: str | None) -> Rewrite:
    """Every access token that was issued is of this kind."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        return [
            replace(
                exchange,
                response=replace(
                    exchange.response, issued=tuple(replace(one, alg=alg) for one in exchange.response.issued)
                ),
            )
            if exchange.response is not None
            else exchange
            for exchange in exchanges
        ]

    return Rewrite(spelling, "response.body:/access_token", change)


def token_requests_at(spelling: str, scheme: str) -> Rewrite:
    """Every request that asks for a token goes to a URL of this scheme."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        return [
            replace(one, request=replace(one.request, url=f"{scheme}://{one.request.url.partition('://')[2]}"))
            if one.request.method == "POST"
            else one
            for one in exchanges
        ]

    return Rewrite(spelling, "request.path:", change)


def _gives_out(exchange: HttpExchange) -> bool:
    return asked_properly(exchange) and bool(_issued(exchange))


def _issued(exchange: HttpExchange) -> list[str | None]:
    """The algorithm of the access token in an answer, None for an opaque one; empty where there is no token."""
    return [one.alg for one in response_of(exchange).issued if one.place == "body:access_token"]


@requirement(
    MUST,
    NDW["Pull - Authentication"],
    row="pull-auth-oauth-token-endpoint",
    since=SINCE,
    binds=Binds.SERVER,
    only_where=OAUTH2,
    when=asked_properly,
    asked_by=["ndw/fetch-an-access-token"],
    broken_by=[
        with_body("<html><body>Log in</body></html>"),
        with_body("access_token=abc&token_type=bearer"),
        with_body("[]"),
        with_status(500),
        without_field("/access_token"),
        with_field("/access_token", ""),
        with_field("/access_token", None),
        with_field("/access_token", 0),
        without_field("/token_type"),
        with_field("/token_type", "mac"),
        with_field("/token_type", ["Bearer"]),
    ],
    kept_by=[
        with_field("/token_type", "bearer"),
        with_field("/token_type", "BEARER"),
        with_field("/scope", "profile email"),
        with_field("/refresh_expires_in", 3600),
        without_field("/expires_in"),
        with_header("Content-Type", "application/json;charset=UTF-8"),
    ],
)
def token_endpoint_gives_a_bearer_token(exchange: TokenExchange) -> Problems:
    """The token endpoint answers client credentials with JSON that holds an access_token of token_type Bearer.

    Why: NDW reads these two members and sends what it finds as "Authorization: Bearer ...".
    Fix: answer 200 with {"access_token": "...", "token_type": "Bearer", "expires_in": 1800}; Bearer in any case.
    """
    response = response_of(exchange)
    if response.status != 200:
        yield status_problem(exchange, "200, with an access token")
        return
    if not isinstance(response.body.value, dict):
        yield Problem("response.body:", "a JSON object with access_token and token_type", start_of(response.body))
        return
    token, kind = response.body.at("/access_token"), response.body.at("/token_type")
    if not isinstance(token, str) or not token:
        yield body_problem(response.body, "/access_token", "a text")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        yield body_problem(response.body, "/token_type", "Bearer")


@requirement(
    SHOULD,
    NDW["Pull - Authentication"],
    row="pull-auth-oauth-token-endpoint",
    since=SINCE,
    binds=Binds.SERVER,
    only_where=OAUTH2,
    when=_gives_out,
    asked_by=["ndw/fetch-an-access-token"],
    broken_by=[opaque("an opaque access token", None)],
    kept_by=[opaque("an access token signed with ES256", "ES256"), with_field("/token_type", "bearer")],
)
def access_token_is_a_jwt(exchange: TokenExchange) -> Problems:
    """The access token is a JWT.

    Why: NDW's page speaks of the JWT in the header. To a puller it makes no difference; one that looks into it for its
    end would miss that, which is why this warns and does not fail.
    Fix: nothing has to change while NDW treats the token as opaque; ask NDW before relying on it.
    """
    if None in _issued(exchange):
        yield Problem("response.body:/access_token", "a JWT (header.payload.signature)", "an opaque text")


@requirement(
    MUST,
    RFC6749["3.2"],
    row="pull-auth-oauth-token-endpoint",
    since=SINCE,
    binds=Binds.SERVER,
    only_where=OAUTH2,
    when=answered,
    asked_by=["ndw/fetch-an-access-token"],
    broken_by=[token_requests_at("token endpoint over plain HTTP", "http")],
    kept_by=[token_requests_at("scheme in capitals", "HTTPS")],
)
def token_endpoint_is_served_over_tls(exchange: TokenExchange, settings: Settings) -> Problems:
    """The token endpoint is reached over https only.

    Why: client secret and access token both pass there; over plain HTTP anybody on the way can read them.
    Fix: hand out the https address; for a run on another machine of your own set pull.plain_http to "allowed".
    """
    url = urlsplit(exchange.request.url)
    allowed = settings.text("pull.plain_http")
    if url.scheme.lower() != "http":
        return
    if allowed == "allowed" or (allowed == "loopback" and is_loopback(url.hostname or "")):
        yield Inapplicable(f"served without TLS, which pull.plain_http = {allowed} lets pass in this run")
    else:
        yield Problem("request.path:", "an https address", f"{url.scheme}://{url.netloc}")


@requirement(
    SHOULD,
    RFC6749["5.2"],
    basis=Basis.ASSUMED,
    row="pull-auth-oauth-bad-secret",
    since=SINCE,
    binds=Binds.SERVER,
    only_where=OAUTH2,
    rests_on=["pull.oauth_client_auth"],
    when=both(answered, tagged("wrong login")),
    asked_by=["ndw/log-in-with-a-wrong-secret"],
    broken_by=[
        together(with_body(ISSUED), with_status(200)),
        with_status(200),
        with_status(403),
        with_status(500),
        without_field("/error"),
        with_field("/error", 401),
        with_body("<html><body>401 Unauthorized</body></html>"),
        with_body(""),
    ],
    kept_by=[
        with_status(400),
        with_field("/error", "unauthorized_client"),
        without_field("/error_description"),
        with_header("WWW-Authenticate", 'Basic realm="clients"'),
    ],
)
def wrong_client_secret_gets_no_token(exchange: TokenExchange) -> Problems:
    """A client that shows a wrong secret is answered 400 or 401, and the body says which error it is.

    Why: the puller tells "my secret is wrong" from "the server is down" by it.
    Fix: answer 401 with {"error": "invalid_client"}; never a token, never a web page.
    """
    response = response_of(exchange)
    if response.status not in (400, 401):
        yield status_problem(exchange, "400 or 401")
    elif not isinstance(response.body.value, dict):
        yield Problem("response.body:", 'a JSON object with the member "error"', start_of(response.body))
    elif not isinstance(response.body.at("/error"), str) or not response.body.at("/error"):
        yield body_problem(response.body, "/error", "an error code, such as invalid_client")
