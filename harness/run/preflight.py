"""Can the subject be tested at all? What stands in the way is configuration, not conformance."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from harness.auth.token import decoded
from harness.auth.vault import Vault
from harness.model.credential import Present, Presentation, Secret
from harness.model.scenario import token_request
from harness.model.system import Access
from harness.model.world import World
from harness.run.access_token import AccessToken
from harness.run.check import Check as Check
from harness.run.check import origin_of
from harness.run.connection import Way, connection
from harness.run.drive import Drive
from harness.run.knocking import knock_at
from harness.run.near_paths import Search
from harness.run.obstacle import NOTHING, Knock, is_broken, is_missing, nothing_advice, obstacle, opened, seen_at
from harness.run.server_clock import clock_checks
from harness.run.token_endpoint import token_endpoint_check
from harness.wire.look import Look

SITUATION = "preflight"
_BEARER = Presentation("Bearer", "raw")
_UNKNOWN_PARTY = "; a party that is not known there may be answered so, too: check --party"
_SAME_SIDE = "token endpoint and API must be of the same environment, and the API must accept what that endpoint issues"


@dataclass(frozen=True)
class Readiness:
    """What preflight found. `world` knows the credential's true form; it is None where nothing can be tested."""

    checks: tuple[Check, ...]
    world: World | None


async def preflight(drive: Drive, world: World, vault: Vault, look: Look | None = None) -> Readiness:
    """Is there a list that opens with the credential? With a client in the world, that is an access token.

    Where a connection fails, `look` sees what is at the address instead; None where there is no network to look at.
    """
    interface = drive.interface
    besides = _UNKNOWN_PARTY if "{party}" in interface.knocking.below else ""
    way = Way("--url", drive.addresses.base, look, interface.timeout_setting, besides)
    if world.client is None:
        ready = await _Entrance(drive, vault, interface.access, way).knocked(world)
        return _redacted(ready, vault)
    drive.access = AccessToken(vault, world.client)
    exchange = await drive.ask(token_request(world.client, tags=["probe"]), world, SITUATION)
    drive.on_exchange(exchange)
    token = drive.access.secret
    there = Way("--token-url", world.client.token_url, look, interface.timeout_setting)
    setting = interface.access.client_auth_setting or ""
    checks = [await token_endpoint_check(exchange, there, token is not None, setting)]
    if token is None:
        return _redacted(Readiness((*clock_checks(exchange), *checks), None), vault)
    checks += _secrecy(vault, world.client.secret, "client secret")
    bearer = replace(interface.access, presentations=(_BEARER,), form_setting=None, hint=_SAME_SIDE)
    entrance = _Entrance(drive, vault, bearer, way, fetched=True)
    ready = await entrance.knocked(replace(world, secret=token, presentation=_BEARER))
    return _redacted(replace(ready, checks=(*checks, *ready.checks)), vault)


def _redacted(ready: Readiness, vault: Vault) -> Readiness:
    """The same, where nothing that was seen may repeat a secret: a look sees what the wire did not redact."""
    return replace(ready, checks=tuple(replace(one, detail=vault.redacted(one.detail)) for one in ready.checks))


@dataclass(frozen=True)
class _Entrance:
    """The entries of the interface, and how the credential is shown there."""

    drive: Drive
    vault: Vault
    access: Access
    way: Way
    fetched: bool = False

    async def knocked(self, world: World) -> Readiness:
        """Knock at every entry in every form until one list answers; one that fails inside will do at last."""
        knocks: list[Knock] = []
        broken: tuple[list[Knock], str] | None = None
        dead: set[str] = set()
        for entry in self.drive.interface.entries:
            if origin_of(self.drive.addresses.of(entry)) in dead:
                continue
            for presentation in self._presentations(world):
                knock = await self._knock(entry, presentation, world)
                knocks.append(knock)
                exchange, refused = knock.exchange, self.access.refused(knock.exchange)
                if opened(exchange) and not refused:
                    if not is_broken(exchange):
                        return self._ready(knocks, replace(world, entry=entry))
                    broken = broken or (list(knocks), entry)
                if exchange.failure is not None:
                    dead.add(origin_of(exchange.request.url))
                if not refused:
                    break
        if broken is not None:
            return self._ready(broken[0], replace(world, entry=broken[1]))
        return Readiness(await self._closed(knocks, world), None)

    def _presentations(self, world: World) -> list[Presentation]:
        """The ways to show the credential, but for those whose header field carries something else here."""
        taken = {name.lower() for name, _ in self.drive.extra}
        return [one for one in self.access.candidates(world.settings) if one.header.lower() not in taken]

    async def _knock(self, entry: str, presentation: Presentation, world: World) -> Knock:
        auth = Present(world.secret, presentation=presentation)
        ask = knock_at(entry, self.drive.interface, world, auth)
        exchange = await self.drive.ask(ask, world, SITUATION)
        self.drive.on_exchange(exchange)
        return Knock(exchange, presentation)

    async def _closed(self, knocks: list[Knock], world: World) -> tuple[Check, ...]:
        """What stands in the way, last; before it, what else is to be known."""
        answered = [one for one in knocks if one.exchange.response is not None]
        if not answered:
            return (await connection(knocks[0].exchange, self.way),)
        stands = await self._nothing_there(knocks, world) if is_missing(knocks) else None
        if stands is None:
            entries = self.drive.interface.entries
            stands = obstacle(knocks, self.access, entries, self.way, fetched=self.fetched)
        reached = [] if stands.check.startswith("connection") else [await connection(answered[0].exchange, self.way)]
        return (*reached, *clock_checks(answered[0].exchange), stands)

    async def _nothing_there(self, knocks: list[Knock], world: World) -> Check:
        found = await Search(self.drive, world, knocks[0].presentation, SITUATION).found()
        seen = f"{NOTHING} ({seen_at(knocks)})"
        if found is None:
            return Check("interface", "failed", seen, nothing_advice(self.drive.interface.entries, self.way))
        return Check("interface", "failed", f"{seen}, but {found.seen}", found.todo)

    def _ready(self, knocks: list[Knock], world: World) -> Readiness:
        access, vault, exchange, presentation = self.access, self.vault, knocks[-1].exchange, knocks[-1].presentation
        checks = [Check("connection", "passed", f"{origin_of(exchange.request.url)} answers"), *clock_checks(exchange)]
        secret = world.secret
        plain = decoded(vault.reveal(secret))
        encoded = replace(presentation, form="base64")
        if presentation.form == "raw" and encoded in access.presentations and plain is not None and len(knocks) > 1:
            secret, presentation = vault.keep(plain), encoded
            detail = f"the token given is itself Base64; decoded, it has {len(plain)} characters and is used as that"
            checks.append(Check("token", "warning", detail, "give the decoded token: it is encoded on the wire"))
        elif presentation != (first := access.candidates(world.settings)[0]):
            detail = f"refused as {first}, accepted as {presentation}"
            checks.append(Check("token", "warning", detail, "see the clauses on the token for the form that is right"))
        else:
            checks.append(Check("token", "passed", f"accepted as {presentation}"))
        checks += _secrecy(vault, secret, "token")
        vault.presentation = presentation
        return Readiness(tuple(checks), replace(world, secret=secret, presentation=presentation))


def _secrecy(vault: Vault, secret: Secret, what: str) -> Iterable[Check]:
    if vault.too_short_to_search(secret):
        detail = f"the {what} cannot be told from ordinary text, so answers are not searched for it"
        yield Check("secrecy", "warning", detail, f"use a {what} of at least 8 characters, letters and digits")
