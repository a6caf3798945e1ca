"""Which path answers with what."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


def utc_now() -> datetime:
    """The machine's clock, as an aware datetime."""
    return datetime.now(UTC)


def create_app(
    *, token: str, now: Callable[[], datetime] = utc_now, seed: int = 1, public_url: str | None = None
) -> App:
    """A supplier that answers GET `/api/orders` to whoever sends `token` in X-API-Key.

    `public_url` is what the world calls `/api`; where it is given, the list says where it was found.
    """
    today = f"{now():%Y-%m-%d}"
    found_at = {"self": f"{public_url}/orders"} if public_url else {}
    orders = [{"id": f"O-{n}", "day": today, "quantity": (seed + n) % 9 + 1} for n in range(1, 6)]

    async def app(scope: Message, _receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        status: int
        body: dict[str, Any]
        headers = [(b"content-type", b"application/json")]
        if dict(scope["headers"]).get(b"x-api-key") != token.encode():
            status, body = 401, {"error": "unknown key"}
        elif (scope["method"], scope["path"]) != ("GET", "/api/orders"):
            status, body = 404, {"error": "nothing here"}
        else:
            status, body = 200, {"orders": orders, **found_at}
            headers.append((b"x-count", str(len(orders)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    return app
