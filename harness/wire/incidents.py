"""What goes wrong on a listener before any request comes: told, so that a client's silence has a reason."""

import contextlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "plain on TLS", "TLS on plain", "no HTTP",
    "unknown CA", "certificate refused", "no agreement", "broken off", "silent",
]  # fmt: skip


@dataclass(frozen=True)
class Incident:
    """A connection on which no request came.

    `kind`: plain HTTP came where TLS is spoken (``plain on TLS``) or the reverse (``TLS on plain``), or something else
    (``no HTTP``). Of the handshake: the client does not know who signed our certificate (``unknown CA``), will not have
    it for another reason (``certificate refused``), shares no version or cipher with us (``no agreement``), or went in
    the middle (``broken off``). ``silent``: it went right after the handshake, as those do that look at a certificate
    only then, and those that only see whether somebody listens.
    `asked` is the name that the client asked for in the handshake (SNI), None where it named none, as for an address.
    `peer` and `here` are the two ends, as ``address:port``.
    """

    kind: Kind
    detail: str
    peer: str
    here: str
    asked: str | None = None


OnIncident = Callable[[Incident], None]

_OF_TLS = b"\x16\x03"
"""How every handshake begins: a record of the kind handshake, of a version 3.x (RFC 8446 5.1)."""
_METHODS = (b"GET ", b"PUT ", b"POST ", b"PATCH ", b"HEAD ", b"DELETE ", b"OPTIONS ", b"CONNECT ", b"PRI ")
_SIGNS: dict[Kind, tuple[str, ...]] = {
    "unknown CA": ("UNKNOWN_CA",),
    "certificate refused": (
        "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN", "CERTIFICATE_EXPIRED", "CERTIFICATE_REVOKED",
        "UNSUPPORTED_CERTIFICATE", "ACCESS_DENIED",
    ),
    "no agreement": (
        "NO_SHARED_", "UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "VERSION_TOO_LOW", "HANDSHAKE_FAILURE",
        "INSUFFICIENT_SECURITY", "NO_SUITABLE_",
    ),
    "plain on TLS": ("HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "WRONG_VERSION_NUMBER"),
}  # fmt: skip
"""What OpenSSL calls it, in part."""


def is_tls(first: bytes) -> bool:
    """The first bytes of a connection begin a TLS handshake."""
    return first[:2] == _OF_TLS


def of_first_bytes(first: bytes, peer: str, here: str) -> Incident | None:
    """What came instead of a handshake; None where one began, or nothing is known."""
    if not first or is_tls(first):
        return None
    if any(first.startswith(one) for one in _METHODS):
        return Incident("plain on TLS", "plain HTTP came where TLS is spoken", peer, here)
    return Incident("no HTTP", f"neither TLS nor HTTP came: {first[:16]!r}", peer, here)


def of_handshake(error: Exception, first: bytes, peer: str, here: str) -> Incident:
    """What came of a handshake that failed; `first` are the bytes that the client began with."""
    asked = name_asked(first)
    if not isinstance(error, ssl.SSLError):
        return Incident("broken off", "the client closed the connection during the TLS handshake", peer, here, asked)
    reason = error.reason or ""
    kind: Kind = next((kind for kind, signs in _SIGNS.items() if any(one in reason for one in signs)), "broken off")
    return Incident(kind, _in_words(reason) or str(error), peer, here, asked)


def of_silence(error: Exception | None, first: bytes, peer: str, here: str) -> Incident:
    """What came of a connection that ended after the handshake and before any request."""
    if isinstance(error, ssl.SSLError):  # an alert may come late (RFC 8446 4.4.2.4)
        return of_handshake(error, first, peer, here)
    said = "the client closed the connection right after the TLS handshake, before any request"
    return Incident("silent", said, peer, here, name_asked(first))


def end_of(address: Any) -> str:
    """One end of a connection in a word."""
    if not isinstance(address, tuple) or len(address) < 2:
        return ""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _in_words(reason: str) -> str:
    """``TLSV1_ALERT_UNKNOWN_CA`` as the alert that the client sent, anything else as OpenSSL says it."""
    _, is_alert, name = reason.partition("ALERT_")
    words = (name if is_alert else reason).replace("_", " ").lower()
    return f"the client ended the handshake with the alert {words!r}" if is_alert else words


def name_asked(first: bytes) -> str | None:
    """The name that a client asks for in the beginning of its handshake, where it is all there."""
    found: list[str] = []

    def note(_one: object, name: str | None, _context: object) -> None:
        if name is not None:
            found.append(name)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = note
    came, nowhere = ssl.MemoryBIO(), ssl.MemoryBIO()
    came.write(first)
    with contextlib.suppress(ssl.SSLError):  # it cannot end well: there is no certificate, and no more comes
        context.wrap_bio(came, nowhere, server_side=True).do_handshake()
    return found[0] if found else None
