"""NDW's token server, shaped like Keycloak: client credentials for a token of half an hour."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, unquote_plus

from harness.mock.call import Call, Refusal, Reply, json_reply
from harness.mock.tables import Row
from harness.systems.ndw.seed.account import LIFE_OF_REFRESH, accounts, issue, new_id, refreshes, secret_of

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100
_SUFFIX = "/protocol/openid-connect/token"
_WRONG_CLIENT = "Invalid client or Invalid client credentials"


def request_token(call: Call) -> Reply:
    """A token for a client, or why there is none."""
    if (media_type := _media_type(call)) != _FORM:
        why = f"the body is {media_type or 'of no type'}, not a form"
        return _error(400, "invalid_request", why).but(why, f"POST the fields as {_FORM}, not as JSON")
    try:
        pairs = parse_qsl(call.body.raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return _error(400, "invalid_request", "too many fields")
    form = dict(pairs)
    if len(form) != len(pairs):
        return _error(400, "invalid_request", "duplicated parameter").but(
            "a field stands in the form twice", "send it once"
        )
    grant = form.get("grant_type")
    if not grant:
        return _error(400, "invalid_request", "Missing form parameter: grant_type")
    basic = _basic(call)
    if basic is not None and "client_secret" in form:
        return _error(400, "invalid_request", "the secret came twice: in the form and by HTTP Basic")
    client_id, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
    account = call.session.tables.get("accounts", client_id) if client_id else None
    if account is None or not hmac.compare_digest(secret.encode(), secret_of(call.session, account).encode()):
        return _wrong_client(call, account, client_id, secret, basic is not None)
    if grant == "refresh_token" and call.setting("token.refresh") == "accept":
        if not refreshes(call, client_id, form.get("refresh_token", "")):
            return _error(400, "invalid_grant", "Invalid refresh token")
    elif grant != "client_credentials":
        advice = "ask with grant_type=client_credentials; a refresh token is taken with --set token.refresh=accept only"
        return _error(400, "unsupported_grant_type", "Unsupported grant_type").but("the grant is another", advice)
    if not account.get("client_credentials", True):
        status = 400 if call.setting("token.error_style") == "rfc6749" else 401
        return _error(status, "unauthorized_client", "Client not enabled to retrieve service account")
    if basic is not None:
        call.notes.append("client id and secret came by HTTP Basic; NDW's page shows them as fields of the form")
    return _granted(call, client_id)


def _granted(call: Call, client_id: str) -> Reply:
    issuer = f"{call.origin}/{call.setting('token.path').strip('/').removesuffix(_SUFFIX)}"
    life = call.session.settings.number("token.expires_in")
    access, refresh = issue(call, client_id, issuer, life)
    answer = {
        "access_token": access,
        "expires_in": life,
        "refresh_expires_in": LIFE_OF_REFRESH,
        "refresh_token": refresh,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "session_state": new_id(call),
        "scope": "profile email",
    }
    return json_reply(200, answer)


def _wrong_client(call: Call, account: Row | None, client_id: str, secret: str, by_basic: bool) -> Reply:
    rename = account is not None and call.setting("token.error_style") == "unauthorized_client"
    headers = [("WWW-Authenticate", 'Basic realm="ndw"')] if by_basic else []
    reply = _error(401, "unauthorized_client" if rename else "invalid_client", _WRONG_CLIENT, *headers)
    advice = "take NDW_CLIENT_ID and NDW_CLIENT_SECRET of harness env ndw"
    if not client_id:
        return reply.but("there is no client_id", advice)
    if account is None:
        return reply.but("there is no account with this client_id", advice)
    return reply.but(_how_it_differs(call, account, secret), advice)


def _how_it_differs(call: Call, account: Row, secret: str) -> str:
    """How a wrong secret differs from the right one, without telling either."""
    right = secret_of(call.session, account)
    if not secret:
        return "there is no client_secret"
    if secret.strip() == right:
        return "the secret has white space or a line feed around it"
    if secret.strip("\"'") == right:
        return "the secret stands in quotation marks"
    if unquote_plus(secret) == right:
        return "the secret is percent-encoded twice"
    if secret == base64.b64encode(right.encode()).decode():
        return "the secret is written in Base64: send it as it is"
    if any(secret == secret_of(call.session, one) for one in accounts(call.session) if one is not account):
        return "the secret is that of another account"
    if len(secret) != len(right):
        return f"the secret is wrong: it has {len(secret)} characters instead of {len(right)}"
    return "the secret is wrong: it has the right length, but is another (rotated, or of another session?)"


def _media_type(call: Call) -> str:
    return (call.headers.get("content-type") or "").partition(";")[0].strip().lower()


def _basic(call: Call) -> tuple[str, str] | None:
    """Client id and secret of HTTP Basic; both are form-encoded in it (RFC 6749 2.3.1)."""
    scheme, _, shown = (call.headers.get("authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(shown.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)


def _error(status: int, error: str, description: str, *headers: tuple[str, str]) -> Reply:
    return json_reply(status, {"error": error, "error_description": description}, *headers).but(description)


def unknown_path(call: Call) -> Reply:
    """Nothing is at this address, neither of the push endpoint nor of the token server."""
    advice = f"pushes go below {call.setting('push.base_path')}, tokens come from {call.setting('token.path')}"
    return _error(404, "not_found", "there is nothing at this path").but("there is nothing at this path", advice)


def method_not_listed(_call: Call, methods: Sequence[str]) -> Reply:
    """A token is asked for by POST."""
    return _error(405, "invalid_request", "a token is asked for by POST", ("Allow", ", ".join(methods)))


def refused(_call: Call, _refusals: Sequence[Refusal]) -> Reply | None:
    """Nothing here: what is wrong with a form, the operation says itself."""
    return None


def trouble(_call: Call, status: int) -> Reply:
    """The answer of a status that has nothing to do with the request."""
    error, description = {
        413: ("invalid_request", "the form is too large"),
        429: ("temporarily_unavailable", "too many requests"),
        503: ("temporarily_unavailable", "the server is in trouble"),
    }.get(status, ("server_error", "the server is in trouble"))
    return _error(status, error, description)


def finished(_call: Call, reply: Reply) -> Reply:
    """A token, or a hint about a secret, stays nowhere on the way."""
    return replace(reply, headers=(*reply.headers, ("Cache-Control", "no-store"), ("Pragma", "no-cache")))
