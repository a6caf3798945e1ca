"""The judges of a file: in this process, or in several side by side."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from harness.collect import suite
from harness.feed.assessment import Judging, judged
from harness.feed.workers import Judges, side_by_side
from harness.judge.judge import Judge
from harness.model.profile import Profile


@dataclass(frozen=True)
class Bench:
    """What judges are made with; it travels to other processes, clauses by their ids. `once`: each list is there once,
    so that nothing is kept to compare it by."""

    interface: str
    profile: Profile
    clauses: tuple[str, ...]
    once: bool

    def judges(self) -> Callable[[], Judge]:
        """Makes judges that have seen nothing yet."""
        chosen = suite(self.interface)
        document, objects, chair = chosen.load(), chosen.interface.objects, chosen.interface.subject
        objects = replace(objects, kept=objects.kept_once or objects.kept) if self.once else objects
        selected = frozenset(self.clauses)
        return lambda: Judge(chosen.requirements, self.profile, document, objects, chair, selected=selected)


def portion_judge(bench: Bench) -> Judges:
    """Judges portions; to be made in the process that works with it."""
    fresh = bench.judges()
    return lambda portion: judged(fresh(), portion)


@contextmanager
def judging(jobs: int, bench: Bench) -> Iterator[Judging]:
    """Judges portions in so many processes; in this one where that is one."""
    if jobs > 1:
        with side_by_side(jobs, portion_judge, bench) as in_several:
            yield in_several
    else:
        yield partial(map, portion_judge(bench))
