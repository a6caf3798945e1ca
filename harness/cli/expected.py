"""What is expected of a subject: settings, confirmed assumptions and keywords, of harness.toml and of flags."""

from collections.abc import Iterable
from dataclasses import dataclass

from harness import collect
from harness.cli.plan import UsageError
from harness.cli.toml_file import TomlFile
from harness.model.profile import Profile
from harness.model.requirement import Keyword
from harness.model.settings import Setting, Settings, Value
from harness.model.spelling import did_you_mean
from harness.model.system import Interface, System

ALL = "all"
_KEYWORDS = "MUST, SHOULD, MAY or off"


@dataclass(frozen=True)
class Wishes:
    """What the command line expects: ``--set NAME=VALUE`` and ``--confirm NAME`` (or ``all``)."""

    settings: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()


def check_wishes(wishes: Wishes, systems: Iterable[System]) -> None:
    """UsageError where a flag names or gives something that no interface of these systems knows."""
    known = [setting for system in systems for setting in _known(system)]
    for wish in wishes.settings:
        name, separator, _text = wish.partition("=")
        _check_name(name.strip(), known, "--set")
        if not separator:
            default = next(setting.default for setting in known if setting.name == name.strip())
            raise UsageError(f"--set: {name} has no value; write it as --set {name}={_written(default)}")
    for name in wishes.confirm:
        if name != ALL:
            _check_assumed(name, known, "--confirm")


def check_file(file: TomlFile) -> None:
    """UsageError where a system's table in the file is wrong, whether this check needs the table or not."""
    for system in collect.systems():
        if system.name in file.data:
            for interface in system.interfaces:
                profile(system, interface, file, Wishes())


def profile(system: System, interface: Interface, file: TomlFile, wishes: Wishes) -> tuple[Profile, dict[str, str]]:
    """The interface's expectations, and where each came from. The names in `wishes` were checked before."""
    values, origins = _settings(system, interface, file, wishes)
    confirmed, confirmed_by = _confirmed(system, interface, file, wishes)
    keywords = _keywords(system, interface, file)
    if confirmed:
        origins["confirmed"] = ", ".join(dict.fromkeys(confirmed_by))
    if keywords:
        origins["keywords"] = file.origin(system.name, "keywords")
    made = Profile(
        name=interface.id,
        date=interface.profile_date,
        settings=Settings(values),
        assumed=frozenset(setting.name for setting in interface.settings if setting.assumed),
        confirmed=confirmed,
        keywords=keywords,
    )
    return made, origins


def _settings(
    system: System, interface: Interface, file: TomlFile, wishes: Wishes
) -> tuple[dict[str, Value], dict[str, str]]:
    mine = {setting.name: setting for setting in interface.settings}
    values = {name: setting.default for name, setting in mine.items()}
    origins = dict.fromkeys(mine, "default")
    for name, value in file.flat(system.name, "settings").items():
        where = file.where(system.name, "settings", name)
        _check_name(name, _known(system), where)
        if name in mine:
            values[name] = _read(mine[name], value, where)
            origins[name] = file.origin(system.name, "settings", name)
    for wish in wishes.settings:
        name, _separator, text = wish.partition("=")
        if name.strip() in mine:
            values[name.strip()] = _read(mine[name.strip()], text.strip(), "--set")
            origins[name.strip()] = "--set"
    return values, origins


def _confirmed(
    system: System, interface: Interface, file: TomlFile, wishes: Wishes
) -> tuple[dict[str, str], list[str]]:
    """Setting → who confirmed it. A source in the file says more than a flag does, and stays."""
    mine = [setting.name for setting in interface.settings if setting.assumed]
    sources: dict[str, str] = {}
    origins: list[str] = []
    for name, source in file.flat(system.name, "confirmed").items():
        where = file.where(system.name, "confirmed", name)
        _check_assumed(name, _known(system), where)
        if not isinstance(source, str) or not source.strip():
            raise UsageError(f'{where}: say who confirmed {name}: "{name}" = "mail of the party, 2026-11-18"')
        if name in mine:
            sources[name] = source
            origins.append(file.origin(system.name, "confirmed", name))
    for name in mine:
        if name not in sources and (name in wishes.confirm or ALL in wishes.confirm):
            sources[name] = "--confirm"
            origins.append("--confirm")
    return sources, origins


def _keywords(system: System, interface: Interface, file: TomlFile) -> dict[str, Keyword | None]:
    given = file.flat(system.name, "keywords")
    if not given:
        return {}
    mine = ids_of(interface)
    known = {old: new for one in system.interfaces for old, new in ids_of(one).items()}
    keywords: dict[str, Keyword | None] = {}
    for name, word in given.items():
        where = file.where(system.name, "keywords", name)
        if name not in known:
            hint = did_you_mean(name, known, f"; see: harness list requirements {interface.id}")
            raise UsageError(f"{where}: unknown requirement {name!r}{hint}")
        keyword = _keyword(word, f"{where}: {name}")
        if name in mine:
            keywords[mine[name]] = keyword
    return keywords


def ids_of(interface: Interface) -> dict[str, str]:
    """Every id that a requirement of the interface has or had → its id of today."""
    requirements = collect.suite(interface.id).requirements
    former = {old: requirement.id for requirement in requirements for old in requirement.formerly}
    return former | {requirement.id: requirement.id for requirement in requirements}


def _keyword(word: object, where: str) -> Keyword | None:
    if isinstance(word, str) and word.lower() == "off":
        return None
    if word in tuple(Keyword):
        return Keyword(str(word))
    hint = did_you_mean(word, [*map(str, Keyword), "off"], f"; write {_KEYWORDS}") if isinstance(word, str) else ""
    raise UsageError(f"{where}: expected {_KEYWORDS}{hint or ', in quotes'}")


def _known(system: System) -> list[Setting]:
    return [setting for interface in system.interfaces for setting in interface.settings]


def _check_name(name: str, known: Iterable[Setting], where: str) -> None:
    names = {setting.name for setting in known}
    if name not in names:
        raise UsageError(
            f"{where}: unknown setting {name!r}{did_you_mean(name, names, '; see: harness list settings')}"
        )


def _check_assumed(name: str, known: Iterable[Setting], where: str) -> None:
    known = list(known)
    assumed = sorted({setting.name for setting in known if setting.assumed})
    if name not in assumed and name in {setting.name for setting in known}:
        raise UsageError(f"{where}: {name!r} is not an assumption, so nobody confirms it; leave it out")
    if name not in assumed:
        raise UsageError(
            f"{where}: unknown assumption {name!r}{did_you_mean(name, assumed, '; see: harness list assumptions')}"
        )


def _read(setting: Setting, value: object, where: str) -> Value:
    try:
        return setting.read(value)
    except ValueError as error:
        raise UsageError(f"{where}: {error}") from None


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
