"""Generated files are those that the code would make now, and the facts are accounted for."""

from collections import Counter

import pytest

from harness import collect
from harness.model.system import System
from tests.generate import ROOT, artefacts
from tests.proofs.ledger import entries, faults

OPEN = {
    "ndw": {
        "of the push side or of NDW's own mock: ndw-push is not covered yet": 50,
        "binds the push client: ndw-push is not covered yet": 1,
    }
}
"""Of each system, why rows are covered by nothing yet, and how many; of the pull there are none."""

SYSTEMS = collect.systems()


@pytest.mark.xdist_group("proofs")
@pytest.mark.parametrize("path", artefacts())
def test_generated_file_is_up_to_date(path: str) -> None:
    committed = (ROOT / path).read_bytes() if (ROOT / path).is_file() else b""
    assert committed == artefacts()[path](), f"{path} is out of date: run python -m tests.generate"


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_every_row_is_accounted_for(system: System) -> None:
    assert faults(system) == []


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_open_rows_are_the_known_ones(system: System) -> None:
    assert Counter(entry.open for entry in entries(system) if entry.open) == OPEN.get(system.name, {})
