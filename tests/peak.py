"""The peak of memory of a process: what its own program needed, not what it was forked from."""

import resource
import sys
from pathlib import Path


def peak_kb() -> int:
    """The most that this process has had in memory, in kB. What getrusage says begins with the parent's on Linux."""
    if sys.platform == "linux":
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
