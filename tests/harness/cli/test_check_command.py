"""``harness check`` from the outside: exit codes, files, what is printed, and that no secret ever is."""

import base64
import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema  # type: ignore[import-untyped]
import pytest

from harness.collect import suite
from harness.judge.judge import Judge, judged
from harness.model.exchange import Transcript
from harness.model.profile import Profile
from harness.model.settings import Settings
from harness.report.record import exchange_of, read
from harness.systems.ndw.reference import create_app
from harness.wire.serve import served
from harness.wire.transport import AsgiApp
from tests.harness.cli.commands import TOKEN, Ran, harness

SCHEMAS = Path(__file__).parents[3] / "reports" / "schema"


@pytest.fixture(scope="module")
def subject() -> Iterator[str]:
    """A CPO server that asks for the canary token."""
    with served(echoing(create_app(token=TOKEN, locations=75))) as origin:
        yield origin + "/ocpi/2.2.1"


def echoing(app: AsgiApp) -> AsgiApp:
    """The app, telling every caller in a header and in the body what it was called with, and what its token is."""

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        shown = dict(scope["headers"]).get(b"authorization", b"nothing").decode("latin-1")
        told = f"{shown} instead of {TOKEN} {quote(TOKEN)} {scope['query_string'].decode()}"

        async def tell(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
                message = {**message, "headers": [*kept, (b"x-echo", told.encode("latin-1"))]}
            elif message.get("body", b"").startswith(b"{"):
                message = {**message, "body": b'{"x_echo":' + json.dumps(told).encode() + b"," + message["body"][1:]}
            await send(message)

        await app(scope, receive, tell)

    return echo


@pytest.fixture(scope="module")
def checked(subject: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """One run against that server, with everything it left behind."""
    folder = tmp_path_factory.mktemp("check")
    arguments = ("check", "ndw-pull", "--url", subject, "--token-env", "CPO_TOKEN", "--seed", "7", "--out", "run")
    return harness(*arguments, folder=folder, CPO_TOKEN=TOKEN), folder / "run"


def test_a_conforming_server_passes(checked: tuple[Ran, Path]) -> None:
    ran, folder = checked
    assert (ran.code, ran.err) == (0, "")
    assert "every MUST that was tested passed (exit code 0)" in ran.out
    report = json.loads((folder / "report.json").read_text())
    assert report["subject"]["kind"] == "server"
    assert report["exit"] == 0
    assert report["totals"]["MUST"]["passed"] > 20
    assert report["totals"]["MUST"]["failed"] == report["totals"]["SHOULD"]["failed"] == 0
    untested = {verdict["reason"] for verdict in report["verdicts"] if verdict["outcome"] == "untested"}
    assert untested == {"needs the hook change"}


def test_the_report_and_every_line_of_the_record_fit_their_schemas(checked: tuple[Ran, Path]) -> None:
    _ran, folder = checked
    report_schema = json.loads((SCHEMAS / "report.json").read_text())
    jsonschema.Draft202012Validator(report_schema).validate(json.loads((folder / "report.json").read_text()))
    lines = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "run.json").read_text()))
    kinds = set()
    for number, line in enumerate(read(folder)):
        lines.validate(line)
        assert line["n"] == number
        kinds.add(line.get("kind", "first"))
    assert kinds == {"first", "clauses", "preflight", "situation", "exchange", "places", "verdict", "end"}


def test_the_token_is_in_no_artefact_in_no_spelling(checked: tuple[Ran, Path], tmp_path: Path) -> None:
    ran, folder = checked
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert harness("report", "copy", "--share", folder=tmp_path).code == 0
    for packed in (copy / "bodies").iterdir():
        packed.write_bytes(gzip.decompress(packed.read_bytes()))
    written = b"\n".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    everything = written + ran.out.encode() + ran.err.encode()
    assert {path.suffix for path in copy.iterdir()} >= {".html", ".json", ".jsonl", ".md", ".xml", ".csv"}
    assert b"[secret 1]" in everything
    assert b"[secret 1 base64, cut short]" in everything
    for spelling in (
        TOKEN,
        base64.b64encode(TOKEN.encode()).decode(),
        base64.b64encode(TOKEN.encode()).decode().rstrip("="),
        base64.b64encode(TOKEN.encode() + b"\n").decode(),
        quote(TOKEN, safe=""),
        json.dumps(TOKEN)[1:-1],
        TOKEN.replace("/", "\\/"),
        TOKEN.swapcase(),
        TOKEN + "x7",
        TOKEN[:-1],
    ):
        assert spelling.encode() not in everything


def test_judging_the_record_equals_judging_live(checked: tuple[Ran, Path]) -> None:
    _ran, folder = checked
    chosen = suite("ndw-pull")
    lines = list(read(folder))
    settings = Settings(lines[0]["profile"]["settings"])
    profile = Profile("ndw-pull", "2026.12", settings, frozenset(lines[0]["assumed"]))
    judge = Judge(chosen.requirements, profile, chosen.load(), chosen.interface.objects, "server")
    exchanges = [exchange_of(line, folder) for line in lines if line.get("kind") == "exchange"]
    situations = [line for line in lines if line.get("kind") == "situation"]
    transcripts = [
        Transcript(
            line["name"],
            tuple(exchange for exchange in exchanges if exchange.situation == line["name"]),
            tuple(
                reason for other in situations if other["name"] == line["name"] for reason in other.get("not_asked", ())
            ),
        )
        for line in situations
        if "title" in line
    ]
    again = {(one.requirement, one.party): (one.outcome, one.seen) for one in judged(judge, transcripts)}
    live = {
        (line["requirement"], line["party"]): (line["outcome"], line["seen"])
        for line in lines
        if line.get("kind") == "verdict"
    }
    assert again == live


def test_the_problem_lines_of_a_red_run_are_its_verdicts(tmp_path: Path) -> None:
    fault = "getTariffs:without_header('X-Request-ID'):times=2"
    ran = harness("check", "ndw-pull", "--reference", "--fault", fault, "--out", "run", folder=tmp_path)
    assert ran.code == 1
    assert "not conforming: 1 of" in ran.out
    assert fault in ran.out
    lines = list(read(tmp_path / "run"))
    live = [line["problem"]["exchange"] for line in lines if line.get("kind") == "problem"]
    failed = [line for line in lines if line.get("kind") == "verdict" and line["outcome"] == "failed"]
    assert [line["requirement"] for line in failed] == ["ocpi-2.2.1/message-ids-echoed"]
    assert [problem["exchange"] for problem in failed[0]["problems"]] == live
    assert len(live) == failed[0]["problem_count"] > 0


def test_a_raw_token_is_told_and_weighs_as_the_profile_says(tmp_path: Path) -> None:
    with served(_raw_only()) as origin:
        arguments = ("check", "ndw-pull", "--url", origin + "/ocpi/2.2.1", "--token-env", "T")
        weak = harness(*arguments, "--out", "weak", folder=tmp_path, T=TOKEN)
        strict = harness(*arguments, "--out", "strict", "--strict", folder=tmp_path, T=TOKEN)
        confirmed = harness(*arguments, "--out", "sure", "--confirm", "pull.token_encoding", folder=tmp_path, T=TOKEN)
    assert "accepted as Authorization: Token <raw>" in weak.out
    assert "WARNING  SHOULD (a MUST in the source)  ocpi-2.2.1/base64-token-is-accepted" in weak.out
    assert (weak.code, strict.code, confirmed.code) == (0, 1, 1)
    assert "every MUST that was tested passed, but 1 SHOULD failed (--strict)" in strict.out
    assert "FAILED  MUST  ocpi-2.2.1/base64-token-is-accepted" in confirmed.out
    assert "Confirmed pull.token_encoding (--confirm)" in confirmed.out


def _raw_only() -> AsgiApp:
    """The reference behind a gateway that encodes the raw token for it."""
    inner = create_app(token=TOKEN, locations=20)
    encoded = base64.b64encode(TOKEN.encode())

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [
            (name, b"Token " + encoded if value == b"Token " + TOKEN.encode() else b"no")
            if name == b"authorization"
            else (name, value)
            for name, value in scope["headers"]
        ]
        await inner({**scope, "headers": headers}, receive, send)

    return app
