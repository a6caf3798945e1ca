"""What a command that judges came to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

INTERRUPTED = 130
"""The exit code after Ctrl-C."""


@dataclass(frozen=True)
class Result:
    """The run folder, its report, and the exit code."""

    folder: Path
    report: dict[str, Any]
    exit: int
