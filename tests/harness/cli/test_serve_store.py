"""``harness serve --store``: what was acknowledged is there after kill -9. Ready line and seed; how it ends."""

import json
import signal
from pathlib import Path
from threading import Thread

import httpx

from tests.harness.cli.serving import TARIFF, Serving

GIVEN = ("--format", "json", "--set", "push.get_method=serve", "--now", "2026-06-01T08:00:00Z")


def test_kill_9_loses_nothing_acknowledged_and_the_token_still_opens(tmp_path: Path) -> None:
    ports = ("--port", "0", "--port", "control=0")
    first = Serving("ndw", *ports, *GIVEN, "--store", "world.db", "--seed", "7", folder=tmp_path)
    try:
        [line] = first.told
        assert json.loads(line) == first.ready
        assert (tmp_path / "ready.json").stat().st_mode & 0o077 == 0
        assert first.client.get(f"{first.control}/sessions/default/clock").json()["now"].startswith("2026-06-01T08:")
        other = first.client.post(f"{first.control}/sessions", json={"seed": 3}).json()
        token, acknowledged = first.token(), _pushed_until_killed(first)
        assert first.process.wait(20) == -signal.SIGKILL
    finally:
        first.close()
    port = first.env["NDW_PUSH_URL"].split(":")[2].partition("/")[0]
    at = ("--port", f"ndw={port}", "--port", "control=0")
    again = Serving(*at, *GIVEN, "--store", "world.db", folder=tmp_path)
    try:
        assert again.env == first.env
        assert again.ready["sessions"][other["id"]]["env"] == other["env"]
        assert len(acknowledged) > 5
        for name in acknowledged:
            kept = again.client.get(f"{again.env['NDW_PUSH_URL']}/tariffs/NL/XPO/{name}", headers=again.ids(token))
            assert kept.json()["data"]["id"] == name
        code, out, err = again.ended(signal.SIGTERM)
    finally:
        again.close()
    assert (code, out, err) == (130, "", "")
    assert [path.suffix for path in (tmp_path / "reports/runs").glob("*/report.*")].count(".json") == 1


def _pushed_until_killed(mock: Serving) -> list[str]:
    """Tariffs that the mock took, in a stream of pushes in the middle of which it is killed."""
    token, acknowledged = mock.token(), []
    killer = Thread(target=mock.process.kill)
    try:
        for number in range(10_000):
            name = f"TAR-{number}"
            url = f"{mock.env['NDW_PUSH_URL']}/tariffs/NL/XPO/{name}"
            if mock.client.put(url, json={**TARIFF, "id": name}, headers=mock.ids(token)).json()["status_code"] == 1000:
                acknowledged.append(name)
            if number == 10:
                killer.start()
    except (httpx.TransportError, OSError):
        killer.join()
    return acknowledged
