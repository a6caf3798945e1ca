"""From verdicts to totals and an exit code."""

from collections.abc import Iterable
from dataclasses import dataclass

from harness.model.profile import Profile
from harness.model.requirement import MUST, SHOULD, Keyword, Requirement
from harness.model.verdict import Outcome, Verdict

PASSED, FAILED, USAGE, CONFIGURATION, OURS, NOTHING_TESTED = 0, 1, 2, 3, 4, 5
"""Exit codes, as the contract has them."""

_EXCUSED = ("needs the hook", "needs time", "needs TLS")


@dataclass(frozen=True)
class Scored:
    """A verdict with how strongly its clause binds here; `effective` is None where the user switched it off, `is_new`
    marks a clause that is younger than the profile and does not count yet."""

    verdict: Verdict
    requirement: Requirement
    effective: Keyword | None
    is_new: bool

    @property
    def counts(self) -> bool:
        """True where it can change the exit code."""
        return self.effective is not None and not self.is_new


def scored(verdicts: Iterable[Verdict], requirements: Iterable[Requirement], profile: Profile) -> list[Scored]:
    """Every verdict with its weight."""
    by_id = {requirement.id: requirement for requirement in requirements}
    return [
        Scored(
            verdict,
            by_id[verdict.requirement],
            profile.effective(by_id[verdict.requirement]),
            profile.is_new(by_id[verdict.requirement]),
        )
        for verdict in verdicts
    ]


def exit_code(scores: Iterable[Scored], *, strict: bool, obstacle: bool = False, own_faults: bool = False) -> int:
    """4, 3, 1, 5, 0: the first that applies. `obstacle`: the subject could not be tested, or not to the end."""
    counting = [score for score in scores if score.counts]
    outcomes = {(score.effective, score.verdict.outcome) for score in counting}
    if own_faults or any(outcome is Outcome.CANNOT_TELL for _, outcome in outcomes):
        return OURS
    if obstacle:
        return CONFIGURATION
    if (MUST, Outcome.FAILED) in outcomes or (strict and (SHOULD, Outcome.FAILED) in outcomes):
        return FAILED
    if (MUST, Outcome.PASSED) not in outcomes or (strict and _left_out(counting)):
        return NOTHING_TESTED
    return PASSED


def _left_out(counting: list[Scored]) -> bool:
    return any(
        score.effective is MUST
        and score.verdict.outcome is Outcome.UNTESTED
        and not (score.verdict.reason or "").startswith(_EXCUSED)
        for score in counting
    )
