"""Validated pushes with recording and verdicts, beside a bare ASGI app and Prism on the same document."""

import urllib.parse
import urllib.request
from collections.abc import Iterator

import orjson

from harness.cli.generate import MOMENT
from harness.systems.ndw.payloads import bulk_locations
from tests.benchmarks.figure import Figure
from tests.benchmarks.servers import bare, mock, prism_if_there
from tests.load import Loaded, Request, load

COUNT, DIFFERENT, ROUNDS = 3_000, 300, 3
PARTY = ("NL", "XPO")


def measure() -> list[object]:
    """Seconds per 1000 PUTs of whole locations, the best of a few rounds in which all take turns."""
    with mock() as (port, env, _), bare() as bare_port, prism_if_there("openapi-push.yaml") as prism_port:
        bearer = token(env)
        puts = list(pushes(urllib.parse.urlsplit(env["NDW_PUSH_URL"]).path, bearer))
        theirs = list(pushes("", bearer))
        load(port, puts, DIFFERENT)  # from now on all are known, and answered alike
        ours, base, theirs_ = [], [], []
        for _ in range(ROUNDS):
            ours.append(load(port, puts, COUNT))
            base.append(load(bare_port, puts, COUNT))
            if prism_port:
                theirs_.append(load(prism_port, theirs, COUNT // 3))
    best, bare_best = min(ours, key=_per_1000), min(base, key=_per_1000)
    size = sum(len(put.body) for put in puts) // len(puts)
    what = f"PUT of a whole location ({size} bytes), judged and recorded, per 1000 {best.statuses}"
    found: list[object] = [Figure(what, _per_1000(best), "bare ASGI app", _per_1000(bare_best), "ratio 4 or less")]
    if theirs_:
        prism_best = min(theirs_, key=_per_1000)
        told = f"Prism, silent {prism_best.statuses}"
        found.append(Figure(what, _per_1000(best), told, _per_1000(prism_best), "told, no target"))
    return found


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


def pushes(below: str, bearer: str) -> Iterator[Request]:
    """PUTs of different locations, with this token."""
    headers = {"Authorization": f"Bearer {bearer}", **_HEADERS}
    for number, location in enumerate(bulk_locations(DIFFERENT, 1, PARTY, MOMENT)):
        path = f"{below}/locations/NL/XPO/{urllib.parse.quote(location['id'], safe='')}"
        yield Request("PUT", path, {**headers, "X-Request-ID": f"r-{number}"}, orjson.dumps(location))


def _per_1000(loaded: Loaded) -> float:
    return 1000 / loaded.per_second
