"""The page for people, and the documentation that can be tried out. Nothing of them comes from anywhere else."""

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter
from fastapi.responses import Response

from harness.mock.control.access import AT, Refused

_OURS = Path(__file__).parent / "static"
_SWAGGER = Path(fastapi_offline.__file__).parent / "static"
_FILES = {path.name: path for path in sorted(_OURS.iterdir())} | {
    name: _SWAGGER / name for name in ("swagger-ui.css", "swagger-ui-bundle.js")
}
_MEDIA = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_ITSELF_ALONE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False)


@router.get("/")
async def the_page() -> Response:
    """The page for people."""
    return _file("page.html", _ITSELF_ALONE)


@router.get(f"{AT}/docs")
async def documentation() -> Response:
    """The control path's own documentation."""
    return _file("docs.html", _ITSELF_ALONE.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"))


@router.get("/static/{name}")
async def a_file(name: str) -> Response:
    """What the two are made of."""
    if name not in _FILES:
        raise Refused(404, f"there is no file {name}")
    return _file(name)


@router.get("/favicon.ico")
async def no_icon() -> Response:
    """Browsers ask for it."""
    return Response(status_code=204)


def _file(name: str, policy: str = _ITSELF_ALONE) -> Response:
    path = _FILES[name]
    headers = {"Content-Security-Policy": policy, "X-Frame-Options": "DENY"}
    return Response(path.read_bytes(), media_type=_MEDIA[path.suffix], headers=headers)
