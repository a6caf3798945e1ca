"""A stage for what stands in the way, and a session that meets it there."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli import readiness, session
from harness.cli.options import Flags
from harness.cli.route import transport
from harness.cli.session import Session
from harness.cli.settings import plans
from harness.collect import suite
from harness.model.reach import Limits
from harness.model.world import VirtualClock
from tests.harness.run.staging import NOW, SECRET, TOKEN, Held, Stage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Listeners that end with the test, and an environment that names no proxy and no CA."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with contextlib.ExitStack() as listeners:
        yield Stage(tmp_path, listeners, monkeypatch.setenv)


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    """A session as the command line makes it, but for pauses, which cost no time, and for its patience."""

    def made(flags: Flags, silence_s: float) -> Session:
        for module in (session, readiness):
            monkeypatch.setattr(module, "limits_of", lambda *_: Limits(silence_s))
        (plan,), _ = plans("ndw-pull", flags, {"T": TOKEN, "S": SECRET}, tmp_path)
        chosen = suite("ndw-pull")
        clock, document = VirtualClock(NOW), chosen.load()
        return Session(plan, chosen, document, clock, transport(plan), 1, lambda _text: None)

    return made
