"""Suggestions for words that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that was probably meant, whatever its case, or None."""
    by_fold = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), by_fold, n=1, cutoff=cutoff)
    return by_fold[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", cutoff: float = 0.6) -> str:
    """``; did you mean 'x'?``, or `otherwise` (by default the list of what is known) where nothing is near."""
    names = sorted(known)
    near = nearest(word, names, cutoff)
    return f"; did you mean {near!r}?" if near else otherwise or f"; known: {', '.join(names)}"
