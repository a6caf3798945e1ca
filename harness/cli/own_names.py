"""Our settings under the user's own names: in variables (``env``), and in files made of templates (``render``)."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from harness.cli.client_way import ClientWay
from harness.cli.plan import UsageError
from harness.cli.serve_tls import variables_of_tls
from harness.cli.toml_file import VARIABLE, TomlFile
from harness.model.spelling import did_you_mean
from harness.model.system import Interface, System
from harness.run.client import NotStartedError

ALWAYS = ("HARNESS_SITUATION", "HARNESS_STATE_DIR")
"""The variables that every command is given, whatever it talks to; they differ from one situation to the next."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EVERYBODYS = {"SSL", "NODE"}
"""How names begin that we give, and others too."""

_BEFORE = ".before-harness"
"""How the name ends of a file of the user's that had to make way."""


def names_given(interface: Interface, system: System, *, tls: bool) -> tuple[str, ...]:
    """The variables that a client of this interface is given."""
    return (*interface.given, *ALWAYS, *(variables_of_tls([system.name]) if tls else ()))


def env_of(interface: Interface, system: System, file: TomlFile, *, tls: bool) -> dict[str, str]:
    """The variables of the user's own names, as the file has them. UsageError where one stands for nothing."""
    own = interface.id
    known, here = names_given(interface, system, tls=True), names_given(interface, system, tls=tls)
    found: dict[str, str] = {}
    for name, value in file.flat(own, "env").items():
        where = f"{file.origin(own, 'env', name)}, [{own}] env {name}"
        if not _NAME.fullmatch(name):
            raise UsageError(f"{where}: is no name of a variable; write it of letters, digits and _")
        if not isinstance(value, str):
            raise UsageError(f'{where}: expected a text in quotes, such as "${{{known[0]}}}"')
        for one in re.findall(VARIABLE, value):
            if one not in known:
                hint = did_you_mean(one, known)
                raise UsageError(f"{where}: ${{{one}}} is none of the settings that a client is given{hint}")
            if one not in here:
                raise UsageError(f"{where}: ${{{one}}} is given over TLS only; add --tls, or tls = true")
        if "${" in re.sub(VARIABLE, "", value):
            raise UsageError(f"{where}: '${{' begins no name; write it as ${{{known[0]}}}")
        found[name] = value
    return found


def render_of(own: str, file: TomlFile) -> dict[str, str]:
    """Template → file to make, both beside harness.toml, of the table `own`. UsageError where that cannot be."""
    value = file.value(own, "render")
    found: dict[str, str] = {}
    for name, target in value.items() if isinstance(value, dict) else ():
        where = f"{file.origin(own, 'render', name)}, [{own}] render {name}"
        if not isinstance(target, str) or not target.strip():
            raise UsageError(f'{where}: expected the file to make: {{"app.yml.tmpl" = "app.yml"}}; quote both')
        template, made = file.folder / name, file.folder / target
        if not template.is_file():
            raise UsageError(f"{where}: there is no file {name!r} beside {file.shown}; check the path")
        if template.resolve() == made.resolve():
            raise UsageError(f"{where}: would overwrite the template itself; give the file to make another name")
        if made.is_dir() or not made.parent.is_dir():
            raise UsageError(f"{where}: {target!r} cannot be made there; give a file in a folder that exists")
        found[str(template)] = str(made)
    if len(set(found.values())) < len(found):
        raise UsageError(f"{file.where(own, 'render')}: two templates make the same file; give each its own")
    return found


def given(environment: Mapping[str, str], way: ClientWay) -> dict[str, str]:
    """The variables of the user's own names, filled in from what we give. NotStartedError where one is not given.

    The names of `ALWAYS` are left as they stand where they are not known yet: a command gets them as it starts.
    """
    known = {**{name: f"${{{name}}}" for name in ALWAYS}, **environment}

    def filled(name: str, text: str) -> str:
        return re.sub(VARIABLE, lambda match: _value(match[1], known, f"env {name}"), text)

    return {name: filled(name, text) for name, text in way.env.items()}


def render(way: ClientWay, environment: Mapping[str, str], directory: Path) -> list[Path]:
    """Make the files of their templates, paths being below `directory`, and return them; `take_away` undoes it.

    Of what stands in a template as ``${NAME}``, only names of ours are filled in: others are for the user's own
    reader, but for those that look like ours (``NDW_…``). Only the user may read the files. One that was there before
    is put aside. NotStartedError where one cannot be made.
    """
    texts = {
        directory / target: _rendered(directory / template, environment) for template, target in way.render.items()
    }
    made: list[Path] = []
    for path, text in texts.items():
        try:
            _put_aside(path)
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            take_away(made)
            raise NotStartedError(f"render: {path} cannot be written ({error.strerror}); give another") from None
        made.append(path)
    return made


def take_away(paths: Iterable[Path]) -> None:
    """Remove files that `render` made, and put back what was there before."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)
            if (before := _aside(path)).exists():
                before.replace(path)


def _rendered(template: Path, environment: Mapping[str, str]) -> str:
    try:
        text = template.read_bytes().decode("utf-8")
    except OSError as error:
        raise NotStartedError(f"render: {template} cannot be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError:
        raise NotStartedError(f"render: {template} is not UTF-8; save it in that encoding") from None

    ours = {name.partition("_")[0] for name in environment} - _EVERYBODYS

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in environment or name.partition("_")[0] in ours:
            return _value(name, environment, f"render {template}")
        return match[0]

    return re.sub(VARIABLE, value, text)


def _value(name: str, environment: Mapping[str, str], where: str) -> str:
    if name not in environment:
        raise NotStartedError(f"{where}: {name} is not given here; given are {', '.join(sorted(environment))}")
    return environment[name]


def _put_aside(path: Path) -> None:
    """Leave the place free. What a killed run left there is overwritten: the user's own was put aside by that run."""
    if path.exists() and not _aside(path).exists():
        path.replace(_aside(path))
    elif path.exists():
        path.unlink()


def _aside(path: Path) -> Path:
    return path.with_name(path.name + _BEFORE)
