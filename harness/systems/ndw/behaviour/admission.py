"""Who may push: a token that this mock gave out and that has not ended; else 401, and to a person the reason."""

import base64
import json
from typing import Any

from harness.mock.call import Call, Reply
from harness.mock.tables import Row
from harness.systems.ndw.behaviour.answers import http_error
from harness.systems.ndw.seed.account import digest_of, ended_at, key_number

_NEW_TOKEN = "get a new token from NDW_TOKEN_URL (harness env ndw shows it)"  # noqa: S105 - no token


def admit(call: Call) -> Reply | None:
    """Put the account into the call, or answer 401."""
    shown = call.headers.all("authorization")
    if not shown:
        why = "there is no Authorization header"
        return _refused(call, why, "send 'Authorization: Bearer TOKEN' with the token of NDW_TOKEN_URL", "")
    if len(shown) > 1:
        return _refused(call, "there is more than one Authorization header", "send one", "invalid_request")
    scheme, _, token = shown[0].partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer":
        return _refused(call, *_other_scheme(scheme, token), "")
    row = call.session.tables.get("tokens", digest_of(token)) if token else None
    if row is None:
        return _refused(call, *_unknown(call, token))
    if (ended := _why_ended(call, row)) is not None:
        return _refused(call, ended, _NEW_TOKEN)
    call.account = call.session.tables.get("accounts", row["client_id"])
    if call.account is None:
        return _refused(call, f"the account {row['client_id']} of this token is gone", _NEW_TOKEN)
    return None


def _why_ended(call: Call, row: Row) -> str | None:
    ends = ended_at(row)
    if not call.token_counts:
        return "a fault has this token told ended"
    if row["ended"]:
        return "this token was told ended, by the action end-token"
    if row["key"] != key_number(call.session):
        return "this token was signed with a key that is no good any more, by the action rotate-keys"
    if call.now >= ends:
        late = int((call.now - ends).total_seconds())
        return f"this token ended at {ends:%Y-%m-%dT%H:%M:%SZ}, {late} s ago"
    return None


def _other_scheme(scheme: str, token: str) -> tuple[str, str]:
    if not token:
        return "the Authorization header has no scheme", "write Bearer and one space before the token"
    if scheme.lower() == "token":
        return (
            "the scheme is Token instead of Bearer",
            "send 'Authorization: Bearer TOKEN': NDW leaves OCPI's Token scheme here; take the token as it is",
        )
    if scheme.lower() == "basic":
        return (
            "the scheme is Basic instead of Bearer",
            "client id and secret go to NDW_TOKEN_URL; a push carries the access token that comes back",
        )
    return "the scheme is not Bearer", "send 'Authorization: Bearer TOKEN'"


def _unknown(call: Call, token: str) -> tuple[str, str]:
    if not token:
        return "there is nothing after Bearer", "put the access_token of the token server's answer there"
    if token.strip("\"'") != token:
        return "the token stands in quotation marks", "send it without them"
    claims = _claims(token)
    if claims is None:
        return "the token is none that this mock gave out; it is not even a JWT", _NEW_TOKEN
    if claims.get("typ") == "Refresh":
        return "this is the refresh_token", "send the access_token of the same answer"
    issuer = claims.get("iss")
    if isinstance(issuer, str) and (not issuer.startswith(f"{call.origin}/") or issuer.startswith(f"{call.origin}/~")):
        return "the token is one of another server, or of another session of this mock", _NEW_TOKEN
    return "the token is none that this mock remembers: was it restarted or reset since?", _NEW_TOKEN


def _claims(token: str) -> dict[str, Any] | None:
    """What a JWT says, whoever signed it."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refused(call: Call, why: str, advice: str, error: str = "invalid_token") -> Reply:
    """401; without any good try at a token, the challenge says no more than how to try (RFC 6750 3.1)."""
    challenge = 'Bearer realm="ndw"'
    if error:  # RFC 6750 3 allows few signs in a description
        description = why.encode("ascii", "replace").decode().replace('"', "'").replace("\\", "/")
        challenge += f', error="{error}", error_description="{description}"'
    return http_error(call, 401, f"no access: {why}", ("WWW-Authenticate", challenge)).but(why, advice)
