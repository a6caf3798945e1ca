"""Accounts of NDW's mock, the secrets and signing keys that go with them, and the tokens they have."""

import hashlib
import string
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from harness.mock.call import Call
from harness.mock.session import Session
from harness.mock.tables import Row

LIFE_OF_REFRESH = 3600
_SECRET_LENGTH = 32
_MOST_TOKENS = 5_000
"""So many tokens are remembered; the oldest go first."""
_LETTERS = string.ascii_letters + string.digits
_KEY = "key"


def make_account(session: Session, client_id: str, parties: list[str], number: int = 1) -> Row:
    """An account for these parties; its secret comes of session, seed and `number`, so a restart changes nothing."""
    secret = _made_up(session, client_id, number)
    row = {
        "client_id": client_id,
        "client_secret": secret,
        "secret_number": number,
        "parties": parties,
        "client_credentials": (session.tables.get("accounts", client_id) or {}).get("client_credentials", True),
    }
    session.tables.put("accounts", row)
    session.received.know(secret)
    return row


def secret_of(session: Session, row: Mapping[str, Any]) -> str:
    """The secret of an account; of one that a world of one's own gives none, what `make_account` would have given."""
    given = row.get("client_secret")
    made = given if given is not None else _made_up(session, row["client_id"], row.get("secret_number", 1))
    return str(made)


def _made_up(session: Session, client_id: str, number: object) -> str:
    material = hashlib.sha512(f"client secret {session.seed}\n{session.id}\n{client_id}\n{number}".encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in material[:_SECRET_LENGTH])


def accounts(session: Session) -> list[Row]:
    """All accounts, the first one first."""
    return [row for _key, row in session.tables.rows("accounts")]


def known_account(session: Session, client_id: str | None) -> Row:
    """The account of this id, by default the first; ValueError where there is none."""
    found = accounts(session)
    if client_id is None and found:
        return found[0]
    for row in found:
        if row["client_id"] == client_id:
            return row
    raise ValueError(f"no account {client_id!r}: there are {', '.join(row['client_id'] for row in found) or 'none'}")


def key_number(session: Session) -> int:
    """Which signing key is in use; it grows as keys are rotated."""
    row = session.tables.get("signing", _KEY)
    return int(row["number"]) if row else 1


def rotate(session: Session) -> int:
    """Take another signing key: what was signed before is no good any more."""
    number = key_number(session) + 1
    session.tables.put("signing", {"number": number}, _KEY)
    return number


def _signing_key(session: Session, number: int) -> OctKey:
    return OctKey.import_key(hashlib.sha256(f"key {session.seed}\n{session.id}\n{number}".encode()).digest())


def refreshes(call: Call, client_id: str, token: str) -> bool:
    """It is a refresh token of this client that was given out here and has not ended."""
    try:
        claims = jwt.decode(token, _signing_key(call.session, key_number(call.session)), algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        return False
    return (
        claims.get("typ") == "Refresh"
        and claims.get("azp") == client_id
        and int(claims.get("exp", 0)) > call.now.timestamp()
    )


def issue(call: Call, client_id: str, issuer: str, life_s: int) -> tuple[str, str]:
    """A new access token and a refresh token for a client."""
    session = call.session
    second = int(call.now.timestamp())
    number = key_number(session)
    key = _signing_key(session, number)
    header = {"alg": "HS256", "typ": "JWT", "kid": f"key-{number}"}

    def signed(life: int, kind: str) -> str:
        claims = {
            "iss": issuer,
            "azp": client_id,
            "typ": kind,
            "iat": second,
            "exp": second + life,
            "jti": new_id(call),
        }
        return jwt.encode(header, claims, key)

    token = signed(life_s, "Bearer")
    ends = call.now + timedelta(seconds=life_s)
    row = {
        "digest": digest_of(token),
        "client_id": client_id,
        "issued": call.now.isoformat(),
        "ends": ends.isoformat(),
        "key": number,
        "ended": False,
    }
    if session.tables.count("tokens") >= _MOST_TOKENS:
        session.tables.drop("tokens", next(session.tables.rows("tokens"))[0])
    session.tables.put("tokens", row)
    return token, signed(LIFE_OF_REFRESH, "Refresh")


def new_id(call: Call) -> str:
    """A fresh UUID from the chance of the session."""
    return str(UUID(int=call.session.random.getrandbits(128), version=4))


def digest_of(token: str) -> str:
    """What a token is known by: nobody gets the token out of it."""
    return hashlib.blake2b(token.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def ended_at(row: Mapping[str, Any]) -> datetime:
    """When a token ends, or ended."""
    return datetime.fromisoformat(row["ends"])


def end_tokens(session: Session, client_id: str | None) -> int:
    """Tell all tokens ended, or those of one client; how many that were."""
    live = [row for _key, row in session.tables.rows("tokens") if not row["ended"]]
    chosen = [row for row in live if client_id in (None, row["client_id"])]
    for row in chosen:
        session.tables.put("tokens", {**row, "ended": True})
    return len(chosen)
