"""A mock as a user runs it: ``harness serve`` in a process of its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

TARIFF = {
    "country_code": "NL",
    "party_id": "XPO",
    "id": "TAR-9",
    "currency": "EUR",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.3, "step_size": 1}]}],
    "last_updated": "2026-06-01T08:00:00Z",
}
_SOON_S = 20


class Serving:
    """A process of ``harness serve``, all of whose listeners are up; `told` are the lines that it wrote by then.

    `port` is that of the mock without TLS, `ready` what the ready file says.
    """

    def __init__(self, *arguments: str, folder: Path, last: str = "{", **environment: str) -> None:
        ready = folder / "ready.json"
        bare = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "harness", "serve", *arguments, "--ready-file", str(ready)],
            cwd=folder,
            env={**bare, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.told: list[str] = []
        for line in self.process.stdout:
            self.told.append(line.rstrip("\n"))
            if line.startswith(last):
                break
        assert ready.exists(), self.process.communicate(timeout=_SOON_S)
        self.ready: dict[str, Any] = json.loads(ready.read_text("utf-8"))
        self.env: dict[str, str] = self.ready["sessions"]["default"]["env"]
        self.control = f"{self.ready['control']}/_harness/v1"
        self.client = httpx.Client(trust_env=False, timeout=5, limits=httpx.Limits(max_keepalive_connections=0))
        self._number = 0

    def token(self, url: str | None = None, **client: Any) -> str:
        """An access token, got at this URL or the one that clients are given."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.env["NDW_CLIENT_ID"],
            "client_secret": self.env["NDW_CLIENT_SECRET"],
        }
        return str(self.client.post(url or self.env["NDW_TOKEN_URL"], data=form, **client).json()["access_token"])

    def ids(self, token: str) -> dict[str, str]:
        """The header fields of one push."""
        self._number += 1
        number = f"{time.monotonic_ns()}-{self._number}"
        return {"Authorization": f"Bearer {token}", "X-Request-ID": number, "X-Correlation-ID": number}

    def ended(self, number: int) -> tuple[int, str, str]:
        """The exit code after this signal, and what was still written."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=_SOON_S)
        return self.process.returncode, out, err

    def close(self) -> None:
        """End it, whatever it does."""
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        with self.process:  # closes its pipes
            self.process.wait(timeout=_SOON_S)
