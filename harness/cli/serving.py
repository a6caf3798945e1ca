"""Mocks from their options to the report on Ctrl-C."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer

from harness import __version__
from harness.cli.expected import Wishes, check_file
from harness.cli.mock_data import Kept, check_of, own_world
from harness.cli.mocks import mock_sessions, mocked_systems, served_as_configured
from harness.cli.moment import moment as moment_of
from harness.cli.plan import UsageError
from harness.cli.ports import CONTROL, OVER_TLS, bound, in_url, port_of, wanted_ports
from harness.cli.result import INTERRUPTED
from harness.cli.serve import Wanted
from harness.cli.serve_tls import Tls
from harness.cli.serve_told import Terminal, line, no_request, welcome
from harness.cli.toml_file import find_toml
from harness.mock.app import LOOPBACK, MockApp, Names
from harness.mock.control import Control, Surroundings
from harness.mock.journal import Entry
from harness.mock.session import DEFAULT, Served, Session, Sessions
from harness.wire.clock import SystemClock
from harness.wire.incidents import Incident
from harness.wire.serve import Listeners, quick_loop

_ALL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what it means, and how this machine itself reaches it


@dataclass
class _Running:
    """The parts of running mocks. `origins` are their public addresses, by system, `heard` those where they listen."""

    wanted: Wanted
    served: tuple[Served, ...]
    sessions: Sessions
    clock: SystemClock
    origins: dict[str, str] = field(default_factory=dict)
    heard: dict[str, list[str]] = field(default_factory=dict)
    control: str = ""
    terminal: Terminal = field(default_factory=Terminal)

    @property
    def session(self) -> Session:
        """The session that always exists."""
        found = self.sessions.get(DEFAULT)
        assert found is not None  # noqa: S101 - it always exists
        return found

    @property
    def ready_line(self) -> str:
        """What programs read: addresses and settings, as JSON in one line."""
        sessions = {one.id: {"env": one.environment(self.origins)} for one in self.sessions}
        return json.dumps({"control": self.control, "sessions": sessions})


def serve(systems: tuple[str, ...], wanted: Wanted, environment: Mapping[str, str], directory: Path) -> None:
    """Serve until Ctrl-C, then write the report. UsageError where anything about it is wrong; nothing listens then."""
    file = find_toml(wanted.config, environment, directory)
    check_file(file)
    served = served_as_configured(mocked_systems(systems), file, Wishes(wanted.settings))
    clock = SystemClock()
    kept = Kept(wanted.store)
    if wanted.data is not None and DEFAULT in kept.seeds:
        raise UsageError(
            f"--data: {wanted.store} holds a world already; give a new file to --store, or leave --data out"
        )
    world = own_world(wanted.data, served) if wanted.data is not None else None
    names = _names(wanted)
    tls = Tls.of(names.of_certificate, (one.system.name for one in served)) if wanted.tls else None
    sessions = mock_sessions(
        served,
        clock,
        seed=kept.seeds.get(DEFAULT, wanted.seed),
        home=kept.home,
        world=world,
        environment=tls.environment if tls else None,
    )
    for name, seed in kept.seeds.items():
        if name != DEFAULT:
            sessions.add(name, seed=seed)
    running = _Running(wanted, served, sessions, clock)
    session = running.session
    if (begins := moment_of(wanted.now)) is not None:
        session.story.set(begins)
    for spec in wanted.faults:
        try:
            session.faults.add(spec)
        except ValueError as error:
            raise UsageError(f"--fault: {error}") from None
    if wanted.write_data is not None:
        _write_data(wanted.write_data, session)
        return
    _pull(running, environment, directory)
    try:
        _listen(running, names, tls)
        _finish(running)
    except KeyboardInterrupt:  # a second Ctrl-C
        typer.echo("\nharness: ended at once; the report is missing or not whole", err=True)
    raise typer.Exit(INTERRUPTED)


def _write_data(folder: Path, session: Session) -> None:
    from harness.mock.data import DataError, write

    try:
        for path in write(folder, session.tables):
            typer.echo(str(path))
    except DataError as error:
        raise UsageError(f"--write-data: {error}") from None


def _pull(running: _Running, environment: Mapping[str, str], directory: Path) -> None:
    wanted = running.wanted
    if wanted.pull_url is None:
        return
    from harness.cli.puller import add_puller

    add_puller(running.sessions, wanted.pull_url, wanted.token_env, wanted.config, environment, directory)


def _listen(running: _Running, names: Names, tls: Tls | None) -> None:
    """Serve until Ctrl-C."""
    wanted = running.wanted
    systems = tuple(one.system for one in running.served)
    sockets = bound(wanted_ports(wanted.ports, systems, tls=tls is not None), wanted.listen)
    own, near = in_url(wanted.listen), in_url(_ALL.get(wanted.listen, wanted.listen))
    for name in (one.name for one in systems):
        ports = {"http": port_of(sockets[name])}
        if tls:
            ports["https"] = port_of(sockets[f"{name}{OVER_TLS}"])
        running.heard[name] = [f"{scheme}://{own}:{port}" for scheme, port in ports.items()]
        scheme, port = list(ports.items())[-1]
        running.origins[name] = names.public or f"{scheme}://{near}:{port}"
    running.control = f"http://127.0.0.1:{port_of(sockets[CONTROL])}"
    asyncio.Runner(loop_factory=quick_loop).run(_run(running, sockets, names, tls))


async def _run(running: _Running, sockets: Mapping[str, Any], names: Names, tls: Tls | None) -> None:
    from harness.cli.mock_report import bytes_in
    from harness.report.record import told

    surroundings = Surroundings(
        __version__,
        running.origins,
        told,
        lambda session, system, format_: bytes_in(session, system, format_, running.origins),
        check_of(running.served),
    )
    heard_by = sorted(names.of_certificate) if tls else []

    def unheard(incident: Incident) -> None:
        if running.wanted.format != "json":
            running.terminal.say(no_request(incident, running.clock.now(), heard_by))

    listeners = Listeners()
    listeners.add(Control(running.sessions, surroundings), sockets[CONTROL])
    for one in running.served:
        app = MockApp(one.system.name, running.sessions, running.clock.sleep, names)
        listeners.add(app, sockets[one.system.name], on_incident=unheard)
        if tls is not None:
            listeners.add(app, sockets[f"{one.system.name}{OVER_TLS}"], tls.context, unheard)
    if running.wanted.format != "json":
        running.sessions.told.append(lambda session, entry: running.terminal.say(_lines(session, entry)))
    stop = asyncio.Event()
    timers = asyncio.ensure_future(_keep_time(running.sessions, running.clock))
    try:
        await listeners.run(lambda: _announce(running), stop)
    finally:
        timers.cancel()


async def _keep_time(sessions: Sessions, clock: SystemClock) -> None:
    """Let due timers fire though nobody asks anything."""
    while True:
        for session in sessions:
            session.story.settle()
        await clock.sleep(0.2)


def _names(wanted: Wanted) -> Names:
    public = wanted.public_url.rstrip("/") if wanted.public_url else None
    if public is not None and not _is_url(public):
        raise UsageError(f"--public-url: {wanted.public_url!r} is no URL such as https://mock.example")
    return Names(public, LOOPBACK | {in_url(wanted.listen)}, any_address=wanted.listen in _ALL)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)


def _announce(running: _Running) -> None:
    wanted = running.wanted
    if wanted.ready_file is not None:
        _write_ready(wanted.ready_file, running.ready_line)
    if wanted.format == "json":
        running.terminal.say([running.ready_line])
    else:
        session = running.session
        env = session.environment(running.origins)
        running.terminal.say(welcome(session, env, running.control, running.origins, running.heard))


def _write_ready(path: Path, text: str) -> None:
    """Write the file in one go: whoever waits for it never reads half of it, and nobody else reads the secret."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.touch(mode=0o600)
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise UsageError(f"--ready-file: {path}: {error.strerror}") from None


def _lines(session: Session, entry: Entry) -> Iterator[str]:
    profile = next((one.profile for one in session.served if entry.service in one.services), session.served[0].profile)
    return line(session, entry, profile)


def _finish(running: _Running) -> None:
    """On Ctrl-C: the report on every system that something was said to, in the default session."""
    from harness.cli.mock_report import write
    from harness.report.console import print_report

    session, say = running.session, running.terminal.say
    began = f"{running.clock.now():%Y-%m-%dT%H%M%S}Z"
    spoken = [one for one in running.served if session.transcript(one.system.name).exchanges]
    for one in spoken:
        folder = (running.wanted.out or Path("reports/runs")) / f"{began}-{one.interface.id}"
        try:
            report, _code = write(session, one, folder, running.origins[one.system.name])
        except OSError as error:
            raise UsageError(f"--out: no report was written: {folder}: {error.strerror}") from None
        if running.wanted.format != "json":
            print_report(folder, report, title="what came to the mock")
    if not spoken and running.wanted.format != "json":
        say(["", "Nothing was sent to the session default, so there is no report."])
    others = [one.id for one in running.sessions if one.id != DEFAULT and len(one.journal)]
    if others and running.wanted.format != "json":
        say([f"No report was written of other sessions ({', '.join(others)}): harness report does, while they run"])
