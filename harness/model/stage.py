"""Onboarding stages: what a party has checked, step by step, and which clauses show it."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Stage:
    """One step of the party's onboarding.

    `rows` are patterns of the source's rows that decide it; empty where nothing here can show it, and `why` says so.
    """

    name: str
    title: str
    rows: tuple[str, ...] = ()
    why: str = ""

    def decides(self, row: str) -> bool:
        """True where a clause of this row counts for the stage."""
        return any(fnmatchcase(row, pattern) for pattern in self.rows)
