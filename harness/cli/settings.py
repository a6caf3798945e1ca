"""Makes plans of flags, harness.toml and environment. Flags win over the file. Nothing is sent or written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from harness import collect
from harness.cli.baseline import baseline, check_fail_on
from harness.cli.credentials import KEYS as CLIENT_KEYS
from harness.cli.credentials import Credentials, check_secrets, client_flags, credentials, with_way
from harness.cli.expected import Wishes, check_file, check_wishes, profile
from harness.cli.hook_settings import hooks
from harness.cli.moment import moment
from harness.cli.names import checked_interface
from harness.cli.options import Flags as Flags
from harness.cli.plan import Plan, Selection, UsageError
from harness.cli.reach import WAY_KEYS, Way, care_of, check_flags, check_way_literals, way_to
from harness.cli.selection import Wanted, selections, wanted
from harness.cli.subject import addresses, entry_keys, party
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
    _check_flags(interface, flags)
    check_fail_on(flags)
    asked = wanted(flags, directory)
    chosen, reference = _repeated(asked, flags, *_choice(interface, flags, file))
    check_flags(flags, reference)
    given = _Input(flags, file, environment, directory, moment(flags.now))
    check_wishes(given.wishes, [system for _interface, system in chosen])
    selected = selections([known.id for known, _system in chosen], asked)
    return [
        _plan(known, system, given, reference, selected[known.id]) for known, system in chosen if known.id in selected
    ], reference


def _interfaces() -> list[tuple[Interface, System]]:
    """Those whose subject is asked; one that asks is judged by the report of its mock."""
    pairs = [(interface, system) for system, interface in collect.interfaces().values()]
    return [(interface, system) for interface, system in pairs if interface.subject == "server"]


def tables() -> dict[str, dict[str, Kind]]:
    """Every table that harness.toml may hold, with its keys."""
    found = {system.name: dict(_SYSTEM_KEYS) for system in collect.systems()}
    for interface, _system in _interfaces():
        texts = ("url", *entry_keys(interface), "token", *CLIENT_KEYS, "name", "version")
        keys: dict[str, Kind] = {**dict.fromkeys(texts, "text"), "parties": "texts", "hooks": "table", **WAY_KEYS}
        found.setdefault(interface.id, {}).update(keys)
    return found


def _check_flags(interface: str | None, flags: Flags) -> None:
    """UsageError where flags contradict each other, or say something of a subject without saying which."""
    said = of_subject(flags)
    for flag in ("--url", "--token-env", *client_flags(flags)):
        if flags.reference and said[flag] is not None:
            raise UsageError(f"{flag}: --reference checks the bundled reference; leave out one of the two")
    if flags.faults and not flags.reference:
        raise UsageError("--fault: faults are put on the bundled reference only; add --reference")
    for flag, value in said.items():
        if interface is None and value is not None:
            example = "harness check " + next(iter(collect.interfaces()))
            raise UsageError(f"{flag}: say which interface it is for, such as: {example} {flag} …")


def of_subject(flags: Flags) -> dict[str, str | None]:
    """What the command line says of one subject, by flag."""
    return {
        "--url": flags.url,
        "--token-env": flags.token_env,
        **client_flags(flags),
        "--name": flags.name,
        "--subject-version": flags.subject_version,
    }


def _choice(interface: str | None, flags: Flags, file: TomlFile) -> tuple[list[tuple[Interface, System]], bool]:
    """The interfaces to check, and whether it is their references that are checked."""
    if interface is not None:
        return [checked_interface(interface)], flags.reference
    configured = [] if flags.reference else [pair for pair in _interfaces() if _has_address(file, pair[0])]
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
        raise UsageError(f"--again: {asked.again} judged a {kind} of yours; say which: harness check {of} --url URL …")
    return same, reference


def _has_address(file: TomlFile, interface: Interface) -> bool:
    return any(file.value(interface.id, key) is not None for key in ("url", *entry_keys(interface)))


def _plan(interface: Interface, system: System, given: _Input, reference: bool, selection: Selection | None) -> Plan:
    expected, origins = profile(system, interface, given.file, given.wishes)
    subject = _reference(interface, given) if reference else _server(interface, given)
    if not reference:
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
        hooks={} if reference else hooks(interface.id, given.file),
        origins={**subject.origins, **origins},
    )


def _in_a_slash(interface: Interface, expected: Profile) -> bool:
    return expected.settings.values.get(interface.slash_setting or "") == "always"


def _openapi(path: Path | None, directory: Path) -> Path | None:
    if path is not None and not (directory / path).is_file():
        raise UsageError(f"--openapi: there is no file {str(path)!r}; check the path")
    return directory / path if path is not None else None


def _reference(interface: Interface, given: _Input) -> _Subject:
    """The bundled reference: what the file says of a subject is not about it."""
    parties, origins = _flag_parties(given.flags)
    name, version = given.flags.name, given.flags.subject_version
    way = care_of(interface, given.flags, TomlFile(), given.environment)
    origins = {"url": "bundled reference", "token": "made for this run", **origins, **way.origins}
    return _Subject("reference", Addresses(""), Credentials("", None, {}), parties, name, version, way, origins)


def _server(interface: Interface, given: _Input) -> _Subject:
    flags, file, environment = given.flags, given.file, given.environment
    where, origins = addresses(interface, flags.url, file, environment)
    if where is None:
        raise UsageError(
            f"{interface.id}: there is no subject to check; give --url URL --token-env VAR, or url and token in "
            f"[{interface.id}] of harness.toml, or --reference for the bundled one"
        )
    given_access = credentials(interface, flags, file, environment)
    parties, party_origin = _flag_parties(flags)
    listed = file.several(interface.id, "parties", environment) if not parties else ()
    if listed:
        parties, party_origin = tuple(dict.fromkeys(map(party, listed))), {"parties": listed[0].origin}
    way = way_to(interface, flags, file, environment, given.directory)
    name, name_origin = _described("name", flags.name, "--name", interface, given)
    version, version_origin = _described("version", flags.subject_version, "--subject-version", interface, given)
    told = {**origins, **given_access.origins, **party_origin, **name_origin, **version_origin, **way.origins}
    return _Subject("server", where, given_access, parties, name, version, way, told)


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
