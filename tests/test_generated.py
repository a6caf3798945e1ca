"""Generated files are those that the code would make now, and the facts are accounted for."""

from collections import Counter

import pytest

from harness import collect
from harness.model.system import System
from tests.generate import ROOT, artefacts
from tests.proofs.kill_matrix import committed, kill_matrix
from tests.proofs.ledger import entries, faults

OPEN: dict[str, dict[str, int]] = {}
"""Of each system, why rows are covered by nothing yet, and how many: there are none."""

SYSTEMS = collect.systems()


KILL_MATRIX = "reports/kill-matrix.md"


@pytest.mark.parametrize("path", sorted(artefacts().keys() - {KILL_MATRIX}))
def test_generated_file_is_up_to_date(path: str) -> None:
    committed = (ROOT / path).read_bytes() if (ROOT / path).is_file() else b""
    assert committed == artefacts()[path](), f"{path} is out of date: run python -m tests.generate"


def test_kill_matrix_speaks_of_every_clause_and_of_nothing_else() -> None:
    """What it says of each is looked at where that is tried, in test_every_requirement."""
    told = kill_matrix(lambda interface, requirement: str(committed(interface, requirement)))
    assert (ROOT / KILL_MATRIX).read_text("utf-8") == told, (
        f"{KILL_MATRIX} is out of date: run python -m tests.generate"
    )


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_every_row_is_accounted_for(system: System) -> None:
    assert faults(system) == []


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_open_rows_are_the_known_ones(system: System) -> None:
    assert Counter(entry.open for entry in entries(system) if entry.open) == OPEN.get(system.name, {})
