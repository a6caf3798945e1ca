"""Where an OCPI server serves its modules: the paths that servers are known to use, and what its versions module says.

Source: OCPI 2.2.1, version_information_endpoint.
"""

from collections.abc import Iterator
from typing import Any

from harness.model.credential import Presentation
from harness.model.exchange import HttpExchange
from harness.model.system import Access, Knocking, Listing, NearPaths, OtherChair
from harness.standards.ocpi_2_2_1.leftovers import take_away

_VERSION = "2.2.1"


def listing(exchange: HttpExchange) -> Listing:
    """What an answer of the versions module says: the versions that there are, or the endpoints of one of them."""
    data = exchange.response.body.at("/data") if exchange.response is not None else None
    if isinstance(data, list):
        return _of_versions(dict(_pairs(data, "version")))
    if isinstance(data, dict) and isinstance(data.get("endpoints"), list):
        ours = [one for one in data["endpoints"] if isinstance(one, dict) and one.get("role", "SENDER") == "SENDER"]
        return Listing(entries={f"/{module}": url for module, url in _pairs(ours, "identifier")})
    return Listing()


def _of_versions(urls: dict[str, str]) -> Listing:
    if _VERSION in urls:
        return Listing(further=urls[_VERSION])
    return Listing(told=f"it serves OCPI {', '.join(urls)}, and {_VERSION} is not among them" if urls else "")


def _pairs(entries: list[Any], key: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get(key), str) and isinstance(entry.get("url"), str):
            yield entry[key], entry["url"]


NEAR = NearPaths(
    bases=("/ocpi/2.2.1", "/ocpi/cpo/2.2.1", "/cpo/2.2.1", "/2.2.1"),
    directories=("/versions", "/ocpi/versions", "/ocpi/cpo/versions"),
    read=listing,
)

PUSH_ENDPOINT = OtherChair(
    title="mock in the box",
    entries=("/locations", "/tariffs"),
    knocking=Knocking("PUT", "/{party}/HARNESS-KNOCKS", b"no JSON: nothing can be stored of this"),
    access=Access((Presentation("Bearer", "raw"),), hint="token server and endpoint must be of the same environment"),
    near=NearPaths(bases=("/ocpi/2.2.1", "/ocpi/emsp/2.2.1", "/ocpi/nap/2.2.1", "/ocpi", "/2.2.1")),
    writes="about ten made-up locations with their EVSEs and about ten tariffs, all in the name of the party but one "
    "tariff of NL/YPO; in the end the tariffs are deleted and the EVSEs set to REMOVED, but the locations stay, since "
    "there is no way to take one away",
    tidy=take_away,
)
"""Somebody's endpoint that clients push to. A PUT of what is no JSON is refused with 400 where something is served, and
with 404 where nothing is; a GET need not be served anywhere."""
