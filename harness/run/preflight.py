"""Can the subject be tested at all? What stands in the way is configuration, not conformance."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from harness.auth.token import decoded
from harness.auth.vault import Vault
from harness.model.credential import Present, Presentation, Secret
from harness.model.exchange import THROTTLED, HttpExchange
from harness.model.scenario import Ask, token_request
from harness.model.system import Access
from harness.model.world import World
from harness.run.access_token import AccessToken
from harness.run.check import NEXT, origin_of
from harness.run.check import Check as Check
from harness.run.drive import Drive
from harness.run.token_endpoint import token_endpoint_checks

SITUATION = "preflight"
_LOOK_AT = "right environment, not expired, not cut off in the variable"
_MOVED = (301, 302, 303, 307, 308)
_GATEWAY = (502, 503, 504)
_BEARER = Presentation("Bearer", "raw")
_SAME_SIDE = "token endpoint and API must be of the same environment, and the API must accept what that endpoint issues"


@dataclass(frozen=True)
class Readiness:
    """What preflight found. `world` knows the credential's true form; it is None where nothing can be tested."""

    checks: tuple[Check, ...]
    world: World | None


async def preflight(drive: Drive, world: World, vault: Vault) -> Readiness:
    """Is there a list that opens with the credential? With a client in the world, that is an access token."""
    access = drive.interface.access
    if world.client is None:
        return await _knock(drive, world, vault, access)
    drive.access = AccessToken(vault, world.client)
    exchange = await drive.ask(token_request(world.client, tags=["probe"]), world, SITUATION)
    drive.on_exchange(exchange)
    token = drive.access.secret
    setting = access.client_auth_setting or ""
    checks = list(token_endpoint_checks(exchange, world.client, token is not None, setting))
    if token is None:
        return Readiness(tuple(checks), None)
    checks += _secrecy(vault, world.client.secret, "client secret")
    bearer = replace(access, presentations=(_BEARER,), form_setting=None, hint=_SAME_SIDE)
    ready = await _knock(drive, replace(world, secret=token, presentation=_BEARER), vault, bearer)
    return replace(ready, checks=(*checks, *ready.checks))


async def _knock(drive: Drive, world: World, vault: Vault, access: Access) -> Readiness:
    """Knock at every entry with every presentation until one list answers; one that fails inside will do at last."""
    knocks: list[HttpExchange] = []
    broken: tuple[list[HttpExchange], Presentation, str] | None = None
    dead: set[str] = set()
    for entry in drive.interface.entries:
        if origin_of(drive.addresses.of(entry)) in dead:
            continue
        for presentation in _presentations(drive, world, access):
            ask = Ask("GET", entry, auth=Present(world.secret, presentation=presentation), tags=frozenset({"probe"}))
            exchange = await drive.ask(ask, world, SITUATION)
            drive.on_exchange(exchange)
            knocks.append(exchange)
            if _opened(exchange) and not access.refused(exchange):
                if not _is_broken(exchange):
                    return _ready(access, knocks, presentation, replace(world, entry=entry), vault)
                broken = broken or (list(knocks), presentation, entry)
            if exchange.failure is not None:
                dead.add(origin_of(exchange.request.url))
            if not access.refused(exchange):
                break
    if broken is not None:
        knocks, presentation, entry = broken
        return _ready(access, knocks, presentation, replace(world, entry=entry), vault)
    answered = [exchange for exchange in knocks if exchange.response is not None]
    if not answered:
        return Readiness(tuple(_connection(knocks[0])), None)
    return Readiness((*_connection(answered[0]), _obstacle(knocks, access, drive.interface.entries)), None)


def _presentations(drive: Drive, world: World, access: Access) -> list[Presentation]:
    """The ways to show the credential, but for those whose header field carries something else here."""
    taken = {name.lower() for name, _ in drive.extra}
    return [one for one in access.candidates(world.settings) if one.header.lower() not in taken]


def _opened(exchange: HttpExchange) -> bool:
    """The API answered: with anything that it answers for itself. A 500 is its own fault and becomes a verdict."""
    response = exchange.response
    if response is None or THROTTLED in exchange.tags:
        return False
    if response.status in (401, 403, 404, 405, 407, *_MOVED, *_GATEWAY):
        return False
    return not _is_web_page(exchange)


def _is_broken(exchange: HttpExchange) -> bool:
    return exchange.response is not None and exchange.response.status >= 500


def _is_web_page(exchange: HttpExchange) -> bool:
    response = exchange.response
    return response is not None and response.status != 500 and response.body.raw.lstrip()[:1] == b"<"


def _ready(
    access: Access, knocks: list[HttpExchange], presentation: Presentation, world: World, vault: Vault
) -> Readiness:
    checks = list(_connection(knocks[-1]))
    secret = world.secret
    plain = decoded(vault.reveal(secret))
    encoded = replace(presentation, form="base64")
    if presentation.form == "raw" and encoded in access.presentations and plain is not None and len(knocks) > 1:
        secret, presentation = vault.keep(plain), encoded
        detail = f"the token given is itself Base64; decoded, it has {len(plain)} characters and is used as that"
        checks.append(Check("token", "warning", detail, "give the decoded token: it is encoded on the wire"))
    elif presentation != (first := access.candidates(world.settings)[0]):
        detail = f"refused as {first}, accepted as {presentation}"
        checks.append(Check("token", "warning", detail, "see the clauses on the token in this report"))
    else:
        checks.append(Check("token", "passed", f"accepted as {presentation}"))
    checks += _secrecy(vault, secret, "token")
    vault.presentation = presentation
    return Readiness(tuple(checks), replace(world, secret=secret, presentation=presentation))


def _secrecy(vault: Vault, secret: Secret, what: str) -> Iterable[Check]:
    if vault.too_short_to_search(secret):
        detail = f"the {what} cannot be told from ordinary text, so answers are not searched for it"
        yield Check("secrecy", "warning", detail, f"use a {what} of at least 8 characters, letters and digits")


def _connection(exchange: HttpExchange) -> Iterable[Check]:
    origin = origin_of(exchange.request.url)
    if exchange.failure is not None:
        yield Check(
            f"connection ({exchange.failure.kind})",
            "failed",
            f"{origin}: {exchange.failure.detail}",
            NEXT.get(exchange.failure.kind, "check --url"),
        )
        return
    yield Check("connection", "passed", f"{origin} answers")


def _obstacle(knocks: list[HttpExchange], access: Access, entries: tuple[str, ...]) -> Check:
    """The one thing that most likely stands in the way, from everything that was seen."""
    statuses = sorted({exchange.response.status for exchange in knocks if exchange.response})
    seen = ", ".join(f"{exchange.request.url}: {_in_words(exchange)}" for exchange in _last_per_url(knocks))
    refused = [exchange for exchange in knocks if access.refused(exchange)]
    if refused:
        forms = len({exchange.request.credential for exchange in refused})
        fetched = access.presentations == (_BEARER,)
        return Check(
            "token",
            "failed",
            f"{'just issued, and ' if fetched else ''}refused on every list in {forms} form(s) ({seen})",
            access.hint if fetched else "; ".join(filter(None, (f"check the token: {_LOOK_AT}", access.hint))),
        )
    if any(_wants_a_certificate(exchange) for exchange in knocks):
        what, todo = "a client certificate is asked for", NEXT["client-certificate"]
    elif any(THROTTLED in exchange.tags for exchange in knocks):
        what, todo = "the server asks to wait longer than is waited", "try again later, or ask less often with --rate"
    elif any(_is_web_page(exchange) for exchange in knocks):
        what, todo = "a web page answers, not the API", "check --url: a login or gateway page stands before the API"
    elif any(status in _MOVED for status in statuses):
        what, todo = "redirected", f"redirects are not followed; in harness.toml set {_own_addresses(knocks)}"
    elif 404 in statuses or 405 in statuses:
        lines = " and ".join(f"{entry.strip('/')}_url" for entry in entries)
        what = "nothing is served at these paths"
        todo = f"give the URL above {' and '.join(entries)} as --url, or set {lines} in harness.toml"
    elif any(status in _GATEWAY for status in statuses):
        what, todo = "a gateway answers that the server behind it does not", "start the server behind the gateway"
    else:
        what, todo = "no list answers", "make one list answer, then check again"
    return Check("interface", "failed", f"{what} ({seen})", todo)


def _wants_a_certificate(exchange: HttpExchange) -> bool:
    """A gateway that ends TLS itself says it in HTTP (nginx: 400, "No required SSL certificate was sent")."""
    response = exchange.response
    return response is not None and response.status in (400, 403, 496) and b"SSL certificate" in response.body.raw


def _own_addresses(knocks: list[HttpExchange]) -> str:
    """The lines of harness.toml that name the addresses behind the redirects."""
    lines = []
    for exchange in _last_per_url(knocks):
        target = exchange.response.headers.get("location") if exchange.response else None
        name = exchange.request.url.partition("?")[0].rstrip("/").rpartition("/")[2]
        lines.append(f'{name}_url = "{target}"')
    return ", ".join(lines)


def _last_per_url(knocks: list[HttpExchange]) -> list[HttpExchange]:
    return list({exchange.request.url: exchange for exchange in knocks}.values())


def _in_words(exchange: HttpExchange) -> str:
    if exchange.response is None:
        return exchange.failure.detail if exchange.failure else "no answer"
    moved = exchange.response.headers.get("location") if exchange.response.status in _MOVED else None
    return f"{exchange.response.status} to {moved}" if moved else str(exchange.response.status)
