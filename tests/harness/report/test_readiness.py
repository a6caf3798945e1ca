"""Onboarding stages: ready, not ready because of something, or not to be shown here."""

from typing import Any

import pytest

from harness.report.readiness import stages

STAGE = {"name": "pull.auth", "title": "pull credentials work", "why": "", "requirements": ["a/one", "a/two"]}


def verdict(requirement: str, outcome: str, effective: str | None = "MUST", **more: Any) -> dict[str, Any]:
    return {
        "requirement": requirement,
        "outcome": outcome,
        "effective": effective,
        "new": False,
        "waived": None,
        **more,
    }


@pytest.mark.parametrize(
    ("verdicts", "state", "because"),
    [
        ([verdict("a/one", "passed"), verdict("a/two", "inapplicable")], "ready", []),
        ([verdict("a/one", "passed"), verdict("b/other", "failed")], "ready", []),
        ([verdict("a/one", "passed"), verdict("a/two", "failed", "SHOULD")], "ready", []),
        ([verdict("a/one", "passed"), verdict("a/two", "failed", None)], "ready", []),
        ([verdict("a/one", "passed"), verdict("a/two", "failed", new=True)], "ready", []),
        ([verdict("a/one", "passed"), verdict("a/two", "failed", waived={"reason": "known"})], "ready", []),
        (
            [verdict("a/one", "failed"), verdict("a/one", "failed"), verdict("a/two", "untested")],
            "not ready",
            ["a/one"],
        ),
        ([verdict("a/one", "passed"), verdict("a/two", "untested")], "cannot be shown here", ["a/two"]),
        ([verdict("a/one", "passed"), verdict("a/two", "cannot_tell")], "cannot be shown here", ["a/two"]),
        ([verdict("a/one", "passed", "SHOULD")], "cannot be shown here", []),
    ],
)
def test_a_stage_is_what_its_must_clauses_came_to(
    verdicts: list[dict[str, Any]], state: str, because: list[str]
) -> None:
    [stage] = stages([STAGE], verdicts)
    assert (stage["state"], stage["because"]) == (state, because)


def test_a_stage_that_nothing_here_decides_says_why() -> None:
    [stage] = stages([{**STAGE, "requirements": [], "why": "NDW decides it"}], [verdict("a/one", "failed")])
    assert (stage["state"], stage["reason"]) == ("cannot be shown here", "NDW decides it")
