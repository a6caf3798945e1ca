"""Files of OCPI objects: saved lists, or objects on their own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from harness.model.file_kind import FileKind
from harness.standards.ocpi_2_2_1.drift import in_words

_LISTS = (("location", "getLocations", "Location"), ("tariff", "getTariffs", "Tariff"))


def _success(moment: datetime) -> Mapping[str, Any]:
    """What stands beside ``data`` in an answer (transport_and_format 4.1.7)."""
    return {"status_code": 1000, "timestamp": in_words(moment)}


def file_kinds(party: str) -> tuple[FileKind, ...]:
    """The kinds of a party that collects such lists: ``<party>-locations``, ``<party>-location`` and so on."""
    alone = [
        FileKind(
            name=f"{party}-{name}",
            title=f"{party.upper()} {name}s, each on its own",
            operation=operation,
            schema=schema,
            whole=False,
            id_member="id",
            list_member="data",
            answer_member="status_code",
            answer=_success,
        )
        for name, operation, schema in _LISTS
    ]
    whole = [
        replace(one, name=f"{one.name}s", title=f"the whole list of {party.upper()} {one.schema.lower()}s", whole=True)
        for one in alone
    ]
    return (*whole, *alone)
