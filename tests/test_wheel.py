"""The wheel: it holds the package alone, and works in an empty environment and an empty folder, offline."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from harness import __version__
from tests.checkout import ROOT, files
from tests.needs import needs_minutes

pytestmark = needs_minutes()

SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(*command: str | Path, cwd: Path) -> str:
    """What a command writes to stdout; it must succeed. The checkout is nowhere on its path."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "HARNESS_CONFIG")}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new virtual environment with the wheel in it, and within reach the packages that it depends on.

    These come from the environment that runs the tests: a folder that a .pth file names is searched last, and .pth
    files inside it (such as that of an editable installation) do not count.
    """
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, symlinks=os.name != "nt")
    pip = sys.executable, "-m", "pip", "--python", folder / SCRIPTS / "python"
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    paths = sysconfig.get_paths()
    lines = "\n".join(dict.fromkeys((paths["purelib"], paths["platlib"])))
    (_site_packages(folder) / "dependencies.pth").write_text(lines, "utf-8")
    return folder


def _site_packages(environment: Path) -> Path:
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(environment)}))


def test_it_holds_the_package_and_its_content_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    information = f"energy_harness-{__version__}.dist-info/"
    assert {name.partition("/")[0] for name in names} == {"harness", information.rstrip("/")}
    held = {name for name in names if not name.startswith(information)}
    content = {path.as_posix() for path in files() if path.parts[0] in ("scenarios", "specs")}
    code = {path.as_posix() for path in files() if path.parts[0] == "harness"}
    assert held == code | {f"harness/_content/{path}" for path in content}


def test_nothing_but_the_package_lands_in_site_packages(environment: Path) -> None:
    names = {entry.name for entry in _site_packages(environment).iterdir()}
    assert names - {"dependencies.pth", "__pycache__"} == {"harness", f"energy_harness-{__version__}.dist-info"}


def test_it_checks_itself_in_an_empty_folder(environment: Path, tmp_path: Path) -> None:
    python, command = environment / SCRIPTS / "python", environment / SCRIPTS / "harness"
    where = run(python, "-c", "import harness, harness.collect as c; print(harness.__file__, c.CONTENT)", cwd=tmp_path)
    assert [Path(one).is_relative_to(environment) for one in where.split()] == [True, True]
    assert "energy-harness" in run(command, "--version", cwd=tmp_path)
    run(command, "check", cwd=tmp_path)
    reports = [json.loads(one.read_text("utf-8")) for one in tmp_path.glob("reports/runs/*/report.json")]
    assert {one["interface"]: one["exit"] for one in reports} == {"ndw-pull": 0, "ndw-push": 0}
