"""Can the subject be tested at all? What stands in the way is configuration, not conformance."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from harness.auth.token import decoded
from harness.auth.vault import Vault
from harness.model.credential import Present, Presentation
from harness.model.exchange import HttpExchange
from harness.model.scenario import Ask
from harness.model.system import Access, Interface
from harness.model.world import World
from harness.run.drive import Drive

SITUATION = "preflight"
_LOOK_AT = "right environment, not expired, not cut off in the variable"
_MOVED = (301, 302, 303, 307, 308)
_GATEWAY = (502, 503, 504)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: ``passed``, ``warning`` or ``failed``; what was seen, and what to do next."""

    check: str
    outcome: str
    detail: str
    next: str = ""


@dataclass(frozen=True)
class Readiness:
    """What preflight found. `world` knows the credential's true form; it is None where nothing can be tested."""

    checks: tuple[Check, ...]
    world: World | None


_NEXT = {
    "name": "check the spelling of the host in --url, and that this machine resolves it (getent hosts NAME)",
    "refused": "start the server, or correct host and port in --url; in a container, localhost is the container itself",
    "timeout": "check that a firewall lets this machine through, or raise pull.page_timeout_s",
    "tls": "give the CA that signed the certificate with --ca-file, or correct the certificate and the host name",
    "not-http": "something else listens on that port; check the port, and http against https",
    "reset": "check the port, and http against https; look into the server's log",
    "too-large": "ask for smaller pages",
}


async def preflight(drive: Drive, world: World, vault: Vault) -> Readiness:
    """Knock at every entry with every presentation until one list answers; one that fails inside will do at last."""
    knocks: list[HttpExchange] = []
    access = drive.interface.access
    broken: tuple[list[HttpExchange], Presentation, str] | None = None
    dead: set[str] = set()
    for entry in drive.interface.entries:
        if _origin(drive.addresses.of(entry)) in dead:
            continue
        for presentation in access.candidates(world.settings):
            ask = Ask("GET", entry, auth=Present(world.secret, presentation=presentation), tags=frozenset({"probe"}))
            exchange = await drive.ask(ask, world, SITUATION)
            drive.on_exchange(exchange)
            knocks.append(exchange)
            if _opened(exchange) and not access.refused(exchange):
                if not _is_broken(exchange):
                    return _ready(access, knocks, presentation, replace(world, entry=entry), vault)
                broken = broken or (list(knocks), presentation, entry)
            if exchange.failure is not None:
                dead.add(_origin(exchange.request.url))
            if not access.refused(exchange):
                break
    if broken is not None:
        knocks, presentation, entry = broken
        return _ready(access, knocks, presentation, replace(world, entry=entry), vault)
    answered = [exchange for exchange in knocks if exchange.response is not None]
    if not answered:
        return Readiness(tuple(_connection(knocks[0])), None)
    return Readiness((*_connection(answered[0]), _obstacle(knocks, drive.interface)), None)


def _opened(exchange: HttpExchange) -> bool:
    """The API answered: with anything that it answers for itself. A 500 is its own fault and becomes a verdict."""
    response = exchange.response
    if response is None or response.status in (401, 403, 404, 405, 407, *_MOVED, *_GATEWAY):
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
    if vault.too_short_to_search(secret):
        detail = "the token cannot be told from ordinary text, so answers are not searched for it"
        checks.append(Check("secrecy", "warning", detail, "use a token of at least 8 characters, letters and digits"))
    vault.presentation = presentation
    return Readiness(tuple(checks), replace(world, secret=secret, presentation=presentation))


def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])


def _connection(exchange: HttpExchange) -> Iterable[Check]:
    origin = _origin(exchange.request.url)
    if exchange.failure is not None:
        yield Check(
            f"connection ({exchange.failure.kind})",
            "failed",
            f"{origin}: {exchange.failure.detail}",
            _NEXT.get(exchange.failure.kind, "check --url"),
        )
        return
    yield Check("connection", "passed", f"{origin} answers")


def _obstacle(knocks: list[HttpExchange], interface: Interface) -> Check:
    """The one thing that most likely stands in the way, from everything that was seen."""
    statuses = sorted({exchange.response.status for exchange in knocks if exchange.response})
    seen = ", ".join(f"{exchange.request.url}: {_in_words(exchange)}" for exchange in _last_per_url(knocks))
    refused = [exchange for exchange in knocks if interface.access.refused(exchange)]
    if refused:
        forms = len({exchange.request.credential for exchange in refused})
        return Check(
            "token",
            "failed",
            f"refused on every list in {forms} form(s) ({seen})",
            "; ".join(filter(None, (f"check the token: {_LOOK_AT}", interface.access.hint))),
        )
    if any(_is_web_page(exchange) for exchange in knocks):
        what, todo = "a web page answers, not the API", "check --url: a login or gateway page stands before the API"
    elif any(status in _MOVED for status in statuses):
        what, todo = "redirected", f"redirects are not followed; in harness.toml set {_own_addresses(knocks)}"
    elif 404 in statuses or 405 in statuses:
        entries = " and ".join(interface.entries)
        lines = " and ".join(f"{entry.strip('/')}_url" for entry in interface.entries)
        what = "nothing is served at these paths"
        todo = f"give the URL above {entries} as --url, or set {lines} in harness.toml"
    elif any(status in _GATEWAY for status in statuses):
        what, todo = "a gateway answers that the server behind it does not", "start the server behind the gateway"
    else:
        what, todo = "no list answers", "make one list answer, then check again"
    return Check("interface", "failed", f"{what} ({seen})", todo)


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
