"""What a client holds is read by a pull of its server, over a socket, or by its hook ``export``; or why not."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.cli.options import Flags
from harness.cli.plan import Plan
from harness.cli.read_back import by_export, by_pull
from harness.cli.settings import plans
from harness.cli.stand_in import reference_app
from harness.collect import suite
from harness.model.exchange import State
from harness.run.hooks import local_hook
from harness.run.observe import NotReadError, ReadBack
from harness.systems.ndw.reference.change import export
from harness.wire.clock import SystemClock
from harness.wire.serve import served


def _plan(origin: str, token: str = "tok") -> Plan:
    flags = Flags(url=f"{origin}/ocpi/2.2.1", token_env="TOK", seed=1)
    return plans("ndw-pull", flags, {"TOK": token}, Path())[0][0]


def _read(read: ReadBack) -> State:
    async def held() -> State:
        return await read("s")

    return asyncio.run(held())


def test_a_pull_and_an_export_show_the_same() -> None:
    app: Any = reference_app(suite("ndw-pull"), SystemClock(), "tok", locations=5, page_size=2)
    exported = _read(by_export(local_hook(lambda _order: {"lines": export(app)}), "ndw-push"))
    with served(app) as origin:
        assert _read(by_pull(_plan(origin))) == exported
        with pytest.raises(NotReadError, match="could not be pulled"):
            _read(by_pull(_plan(origin, "other")))
    assert len(exported["locations"]) == 5
    assert "NL/XPO/LOC-0001" in exported["locations"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({}, "no lines"),
        ({"lines": []}, "printed nothing"),
        ({"lines": [{"table": "sites", "object": {}}]}, "line 1 .* none of locations, tariffs"),
        ({"lines": [{"table": "locations", "object": {"id": "LOC-1"}}]}, "no country_code"),
        ({"lines": ["x"]}, "line 1"),
    ],
)
def test_an_export_that_cannot_be_read_is_told_in_words(answer: Mapping[str, Any], why: str) -> None:
    with pytest.raises(NotReadError, match=why):
        _read(by_export(local_hook(lambda _order: answer), "ndw-push"))
