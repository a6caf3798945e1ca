"""Asks the control path of a mock that is running."""

import json
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from harness.cli.plan import UsageError

_ROOT = "/_harness/v1"
_PATIENCE_S = 10
_NEEDED = "the control listener of a mock is needed, such as http://127.0.0.1:7400"


def fetched_run(url: str, out: Path | None) -> Path:
    """The folder into which the record of a running mock was written; `url` is that of its control listener, or of one
    of its sessions."""
    control, _, rest = url.rstrip("/").partition(_ROOT)
    session = rest.removeprefix("/sessions/").partition("/")[0] or "default"
    record = fetched(control, f"/sessions/{quote(session, safe='')}/run.jsonl")
    folder = out or Path("reports/runs") / f"{urlsplit(control).netloc.replace(':', '-')}-{session}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.jsonl").write_bytes(record)
    return folder


def asked(control: str, path: str) -> Any:
    """The JSON answer to GET; UsageError where nobody answers, or with no."""
    try:
        return json.loads(fetched(control, path))
    except ValueError:
        raise UsageError(f"what answers at {control} is no mock: {_NEEDED}") from None


def fetched(control: str, path: str) -> bytes:
    """The body of the answer to GET; UsageError where nobody answers, or with no."""
    if not control.startswith(("http://", "https://")):
        raise UsageError(f"{control!r} is no URL: {_NEEDED}")
    request = Request(f"{control}{_ROOT}{path}", headers={"Accept": "application/json"})  # noqa: S310 - http, see above
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=_PATIENCE_S) as answer:
            body: bytes = answer.read()
            return body
    except HTTPError as error:
        raise UsageError(f"{control}{_said(error)}") from None
    except HTTPException:
        raise UsageError(f"what answers at {control} does not speak HTTP: {_NEEDED}") from None
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise UsageError(f"no mock answers at {control} ({reason}); start one: harness serve") from None


def _said(error: HTTPError) -> str:
    """An answer that is no: in the words of a control path where there are some."""
    try:
        detail = json.loads(error.read()).get("detail")
    except (ValueError, OSError, HTTPException, AttributeError):
        detail = None
    return f": {detail}" if isinstance(detail, str) else f" answers {error.code}: {_NEEDED}"
