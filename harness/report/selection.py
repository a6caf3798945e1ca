"""How a partial run says that it is one."""

from collections.abc import Mapping
from typing import Any


def partial_run(selection: Mapping[str, Any]) -> str:
    """``partial run: 12 of 180 clauses, 3 of 20 conversations (--only 'tariff*')``, of a record's `selection`; where
    there is nobody to talk to, as with a file, without conversations."""
    told = f"{selection['requirements']} of {selection['of']} clauses"
    if selection["of_scenarios"]:
        told += f", {selection['scenarios']} of {selection['of_scenarios']} conversations"
    return f"partial run: {told} ({' '.join(_options(selection))})"


def left_out_by(selection: Mapping[str, Any]) -> str:
    """The options that left something out: ``--only and --skip``."""
    return " and ".join(f"--{name}" for name in ("only", "skip", "again") if selection[name])


def _options(selection: Mapping[str, Any]) -> list[str]:
    globs = [f"--{name} {glob!r}" for name in ("only", "skip") for glob in selection[name]]
    return [*globs, f"--again {selection['again']}"] if selection["again"] else globs
