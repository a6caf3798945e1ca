"""A bundled client with faults: its requests are changed before they leave it, so they are its own."""

from collections.abc import Iterable

import httpx

from harness.cli.plan import UsageError
from harness.mock.fault import Fault, fault_of
from harness.mock.faults import Faults
from harness.mock.session import Served
from harness.model.body import Body
from harness.model.edit import Edit
from harness.model.exchange import Headers, HttpRequest
from harness.spec.openapi import Operation


def faults_of_a_client(specs: Iterable[str], served: Served) -> tuple[Fault, ...]:
    """The faults that ``--fault`` options put on a client; UsageError where one is none, or is about answers."""
    try:
        found = tuple(fault_of(spec, (*served.operations, *served.services)) for spec in specs)
    except ValueError as error:
        raise UsageError(f"--fault: {error}") from None
    for one in found:
        if not isinstance(one.edit, Edit) or one.edit.side != "request":
            raise UsageError(f"--fault: {one.edit}: is about answers; of a client its requests are changed: request.…")
    return found


class FaultyRequests(httpx.AsyncBaseTransport):
    """Makes the edits of these faults, each counted anew, on requests to a mock."""

    def __init__(self, inner: httpx.AsyncBaseTransport, faults: Iterable[Fault], served: Served) -> None:
        self._inner = inner
        self._served = served
        self._faults = Faults((*served.operations, *served.services))
        for one in faults:
            self._faults.put(one)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, changed where a fault is met."""
        service, base, operation = self._meant(request)
        hits = self._faults.on_request(operation.id if operation else None, service)
        if not hits:
            return await self._inner.handle_async_request(request)
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        body = await request.aread()
        path = request.url.raw_path.decode("ascii").removeprefix(base)
        fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        told = hits.changed_request(HttpRequest(request.method, path, Headers(fields), Body(body)))
        headers = [(name, value) for name, value in told.headers if name.lower() not in ("content-length", "host")]
        changed = httpx.Request(
            told.method, f"{origin}{base}{told.url}", headers=headers, content=told.body.raw or None
        )
        return await self._inner.handle_async_request(changed)

    def _meant(self, request: httpx.Request) -> tuple[str, str, Operation | None]:
        path = request.url.raw_path.decode("ascii").partition("?")[0]
        for one in sorted(self._served.offered, key=lambda one: -len(one.base_path)):
            if path.startswith(one.base_path):
                operation = one.document.operation(request.method, path.removeprefix(one.base_path) or "/")
                if operation is not None or one.base_path:
                    return one.service.name, one.base_path, operation
        return "", "", None
