"""The forms in which a token is written, what may be done to one on purpose, and what a JWT says of itself."""

import base64
import json
from random import Random
from urllib.parse import quote_plus

from harness.model.credential import Alteration, Form


def written(token: str, form: Form) -> str:
    """The token's characters in this form."""
    if form == "raw":
        return token
    if form == "base64+lf":
        return _base64(token + "\n")
    if form == "base64 twice":
        return _base64(_base64(token))
    return _base64(token)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def altered(token: str, alteration: Alteration | None, seed: int) -> str:
    """The token with this done to it. Nothing that a server may rightly trim (white space) is ever added."""
    if alteration == "another case":
        return token.swapcase()
    if alteration == "characters added":
        return token + "x7"
    if alteration == "cut short":
        return token[:-1]
    if alteration == "empty":
        return ""
    if alteration == "made up":
        return _made_up(token, seed)
    if alteration == "one character changed":
        return _one_changed(token)
    return token


def _one_changed(token: str) -> str:
    """The token with a sign in the middle of its last part exchanged: in a JWT, of the signature.

    The last sign would not do: its last bits may mean nothing.
    """
    start = token.rpartition(".")[0]
    middle = (len(start) + len(token)) // 2
    if middle >= len(token):
        return token
    return f"{token[:middle]}{'B' if token[middle] == 'A' else 'A'}{token[middle + 1 :]}"


def _made_up(token: str, seed: int) -> str:
    """A token of the same length and kinds of character that the subject never gave out."""
    random = Random(f"{seed}/{len(token)}")  # noqa: S311 - reproducible, and no secret
    kinds = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
    made = "".join(next((random.choice(kind) for kind in kinds if sign in kind), sign) for sign in token)
    return made if made != token else made + "9"


def basic(user: str, password: str) -> str:
    """The credentials of HTTP Basic as a client of a token endpoint writes them: each form-encoded (RFC 6749 2.3.1)."""
    return _base64(f"{quote_plus(user)}:{quote_plus(password)}")


def jwt_algorithm(token: str) -> str | None:
    """The algorithm that the header of a JWT in compact form names; None for any other text (RFC 7515, RFC 7516)."""
    parts = token.split(".")
    if len(parts) not in (3, 5):
        return None
    try:
        header = json.loads(base64.b64decode(parts[0] + "=" * (-len(parts[0]) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        return None
    algorithm = header.get("alg") if isinstance(header, dict) else None
    return algorithm if isinstance(algorithm, str) else None


def decoded(token: str) -> str | None:
    """What the token decodes to where it is itself Base64 of printable ASCII text, else None.

    A key that merely looks like Base64 nearly always decodes to bytes that nobody could type.
    """
    try:
        text = base64.b64decode(token, validate=True).decode("ascii")
    except ValueError:
        return None
    return text if len(text) >= 4 and text.isprintable() else None
