"""Exit codes: every row of the contract's table, in its order."""

from typing import Any

import pytest

from harness.judge.score import exit_code, scored
from harness.model.profile import Profile
from harness.model.requirement import MAY, MUST, SHOULD, Basis, Keyword, Publication, Requirement, requirement
from harness.model.settings import Settings
from harness.model.verdict import LOST, Outcome, Verdict

FAILED, PASSED, UNTESTED = Outcome.FAILED, Outcome.PASSED, Outcome.UNTESTED
CANNOT_TELL, INAPPLICABLE = Outcome.CANNOT_TELL, Outcome.INAPPLICABLE
Row = tuple[Keyword, Outcome] | tuple[Keyword, Outcome, str]


def a_clause(name: str, keyword: Keyword, since: str = "2026.12") -> Requirement:
    def clause() -> None: ...

    clause.__module__, clause.__name__ = "scenarios.acme.x", name
    return requirement(keyword, Publication("A", Basis.PUBLISHED)["1"], row="r", since=since)(clause)


def code_of(rows: list[Row], *, since: str = "2026.12", off: bool = False, **options: Any) -> int:
    clauses = [a_clause(f"clause_{number}", row[0], since) for number, row in enumerate(rows)]
    verdicts = [
        Verdict(clause.id, None, row[1], row[2] if len(row) > 2 else None, 1, 0, ())
        for clause, row in zip(clauses, rows, strict=True)
    ]
    profile = Profile("p", "2026.12", Settings(), keywords={clause.id: None for clause in clauses} if off else {})
    return exit_code(scored(verdicts, clauses, profile), **options)


@pytest.mark.parametrize(
    ("rows", "usual", "strict"),
    [
        ([(MUST, PASSED)], 0, 0),
        ([(MUST, PASSED), (SHOULD, PASSED), (MAY, FAILED), (SHOULD, UNTESTED)], 0, 0),
        ([(MUST, PASSED), (MUST, INAPPLICABLE)], 0, 0),
        ([(MUST, PASSED), (SHOULD, FAILED)], 0, 1),
        ([(MUST, PASSED), (MUST, FAILED)], 1, 1),
        ([(MUST, FAILED)], 1, 1),
        ([(MUST, FAILED), (MUST, UNTESTED)], 1, 1),
        ([(SHOULD, FAILED)], 5, 1),
        ([], 5, 5),
        ([(MUST, UNTESTED)], 5, 5),
        ([(MUST, INAPPLICABLE)], 5, 5),
        ([(SHOULD, PASSED)], 5, 5),
        ([(MUST, PASSED), (MUST, UNTESTED, "nothing in this run shows it")], 0, 5),
        ([(MUST, PASSED), (MUST, UNTESTED, "needs the hook 'stop'")], 0, 0),
        ([(MUST, PASSED), (MUST, UNTESTED, "needs time: a day")], 0, 0),
        ([(MUST, PASSED), (MUST, UNTESTED, "needs TLS")], 0, 0),
        ([(MUST, PASSED), (MUST, UNTESTED)], 0, 5),
        ([(MUST, PASSED), (SHOULD, UNTESTED, "nothing in this run shows it")], 0, 0),
        ([(MUST, CANNOT_TELL), (MUST, FAILED)], 4, 4),
        ([(MUST, PASSED), (MAY, CANNOT_TELL)], 4, 4),
        ([(MUST, PASSED), (MUST, CANNOT_TELL, "the harness failed: ZeroDivisionError")], 4, 4),
    ],
)
def test_verdicts_make_the_exit_code(rows: list[Row], usual: int, strict: int) -> None:
    assert code_of(rows, strict=False) == usual
    assert code_of(rows, strict=True) == strict


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("outcome", [FAILED, PASSED, UNTESTED])
def test_the_first_that_applies_is_ours_then_configuration_then_the_verdicts(outcome: Outcome, *, strict: bool) -> None:
    rows: list[Row] = [(MUST, outcome)]
    assert code_of(rows, strict=strict, own_faults=True) == 4
    assert code_of(rows, strict=strict, own_faults=True, obstacle=True) == 4
    assert code_of(rows, strict=strict, obstacle=True) == 3
    assert code_of([*rows, (MUST, CANNOT_TELL)], strict=strict, obstacle=True) == 4


def test_a_subject_that_went_away_is_no_fault_of_ours() -> None:
    rows: list[Row] = [(MUST, PASSED), (MUST, CANNOT_TELL, f"{LOST} at 2026-06-01T08:00:05Z, during acme/x: refused")]
    assert code_of(rows, strict=False, obstacle=True) == 3
    assert code_of([*rows, (MUST, FAILED)], strict=True, obstacle=True) == 3
    assert code_of([*rows, (MAY, CANNOT_TELL, "the harness failed: x")], strict=False, obstacle=True) == 4


def test_what_is_switched_off_or_newer_than_the_profile_does_not_count() -> None:
    rows: list[Row] = [(MUST, FAILED), (MUST, CANNOT_TELL)]
    assert code_of(rows, strict=True, off=True) == 5
    assert code_of(rows, strict=True, since="2027.01") == 5
