"""The catalogue of a system's requirements, as other programs read it."""

from typing import Any

from harness import collect
from harness.model.requirement import Requirement
from harness.model.system import System


def catalogue(system: System) -> dict[str, Any]:
    """The requirements of every interface, in the order of the report."""
    return {
        "system": system.name,
        "interfaces": {
            interface.id: [_described(one) for one in collect.suite(interface.id).requirements]
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
