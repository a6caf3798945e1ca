"""The credentials token: who may read."""

import base64
import hmac
from collections.abc import Iterable

CHALLENGE = 'Token realm="OCPI"'


class TokenCheck:
    """Decides whether a request carries the one token that was handed over.

    The header must be `Authorization: Token <Base64 of the UTF-8 token>`: standard alphabet, padded, no line feed.
    """

    def __init__(self, token: str) -> None:
        if not token:
            raise ValueError("an empty token would let everybody in")
        # Comparing in encoded form is the strictest decoding there is: Base64 has several spellings that lenient
        # decoders take for the same bytes, and only this one is right.
        self._expected = base64.b64encode(token.encode())

    def accepts(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """True for exactly one Authorization header that holds the token; header names are in lower case (ASGI)."""
        values = [value for name, value in headers if name == b"authorization"]
        if len(values) != 1:
            return False
        scheme, _, credentials = values[0].partition(b" ")
        return scheme.lower() == b"token" and hmac.compare_digest(credentials, self._expected)
