"""A page of ten locations from the bundled reference CPO, beside a bare ASGI app and Prism on the same document."""

import base64

from tests.benchmarks.figure import Figure
from tests.benchmarks.servers import bare, prism_if_there, reference
from tests.load import Loaded, Request, load

COUNT, ROUNDS = 3_000, 3
TOKEN = "benchmark-token"
HEADERS = {
    "Authorization": f"Token {base64.b64encode(TOKEN.encode()).decode()}",
    "X-Request-ID": "r",
    "X-Correlation-ID": "c",
}
PAGE = "/locations?offset=0&limit=10"


def measure() -> list[object]:
    """Seconds per 1000 answers, the best of a few rounds in which all take turns."""
    with reference(TOKEN) as (port, base_path), bare() as bare_port, prism_if_there("openapi-pull.yaml") as prism_port:
        ours, theirs = Request("GET", f"{base_path}{PAGE}", HEADERS), Request("GET", PAGE, HEADERS)
        load(port, [ours], 100)
        mine, plain, prisms = [], [], []
        for _ in range(ROUNDS):
            mine.append(load(port, [ours], COUNT))
            plain.append(load(bare_port, [theirs], COUNT))
            prisms += [load(prism_port, [theirs], COUNT // 10)] if prism_port else []
    best = min(mine, key=_per_1000)
    what = f"list of 10 locations ({len(best.last_body)} bytes) of the reference CPO, per 1000 {best.statuses}"
    found: list[object] = [Figure(what, _per_1000(best), "bare ASGI app", min(map(_per_1000, plain)), "none")]
    if prisms:
        quickest = min(prisms, key=_per_1000)
        told = f"Prism ({len(quickest.last_body)} bytes) {quickest.statuses}"
        found.append(Figure(what, _per_1000(best), told, _per_1000(quickest), "none"))
    return found


def _per_1000(loaded: Loaded) -> float:
    return 1000 / loaded.per_second
