"""From verdicts to totals and an exit code."""

from collections.abc import Iterable
from dataclasses import dataclass

from harness.model.profile import Profile
from harness.model.requirement import MUST, SHOULD, Keyword, Requirement
from harness.model.verdict import LOST, Outcome, Verdict

PASSED, FAILED, USAGE, CONFIGURATION, OURS, NOTHING_TESTED = 0, 1, 2, 3, 4, 5
"""Exit codes, as the contract has them."""

_SHOWN = (Outcome.PASSED, Outcome.FAILED)
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


def exit_code(
    scores: Iterable[Scored],
    *,
    strict: bool,
    obstacle: bool = False,
    own_faults: bool = False,
    spares_known: bool = False,
    waivers_amiss: bool = False,
) -> int:
    """4, 3, 1, 5, 0: the first that applies. `obstacle`: the subject could not be tested, or not to the end.

    What is waived does not count, nor what an earlier run knew where the user `spares_known`. `waivers_amiss`: one is
    stale, expired or contradictory, which counts where it is `strict`.
    """
    counting = [score for score in scores if score.counts]
    failing = {score.effective for score in counting if _fails(score.verdict, spares_known=spares_known)}
    if own_faults or any(map(_is_our_fault, counting)):
        return OURS
    if obstacle:
        return CONFIGURATION
    if MUST in failing or (strict and (SHOULD in failing or waivers_amiss)):
        return FAILED
    shown = any(score.effective is MUST and score.verdict.outcome in _SHOWN for score in counting)
    if not shown or (strict and _left_out(counting)):
        return NOTHING_TESTED
    return PASSED


def _fails(verdict: Verdict, *, spares_known: bool) -> bool:
    excused = verdict.is_excused if spares_known else verdict.is_waived
    return verdict.outcome is Outcome.FAILED and not excused


def _is_our_fault(score: Scored) -> bool:
    return score.verdict.outcome is Outcome.CANNOT_TELL and not (score.verdict.reason or "").startswith(LOST)


def _left_out(counting: list[Scored]) -> bool:
    return any(
        score.effective is MUST and score.verdict.outcome is Outcome.UNTESTED and not is_excused(score.verdict.reason)
        for score in counting
    )


def is_excused(reason: str | None) -> bool:
    """True where a clause that was left untested for this reason stands in nobody's way: hook, time or TLS."""
    return (reason or "").startswith(_EXCUSED)
