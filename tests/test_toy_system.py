"""A new system is four new paths and edits no file: the invented system acme, laid over a copy of this checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, files
from tests.needs import needs_minutes

TOY = ROOT / "tests" / "toy_acme"
PATHS = ("harness/systems/acme", "scenarios/acme", "specs/acme", "tests/acme")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout, without its history, with acme in it."""
    copy = tmp_path_factory.mktemp("checkout")
    for path in files():
        if not path.is_relative_to("tests/toy_acme"):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, copy / path)
    for new in PATHS:
        shutil.copytree(TOY / new, copy / new, ignore=shutil.ignore_patterns("__pycache__"))  # refuses to overwrite
    return copy


def run(checkout: Path, *arguments: str) -> str:
    """What a module run in the copy writes to stdout; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_toy_is_four_paths_and_nothing_else() -> None:
    toys = [path.relative_to("tests/toy_acme") for path in files() if path.is_relative_to("tests/toy_acme")]
    assert {path.as_posix() for toy in toys for path in toy.parents} >= set(PATHS)
    assert [toy for toy in toys if not any(toy.is_relative_to(path) for path in PATHS)] == []


def test_it_is_listed_beside_the_others(checkout: Path) -> None:
    listed = run(checkout, "harness", "list", "interfaces")
    assert "acme-orders" in listed
    assert "ndw-pull" in listed
    assert "acme/orders-are-counted" in run(checkout, "harness", "list", "requirements", "acme-orders")


def test_its_reference_passes_its_suite_beside_the_others(checkout: Path, tmp_path: Path) -> None:
    """And a check of several interfaces has a folder for each, one page, and one junit.xml."""
    told = run(checkout, "harness", "check", "--out", str(tmp_path / "run"))
    assert "acme-orders: exit code 0" in told
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"index.html", "junit.xml", "acme-orders", "ndw-pull", "ndw-push"}
    assert f"All of them: {tmp_path / 'run' / 'index.html'}" in told
    assert (tmp_path / "run" / "acme-orders" / "report.html").is_file()
    assert 'href="acme-orders/report.html"' in (tmp_path / "run" / "index.html").read_text("utf-8")
    suites = (tmp_path / "run" / "junit.xml").read_text("utf-8")
    assert "self-check of the bundled reference, acme-orders" in suites
    assert "self-check of the bundled reference, ndw-pull" in suites


@needs_minutes()
def test_it_keeps_the_rules_of_every_system(checkout: Path) -> None:
    """Its own tests, the architecture, and the proofs of its clauses. Reports over all systems are generated later."""
    tests = ("acme", "test_architecture.py", "test_every_requirement.py", "test_generated.py")
    chosen = "(acme and not golden) or in_the_layers or content_sees or content_is_dead or of_content_is_dead"
    run(checkout, "pytest", "-n0", "-p", "no:cacheprovider", *(f"tests/{name}" for name in tests), "-k", chosen)
