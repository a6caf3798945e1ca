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
        "reason": None,
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
        ([verdict("a/one", "passed"), verdict("a/two", "failed", waived={"reason": "known"})], "ready", ["a/two"]),
        ([verdict("a/one", "failed", waived={"reason": "known"})], "cannot be shown here", ["a/one"]),
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


@pytest.mark.parametrize("reason", ["needs time: a token lives 3600 s here", "needs the hook change", "needs TLS"])
def test_what_strict_excuses_leaves_a_stage_ready_and_is_named_beside_it(reason: str) -> None:
    [stage] = stages([STAGE], [verdict("a/one", "passed"), verdict("a/two", "untested", reason=reason)])
    assert (stage["state"], stage["because"], stage["reason"]) == ("ready", ["a/two"], reason)


def test_what_is_waived_is_named_with_its_reason() -> None:
    waived = verdict("a/two", "failed", waived={"reason": "gateway strips them"})
    [stage] = stages([STAGE], [verdict("a/one", "passed"), waived])
    assert (stage["state"], stage["reason"]) == ("ready", "waived: gateway strips them")


def test_nothing_is_ready_where_all_is_excused() -> None:
    [stage] = stages([STAGE], [verdict("a/one", "untested", reason="needs time"), verdict("a/two", "inapplicable")])
    assert (stage["state"], stage["because"]) == ("cannot be shown here", ["a/one"])


def test_another_reason_beside_an_excused_one_keeps_it_from_being_shown() -> None:
    excused = verdict("a/one", "untested", reason="needs time")
    [stage] = stages([STAGE], [excused, verdict("a/two", "untested", reason="nothing in this run shows it")])
    assert (stage["state"], stage["because"]) == ("cannot be shown here", ["a/two"])
