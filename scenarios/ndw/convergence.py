"""NDW, convergence: what was pushed against what is pulled. The pull alone shows one of the two."""

from functools import partial

from harness.model.requirement import Reason, excluded

not_here = partial(excluded, reason=Reason.NOT_OBSERVABLE)

UNTESTED = (
    not_here(
        "The Locations that are pulled are those that were pushed",
        "converge-locations",
        detail="Nothing is pushed over this interface; ndw-push compares a later pull with what it received.",
    ),
    not_here(
        "The Tariffs that are pulled are those that were pushed",
        "converge-tariffs",
        detail="Nothing is pushed over this interface; ndw-push compares a later pull with what it received.",
    ),
    not_here(
        "A Tariff that was deleted is not pulled any more, and one that is gone was deleted",
        "converge-deleted-tariff-gone",
        detail="A Tariff is deleted by a push; a pull cannot tell one that was deleted from one that got lost.",
    ),
    not_here(
        "Pull and push carry the same last_updated",
        "converge-last-updated-agrees",
        detail="There is no push here whose stamp could be compared with the pulled one.",
    ),
)
