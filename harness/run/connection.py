"""Why there is no answer: what a failed connection is a sign of, from its error and from a look at the address."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.model.exchange import Failure, HttpExchange
from harness.run.check import CERTIFICATE_WANTED, Check, origin_of
from harness.wire.certificate import Certificate
from harness.wire.diagnosis import NO_CONNECTION, UNTRUSTED
from harness.wire.look import Look, in_words, is_http, is_tls

_OF_THE_PROXY = ("proxy", "name", "refused", "unreachable", "timeout")
"""Kinds of trouble that are the proxy's own where there is one."""
_OTHER_SCHEME = ("tls", "reset", "timeout", "not-http")
"""Kinds of trouble that may come of http where https is spoken, or the reverse."""
_SHOWN_NAMES = 5
_NEXT = {
    "name": "check the spelling of the host in {option}, and that this machine resolves it (getent hosts NAME)",
    "refused": "start the server, or correct host and port in {option}; in a container, localhost is the container "
    "itself",
    "unreachable": "check host and network: a VPN that is not up, or an IPv6 address where there is no IPv6",
    "timeout": "{patience}look whether the server is stuck, or waits for something behind it",
    "tls": "let the server speak TLS 1.2 or 1.3; check that the port in {option} is the right one",
    "client-certificate": CERTIFICATE_WANTED,
    "not-http": "something else listens on that port; check the port in {option}",
    "reset": "check the port in {option}, and look into the server's log; over TLS it may miss --client-cert",
    "too-large": "let the server send smaller pages, or raise limit.body_mb",
    "too-slow": "let the server answer faster, or raise limit.answer_s",
}
_TLS_REASONS = {
    "PROTOCOL_VERSION": "the server speaks only versions of TLS that are no longer safe; let it speak 1.2 or 1.3",
    "UNSUPPORTED_PROTOCOL": "the server speaks only versions of TLS that are no longer safe; let it speak 1.2 or 1.3",
    "UNRECOGNIZED_NAME": "the server has no host of that name; check the host in {option}, or set up that name there",
    "HANDSHAKE_FAILURE": "the server may want a client certificate (--client-cert and --client-key), or speak only "
    "versions or ciphers of TLS that are no longer safe; its log says which",
}
"""What to do, by a part of the reason that TLS gives."""
_PROXY_NEXT = {
    "407": "put user and password of the proxy into the URL in the variable {variable}: http://USER:PASSWORD@HOST:PORT",
    "403": "let the proxy allow {target}; or go without it: --proxy none, or {host} in NO_PROXY",
    "50": "check the host in {option}, for the proxy finds no way to it; or go without: --proxy none",
    "": "correct that address, or start the proxy; or go without: --proxy none",
}


@dataclass(frozen=True)
class Way:
    """How an address was given and is reached: the option that says it, what it says, a look at it (None where there
    is no network), the setting for how long an answer is waited for, and what else to check where nothing is there."""

    option: str
    given: str
    look: Look | None
    timeout_setting: str | None = None
    besides: str = ""

    def proxy(self, exchange: HttpExchange) -> str | None:
        """The proxy that this request went through, in words."""
        return self.look.proxy_in_words(exchange.request.url) if self.look else None

    def with_scheme(self, scheme: str) -> str:
        """The address as it would be right under the other scheme."""
        return f"{scheme}://{self.given.partition('://')[2]}"

    def advice(self, kind: str) -> str:
        """What to do about a kind of trouble, in general."""
        patience = f"raise {self.timeout_setting} with --set, or " if self.timeout_setting else ""
        return _NEXT.get(kind, "check {option}").format(option=self.option, patience=patience)


async def connection(exchange: HttpExchange, way: Way, name: str = "connection") -> Check:
    """Whether there was an answer; and where not, why, as far as it can be seen from here."""
    origin, failure = origin_of(exchange.request.url), exchange.failure
    if failure is None:
        return Check(name, "passed", f"{origin} answers")
    kind, detail, todo = await _explained(exchange, failure, way)
    return Check(f"{name} ({kind})", "failed", f"{origin}: {detail}", todo)


async def _explained(exchange: HttpExchange, failure: Failure, way: Way) -> tuple[str, str, str]:
    """The kind, what was seen, and what to do."""
    url, kind, detail, look = exchange.request.url, failure.kind, failure.detail, way.look
    proxy = way.proxy(exchange)
    if proxy is not None and kind in _OF_THE_PROXY:
        return _of_proxy(proxy, failure, url, way)
    todo = way.advice(kind)
    if look is None:
        return kind, detail, todo
    if kind == "tls" and detail.startswith(UNTRUSTED):
        shown = await look.handshake(url)
        return (kind, *_of_certificate(detail, shown.certificate if shown else None, exchange, way))
    if kind in _OTHER_SCHEME and not (proxy is not None and url.startswith("http:")):
        seen = await _spoken(url, way)
        if seen is not None:
            return seen
    if kind == "timeout" and detail == NO_CONNECTION:
        todo = "check host and port, and that a firewall lets this machine through"
    if kind == "tls":
        reasons = (todo for part, todo in _TLS_REASONS.items() if part in detail)
        todo = next(reasons, way.advice(kind)).format(option=way.option)
    return kind, detail, todo


async def _spoken(url: str, way: Way) -> tuple[str, str, str] | None:
    """What is spoken at the address instead of what its URL says; None where that cannot be seen."""
    assert way.look is not None  # noqa: S101 - whoever calls has seen to it
    if url.startswith("https:"):
        greeting = await way.look.greeting(url)
        if is_http(greeting):
            todo = f"give {way.with_scheme('http')} as {way.option}, or the port on which TLS is spoken"
            return "tls", "plain HTTP is spoken on this port, and the URL says https", todo
    else:
        shown, greeting = await asyncio.gather(way.look.handshake(url), way.look.greeting(url))
        if shown is not None or is_tls(greeting):
            return tls_on_a_plain_port(way)
    if greeting and not is_http(greeting) and not is_tls(greeting):
        return "not-http", f"not HTTP: the server says {in_words(greeting)}", way.advice("not-http")
    return None


def tls_on_a_plain_port(way: Way) -> tuple[str, str, str]:
    """The kind, what was seen and what to do where TLS is spoken and the URL says http."""
    return (
        "tls",
        "TLS is spoken on this port, and the URL says http",
        f"give {way.with_scheme('https')} as {way.option}",
    )


def _of_certificate(detail: str, certificate: Certificate | None, exchange: HttpExchange, way: Way) -> tuple[str, str]:
    """What was seen of a certificate that is not trusted, and what to do."""
    if certificate is None:
        return detail, "give the CA that signed the certificate with --ca-file, or correct the certificate"
    parts = urlsplit(exchange.request.url)
    host, now = parts.hostname or "", exchange.received
    names = certificate.names[:_SHOWN_NAMES]
    listed = ", ".join(names) + (" …" if len(certificate.names) > len(names) else "") or "no name at all"
    issuer = "itself" if certificate.self_signed else repr(certificate.issuer)
    seen = (
        f"{detail.rstrip('.')}; it is issued by {issuer} for {listed}, "
        f"valid from {certificate.begins:%Y-%m-%d} until {certificate.ends:%Y-%m-%d}"
    )
    if certificate.ends < now:
        return seen, f"renew the server's certificate; or set this machine's clock, which says {now:%Y-%m-%d %H:%M} UTC"
    if certificate.begins > now:
        return seen, f"set this machine's clock, which says {now:%Y-%m-%d %H:%M} UTC; or wait until it is valid"
    if not certificate.covers(host):
        todo = f"give {way.option} with a name that the certificate has"
        if way.look is not None and way.look.connect_to is None and way.option == "--url":
            todo += f", with --connect-to {host}:{parts.port or 443} where that name leads elsewhere"
        return seen, f"{todo}; or correct the certificate"
    if certificate.self_signed:
        return seen, "give that very certificate with --ca-file"
    if (proxy := way.proxy(exchange)) is not None:
        return seen, f"{proxy} may open TLS and show certificates of its own: give its CA with --ca-file"
    return seen, (
        f"give the certificate of {issuer} with --ca-file; where that is a public CA, let the server send its "
        "intermediate certificate too"
    )


def _of_proxy(proxy: str, failure: Failure, url: str, way: Way) -> tuple[str, str, str]:
    """A proxy stands in the way, or is not to be reached itself."""
    if failure.kind == "proxy":
        said = failure.detail.partition(": ")[2]
        return "proxy", f"{proxy} refuses: {said}", proxy_advice(said, url, way)
    if failure.kind == "timeout" and failure.detail != NO_CONNECTION:
        return "proxy", f"{proxy}: {failure.detail}", proxy_advice("50", url, way)
    return "proxy", f"{proxy} is not reached: {failure.detail}", proxy_advice("", url, way)


def proxy_advice(said: str, url: str, way: Way) -> str:
    """What to do about what a proxy said; it begins with a status."""
    parts = urlsplit(url)
    target = f"{parts.hostname}:{parts.port or {'https': 443}.get(parts.scheme, 80)}"
    found = next(todo for start, todo in _PROXY_NEXT.items() if re.match(start, said))
    variable = f"{parts.scheme.upper()}_PROXY"
    return found.format(target=target, host=parts.hostname, option=way.option, variable=variable)
