"""What a transport error means to a person."""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

UNTRUSTED = "certificate not trusted"
"""How the words begin where it is the server's certificate that stands in the way."""

NO_CONNECTION = "no connection within the time limit"

_OF_CERTIFICATES = ("CERTIFICATE", "UNKNOWN_CA")
"""In the name of an alert that the other side sent: it is about the certificate that we showed, or did not."""
_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL)


def diagnosed(error: BaseException) -> tuple[str, str]:
    """Kind and words of a transport error, from the causes beneath it."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "tls", f"{UNTRUSTED}: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return _of_tls(cause)
        if isinstance(cause, socket.gaierror):
            return "name", f"name does not resolve: {cause.strerror or cause}"
    text = str(error) or type(error).__name__
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "refused", "connection refused"
    if any(isinstance(cause, OSError) and cause.errno in _UNREACHABLE for cause in causes):
        return "unreachable", "no way leads to that address from this machine"
    if isinstance(error, httpx.ProxyError):
        return "proxy", f"the proxy refuses: {text}"
    if isinstance(error, httpx.TimeoutException):
        over = isinstance(error, httpx.ConnectTimeout)
        return "timeout", NO_CONNECTION if over else "no answer within the time limit"
    if "All connection attempts failed" in text:
        return "refused", "connection refused"
    broken_off = "disconnected" in text or "peer closed" in text
    if broken_off or isinstance(error, (httpx.ReadError, httpx.WriteError, httpx.CloseError)):
        return "reset", f"connection ended without an answer: {text}"
    if isinstance(error, (httpx.ProtocolError, httpx.DecodingError)):
        return "not-http", f"not an HTTP answer: {text}"
    return "other", text


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all beneath it; of several addresses of a host, each has an error of its own."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__ or error.__context__


def _of_tls(error: ssl.SSLError) -> tuple[str, str]:
    reason = str(error.reason or error)
    if "ALERT" in reason and any(word in reason for word in _OF_CERTIFICATES):
        asked = "asks for a client certificate" if "REQUIRED" in reason else "does not take the client certificate"
        return "client-certificate", f"the server {asked}: {reason}"
    return "tls", f"TLS failed: {reason}"
