"""Does the token endpoint give this client an access token? What stands in the way is configuration."""

from harness.model.exchange import HttpExchange, HttpResponse
from harness.model.pointer import MISSING
from harness.run.check import Check, origin_of, shown
from harness.run.connection import Way, connection

CHECK = "token endpoint"
_TODO = {
    "invalid_client": "check client id and secret: right environment, not expired, not cut off in the variable; some "
    "servers want them as HTTP Basic (--set {setting}=basic), others in the form ({setting}=body)",
    "unauthorized_client": "let the owner of the token endpoint allow this client the grant client_credentials",
    "unsupported_grant_type": "check --token-url: this endpoint does not serve the grant client_credentials",
    "invalid_scope": "let the owner of the token endpoint give this client a default scope; none is asked for",
    "invalid_target": "let the owner of the token endpoint give this client a default audience (resource); none is "
    "asked for",
    "invalid_request": "check --token-url: the endpoint expects another form of request; some want the client id and "
    "secret as HTTP Basic (--set {setting}=basic), others in the form ({setting}=body)",
}
"""What to do about the errors of RFC 6749 5.2 and RFC 8707 2."""


async def token_endpoint_check(exchange: HttpExchange, way: Way, got_one: bool, setting: str) -> Check:
    """What a request for an access token came to; failed where it brought none."""
    if exchange.response is None:
        return await connection(exchange, way, CHECK)
    if got_one:
        return Check(CHECK, "passed", f"{origin_of(exchange.request.url)} gives this client an access token")
    what, todo = _obstacle(exchange, exchange.response, way, setting)
    return Check(CHECK, "failed", f"{way.given.partition('?')[0]}: {what}", todo)


def _obstacle(exchange: HttpExchange, response: HttpResponse, way: Way, setting: str) -> tuple[str, str]:
    """What came instead of a token, and what to do."""
    told = _told(response)
    error = response.body.at("/error")
    if isinstance(error, str) and error in _TODO:
        return told, _advice(error, setting)
    if response.status == 407:
        return f"{told}, by {way.proxy(exchange) or 'a proxy on the way'}", "give the proxy its user and password"
    if response.status in (404, 405):
        return told, f"check the path of {way.option}: nothing takes a POST there"
    if response.status in (502, 503, 504):
        return told, "start the server behind the gateway of the token endpoint"
    if response.body.raw.lstrip()[:1] == b"<":
        todo = f"check {way.option}: a login or gateway page answers, not the token endpoint"
        return f"{told}, with a web page", todo
    if response.status in (301, 302, 303, 307, 308):
        target = response.headers.get("location")
        return f"{told} to {target}", f"redirects are not followed; give the address it leads to as {way.option}"
    if response.status in (401, 403):
        return told, _advice("invalid_client", setting)
    if response.status >= 300:
        return told, "look into the log of the token endpoint"
    if not response.body.is_json:
        return f"{told}, with what is no JSON", f"check {way.option}: a token endpoint answers with JSON"
    if response.body.at("/access_token") is MISSING:
        return f"{told}, without an access_token", f"check {way.option}: a token endpoint answers with an access_token"
    return f"{told}, with an access_token that is no text", "let the token endpoint answer with a text as access_token"


def _advice(error: str, setting: str) -> str:
    """What to do about an error; where there is no setting for how a client logs in, nothing is said of one."""
    return _TODO[error].format(setting=setting) if setting else _TODO[error].partition("; some")[0]


def _told(response: HttpResponse) -> str:
    """The status, and what the server itself says of the error (RFC 6749 5.2)."""
    said = [response.body.at(f"/{member}") for member in ("error", "error_description")]
    return ": ".join([str(response.status), *(shown(text) for text in said if isinstance(text, str) and text)])
