"""The preflight of a client alone: it is let play one situation in which all is well, and nothing is judged."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.cli.client_session import check
from harness.cli.plan import Plan, Selection
from harness.cli.result import INTERRUPTED
from harness.collect import suite
from harness.run.check import Check

_QUIET_S, _LIMIT_S = 1.0, 10.0
"""Enough for a token and a first push."""


def look(plan: Plan, progress: Callable[[str], None]) -> list[Check]:
    """What is seen of a client from its start to its first pushes. KeyboardInterrupt where the user had enough."""
    assert plan.client is not None  # noqa: S101 - chosen by that
    if plan.kind == "reference":
        return [Check("client", "passed", "it is in this process: nothing can be in its way")]
    chosen = suite(plan.interface)
    situations = (chosen.turned if plan.turned else chosen).situations
    first = next((one for one in situations if not one.changes and not one.faults), situations[0])
    alone = Selection((first.id,), (), None, frozenset(), frozenset({first.id}), 0, len(situations))
    way = replace(
        plan.client,
        quiet_s=min(plan.client.quiet_s, _QUIET_S),
        limit_s=min(plan.client.limit_s, _LIMIT_S),
        passive=True,
        pull=None,
    )
    with TemporaryDirectory(prefix="harness-doctor-") as folder:
        short = replace(plan, selection=alone, client=way, out=Path(folder), hooks={}, waivers=(), baseline=None)
        result = check(short, progress)
    if result.exit == INTERRUPTED:
        raise KeyboardInterrupt
    return [Check(one["check"], one["outcome"], one["detail"], one["next"]) for one in result.report["preflight"]]
