"""Does the token endpoint give this client an access token? What stands in the way is configuration."""

from collections.abc import Iterator

from harness.model.credential import Client
from harness.model.exchange import HttpExchange, HttpResponse
from harness.model.pointer import MISSING
from harness.run.check import NEXT, Check, origin_of

CHECK = "token endpoint"
_SHOWN = 200
_TODO = {
    "invalid_client": "check client id and secret: right environment, not expired, not cut off in the variable; some "
    "servers want them as HTTP Basic (--set {setting}=basic), others in the form ({setting}=body)",
    "unauthorized_client": "let the owner of the token endpoint allow this client the grant client_credentials",
    "unsupported_grant_type": "check --token-url: this endpoint does not serve the grant client_credentials",
    "invalid_scope": "let the owner of the token endpoint give this client a default scope; none is asked for",
    "invalid_request": "check --token-url and {setting}: the endpoint expects another form of request",
}
"""What to do about the errors of RFC 6749 5.2."""


def token_endpoint_checks(exchange: HttpExchange, client: Client, got_one: bool, setting: str) -> Iterator[Check]:
    """What a request for an access token came to; the last check failed where it brought none."""
    origin = origin_of(client.token_url)
    if exchange.response is None:
        failure = exchange.failure
        assert failure is not None  # noqa: S101 - one of the two is there
        todo = NEXT.get(failure.kind, "check --token-url").replace("--url", "--token-url")
        yield Check(f"{CHECK} ({failure.kind})", "failed", f"{origin}: {failure.detail}", todo)
    elif got_one:
        yield Check(CHECK, "passed", f"{origin} gives this client an access token")
    else:
        what, todo = _obstacle(exchange.response, setting)
        yield Check(CHECK, "failed", f"{client.token_url.partition('?')[0]}: {what}", todo)


def _obstacle(response: HttpResponse, setting: str) -> tuple[str, str]:
    """What came instead of a token, and what to do."""
    told = _told(response)
    error = response.body.at("/error")
    if isinstance(error, str) and error in _TODO:
        return told, _TODO[error].format(setting=setting)
    if response.body.raw.lstrip()[:1] == b"<":
        return f"{told}, with a web page", "check --token-url: a login or gateway page answers, not the token endpoint"
    if response.status in (301, 302, 303, 307, 308):
        target = response.headers.get("location")
        return f"{told} to {target}", "redirects are not followed; give the address it leads to as --token-url"
    if response.status in (404, 405):
        return told, "check the path of --token-url: nothing takes a POST there"
    if response.status in (401, 403):
        return told, _TODO["invalid_client"].format(setting=setting)
    if response.status in (502, 503, 504):
        return told, "start the server behind the gateway of the token endpoint"
    if response.status >= 300:
        return told, "look into the log of the token endpoint"
    if response.body.at("/access_token") is MISSING:
        return f"{told}, without an access_token", "check --token-url: a token endpoint answers with an access_token"
    return f"{told}, with an access_token that is no text", "let the token endpoint answer with a text as access_token"


def _told(response: HttpResponse) -> str:
    """The status, and what the server itself says of the error (RFC 6749 5.2)."""
    said = [response.body.at(f"/{member}") for member in ("error", "error_description")]
    texts = [text[:_SHOWN] for text in said if isinstance(text, str) and text]
    return ": ".join([str(response.status), *texts])
