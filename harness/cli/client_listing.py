"""``harness list situations`` and ``harness list hooks``: what a client meets, and what only the user's hooks show."""

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.cli.hook_settings import KNOWN
from harness.collect import Suite
from harness.model.requirement import Requirement
from harness.model.situation import Situation

_WIDTH = 100
_INDENT = " " * 12


@dataclass(frozen=True)
class _Told:
    """What a hook does, what it gets besides ``hook``, ``interface`` and ``situation``, and what it answers."""

    does: str
    gets: str
    answers: str


_HOOKS = {
    "change": _Told(
        "Make this change now.",
        '{"hook", "interface", "situation", "party", "object": {"location", "evse"?, "connector"?} or {"tariff"}, '
        '"set": {…}}',
        '{"at": the time that the change got}, or nothing',
    ),
    "restart": _Told(
        "Kill your client at once and start it again with what it had kept; needed with --attach alone.",
        '{"hook", "interface", "situation"}',
        "nothing",
    ),
    "export": _Told(
        "Print what your client holds. Your own server, read by --pull-url, does the same.",
        '{"hook", "interface", "situation"}',
        'JSON Lines, an object {"table", "object"} in each: reports/schema/export-{system}.json',
    ),
}


def situation_lines(chosen: Suite) -> Iterator[str]:
    """Each situation: when it is over, what is done wrong in it, and what it needs."""
    for one in chosen.situations:
        yield f"{one.id:<46}{one.title}"
        yield from _under("Over when", one.until)
        if one.settings:
            yield from _under("With", ", ".join(f"{name} = {value}" for name, value in one.settings.items()))
        if one.faults:
            yield from _under("Wrong on purpose", ", ".join(one.faults))
        if needs := list(_needs(one)):
            yield from _under("Needs", "; ".join(needs))


def _needs(one: Situation) -> Iterator[str]:
    if _is_changed_by_the_hook(one):
        yield "the hook change, or a person at a terminal"
    elif one.changes:
        yield "a person at a terminal, or a client that does this by itself: " + one.changes[0].words
    if one.kill_after is not None:
        yield "with --attach the hook restart"
    if one.needs_s:
        yield f"{one.needs_s:g} s"
    if one.slow:
        yield "--slow"


def hook_lines(chosen: Suite) -> Iterator[str]:
    """Each hook: what it does, gets and answers, and the clauses that nothing is shown of without it."""
    for name in KNOWN[chosen.interface.subject]:
        told = _HOOKS[name]
        yield f"{name:<12}{chosen.interface.id}: {told.does}"
        yield from _under("Gets", told.gets)
        yield from _under("Answers", told.answers.replace("{system}", chosen.system.name))
        opened = [one.id for one in chosen.requirements if _OPENS[name](chosen, one)]
        if opened:
            yield from _under(f"Opens {len(opened)}", ", ".join(opened))
        else:
            yield f"{_INDENT}Opens no clause of its own: situations that call it show more of others"


def _needs_change(chosen: Suite, one: Requirement) -> bool:
    changed = {other.id for other in chosen.situations if _is_changed_by_the_hook(other)}
    changed |= {other.id for other in chosen.scenarios if _calls(other.play, "change")}
    return bool(one.asked_by) and changed.issuperset(one.asked_by)


def _needs_restart(chosen: Suite, one: Requirement) -> bool:
    killed = {other.id for other in chosen.situations if other.kill_after is not None}
    return bool(one.asked_by) and killed.issuperset(one.asked_by)


_OPENS: dict[str, Callable[[Suite, Requirement], bool]] = {
    "change": _needs_change,
    "restart": _needs_restart,
    "export": lambda _chosen, one: one.evidence == "store",
}


def _is_changed_by_the_hook(one: Situation) -> bool:
    return any(change.orders is not None for change in one.changes)


def _calls(play: Callable[..., object], hook: str) -> bool:
    """A scenario's steps are there only once it is held: what it may call stands in its code."""
    code = play.__code__
    return "call_hook" in code.co_names and hook in code.co_consts


def _under(word: str, text: str) -> list[str]:
    """A line below a name, wrapped; ids stay whole, so that they can be copied."""
    return textwrap.wrap(
        f"{word}: {text}",
        _WIDTH,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
