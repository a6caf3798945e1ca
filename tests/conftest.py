"""How tests are shared out between processes."""

import gc

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadFileScheduling, Scheduling  # type: ignore[import-untyped]

gc.set_threshold(100_000, 20, 20)  # most of what proofs make is gone at once: nobody needs to look for it so often

ONE_BY_ONE = "tests/test_every_requirement.py"
OF_CLIENTS = "ndw-push"


class _ByFile(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """A file stays with one process, which makes its servers, wheels and conversations once.

    The proofs are shared out one by one: they are most of the work, and whichever process has time takes the next.
    Largest files first, single tests last: so all processes end at about the same time.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(f"{ONE_BY_ONE}::") and f"[{OF_CLIENTS} " in nodeid:
            return f"{ONE_BY_ONE} {OF_CLIENTS}"  # one process plays the situations, instead of all
        return nodeid if nodeid.startswith(ONE_BY_ONE) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Ours in place of plain ``--dist=loadfile``."""
    return _ByFile(config, log) if config.getoption("dist") == "loadfile" else None
