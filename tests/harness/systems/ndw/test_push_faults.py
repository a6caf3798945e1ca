"""What the mock spoils on purpose never counts against the client, and never as a fault of the mock itself."""

import httpx
import pytest

from harness.mock.trouble import TROUBLES
from harness.model.verdict import Outcome
from tests.harness.systems.ndw.pushing import EVSE, NEW, TARIFF, Pushing, location, tariff

EDITS = (
    'with_field("/status_code", 200)',
    'with_body("<html>")',
    "with_status(500)",
    'without_header("X-Request-ID")',
    'with_header("Content-Type", "text/html")',
    'request.without_field("/last_updated")',
    'request.with_header("Content-Type", "text/plain")',
)


def failed(at: Pushing) -> list[str]:
    return [one.requirement for one in at.session.verdicts("ndw") if one.outcome is Outcome.FAILED]


@pytest.mark.parametrize(
    "edit", [*EDITS, *(f"{name}()" for name in TROUBLES if name not in ("delay", "throttled_until"))]
)
def test_a_correct_client_has_nothing_to_answer_for(edit: str) -> None:
    at = Pushing()
    at.push("PUT", TARIFF, tariff())
    at.session.faults.add(f"*:{edit}")
    for method, path, value in (
        ("PUT", TARIFF, tariff(last_updated="2026-12-01T07:59:30Z")),
        ("PUT", "/locations/NL/XPO/LOC-0001", location()),
        ("PATCH", EVSE, {"status": "CHARGING", "last_updated": NEW}),
        ("DELETE", TARIFF, None),
    ):
        try:
            at.push(method, path, value)
        except httpx.TransportError:  # what a broken connection is to a client
            continue
    assert len(at.session.journal) == 6
    assert all(entry.faults for entry in list(at.session.journal)[2:])
    assert failed(at) == []
    assert at.session.judges["ndw"].own_faults == []


def test_what_the_client_itself_says_wrongly_counts_beside_a_spoilt_answer() -> None:
    at = Pushing()
    at.push("PUT", TARIFF, tariff())
    at.session.faults.add('*:with_body("<html>")')
    at.push("PATCH", EVSE, {"status": "Charging", "last_updated": NEW}, {"X-Request-ID": ""})
    assert failed(at) == ["ocpi-2.2.1/requests-carry-message-ids", "ocpi-2.2.1/evse-fields-are-as-defined"]
