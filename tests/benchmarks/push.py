"""Validated pushes with recording and verdicts, beside a bare ASGI app and Prism on the same document."""

import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from harness.cli.generate import MOMENT
from harness.collect import CONTENT
from harness.spec.bundle import bundled_json
from harness.systems.ndw.payloads import bulk_locations
from tests.benchmarks.figure import Figure
from tests.benchmarks.servers import bare, mock, prism, prism_on
from tests.load import Loaded, Request, load

COUNT, DIFFERENT, ROUNDS = 3_000, 300, 3
PARTY = ("NL", "XPO")


def measure() -> list[object]:
    """Seconds per 1000 PUTs of whole locations, the best of a few rounds in which all take turns."""
    with mock() as (port, env, _), bare() as bare_port, _prism() as prism_port:
        bearer = {"Authorization": f"Bearer {token(env)}", **_HEADERS}
        puts = list(_puts(urllib.parse.urlsplit(env["NDW_PUSH_URL"]).path, bearer))
        theirs = list(_puts("", bearer))
        load(port, puts, DIFFERENT)  # from now on all are known, and answered alike
        rounds = [
            (
                load(port, puts, COUNT),
                load(bare_port, puts, COUNT),
                load(prism_port, theirs, COUNT // 3) if prism_port else None,
            )
            for _ in range(ROUNDS)
        ]
    ours, base = (min((one[index] for one in rounds), key=_per_1000) for index in (0, 1))
    size = sum(len(put.body) for put in puts) // len(puts)
    what = f"PUT of a whole location ({size} bytes), judged and recorded, per 1000 {ours.statuses}"
    found: list[object] = [Figure(what, _per_1000(ours), "bare ASGI app", _per_1000(base), "ratio 4 or less")]
    prisms = [one[2] for one in rounds if one[2] is not None]
    if prisms:
        best = min(prisms, key=_per_1000)
        found.append(Figure(what, _per_1000(ours), f"Prism {best.statuses}", _per_1000(best), "told, no target"))
    return found or []


_HEADERS = {"Content-Type": "application/json", "X-Request-ID": "r", "X-Correlation-ID": "c"}


def token(env: dict[str, str]) -> str:
    """An access token of the mock."""
    form = {
        "grant_type": "client_credentials",
        "client_id": env["NDW_CLIENT_ID"],
        "client_secret": env["NDW_CLIENT_SECRET"],
    }
    with urllib.request.urlopen(env["NDW_TOKEN_URL"], urllib.parse.urlencode(form).encode()) as answer:
        found: str = orjson.loads(answer.read())["access_token"]
        return found


def _puts(below: str, headers: dict[str, str]) -> Iterator[Request]:
    for number, location in enumerate(bulk_locations(DIFFERENT, 1, PARTY, MOMENT)):
        path = f"{below}/locations/NL/XPO/{urllib.parse.quote(location['id'], safe='')}"
        yield Request("PUT", path, {**headers, "X-Request-ID": f"r-{number}"}, orjson.dumps(location))


@contextmanager
def _prism() -> Iterator[int | None]:
    if prism() is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, "push.json")
        document.write_text(bundled_json(CONTENT / "specs/ndw/openapi-push.yaml"), encoding="utf-8")
        with prism_on(document) as port:
            yield port


def _per_1000(loaded: Loaded) -> float:
    return 1000 / loaded.per_second
