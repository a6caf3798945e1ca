"""Runs the command line as a user would: a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TOKEN = "canary-Tok3n/with+signs=and%more"  # a made-up secret that must turn up nowhere


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


def harness(*arguments: str, folder: Path, **environment: str) -> Ran:
    """Run ``harness`` with these arguments in this folder; `environment` comes on top of a bare one."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "harness", *arguments],
        cwd=folder,
        env={**bare, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
