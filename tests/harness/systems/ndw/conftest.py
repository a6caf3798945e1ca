"""The made-up feeds that the reference's data is tested on."""

from datetime import UTC, datetime

import pytest

from harness.systems.ndw.reference.feed import bulk_locations, bulk_tariffs
from tests.harness.systems.ndw.objects import PARTY, Feed


@pytest.fixture(
    scope="module",
    params=[(1, "2026-06-01T08:00:05"), (2, "2028-02-29T23:59:59.999"), (3, "2026-12-31T12:00:00")],
    ids=lambda param: f"seed {param[0]} at {param[1]}",
)
def feed(request: pytest.FixtureRequest) -> Feed:
    seed, moment = request.param
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return now, list(bulk_locations(300, seed, PARTY, now)), list(bulk_tariffs(seed, PARTY, now))
