"""What a transport error means to a person."""

import socket
import ssl

import httpx

_OF_CERTIFICATES = ("CERTIFICATE", "UNKNOWN_CA")
"""In the name of an alert that the other side sent: it is about the certificate that we showed, or did not."""


def diagnosed(error: BaseException) -> tuple[str, str]:
    """Kind and words of a transport error, from the chain of causes beneath it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "tls", f"certificate not trusted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return _of_tls(cause)
        if isinstance(cause, socket.gaierror):
            return "name", f"name does not resolve: {cause.strerror or cause}"
        if isinstance(cause, ConnectionRefusedError):
            return "refused", "connection refused"
        cause = cause.__cause__ or cause.__context__
    text = str(error) or type(error).__name__
    if isinstance(error, httpx.ProxyError):
        return "proxy", f"the proxy refuses: {text}"
    if isinstance(error, httpx.TimeoutException):
        what = "no connection" if isinstance(error, httpx.ConnectTimeout) else "no answer"
        return "timeout", f"{what} within the time limit"
    if "All connection attempts failed" in text:
        return "refused", "connection refused"
    broken_off = "disconnected" in text or "peer closed" in text
    if broken_off or isinstance(error, (httpx.ReadError, httpx.WriteError, httpx.CloseError)):
        return "reset", f"connection ended without an answer: {text}"
    if isinstance(error, (httpx.ProtocolError, httpx.DecodingError)):
        return "not-http", f"not an HTTP answer: {text}"
    return "other", text


def _of_tls(error: ssl.SSLError) -> tuple[str, str]:
    reason = str(error.reason or error)
    if "ALERT" in reason and any(word in reason for word in _OF_CERTIFICATES):
        asked = "asks for a client certificate" if "REQUIRED" in reason else "does not take the client certificate"
        return "client-certificate", f"the server {asked}: {reason}"
    return "tls", f"TLS failed: {reason}"
