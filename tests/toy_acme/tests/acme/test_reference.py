"""The reference supplier: what it answers, in process."""

import asyncio

import httpx
import pytest

from harness.systems.acme.reference import create_app


@pytest.mark.parametrize(
    ("path", "key", "status"), [("/api/orders", "k-1", 200), ("/api/orders", "", 401), ("/api/other", "k-1", 404)]
)
def test_it_answers_to_its_key_and_its_path(path: str, key: str, status: int) -> None:
    async def talk() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(token="k-1"))
        async with httpx.AsyncClient(transport=transport, base_url="http://supplier.example") as client:
            return await client.get(path, headers={"X-API-Key": key})

    assert asyncio.run(talk()).status_code == status
