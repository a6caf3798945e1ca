"""What a run says of the party's onboarding: each stage ready, not ready and why, or not to be shown here."""

from collections.abc import Iterable, Mapping
from typing import Any

READY, NOT_READY, NOT_SHOWN = "ready", "not ready", "cannot be shown here"
_OPEN = ("untested", "cannot_tell")


def stages(described: Iterable[Mapping[str, Any]], verdicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stages of the record's first line with their state, and the clauses that it is because of.

    A stage is ready when every MUST of its clauses that binds passed or does not apply; it cannot be shown where one
    is left open and none failed.
    """
    return [_stage(one, verdicts) for one in described]


def _stage(described: Mapping[str, Any], verdicts: list[dict[str, Any]]) -> dict[str, Any]:
    told = {"stage": described["name"], "title": described["title"]}
    wanted = set(described["requirements"])
    if not wanted:
        return {**told, "state": NOT_SHOWN, "because": [], "reason": described["why"]}
    deciding = [
        one for one in verdicts if one["requirement"] in wanted and one["effective"] == "MUST" and not one["new"]
    ]
    failed = _ids(one for one in deciding if one["outcome"] == "failed" and one["waived"] is None)
    open_ones = _ids(one for one in deciding if one["outcome"] in _OPEN)
    if failed:
        return {**told, "state": NOT_READY, "because": failed, "reason": None}
    if open_ones or not deciding:
        return {**told, "state": NOT_SHOWN, "because": open_ones, "reason": "clauses that decide it were not tested"}
    return {**told, "state": READY, "because": [], "reason": None}


def _ids(verdicts: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(one["requirement"] for one in verdicts))
