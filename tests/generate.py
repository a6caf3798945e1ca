"""Writes every generated artefact: ``python -m tests.generate``; ``--check`` lists those that are out of date."""

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from harness import collect
from harness.cli.toml_schema import toml_schema
from harness.report.formats import FORMATS
from tests.proofs.catalogue import catalogue
from tests.proofs.golden import Golden, golden
from tests.proofs.kill_matrix import kill_matrix
from tests.proofs.ledger import ledger
from tests.proofs.two_parties import golden_two_parties

ROOT = Path(__file__).parents[1]


def artefacts() -> dict[str, Callable[[], bytes]]:
    """Every generated file, by its path below the checkout, with what makes its bytes."""
    made: dict[str, Callable[[], bytes]] = {
        "reports/kill-matrix.md": lambda: kill_matrix().encode(),
        "reports/ledger.md": lambda: ledger().encode(),
        "reports/schema/harness-toml.json": lambda: _json(toml_schema()),
        **_goldens("ndw-pull-two-parties", golden_two_parties),
    }
    for system in collect.systems():
        made[f"specs/{system.name}/requirements.json"] = lambda system=system: _json(catalogue(system))  # type: ignore[misc]
    for name in collect.interfaces():
        made |= _goldens(name, partial(golden, name))
    return dict(sorted(made.items()))


def _goldens(name: str, make: Callable[[], Golden]) -> dict[str, Callable[[], bytes]]:
    """A file per format."""
    return {
        f"reports/golden/{name}{Path(one.file).suffix}": partial(_golden, make, format_)
        for format_, one in FORMATS.items()
    }


def _golden(make: Callable[[], Golden], format_: str) -> bytes:
    made = make()
    return _json(made.report) if format_ == "json" else made.texts[format_].encode("utf-8", "backslashreplace")


def drifted() -> list[str]:
    """The artefacts whose bytes are not what they would be made of now."""
    return [path for path, make in artefacts().items() if not _is(ROOT / path, make())]


def write() -> list[str]:
    """Write what has drifted; the paths that were written."""
    written = []
    for path, make in artefacts().items():
        content = make()
        if not _is(ROOT / path, content):
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_bytes(content)
            written.append(path)
    return written


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something is out of date")
    check = parser.parse_args().check
    for path in (found := drifted() if check else write()):
        sys.stdout.write(f"{path}: {'out of date' if check else 'written'}\n")
    return int(check and bool(found))


if __name__ == "__main__":
    sys.exit(main())
