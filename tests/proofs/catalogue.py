"""The catalogue of a system's requirements, as other programs read it."""

from typing import Any

from harness import collect
from harness.collect import Sight
from harness.model.requirement import Requirement
from harness.model.system import System
from tests.proofs.sights import sights


def catalogue(system: System) -> dict[str, Any]:
    """The requirements of every interface, in the order of the report."""
    return {
        "system": system.name,
        "interfaces": {
            interface.id: [
                {**_described(one), **_seen(sights(interface.id)[one.id])}
                for one in collect.suite(interface.id).requirements
            ]
            for interface in system.interfaces
        },
    }


def _described(one: Requirement) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "keyword": one.keyword,
        "basis": one.basis,
        "source": {"document": one.source.document, "section": one.source.section},
        "row": one.row,
        "since": one.since,
        "binds": one.binds,
        "evidence": one.evidence,
        "rests_on": list(one.rests_on),
        "asked_by": list(one.asked_by),
        "formerly": list(one.formerly),
        "only_where": dict(one.only_where),
    }


def _seen(sight: Sight) -> dict[str, list[str]]:
    """In which conversations with the reference the clause is seen; `shown_by` where fewer show it alone."""
    alone = {} if sight.shown_by == sight.looks_at else {"shown_by": sorted(sight.shown_by)}
    return {"looks_at": sorted(sight.looks_at), **alone}
