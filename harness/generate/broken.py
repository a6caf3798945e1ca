"""Payloads that break a requirement: its own breaks, where they change objects and nothing around them."""

from collections.abc import Iterator

from harness.model.edit import Edit, Retelling, Rewrite
from harness.model.exchange import HttpExchange
from harness.model.requirement import Requirement


def variants(page: HttpExchange, requirement: Requirement) -> Iterator[HttpExchange]:
    """The page with each break of the requirement made in turn, left out where that is not about its objects alone.

    A break that shows only in the spelling of the JSON text is left out too: the objects are written anew.
    """
    for edit in requirement.broken_by:
        changed = _changed(page, edit)
        if changed is not None and _differs_in_its_objects_only(page, changed):
            yield changed


def _changed(page: HttpExchange, edit: Edit | Rewrite | Retelling) -> HttpExchange | None:
    if isinstance(edit, Retelling):  # there is no situation that a page could be told of
        return None
    if isinstance(edit, Rewrite):
        try:
            exchanges = edit.change([page])
        except (AttributeError, LookupError, StopIteration, TypeError, ValueError):  # it wants a whole conversation
            return None
        return exchanges[0] if len(exchanges) == 1 else None
    return edit.changed(page)


def _differs_in_its_objects_only(page: HttpExchange, changed: HttpExchange) -> bool:
    before, after = page.response, changed.response
    if before is None or after is None or after.body.faults or before.status != after.status:
        return False
    if before.headers.without("content-length") != after.headers.without("content-length"):
        return False
    old, new = before.body.value, after.body.value
    if not isinstance(new, dict) or old.keys() != new.keys() or not isinstance(new["data"], list):
        return False
    if any(old[name] != new[name] for name in old if name != "data") or len(old["data"]) != len(new["data"]):
        return False
    return all(isinstance(one, dict) for one in new["data"]) and _spelt(old["data"]) != _spelt(new["data"])


def _spelt(value: object) -> str:
    """Tells 1, 1.0 and true apart, which Python holds for equal."""
    return repr(value)
