"""How strongly clauses bind in a run, in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from harness.report.summary import KEYWORDS


def weight_words(verdict: Mapping[str, Any]) -> str:
    """``MUST``, or ``SHOULD (a MUST in the source)``."""
    effective = verdict["effective"] or "off"
    return effective if effective == verdict["keyword"] else f"{effective} (a {verdict['keyword']} in the source)"


def counted_by_weight(verdicts: Iterable[Mapping[str, Any]]) -> str:
    """``68 MUST, 48 SHOULD``."""
    counts = Counter(verdict["effective"] or "off" for verdict in verdicts)
    return ", ".join(f"{counts[word]} {word}" for word in (*KEYWORDS, "off") if counts[word])


def order(effective: str | None) -> int:
    """The strongest come first."""
    return KEYWORDS.index(effective) if effective in KEYWORDS else len(KEYWORDS)
