"""What a run says of the party's onboarding: each stage ready, not ready and why, or not to be shown here."""

from collections.abc import Iterable, Mapping
from typing import Any

from harness.judge.score import is_excused

READY, NOT_READY, NOT_SHOWN = "ready", "not ready", "cannot be shown here"
_OPEN = ("untested", "cannot_tell")


def stages(
    described: Iterable[Mapping[str, Any]], verdicts: list[dict[str, Any]], left_out_by: str | None = None
) -> list[dict[str, Any]]:
    """The stages of the record's first line with their state, and the clauses that it is because of.

    A stage is ready when one MUST of its clauses that binds passed, and each other one passed, does not apply, is
    waived, or is untested for a reason that `--strict` excuses too; the last two are named beside it, with the reason.
    It cannot be shown where another one is left open and none failed. A partial run shows no stage to be ready:
    `left_out_by` names the options behind it.
    """
    return [_stage(one, verdicts, left_out_by) for one in described]


def _stage(described: Mapping[str, Any], verdicts: list[dict[str, Any]], left_out_by: str | None) -> dict[str, Any]:
    told = {"stage": described["name"], "title": described["title"]}
    wanted = set(described["requirements"])
    if not wanted:
        return {**told, "state": NOT_SHOWN, "because": [], "reason": described["why"]}
    deciding = [
        one for one in verdicts if one["requirement"] in wanted and one["effective"] == "MUST" and not one["new"]
    ]
    failed = _ids(one for one in deciding if one["outcome"] == "failed" and one["waived"] is None)
    excused = [one for one in deciding if _excuse(one) is not None]
    open_ones = _ids(one for one in deciding if one["outcome"] in _OPEN and one not in excused)
    if failed:
        return {**told, "state": NOT_READY, "because": failed, "reason": None}
    if left_out_by is not None:
        return {**told, "state": NOT_SHOWN, "because": [], "reason": f"left out by {left_out_by}"}
    if open_ones or not any(one["outcome"] == "passed" for one in deciding):
        because = open_ones or _ids(excused)
        return {**told, "state": NOT_SHOWN, "because": because, "reason": "clauses that decide it were not tested"}
    return {**told, "state": READY, "because": _ids(excused), "reason": _reasons(excused)}


def _ids(verdicts: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(one["requirement"] for one in verdicts))


def _reasons(excused: Iterable[Mapping[str, Any]]) -> str | None:
    return "; ".join(dict.fromkeys(str(_excuse(one)) for one in excused)) or None


def _excuse(verdict: Mapping[str, Any]) -> str | None:
    if verdict["outcome"] == "failed" and verdict["waived"] is not None:
        return f"waived: {verdict['waived']['reason']}"
    return verdict["reason"] if verdict["outcome"] == "untested" and is_excused(verdict["reason"]) else None
