"""A page of ten locations from the bundled reference CPO, beside a bare ASGI app and Prism on the same document."""

import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.collect import CONTENT
from harness.spec.bundle import bundled_json
from tests.benchmarks.figure import Figure
from tests.benchmarks.servers import bare, prism, prism_on, reference
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
    with reference(TOKEN) as (port, base_path), bare() as bare_port, _prism() as prism_port:
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


@contextmanager
def _prism() -> Iterator[int | None]:
    if prism() is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, "pull.json")
        document.write_text(bundled_json(CONTENT / "specs/ndw/openapi-pull.yaml"), encoding="utf-8")
        with prism_on(document) as port:
            yield port


def _per_1000(loaded: Loaded) -> float:
    return 1000 / loaded.per_second
