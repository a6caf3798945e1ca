"""The checkout under test: where it lies, and which files belong to it."""

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def files() -> tuple[Path, ...]:
    """Every file that is committed or would be, relative to `ROOT`, in order.

    It is told by .gitignore and not by git: an unpacked archive has no history, a bare machine no git.
    """
    return tuple(sorted(_below(ROOT)))


def _below(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        path = Path(entry.path).relative_to(ROOT)
        if entry.name == ".git" or _is_ignored(path.as_posix()):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
        else:
            yield path


def _is_ignored(path: str) -> bool:
    """True where a line of .gitignore names the path; the lines are plain names, paths from the root, and ``*.x``."""
    name = path.rpartition("/")[2]
    return any(fnmatch(path if "/" in pattern else name, pattern) for pattern in _ignored())


@cache
def _ignored() -> tuple[str, ...]:
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    return tuple(line.rstrip("/") for line in lines if line and not line.startswith("#"))
