"""``harness check`` by OAuth2, over real sockets: the token endpoint on a port of its own, and no secret anywhere."""

import base64
import gzip
import json
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import jsonschema  # type: ignore[import-untyped]
import pytest

from harness.model.credential import Credential
from harness.report.record import exchange_of, read
from harness.systems.ndw.reference import create_app
from harness.wire.serve import served
from harness.wire.transport import AsgiApp
from tests.harness.cli.commands import TOKEN, Ran, harness

SCHEMAS = Path(__file__).parents[3] / "reports" / "schema"
SECRET = "canary-S3cret/with+signs=and%more:and space"
CLIENT = ("the-client", SECRET)
SEEN: set[str] = set()
"""Every access token that the server gave out."""


def echoing(app: AsgiApp) -> AsgiApp:
    """The app, telling every caller what it was called with, its own secret, and the last access token."""

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        shown = dict(scope["headers"]).get(b"authorization", b"nothing").decode("latin-1")
        last = sorted(SEEN)[-1] if SEEN else "none"
        told = f"{shown} {SECRET} {quote(SECRET)} {base64.b64encode(SECRET.encode()).decode()} {last}"

        async def tell(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
                message = {**message, "headers": [*kept, (b"x-echo", told.encode("latin-1"))]}
            elif message.get("body", b"").startswith(b"{"):
                body = json.loads(message["body"])
                if "access_token" in body:
                    SEEN.add(body["access_token"])
                    body["refresh_token"] = f"refresh-{body['access_token'][-12:]}"
                message = {**message, "body": json.dumps({"x_echo": told, **body}).encode()}
            await send(message)

        await app(scope, receive, tell)

    return echo


@pytest.fixture(scope="module", params=["body", "basic"])
def checked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """One run: two listeners, of which each is asked for its own part only."""
    SEEN.clear()
    folder = tmp_path_factory.mktemp("check")
    app = echoing(create_app(token=TOKEN, locations=60, oauth_client=CLIENT))
    with served(_only("/ocpi", app)) as api, served(_only("/oauth2", app)) as login:
        ran = harness(
            *("check", "ndw-pull", "--url", f"{api}/ocpi/2.2.1", "--token-url", f"{login}/oauth2/token"),
            *("--client-id", CLIENT[0], "--client-secret-env", "S", "--set", f"pull.oauth_client_auth={request.param}"),
            *("--seed", "7", "--out", "run"),
            folder=folder,
            S=SECRET,
        )
    return ran, folder / "run"


def _only(prefix: str, app: AsgiApp) -> AsgiApp:
    async def part(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].startswith(prefix):
            await app(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": 418, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    return part


def test_a_conforming_server_passes(checked: tuple[Ran, Path]) -> None:
    ran, folder = checked
    assert (ran.code, ran.err) == (0, ""), ran.out
    assert "gives this client an access token" in ran.out
    verdicts = {one["requirement"]: one for one in json.loads((folder / "report.json").read_text())["verdicts"]}
    for name in ("token-endpoint-gives-a-bearer-token", "access-token-is-a-jwt", "wrong-client-secret-gets-no-token"):
        assert verdicts[f"ndw/{name}"]["outcome"] == "passed"
    for name in ("fresh-access-token-opens-every-endpoint", "altered-access-token-is-refused"):
        assert verdicts[f"ndw/{name}"]["outcome"] == "passed"
    other = verdicts["ndw/token-works-under-the-scheme-token"]
    assert (other["outcome"], other["reason"]) == ("inapplicable", "only where pull.auth = token; here it is oauth2")
    expired = verdicts["ndw/expired-access-token-is-refused"]
    assert (expired["outcome"], expired["reason"][:10]) == ("untested", "needs time")


def test_every_line_of_the_record_fits_its_schema_and_gives_the_evidence_back(checked: tuple[Ran, Path]) -> None:
    lines = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "run.json").read_text()))
    issued: list[Credential] = []
    for line in read(checked[1]):
        lines.validate(line)
        if line.get("kind") == "exchange" and (response := exchange_of(line, checked[1]).response) is not None:
            issued += response.issued
    assert {one.place for one in issued} == {"body:access_token", "body:refresh_token"}
    assert {one.alg for one in issued if one.place == "body:access_token"} == {"HS256"}


def test_no_secret_is_in_any_artefact_in_any_spelling(checked: tuple[Ran, Path], tmp_path: Path) -> None:
    ran, folder = checked
    copy = shutil.copytree(folder, tmp_path / "copy")
    for packed in (copy / "bodies").iterdir() if (copy / "bodies").is_dir() else ():
        packed.write_bytes(gzip.decompress(packed.read_bytes()))
    written = b"\n".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    everything = written + ran.out.encode() + ran.err.encode()
    assert b"[secret 1" in everything
    assert re.search(rb"\[secret [0-9]+, one character changed\]", everything)
    assert len(SEEN) > 1
    for secret in (SECRET, *SEEN, *(f"refresh-{token[-12:]}" for token in SEEN)):
        for spelling in (
            secret,
            base64.b64encode(secret.encode()).decode().rstrip("="),
            quote(secret, safe=""),
            quote_plus(secret),
            json.dumps(secret)[1:-1],
            secret.replace("/", "\\/"),
            secret.swapcase(),
            secret[:-1],
            secret.rpartition(".")[2],
            base64.b64encode(f"{CLIENT[0]}:{quote_plus(secret)}".encode()).decode().rstrip("="),
        ):
            assert spelling.encode() not in everything, spelling


def test_the_self_check_judges_either_way(tmp_path: Path) -> None:
    ran = harness(
        "check", "ndw-pull", "--reference", "--set", "pull.auth=oauth2", "--strict", "--out", "run", folder=tmp_path
    )
    assert ran.code == 0, ran.out
    assert "accepted as Authorization: Bearer <raw>" in ran.out
    assert "self-check" in ran.out


def test_a_wrong_secret_is_configuration(tmp_path: Path) -> None:
    with served(create_app(token=TOKEN, locations=5, oauth_client=CLIENT)) as url:
        ran = harness(
            *("check", "ndw-pull", "--url", f"{url}/ocpi/2.2.1", "--token-url", f"{url}/oauth2/token"),
            *("--client-id", CLIENT[0], "--client-secret-env", "S", "--out", "run"),
            folder=tmp_path,
            S="not-the-Secret-1",
        )
    assert ran.code == 3, ran.out
    assert "401: invalid_client: unknown client or wrong secret" in ran.out
    assert "not-the-Secret-1" not in ran.out + (tmp_path / "run" / "run.jsonl").read_text()
