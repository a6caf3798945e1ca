"""What a benchmark hands over, and how it takes the time."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Seconds of what is measured and of a baseline, both taken in the same run; `target` in words."""

    what: str
    seconds: float
    baseline: str
    baseline_seconds: float
    target: str

    def __str__(self) -> str:
        ratio = self.seconds / self.baseline_seconds
        return (
            f"{self.what}: {self.seconds:.3f} s (target {self.target}); "
            f"{self.baseline}: {self.baseline_seconds:.3f} s; ratio {ratio:.3g}"
        )


def median_of(times: int, *actions: Callable[[], object]) -> list[float]:
    """The median wall time in seconds of each action. They take turns, so that a busy moment hits them alike."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(times):
        for action, seconds in zip(actions, taken, strict=True):
            started = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in taken]


def python(*arguments: str) -> None:
    """Run a Python of this environment; its output is dropped, a failure is not."""
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
