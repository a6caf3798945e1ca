"""Makes plans of flags, harness.toml and environment. Flags win over the file. Nothing is sent or written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from harness import collect
from harness.cli.baseline import baseline, check_fail_on
from harness.cli.client_settings import (
    CLIENT_KEYS,
    Asked,
    client_way,
    is_configured,
    pull_flags,
    reference_way,
)
from harness.cli.client_way import ClientWay
from harness.cli.credentials import KEYS as OAUTH_KEYS
from harness.cli.credentials import Credentials, check_secrets, client_flags, credentials, with_way
from harness.cli.expected import Wishes, check_file, check_wishes, profile
from harness.cli.hook_settings import hooks
from harness.cli.moment import moment
from harness.cli.names import interface_named
from harness.cli.options import Flags as Flags
from harness.cli.plan import Plan, Selection, UsageError
from harness.cli.reach import WAY_KEYS, Way, care_of, check_flags, check_way_literals, way_to
from harness.cli.selection import Wanted, selections, wanted
from harness.cli.subject import addresses, entry_keys, party
from harness.cli.subject_flags import check_flags_of_subject, check_subject
from harness.cli.toml_file import Given, Kind, TomlFile, check_shape, find_toml
from harness.cli.waivers import waivers
from harness.model.address import Addresses
from harness.model.profile import Profile
from harness.model.system import Interface, System

_SYSTEM_KEYS: dict[str, Kind] = {"settings": "table", "confirmed": "table", "keywords": "table"}


@dataclass(frozen=True)
class _Input:
    """All that plans are made of."""

    flags: Flags
    file: TomlFile
    environment: Mapping[str, str] = field(repr=False)
    directory: Path
    now: datetime | None

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.flags.settings, self.flags.confirm)


@dataclass(frozen=True)
class _Subject:
    """Who is tested, apart from what is expected of it."""

    kind: str
    addresses: Addresses
    credentials: Credentials
    parties: tuple[str, ...]
    name: str | None
    version: str | None
    way: Way
    origins: Mapping[str, str]
    client: ClientWay | None = None


def plans(
    interface: str | None, flags: Flags, environment: Mapping[str, str], directory: Path
) -> tuple[list[Plan], bool]:
    """One plan per interface to check, and whether this is a self-check: against bundled references.

    Relative paths of flags are below `directory`, those of the file beside the file. `UsageError` where anything is
    wrong in the file, even in a table that this check does not need; variables are read only where they are needed.
    An interface of which nothing is to be judged has no plan: there is none at all where nothing is to be repeated.
    """
    file = find_toml(flags.config, environment, directory)
    check_shape(file, tables())
    for known, _system in _interfaces():
        check_secrets(known, file)
        check_way_literals(known, file)
    check_file(file)
    check_flags_of_subject(interface, flags)
    check_fail_on(flags)
    asked = wanted(flags, directory)
    chosen, reference = _repeated(asked, flags, *_choice(interface, flags, file))
    given = _Input(flags, file, environment, directory, moment(flags.now))
    if interface is not None:
        check_subject(chosen[0][0], flags, pulls=file.value(interface, "pull") is not None)
    check_flags(flags, reference)
    check_wishes(given.wishes, [system for _interface, system in chosen])
    turned = interface is not None and flags.chair not in (None, chosen[0][0].subject)
    selected = selections([known.id for known, _system in chosen], asked, turned=turned)
    return [
        _plan(known, system, given, reference, selected[known.id]) for known, system in chosen if known.id in selected
    ], reference


def _interfaces() -> list[tuple[Interface, System]]:
    return [(interface, system) for system, interface in collect.interfaces().values()]


def tables() -> dict[str, dict[str, Kind]]:
    """Every table that harness.toml may hold, with its keys."""
    found = {system.name: dict(_SYSTEM_KEYS) for system in collect.systems()}
    for interface, _system in _interfaces():
        is_client = interface.subject == "client"
        texts = () if is_client else ("url", *entry_keys(interface), "token", *OAUTH_KEYS)
        told: dict[str, Kind] = {**dict.fromkeys((*texts, "name", "version"), "text"), "parties": "texts"}
        keys = {**(CLIENT_KEYS if is_client else {}), **told, "hooks": "table", **({} if is_client else WAY_KEYS)}
        found.setdefault(interface.id, {}).update(keys)
    return found


def _asked(interface: Interface, system: System, given: _Input) -> Asked:
    return Asked(interface, system, given.flags, given.file, given.environment, given.directory)


def _choice(interface: str | None, flags: Flags, file: TomlFile) -> tuple[list[tuple[Interface, System]], bool]:
    """The interfaces to check, and whether it is their references that are checked."""
    if interface is not None:
        return [interface_named(interface)], flags.reference
    configured = [] if flags.reference else [pair for pair in _interfaces() if _is_configured(file, pair[0])]
    if not configured and not flags.reference:
        for waited_for in (one.id for one, _ in _interfaces() if one.subject == "client" and one.id in file.data):
            raise UsageError(
                f"{file.origin(waited_for)}: [{waited_for}] names no command, and nobody is waited for unasked; say "
                f"harness check {waited_for} --attach, or harness check --reference for a self-check"
            )
    return configured or _interfaces(), not configured


def _repeated(
    asked: Wanted, flags: Flags, chosen: list[tuple[Interface, System]], reference: bool
) -> tuple[list[tuple[Interface, System]], bool]:
    """The same, of the run of ``--again`` alone. UsageError where that was about something else."""
    if asked.earlier is None:
        return chosen, reference
    of, kind = asked.earlier["interface"], asked.earlier["subject"]["kind"]
    same = [pair for pair in chosen if pair[0].id == of]
    if not same:
        names = ", ".join(interface.id for interface, _system in chosen)
        raise UsageError(f"--again: {asked.again} is a run of {of}, not of {names}; give a run of that")
    if reference and not flags.reference and kind != "reference":
        how = "-- COMMAND" if kind == "client" else "--url URL …"
        raise UsageError(f"--again: {asked.again} judged a {kind} of yours; say which: harness check {of} {how}")
    return same, reference


def _is_configured(file: TomlFile, interface: Interface) -> bool:
    if interface.subject == "client":
        return is_configured(interface, file)
    return any(file.value(interface.id, key) is not None for key in ("url", *entry_keys(interface)))


def _plan(interface: Interface, system: System, given: _Input, reference: bool, selection: Selection | None) -> Plan:
    expected, origins = profile(system, interface, given.file, given.wishes)
    chair = given.flags.chair or interface.subject
    turned = chair != interface.subject
    if reference:
        subject = _reference(interface, given, chair)
    else:
        subject = _client(interface, system, given) if chair == "client" else _server(interface, given, turned=turned)
    if subject.kind == "server":
        expected = with_way(interface, expected, origins, subject.credentials)
    flags = given.flags
    return Plan(
        interface=interface.id,
        kind=subject.kind,
        addresses=replace(subject.addresses, slash=_in_a_slash(interface, expected)),
        token=subject.credentials.token,
        profile=expected,
        oauth=subject.credentials.oauth,
        parties=subject.parties,
        name=subject.name,
        version=subject.version,
        reach=subject.way.reach,
        care=subject.way.care,
        seed=flags.seed,
        now=given.now,
        out=flags.out,
        strict=flags.strict,
        faults=flags.faults,
        openapi=_openapi(flags.openapi, given.directory),
        selection=selection,
        waivers=waivers(given.file, interface),
        baseline=baseline(flags, interface, given.directory),
        hooks={} if reference else hooks(interface, given.file),
        client=subject.client,
        turned=turned,
        allow_writes=flags.allow_writes,
        origins={**subject.origins, **origins},
    )


def _in_a_slash(interface: Interface, expected: Profile) -> bool:
    return expected.settings.values.get(interface.slash_setting or "") == "always"


def _openapi(path: Path | None, directory: Path) -> Path | None:
    if path is not None and not (directory / path).is_file():
        raise UsageError(f"--openapi: there is no file {str(path)!r}; check the path")
    return directory / path if path is not None else None


def _reference(interface: Interface, given: _Input, chair: str) -> _Subject:
    """The bundled reference: what the file says of a subject is not about it."""
    parties, origins = _flag_parties(given.flags)
    name, version = given.flags.name, given.flags.subject_version
    way = care_of(interface, given.flags, TomlFile(), given.environment)
    client = reference_way(given.flags) if chair == "client" else None
    made = {"url": "bundled reference", "token": "made for this run"} if client is None else {}
    told, nothing = {**made, **origins, **way.origins}, Credentials("", None, {})
    return _Subject("reference", Addresses(""), nothing, parties, name, version, way, told, client)


def _client(interface: Interface, system: System, given: _Input) -> _Subject:
    """A client of the user's; its own server, where it has one, is a subject like any other."""

    def pulled(name: str, url: str | None) -> Plan:
        known, _system = interface_named(name)
        flags = replace(pull_flags(given.flags), url=url)
        return _plan(known, system, replace(given, flags=flags), reference=False, selection=None)

    client, origins = client_way(_asked(interface, system, given), pulled)
    parties, name, version, told = _told(interface, given)
    nothing = Credentials("", None, {})
    return _Subject("client", Addresses(""), nothing, parties, name, version, Way(), {**origins, **told}, client)


def _server(interface: Interface, given: _Input, *, turned: bool) -> _Subject:
    flags, file, environment = given.flags, given.file, given.environment
    where, origins = addresses(interface, flags.url, file, environment)
    if turned and (where is None or not any((flags.token_env, *client_flags(flags).values()))):
        raise UsageError(
            f"{interface.id} --as server: who is written to, and as whom? Give --url URL --client-id ID "
            "--client-secret-env VAR --token-url URL"
        )
    if where is None:
        raise UsageError(
            f"{interface.id}: there is no subject to check; give --url URL --token-env VAR, or url and token in "
            f"[{interface.id}] of harness.toml, or --reference for the bundled one"
        )
    given_access = credentials(interface, flags, file, environment)
    parties, name, version, described = _told(interface, given)
    way = way_to(interface, flags, file, environment, given.directory)
    told = {**origins, **given_access.origins, **described, **way.origins}
    return _Subject("server", where, given_access, parties, name, version, way, told)


def _told(interface: Interface, given: _Input) -> tuple[tuple[str, ...], str | None, str | None, dict[str, str]]:
    """The parties, the name and the version of a subject of the user's, and where they came from."""
    parties, party_origin = _flag_parties(given.flags)
    listed = given.file.several(interface.id, "parties", given.environment) if not parties else ()
    if listed:
        parties, party_origin = tuple(dict.fromkeys(map(party, listed))), {"parties": listed[0].origin}
    name, name_origin = _described("name", given.flags.name, "--name", interface, given)
    version, version_origin = _described("version", given.flags.subject_version, "--subject-version", interface, given)
    return parties, name, version, {**party_origin, **name_origin, **version_origin}


def _flag_parties(flags: Flags) -> tuple[tuple[str, ...], dict[str, str]]:
    parties = tuple(dict.fromkeys(party(Given(text, text, "--party", "--party")) for text in flags.parties))
    return parties, {"parties": "--party"} if parties else {}


def _described(
    key: str, value: str | None, flag: str, interface: Interface, given: _Input
) -> tuple[str | None, dict[str, str]]:
    if value is not None:
        return value, {key: flag}
    text = given.file.given(interface.id, key, given.environment)
    return (text.text, {key: text.origin}) if text is not None else (None, {})
