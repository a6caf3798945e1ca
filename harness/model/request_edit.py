"""Edits that only a request knows: its method and its path."""

import re
from collections.abc import Callable
from dataclasses import replace

from harness.model.edit import REQUEST, TOKEN, Edit, nothing, spelt
from harness.model.exchange import HttpRequest

REQUEST_EDITS: dict[str, Callable[..., Edit]] = {}
"""Every edit of this kind that ``--fault`` knows, by name; it is written with ``request.`` before, like all others."""

_PATH = re.compile(r"/[!-\"$->@-~]*")
_ORIGIN = re.compile(r"https?://[^/?#]*")


def _request_edit(make: Callable[..., Edit]) -> Callable[..., Edit]:
    REQUEST_EDITS[make.__name__] = make
    return make


@_request_edit
def with_method(method: str) -> Edit:
    """Ask by another method."""
    if not TOKEN.fullmatch(method):
        raise ValueError(f"{method!r} is no HTTP method")

    def change(request: HttpRequest) -> HttpRequest | None:
        return None if request.method == method else replace(request, method=method)

    spelling = REQUEST + spelt("with_method", method)
    return Edit(spelling, "request.path:", nothing, change_request=change, side="request")


@_request_edit
def with_path(path: str) -> Edit:
    """Ask for another path, written as it stands below the base path of the API; the query stays."""
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path!r} is no path: it begins with a slash, is ASCII, and has no query and no white space")

    def change(request: HttpRequest) -> HttpRequest | None:
        origin = found[0] if (found := _ORIGIN.match(request.url)) else ""
        old, mark, query = request.url.removeprefix(origin).partition("?")
        return None if old == path else replace(request, url=f"{origin}{path}{mark}{query}")

    spelling = REQUEST + spelt("with_path", path)
    return Edit(spelling, "request.path:", nothing, change_request=change, side="request")
