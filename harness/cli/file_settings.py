"""What ``harness validate`` will do, of flags, harness.toml and environment. Nothing was read yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from harness import collect
from harness.cli.expected import Wishes, check_file, check_wishes, profile
from harness.cli.moment import moment
from harness.cli.options import Flags
from harness.cli.plan import Plan, UsageError
from harness.cli.selection import selections, wanted
from harness.cli.settings import tables
from harness.cli.subject import party
from harness.cli.toml_file import Given, TomlFile, check_shape, find_toml
from harness.cli.waivers import waivers
from harness.collect import Suite
from harness.feed.source import STDIN
from harness.model.address import Addresses
from harness.model.file_kind import FileKind
from harness.model.requirement import Requirement
from harness.model.spelling import did_you_mean
from harness.model.system import Interface, System

_KINDS_OF_EVIDENCE = ("objects", "text", "inventory", "party-crawls")


@dataclass(frozen=True)
class GivenFile:
    """A file of the command line; `path` may be ``-`` for stdin."""

    kind: FileKind
    path: str

    @property
    def name(self) -> str:
        """What it is called where it is spoken of."""
        return "stdin" if self.path == STDIN else self.path

    @property
    def on_disk(self) -> Path | None:
        """Where it lies; None for stdin."""
        return None if self.path == STDIN else Path(self.path)


@dataclass(frozen=True)
class FilePlan:
    """Which files are judged, by which clauses, with what expectations; `earlier` are the files that they are compared
    with."""

    plan: Plan
    suite: Suite
    clauses: tuple[Requirement, ...]
    files: tuple[GivenFile, ...]
    earlier: tuple[GivenFile, ...]

    @property
    def elsewhere(self) -> int:
        """How many clauses no file shows."""
        return len(self.suite.requirements) - len(file_clauses(self.suite, set(self.suite.interface.files)))

    @property
    def with_more(self) -> list[str]:
        """What would show more, in words of the command line."""
        given = {one.kind for one in self.files}
        lists = [f"{kind.name} FILE" for kind in self.suite.interface.files if kind.whole and kind not in given]
        changes = ["--previous FILE"] if not self.earlier and any(kind.whole for kind in given) else []
        return [*lists, *changes]


def file_plan(pairs: tuple[str, ...], flags: Flags, environment: Mapping[str, str], directory: Path) -> FilePlan:
    """The plan for KIND FILE pairs. UsageError where anything is wrong with them, or with what is expected."""
    files = _files(pairs)
    interface, system = _interface(files)
    earlier = _earlier(flags.previous, files)
    _check_names((*files, *earlier))
    file = find_toml(flags.config, environment, directory)
    check_shape(file, tables())
    check_file(file)
    wishes = Wishes(flags.settings, flags.confirm)
    check_wishes(wishes, [system])
    expected, origins = profile(system, interface, file, wishes)
    parties, parties_of = _parties(interface, flags, file, environment)
    plan = Plan(
        interface=interface.id,
        kind="file",
        addresses=Addresses(""),
        token="",
        profile=expected,
        parties=parties,
        name=flags.name,
        version=flags.subject_version,
        now=moment(flags.now),
        out=flags.out,
        strict=flags.strict,
        waivers=waivers(file, interface),
        origins={**parties_of, **origins},
    ).declaring(interface)
    suite = collect.suite(interface.id)
    clauses = file_clauses(suite, {one.kind for one in files})
    return _selected(FilePlan(plan, suite, clauses, files, earlier), flags, directory)


def file_clauses(suite: Suite, kinds: set[FileKind]) -> tuple[Requirement, ...]:
    """The clauses that look at nothing but objects, of such as these kinds hold, and at how they are written."""
    document = suite.load()
    operations = [document.operation_by_id(kind.operation) for kind in kinds]
    schemas = [schema for one in operations if one is not None and (schema := one.answer(200)) is not None]
    known = frozenset(suite.interface.objects.keys)
    inside = {name for schema in schemas for name in schema.requirements_inside(known)}
    named = {f"located:{place.schema}" for schema in schemas for place in schema.places}
    return tuple(
        one
        for one in suite.requirements
        if one.evidence in _KINDS_OF_EVIDENCE
        or one.evidence in named
        or (one.evidence == "schema" and one.id in inside)
    )


def _selected(made: FilePlan, flags: Flags, directory: Path) -> FilePlan:
    """The same with what ``--only`` and ``--skip`` leave."""
    selection = selections([made.suite.interface.id], wanted(flags, directory))[made.suite.interface.id]
    if selection is None:
        return made
    clauses = tuple(one for one in made.clauses if one.id in selection.requirements)
    if not clauses:
        raise UsageError("--only, --skip: what they leave needs a server; see: harness check")
    ids = frozenset(one.id for one in clauses)
    told = replace(selection, requirements=ids, of=len(made.clauses), scenarios=frozenset(), of_scenarios=0)
    return replace(made, plan=replace(made.plan, selection=told), clauses=clauses)


def _kinds() -> dict[str, FileKind]:
    return {kind.name: kind for _system, interface in collect.interfaces().values() for kind in interface.files}


def _files(pairs: tuple[str, ...]) -> tuple[GivenFile, ...]:
    kinds = _kinds()
    if not pairs or len(pairs) % 2:
        raise UsageError(f"give KIND FILE in pairs, such as: harness validate {next(iter(kinds))} locations.json")
    found = []
    for name, file in zip(pairs[::2], pairs[1::2], strict=True):
        if name not in kinds:
            swapped = f"; write the kind first: {file} {name}" if file in kinds else did_you_mean(name, kinds)
            raise UsageError(f"KIND: unknown kind {name!r}{swapped}")
        found.append(GivenFile(kinds[name], file))
    return tuple(found)


def _interface(files: tuple[GivenFile, ...]) -> tuple[Interface, System]:
    owners = [
        (interface, system)
        for system, interface in collect.interfaces().values()
        if any(one.kind in interface.files for one in files)
    ]
    if len(owners) > 1:
        names = " and ".join(interface.id for interface, _system in owners)
        raise UsageError(f"KIND: these files are of {names}; validate them one interface at a time")
    return owners[0]


def _earlier(previous: tuple[str, ...], files: tuple[GivenFile, ...]) -> tuple[GivenFile, ...]:
    """The files of ``--previous``: ``KIND=FILE``, or FILE alone where it is clear of which kind, by number."""
    kinds = list(dict.fromkeys(one.kind for one in files))
    by_name = {one.name: one for one in kinds}
    for kind in kinds if previous else ():
        if not kind.whole:
            raise UsageError(f"--previous: {kind.name} is no whole list, so nothing can be missed; give {kind.name}s")
    named = [(text.partition("=")[0], text) for text in previous]
    if all(name in by_name for name, text in named if "=" in text) and any(name in by_name for name, _text in named):
        if not all(name in by_name for name, _text in named):
            raise UsageError("--previous: say of which kind each file is, as KIND=FILE")
        return tuple(GivenFile(by_name[name], text.partition("=")[2]) for name, text in named)
    if len(kinds) > 1 and len(previous) not in (0, len(kinds)):
        raise UsageError(f"--previous: say of which kind the file is: --previous {kinds[0].name}={previous[0]}")
    order = kinds if len(kinds) > 1 else kinds * len(previous)
    return tuple(GivenFile(kind, text) for kind, text in zip(order, previous, strict=False))


def _check_names(files: tuple[GivenFile, ...]) -> None:
    names = [one.name for one in files]
    for one in files:
        if names.count(one.name) > 1:
            raise UsageError(f"{one.name}: is given twice; leave it out once")
        if one.on_disk is not None and not one.on_disk.exists():
            raise UsageError(f"{one.name}: there is no such file; check the path")
        if one.on_disk is not None and one.on_disk.is_dir():
            raise UsageError(f"{one.name}: is a folder; give a file in it")


def _parties(
    interface: Interface, flags: Flags, file: TomlFile, environment: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    given = [Given(text, text, "--party", "--party") for text in flags.parties]
    listed = given or file.several(interface.id, "parties", environment)
    return tuple(dict.fromkeys(map(party, listed))), {"parties": listed[0].origin} if listed else {}
