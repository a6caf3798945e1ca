"""By what a client under test is made to do something, and how what it holds is read."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from harness.cli.plan import Plan
from harness.cli.read_back import by_export, by_pull
from harness.cli.session import hooks_of
from harness.model.situation import Situation
from harness.run.hooks import Hook, prompt_hook
from harness.run.observe import Observe, ReadBack


def hooks_for(plan: Plan, ask: Callable[[str], str]) -> dict[str, Hook]:
    """The user's hooks; and where somebody sits at the terminal, that person for all else (``person``)."""
    hooks = hooks_of(plan)
    if plan.client is not None and plan.client.way != "command" and sys.stdin.isatty():
        hooks["person"] = prompt_hook(ask)
    return hooks


def reads_for(plan: Plan, hooks: Mapping[str, Hook]) -> list[tuple[Literal["pull", "export"], ReadBack]]:
    """How what the client holds is read: its server first, where it has one."""
    reads: list[tuple[Literal["pull", "export"], ReadBack]] = []
    if plan.client is not None and plan.client.pull is not None:
        reads.append(("pull", by_pull(plan.client.pull)))
    if "export" in hooks:
        reads.append(("export", by_export(hooks["export"], plan.interface)))
    return reads


def by_whom(at: Observe, situation: Situation) -> Iterator[str]:
    """What the client is to be made to do in a situation, and by whom."""
    for change in situation.changes or ((at.usual,) if at.runs and at.usual else ()):
        if "change" in at.hooks and change.orders is not None:
            who = "your hook change is called"
        elif "person" in at.hooks:
            who = "you are asked"
        else:
            continue
        yield f"{who}: {change.words}"
