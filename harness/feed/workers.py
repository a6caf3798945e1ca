"""Portions judged by processes side by side, their results in the order of the portions."""

import gc
import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from harness.feed.answers import Portion
from harness.feed.assessment import Judged, Judging
from harness.feed.source import UnreadableFileError

Judges = Callable[[Portion], Judged]
_AHEAD = 2
"""So many portions wait for each process: it never idles, and memory stays flat."""

SELDOM = 100_000
"""After so many new objects Python's garbage collector looks for cycles; there are none here."""

_here: list[Judges] = []
"""In a process of the pool: what judges its portions."""


@contextmanager
def side_by_side(jobs: int, make: Callable[..., Judges], *arguments: Any) -> Iterator[Judging]:
    """Judges in `jobs` processes, each made there by `make(*arguments)`; these travel, what is made does not."""
    # A fork of a process with one thread is safe, and costs nothing; elsewhere each process starts from nothing.
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if can_fork else "spawn")
    pool = ProcessPoolExecutor(jobs, context, _prepare, (make, arguments))
    try:
        yield lambda portions: _in_order(pool, portions, jobs * (1 + _AHEAD))
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare(make: Callable[..., Judges], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that reads and reports
    _here.append(make(*arguments))
    gc.freeze()
    gc.set_threshold(SELDOM)


@contextmanager
def collected_seldom() -> Iterator[None]:
    """What is kept to the end need not be looked at again and again."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _judge(portion: Portion) -> Judged:
    return _here[0](portion)


def _in_order(pool: ProcessPoolExecutor, portions: Iterable[Portion], ahead: int) -> Iterator[Judged]:
    waiting: deque[Future[Judged]] = deque()
    unreadable = None
    try:
        for portion in portions:
            waiting.append(pool.submit(_judge, portion))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
    except UnreadableFileError as error:
        unreadable = error
    while waiting:
        yield waiting.popleft().result()
    if unreadable is not None:
        raise unreadable
