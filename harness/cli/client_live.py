"""Clients of the user's own: real listeners, and one situation after another on them."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from random import Random
from typing import Any

from harness.cli.attached_client import AttachedClient
from harness.cli.client_hooks import by_whom, hooks_for, reads_for
from harness.cli.client_session import ClientSession, usual_change
from harness.cli.client_stage import Stage
from harness.cli.client_told import ClientTold
from harness.cli.own_names import given, render, take_away
from harness.cli.ports import CONTROL, OVER_TLS, bound, in_url, port_of, wanted_ports
from harness.cli.serve_tls import Tls
from harness.mock.app import LOOPBACK, Names
from harness.model.exchange import Transcript
from harness.model.situation import Situation
from harness.run.client import NotStartedError
from harness.run.command import CommandClient
from harness.run.first_contact import FirstContact
from harness.run.observe import Observe
from harness.run.play import Play
from harness.wire.incidents import Incident
from harness.wire.serve import Listeners

_ALL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - how this machine itself reaches it
_FREE = 0

LiveClient = CommandClient | AttachedClient


class Live:
    """Plays the situations of a check for a client that is no reference."""

    def __init__(self, held: ClientSession) -> None:
        self.held, self.way = held, held.way
        self.system = held.suite.system
        self.told = ClientTold(held)
        self.incidents: list[Incident] = []
        self.finished = False
        self.playing: tuple[Observe, Situation] | None = None
        public = self.way.public_url.rstrip("/") if self.way.public_url else None
        self.names = Names(public, LOOPBACK | {in_url(self.way.listen)}, any_address=self.way.listen in _ALL)
        self.tls = Tls.of(self.names.of_certificate, (self.system.name,)) if self.way.tls else None

    async def played(self) -> str | None:
        """Play them all; why the client could not be tested, where it could not."""
        if self.way.way != "command":
            return await self._on_one_stage("e", self.held.situations)
        for number, situation in enumerate(self.held.situations, 1):
            reason = await self._on_one_stage(f"s{number}e", [situation])
            if reason is not None or self.held.interrupted:
                return reason
        return None

    async def _on_one_stage(self, prefix: str, situations: list[Situation]) -> str | None:
        stage = self.held.staged(
            prefix,
            names=self.names,
            environment=self.tls.environment if self.tls else None,
            own=lambda ours: given(ours, self.way),
        )
        client = self._client(stage)
        try:
            async with self._listening(stage) as stop:
                return await self._each(stage, situations, client, stop)
        except NotStartedError as error:
            return self.told.not_started(str(error))
        finally:
            if isinstance(client, CommandClient):
                await client.stop()
                client.close()

    def _client(self, stage: Stage) -> LiveClient:
        way = self.way
        if way.way == "attach":
            return AttachedClient()
        return CommandClient(
            way.command, keep=way.way == "keep", environment=os.environ, directory=way.folder, read=stage.read
        )

    async def _each(
        self, stage: Stage, situations: list[Situation], client: LiveClient, stop: asyncio.Event
    ) -> str | None:
        """One after another for one client; why it could not be tested, where that is so."""
        at = self._observed(stage, client)
        stopped = asyncio.ensure_future(stop.wait())
        stopped.add_done_callback(lambda _task: at.skip.set())
        environment = stage.chair.environment()
        made = render(self.way, environment, self.way.folder)
        first_call = asyncio.ensure_future(self.told.first_call(stage, self._certificate_names))
        try:
            self.told.begins(environment)
            for situation in situations:
                self.playing = at, situation
                self.told.situation(situation, list(by_whom(at, situation)))
                transcript, why = await Play(at, situation).play()
                self.held.close(situation, transcript)
                self.told.over(transcript, why)
                self.held.interrupted |= stop.is_set()
                reason = self._obstacle(stage, client, situation, why)
                if reason is not None or self.held.interrupted or self.finished:
                    return reason
            return None
        finally:
            stopped.cancel()
            first_call.cancel()
            take_away(made)

    @property
    def _certificate_names(self) -> tuple[str, ...]:
        return tuple(sorted(self.names.of_certificate))

    def _tell(self, situation: str, told: Mapping[str, Any]) -> None:
        self.held.tell(situation, told)
        self.told.happens(told)

    def _patience(self) -> float:
        return self.way.patience_s if self.way.way == "attach" else self.way.start_s

    def _observed(self, stage: Stage, client: LiveClient) -> Observe:
        held, way = self.held, self.way
        hooks = hooks_for(held.plan, self.told.prompt)
        return Observe(
            client,
            stage.chair,
            hooks,
            held.clock,
            Random(held.seed),  # noqa: S311 - to be the same again
            held.plan.interface,
            way.quiet_s,
            way.limit_s,
            self._patience(),
            reads=reads_for(held.plan, hooks),
            agreed=held.agreed,
            usual=usual_change(held.suite.situations),
            comes_by_itself=held.suite.interface.is_turned,
            passive=way.passive,
            tell=self._tell,
            is_started_here=isinstance(client, CommandClient),
        )

    def _obstacle(self, stage: Stage, client: LiveClient, situation: Situation, why: str) -> str | None:
        """Why the client cannot be tested, by what has been seen of it so far."""
        contact = FirstContact(
            self.way.way,
            stage.origins,
            tuple(one for known in self._known_of(client) for one in known.exchanges),
            stage.chair.environment(),
            tuple(self.incidents),
            tuple(stage.paths),
            self._certificate_names,
            self._patience(),
            client.exit_code,
            tuple(client.last_lines()) if isinstance(client, CommandClient) else (),
            not situation.faults and not situation.settings and situation.kill_after is None,
            why,
        )
        return self.told.contact(contact)

    def _known_of(self, client: LiveClient) -> list[Transcript]:
        """The situations in which this client was met: one that is started anew is known by the last alone."""
        return self.held.transcripts[-1:] if client.is_anew else self.held.transcripts

    def go_on(self, to_the_end: bool) -> str | None:
        """End the present situation, or all of them; the id of the next one."""
        assert self.playing is not None  # noqa: S101 - nothing listens before
        at, situation = self.playing
        self.finished |= to_the_end
        at.skip.set()
        later = self.held.situations[self.held.situations.index(situation) + 1 :]
        return later[0].id if later and not self.finished else None

    @asynccontextmanager
    async def _listening(self, stage: Stage) -> AsyncIterator[asyncio.Event]:
        """The mock on its ports for as long as the block runs; Ctrl-C sets the event."""
        sockets = bound(self._ports(), self.way.listen)
        listeners, stop, ready = Listeners(), asyncio.Event(), asyncio.Event()

        def refused(incident: Incident) -> None:
            self.incidents.append(incident)
            self.told.refused(incident, stage, self._certificate_names)

        near, name = in_url(_ALL.get(self.way.listen, self.way.listen)), self.system.name
        listeners.add(stage.app, sockets[name], on_incident=refused)
        if self.tls:
            listeners.add(stage.app, sockets[f"{name}{OVER_TLS}"], self.tls.context, on_incident=refused)
        scheme, port = ("https", sockets[f"{name}{OVER_TLS}"]) if self.tls else ("http", sockets[name])
        stage.origins[name] = self.names.public or f"{scheme}://{near}:{port_of(port)}"
        if self.way.way == "attach":
            listeners.add(self.told.control(stage, self.go_on), sockets[CONTROL])
            self.told.control_at = f"http://127.0.0.1:{port_of(sockets[CONTROL])}"
        else:
            sockets[CONTROL].close()
        running = asyncio.ensure_future(listeners.run(ready.set, stop))
        await asyncio.wait({running, asyncio.ensure_future(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
        try:
            yield stop
        finally:
            stop.set()
            await running

    def _ports(self) -> Mapping[str, int]:
        usual = self.way.ports if self.way.way == "attach" else (f"{self.system.name}={_FREE}", f"control={_FREE}")
        return wanted_ports(self.way.ports or usual, (self.system,), tls=self.tls is not None)
