"""The rules of the house: layers, sizes, names, clocks, and that nothing lies about unused."""

import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.collect import Suite, interfaces, suite, systems
from harness.model.requirement import Requirement, derived_id
from harness.model.scenario import Scenario
from tests.checkout import ROOT, files
from tests.source_code import (
    clock_readings,
    decorators,
    functions,
    imports,
    module_name,
    names_made_of,
    python_files,
    text,
    tree,
)

CODE = ("harness", "scenarios")
EVERYTHING = (*CODE, "tests")
TOP_LEVEL = {
    ".ci", ".gitignore", "LICENSE", "README.md", "harness", "pyproject.toml", "reports", "scenarios", "specs", "tests",
}  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION, ONE_SCREEN = 300, 50, 80
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
NO_NAMES = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
PURE: dict[str, set[str]] = {
    "auth": set(),
    "judge": set(),
    "model": set(),
    "spec": {"jsonschema_rs", "yaml"},
    "standards": {"hypothesis", "orjson"},
    "generate": {"hypothesis"},
}
"""Packages that compute only, and the third-party packages that each may compute with."""
SEEN_BY_SCENARIOS = r"harness\.(model|auth|standards)(\..+)?|harness\.judge\.vocabulary"
LIGHT = {"annotated_doc", "click", "harness", "shellingham", "typer", "typing_extensions"}
"""What ``harness --help`` may load beside the standard library."""
HEAVY = {"asyncio", "http", "multiprocessing", "sqlite3", "ssl", "unittest", "xml"}
"""Parts of the standard library that it must not load: each costs as much as all the rest."""
_OF_A_SYSTEM = r"(__init__|payloads\w*)\.py|(behaviour|seed|settings)(\.py)?|reference"
"""What the folder of a system holds: files of these names, or packages where one file would grow too long."""
AUDITED = """
import runpy, sys
sys.argv[0] = "harness"
try:
    runpy.run_module("harness", run_name="__main__", alter_sys=True)
finally:
    print(*sys.modules, file=sys.stderr)
"""
"""``python -m harness``, which tells on stderr what it loaded."""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300, check=False
    )


def suites() -> list[Suite]:
    return [suite(name) for name in interfaces()]


def parts_of(one: Suite) -> list[Requirement | Scenario]:
    return [*one.requirements, *one.scenarios]


# -- tools ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-logo"),
        ("-m", "mypy"),
        ("-m", "ruff", "check"),
        ("-m", "ruff", "format", "--check"),
    ],
    ids=["import-linter", "mypy", "ruff check", "ruff format"],
)
def test_the_tool_has_nothing_to_say(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_is_quick_because_it_loads_little() -> None:
    done = run("-c", AUDITED, "--help")
    assert "check" in done.stdout, done.stderr
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    bare = {name.partition(".")[0] for name in run("-c", "import sys; print(*sys.modules)").stdout.split()}
    assert "typer" in loaded
    assert loaded - bare - LIGHT - sys.stdlib_module_names == set()
    assert loaded & HEAVY == set()


# -- layers --------------------------------------------------------------------------------------------------------


def test_every_package_has_its_place_in_the_layers() -> None:
    settings = tomllib.loads(text(Path("pyproject.toml")))["tool"]["importlinter"]
    layers = next(one["layers"] for one in settings["contracts"] if one["id"] == "layers")
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    parts = {module_name(path).split(".")[1] for path in python_files("harness") if path.parts[1] != "__init__.py"}
    assert {f"harness.{part}" for part in parts} | {"scenarios"} == placed | {"harness.__main__"}


def test_pure_layers_compute_with_what_is_named() -> None:
    wrong = [
        f"{path}: {name}"
        for layer, allowed in PURE.items()
        for path in python_files(f"harness/{layer}")
        for name in imports(path)
        if not _is_own(name) and name.partition(".")[0] not in sys.stdlib_module_names | allowed
    ]
    assert wrong == []


def _is_own(name: str) -> bool:
    return name.partition(".")[0] in CODE


def test_content_sees_the_vocabulary_itself_and_standards() -> None:
    wrong = []
    for path in python_files("scenarios"):
        own = f"scenarios.{path.parts[1]}" if len(path.parts) > 2 else "scenarios"
        allowed = re.compile(rf"{SEEN_BY_SCENARIOS}|{re.escape(own)}(\..+)?|scenarios\.standards(\..+)?")
        names = [name for name in imports(path) if name.partition(".")[0] not in sys.stdlib_module_names]
        wrong += [f"{path}: {name}" for name in names if not allowed.fullmatch(name)]
    assert wrong == []


def test_annotations_of_content_are_real() -> None:
    pattern = re.compile(r"from __future__ import annotations|\bTYPE_CHECKING\b")
    assert [path for path in python_files("scenarios") if pattern.search(text(path))] == []


@pytest.mark.parametrize("name", [system.name for system in systems()])
def test_a_system_has_the_same_files_as_every_other(name: str) -> None:
    folder = Path("harness/systems", name)
    parts = {path.relative_to(folder).parts[0] for path in files() if path.is_relative_to(folder)}
    assert {"__init__.py", "reference"} <= parts
    assert [part for part in parts if not re.fullmatch(_OF_A_SYSTEM, part)] == []
    assert len(text(folder / "__init__.py").splitlines()) <= ONE_SCREEN
    assert (ROOT / "scenarios" / name / "__init__.py").is_file()
    assert (ROOT / "specs" / name).is_dir()


@pytest.mark.parametrize("name", [system.name for system in systems()])
def test_a_systems_reference_can_be_copied(name: str) -> None:
    folder = Path("harness/systems", name, "reference")
    own = module_name(folder / "__init__.py")
    used = {(str(path), found) for path in python_files(str(folder)) for found in imports(path) if _is_own(found)}
    assert [one for one in used if one[1] != own and not one[1].startswith(f"{own}.")] == []
    absolute = re.compile(r"^\s*(from|import) harness\b", re.MULTILINE)
    assert [path for path in python_files(str(folder)) if absolute.search(text(path))] == []


def test_nobody_else_reads_the_time_or_sleeps() -> None:
    readings = {}
    for path in python_files(*CODE):
        free = {"utc_now", "real_sleep"} if "reference" in path.parts else set()
        lines = [line for function, line in clock_readings(tree(path)) if function not in free]
        if lines and path not in (Path("harness/wire/clock.py"), Path("harness/wire/virtual.py")):
            readings[str(path)] = lines
    assert readings == {}


# -- sizes and names -----------------------------------------------------------------------------------------------


def test_files_stay_short() -> None:
    long = {path.as_posix() for path in python_files(*EVERYTHING) if len(text(path).splitlines()) > LONGEST_FILE}
    assert long == set(LONG_FILES)


def test_functions_stay_short() -> None:
    long = {
        f"{path.as_posix()} {function.name}"
        for path in python_files(*EVERYTHING)
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    }
    assert long == set(LONG_FUNCTIONS)


def test_names_say_what_is_inside() -> None:
    names = {part for path in python_files(*EVERYTHING) for part in path.with_suffix("").parts}
    assert [name for name in names if set(name.lower().split("_")) & NO_NAMES] == []


def test_the_top_level_holds_what_belongs_there() -> None:
    assert {path.parts[0] for path in files()} == TOP_LEVEL


def test_no_file_names_a_registry_or_a_folder_outside() -> None:
    hosts = (
        ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("repo1", "maven", "org"),
        ("deb", "debian", "org"), ("crates", "io"), ("proxy", "golang", "org"),
    )  # fmt: skip
    told = [re.escape(".".join(host)) for host in hosts] + [r"(?<![\w-])share" + r"d/"]
    pattern = re.compile("|".join(told), re.IGNORECASE)
    found = {str(path): match[0] for path in files() if (match := pattern.search(_as_text(path)))}
    assert found == {}


def _as_text(path: Path) -> str:
    return (ROOT / path).read_bytes().decode("utf-8", errors="replace")


# -- content -------------------------------------------------------------------------------------------------------


def test_every_clause_says_what_why_and_what_to_do() -> None:
    clauses = [clause for one in suites() for clause in one.requirements]
    assert [clause.id for clause in clauses if not (clause.title and clause.why and clause.fix)] == []


def test_every_clause_names_scenarios_and_settings_that_exist() -> None:
    wrong = []
    for one in suites():
        scenarios = {scenario.id for scenario in one.scenarios} | {situation.id for situation in one.situations}
        settings = {setting.name for setting in one.interface.settings}
        for clause in one.requirements:
            wrong += [f"{clause.id}: {name}" for name in {*clause.asked_by} - scenarios | {*clause.rests_on} - settings]
    assert wrong == []


def test_every_clause_of_a_document_exists() -> None:
    wrong = {
        one.interface.id: one.load().requirement_ids - {clause.id for clause in one.requirements} for one in suites()
    }
    assert not any(wrong.values()), wrong


def test_ids_are_unique_over_all_suites() -> None:
    for one in suites():
        found = [part.id for part in parts_of(one)]
        assert [name for name, times in Counter(found).items() if times > 1] == []
    homes = {(part.id, part.module) for one in suites() for part in parts_of(one)}
    assert [name for name, times in Counter(name for name, _ in homes).items() if times > 1] == []


def test_every_interface_has_a_suite_and_every_suite_an_interface() -> None:
    for system in systems():
        adopted = sys.modules[f"scenarios.{system.name}"].ADOPTS if suites() else {}
        assert list(adopted) == [interface.id for interface in system.interfaces]


def test_no_content_is_dead() -> None:
    """Every clause and scenario that is written in a file under scenarios/ is in a suite, once."""
    collected = {(part.module, part.id) for one in suites() for part in parts_of(one)}
    written = sorted(pair for path in python_files("scenarios") for pair in _written(path))
    assert written == sorted(collected)


def _written(path: Path) -> Iterator[tuple[str, str]]:
    makers = {"scenario", *names_made_of(path, "requirement")}
    for function in functions(path):
        if decorators(function) & makers:
            yield module_name(path), derived_id(module_name(path), function.name)


def test_no_file_of_content_is_dead() -> None:
    adopted = {f"scenarios.{chapter}" for one in suites() for chapter in _chapters(one)}
    imported = {name for path in python_files("scenarios") for name in imports(path)}
    wanted = {module_name(path) for path in python_files("scenarios") if path.name != "__init__.py"}
    assert wanted - adopted - imported == set()


def _chapters(one: Suite) -> tuple[str, ...]:
    chapters: tuple[str, ...] = sys.modules[f"scenarios.{one.system.name}"].ADOPTS[one.interface.id]
    return chapters
