"""The forms in which a static token is written, and what may be done to one on purpose."""

import base64
from random import Random

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
    return token


def _made_up(token: str, seed: int) -> str:
    """A token of the same length and kinds of character that the subject never gave out."""
    random = Random(f"{seed}/{len(token)}")  # noqa: S311 - reproducible, and no secret
    kinds = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
    made = "".join(next((random.choice(kind) for kind in kinds if sign in kind), sign) for sign in token)
    return made if made != token else made + "9"


def decoded(token: str) -> str | None:
    """What the token decodes to where it is itself Base64 of printable ASCII text, else None.

    A key that merely looks like Base64 nearly always decodes to bytes that nobody could type.
    """
    try:
        text = base64.b64decode(token, validate=True).decode("ascii")
    except ValueError:
        return None
    return text if len(text) >= 4 and text.isprintable() else None
