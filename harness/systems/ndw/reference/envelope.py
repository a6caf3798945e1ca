"""The JSON object that is around every OCPI answer, also around the unhappy ones."""

from collections.abc import Mapping
from datetime import datetime

import orjson
from starlette.responses import Response

from .instants import stamp

SUCCESS = 1000
CLIENT_ERROR = 2000
INVALID_PARAMETER = 2001
UNKNOWN_LOCATION = 2003
SERVER_ERROR = 3000


class Refusal(Exception):  # noqa: N818 - most refusals are no fault of this program
    """A request that is not granted: an HTTP status, an OCPI status code and a reason for people."""

    def __init__(self, http: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.http = http
        self.code = code
        self.message = message
        self.headers = headers


def success(data: bytes, at: datetime, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that worked; `data` is JSON text already, so that stored objects are passed on byte for byte."""
    body = b'{"data":%b,"status_code":%d,"status_message":"Success","timestamp":"%b"}'
    return _json(200, body % (data, SUCCESS, stamp(at).encode()), headers)


def refused(refusal: Refusal, at: datetime) -> Response:
    """An answer that did not; it has no `data`."""
    body = {"status_code": refusal.code, "status_message": refusal.message, "timestamp": stamp(at)}
    return _json(refusal.http, orjson.dumps(body), refusal.headers)


def _json(http: int, body: bytes, headers: Mapping[str, str] | None) -> Response:
    return Response(body, status_code=http, headers=headers, media_type="application/json")
