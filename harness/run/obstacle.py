"""What stands in the way where the subject answers but no list opens: read off the answers to preflight's knocks."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from harness.model.credential import Presentation
from harness.model.exchange import THROTTLED, HttpExchange
from harness.model.system import Access
from harness.run.check import CERTIFICATE_WANTED, Check, shown
from harness.run.connection import Way, proxy_advice, tls_on_a_plain_port

_MOVED = (301, 302, 303, 307, 308)
_FOR_NOW = (302, 303, 307)
_MISSING = (404, 405)
_GATEWAY = (502, 503, 504)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_WANTS_TLS = (
    b"plain HTTP request was sent to HTTPS port",  # nginx
    b"HTTP request to an HTTPS server",  # Go
    b"speaking plain HTTP to an SSL-enabled server port",  # Apache
    b"combination of host and port requires TLS",  # Tomcat
)
"""What servers say in plain HTTP, with status 400, on a port where they speak TLS."""
_LOGIN = re.compile(
    r"(^|[^a-z])(log-?in|log-?on|sign-?in|sso|oauth2?|oidc|openid|authorize|saml2?|adfs|auth|idp|accounts?)([^a-z]|$)",
    re.IGNORECASE,
)
_OF_A_PROXY = ("proxy-authenticate", "x-squid-error", "proxy-status")
"""Header fields that only a proxy sends (RFC 9110 11.7.1, RFC 9209; the second is Squid's)."""
_AUDIENCE = re.compile(r"audience|\baud\b", re.IGNORECASE)
_SCOPE = re.compile(r'\bscope="?([^",]+)')
_PASSWORDS = ("basic", "digest", "negotiate", "ntlm")


@dataclass(frozen=True)
class Knock:
    """One answer at one entry, and how the credential was shown for it."""

    exchange: HttpExchange
    presentation: Presentation


def opened(exchange: HttpExchange) -> bool:
    """The API answered: with anything that it answers for itself. A 500 is its own fault and becomes a verdict."""
    response = exchange.response
    if response is None or THROTTLED in exchange.tags:
        return False
    if response.status in (401, 403, 407, *_MISSING, *_MOVED, *_GATEWAY):
        return False
    if _wants_tls(exchange) or _wants_a_certificate(exchange):
        return False
    wanted = exchange.request.method != "GET" and response.status == 400  # no JSON was sent: it may look as it likes
    return wanted or not _is_web_page(exchange)


def is_missing(knocks: Sequence[Knock]) -> bool:
    """Nothing is served at any of the addresses."""
    statuses = {one.exchange.response.status for one in knocks if one.exchange.response}
    return bool(statuses) and statuses <= {*_MISSING}


def obstacle(knocks: Sequence[Knock], access: Access, entries: tuple[str, ...], way: Way, *, fetched: bool) -> Check:
    """The one thing that most likely stands in the way, from everything that was seen. `fetched`: the credential is an
    access token that was just issued."""
    exchanges = [one.exchange for one in knocks]
    by_proxy = next((one for one in exchanges if _is_of_a_proxy(one, way)), None)
    if by_proxy is not None:
        return _of_the_proxy(by_proxy, way)
    if any(map(_wants_tls, exchanges)):
        kind, what, todo = tls_on_a_plain_port(way)
        return Check(f"connection ({kind})", "failed", f"{what} ({_seen(exchanges)})", todo)
    refused = [one for one in knocks if access.refused(one.exchange)]
    if refused:
        return _refusal(refused, exchanges, access, fetched=fetched)
    return Check("interface", "failed", *_nothing_opens(exchanges, entries, way))


def _nothing_opens(exchanges: list[HttpExchange], entries: tuple[str, ...], way: Way) -> tuple[str, str]:
    """What was seen, and what to do."""
    statuses = {one.response.status for one in exchanges if one.response}
    page = next((one for one in exchanges if _is_web_page(one)), None)
    if any(map(_wants_a_certificate, exchanges)):
        what, todo = "a client certificate is asked for", CERTIFICATE_WANTED
    elif any(THROTTLED in one.tags for one in exchanges):
        what, todo = "the server asks to wait longer than is waited", "try again later, or ask less often with --rate"
    elif statuses & {*_MOVED}:
        what, todo = _redirected(exchanges, way)
    elif statuses & {*_GATEWAY}:
        what, todo = "a gateway answers that the server behind it does not", "start the server behind the gateway"
    elif page is not None and statuses - {*_MISSING}:
        what = f"a web page answers, not the API{_title(page)}"
        todo = f"check {way.option}: a login or gateway page stands before the API, or this is the address of a portal"
    elif statuses & {*_MISSING}:
        what, todo = NOTHING, nothing_advice(entries, way)
    else:
        what, todo = "no list answers", "make one list answer, then check again"
    if page is not None and (proxy := way.proxy(page)) is not None:
        todo = f"{todo}; it may also be the page of {proxy}"
    return f"{what} ({_seen(exchanges)})", todo


NOTHING = "nothing is served at these paths"


def nothing_advice(entries: tuple[str, ...], way: Way) -> str:
    """What to do where nothing is served, and nobody knows what is."""
    lines = " and ".join(f"{entry.strip('/')}_url" for entry in entries)
    return f"give the URL above {' and '.join(entries)} as {way.option}, or set {lines} in harness.toml{way.besides}"


def seen_at(knocks: Sequence[Knock]) -> str:
    """Each address with what came of it."""
    return _seen([one.exchange for one in knocks])


# -- refused -------------------------------------------------------------------------------------------------------


def _refusal(refused: list[Knock], exchanges: list[HttpExchange], access: Access, *, fetched: bool) -> Check:
    tried = list(dict.fromkeys(str(one.presentation).removeprefix("Authorization: ") for one in refused))
    forms = f"as {tried[0]}" if len(tried) == 1 else f"in each of {len(tried)} forms, {', '.join(tried)}"
    said = _challenge(refused)
    told = f"; the server says {shown(said)}" if said else ""
    seen = f"{'just issued, and ' if fetched else ''}refused on every list {forms} ({_seen(exchanges)}){told}"
    texts = [said, *(one.exchange.response.body.raw[:2000].decode("utf-8", "replace") for one in refused
                     if one.exchange.response)]  # fmt: skip
    if "insufficient_scope" in said:
        scope = _SCOPE.search(said)
        named = f" {scope[1]!r}" if scope else ""
        todo = f"let the owner of the token endpoint give this client the scope{named}; none is asked for"
        todo = todo if fetched else f"use a token with the scope{named}"
    elif any(map(_AUDIENCE.search, texts)):
        todo = "the token is for another API: let it be issued for this one (its audience)"
    elif said and all(scheme in _PASSWORDS for scheme in _schemes(said)):
        todo = "a login with user and password stands before the API: let requests with the token through without it"
    elif all(_is_web_page(one.exchange) for one in refused):
        todo = "a gateway or firewall may refuse this machine before the API sees the token: let it through; or "
        todo += "check the token"
    else:
        todo = "" if fetched else "check the token: right environment, not expired, not cut off in the variable"
    return Check("token", "failed", seen, "; ".join(filter(None, (todo, access.hint))))


def _challenge(refused: list[Knock]) -> str:
    values = [one.exchange.response.headers.get("www-authenticate") for one in refused if one.exchange.response]
    return next(filter(None, values), "")


def _schemes(challenge: str) -> list[str]:
    """The schemes that a challenge names (RFC 9110 11.6.1): words at its beginning or after a comma that are no
    parameter."""
    return [word.lower() for word in re.findall(r"(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[^=\s]|\s*(?:,|$))", challenge)]


# -- redirected ----------------------------------------------------------------------------------------------------


def _redirected(exchanges: list[HttpExchange], way: Way) -> tuple[str, str]:
    moves = {one.request.url: target for one in exchanges if (target := _target(one))}
    for_now = {one.request.url for one in exchanges if one.response and one.response.status in _FOR_NOW}
    for url, target in moves.items():
        there, here = urlsplit(target), urlsplit(url)
        login = _LOGIN.search(f"{there.hostname} {there.path}")
        if _name(target).rstrip("/") != _name(url).rstrip("/") and (login or url in for_now):
            host = f" at {there.hostname}" if there.hostname != here.hostname else ""
            return f"redirected to a {'login' if login else 'gateway or login'} page{host}", (
                "let requests with the token through without a login in a browser, or give the address behind it"
            )
    bases = {target.partition("?")[0].removesuffix(f"/{_name(url)}") for url, target in moves.items()}
    if len(bases) == 1 and all(_name(target) == _name(url) for url, target in moves.items()):
        return "redirected", f"redirects are not followed; give {bases.pop()} as {way.option}"
    lines = ", ".join(f'{_name(url).rstrip("/")}_url = "{target}"' for url, target in moves.items())
    return "redirected", f"redirects are not followed; in harness.toml set {lines}"


def _target(exchange: HttpExchange) -> str | None:
    """Where a redirect leads, as an absolute URL."""
    response = exchange.response
    to = response.headers.get("location") if response and response.status in _MOVED else None
    try:
        return urljoin(exchange.request.url, to) if to else None
    except ValueError:  # no URL at all, such as http://[x
        return None


def _name(url: str) -> str:
    """The last segment of a path, with the slash that may follow it."""
    path = url.partition("?")[0]
    return path[path.rstrip("/").rfind("/") + 1 :]


# -- signs ---------------------------------------------------------------------------------------------------------


def is_broken(exchange: HttpExchange) -> bool:
    """The API answers, but failed inside."""
    return exchange.response is not None and exchange.response.status >= 500


def _is_web_page(exchange: HttpExchange) -> bool:
    response = exchange.response
    return response is not None and response.status != 500 and response.body.raw.lstrip()[:1] == b"<"


def _title(page: HttpExchange) -> str:
    found = _TITLE.search(page.response.body.raw[:20_000]) if page.response else None
    text = shown(html.unescape(found[1].decode("utf-8", "replace")), 80) if found else ""
    return f", titled {text!r}" if text else ""


def _wants_a_certificate(exchange: HttpExchange) -> bool:
    """A gateway that ends TLS itself says it in HTTP (nginx: 400, "No required SSL certificate was sent")."""
    response = exchange.response
    return response is not None and response.status in (400, 403, 496) and b"SSL certificate" in response.body.raw


def _wants_tls(exchange: HttpExchange) -> bool:
    response = exchange.response
    if response is None or response.status != 400 or not exchange.request.url.lower().startswith("http:"):
        return False
    return any(said in response.body.raw for said in _WANTS_TLS)


def _is_of_a_proxy(exchange: HttpExchange, way: Way) -> bool:
    """The answer is a proxy's own: through a tunnel of TLS none can speak, and 407 is nobody else's."""
    response = exchange.response
    if response is None or response.status < 400:
        return False
    if response.status == 407:
        return True
    signed = any(response.headers.get(name) for name in _OF_A_PROXY)
    return signed and exchange.request.url.startswith("http:") and way.proxy(exchange) is not None


def _of_the_proxy(exchange: HttpExchange, way: Way) -> Check:
    response = exchange.response
    assert response is not None  # noqa: S101 - it is what the proxy said
    proxy = way.proxy(exchange) or "a proxy on the way"
    said = f"{response.status} {response.reason}".strip()
    todo = proxy_advice(said, exchange.request.url, way)
    return Check("connection (proxy)", "failed", f"{proxy} answers itself: {said}{_title(exchange)}", todo)


def _seen(exchanges: list[HttpExchange]) -> str:
    last = {one.request.url: one for one in exchanges}
    return ", ".join(f"{url}: {_in_words(one)}" for url, one in last.items())


def _in_words(exchange: HttpExchange) -> str:
    if exchange.response is None:
        return exchange.failure.detail if exchange.failure else "no answer"
    moved = exchange.response.headers.get("location") if exchange.response.status in _MOVED else None
    return f"{exchange.response.status} to {moved}" if moved else str(exchange.response.status)
