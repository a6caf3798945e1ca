"""``harness check`` as a guest: nothing sent in a dry run, no more than may be, and by the way that was given."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from harness.systems.ndw.reference import create_app
from harness.wire.serve import served
from harness.wire.transport import AsgiApp
from tests.harness.cli.commands import TOKEN, Ran, harness

GATE = "g4te-Canary/with+signs"


class Counting:
    """An app that counts its requests and keeps their header fields."""

    def __init__(self, app: AsgiApp) -> None:
        self.app = app
        self.met: list[dict[bytes, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.met.append(dict(scope["headers"]))
        await self.app(scope, receive, send)


@pytest.fixture
def subject() -> Iterator[tuple[Counting, str]]:
    app = Counting(create_app(token=TOKEN, locations=60))
    with served(app) as origin:
        yield app, f"{origin}/ocpi/2.2.1"


def check(url: str, *more: str, folder: Path, **environment: str) -> Ran:
    arguments = ("check", "ndw-pull", "--url", url, "--token-env", "T", *more)
    return harness(*arguments, folder=folder, T=TOKEN, **environment)


def report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return found


def test_a_dry_run_sends_and_writes_nothing(subject: tuple[Counting, str], tmp_path: Path) -> None:
    app, url = subject
    ran = check(url, "--dry-run", "--rate", "2/s", "--max-requests", "20", folder=tmp_path)
    assert (ran.code, ran.err, app.met) == (0, "", [])
    assert list(tmp_path.iterdir()) == []
    for text in (
        "dry run, nothing is sent", url, "The puller walks all pages of the location list; grows with your pages",
        "at most 20: --max-requests", "at 2/s", "credential: made up", "no credential", "2/s (--rate)",
    ):  # fmt: skip
        assert text in ran.out
    assert TOKEN not in ran.out


def test_the_estimate_is_what_the_reference_is_asked(tmp_path: Path) -> None:
    told = harness("check", "ndw-pull", "--reference", "--dry-run", folder=tmp_path)
    ran = harness("check", "ndw-pull", "--reference", "--out", "run", folder=tmp_path)
    assert (told.code, ran.code) == (0, 0)
    lines = [json.loads(line) for line in (tmp_path / "run" / "run.jsonl").read_text().splitlines()]
    [total] = [line for line in told.out.splitlines() if line.endswith("in all")]
    assert int(total.split()[1]) == len([line for line in lines if line.get("kind") == "exchange"])


def test_no_more_is_asked_than_may_be(subject: tuple[Counting, str], tmp_path: Path) -> None:
    app, url = subject
    ran = check(url, "--max-requests", "9", "--out", "run", folder=tmp_path)
    assert len(app.met) == 9
    assert ran.code == 0
    assert "(exit code 0): --max-requests 9 was reached" in ran.out
    assert "Max requests9 (--max-requests)" in ran.out.replace("  ", "") or "9 (--max-requests)" in ran.out
    found = report(tmp_path / "run")
    assert (found["exit"], found["ended_by"]) == (0, "--max-requests 9 was reached")
    untested = [verdict for verdict in found["verdicts"] if verdict["outcome"] == "untested"]
    assert {verdict["reason"] for verdict in untested} == {"--max-requests 9 was reached"}
    assert found["origins"]["max_requests"] == "--max-requests"


def test_where_no_must_was_tested_that_is_the_verdict(subject: tuple[Counting, str], tmp_path: Path) -> None:
    app, url = subject
    wrong = url.replace("/ocpi/2.2.1", "/elsewhere")
    ran = check(wrong, "--max-requests", "1", "--out", "run", folder=tmp_path)
    assert len(app.met) == 1
    assert (ran.code, report(tmp_path / "run")["ended_by"]) == (5, "--max-requests 1 was reached")


def test_a_header_of_the_users_goes_along_and_is_a_mark_in_all_that_is_kept(
    subject: tuple[Counting, str], tmp_path: Path
) -> None:
    app, url = subject
    ran = check(url, "--header-env", "X-Gate=G", "--out", "run", folder=tmp_path, G=GATE)
    assert ran.code == 0, ran.out + ran.err
    assert {headers.get(b"x-gate") for headers in app.met} == {GATE.encode()}
    written = (tmp_path / "run" / "run.jsonl").read_text() + (tmp_path / "run" / "report.json").read_text()
    assert GATE not in written + ran.out + ran.err
    assert '["X-Gate","[secret 2]"]' in written
    assert "X-Gate (X-Gate of environment variable G)" in ran.out


@pytest.fixture
def behind_tls(tmp_path: Path) -> Iterator[tuple[Counting, str]]:
    """A subject that calls itself cpo.example, on a port of this machine; its CA lies in ca.pem."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("cpo.example", "links.example").configure_cert(context)
    app = Counting(create_app(token=TOKEN, locations=60, public_url="https://links.example/ocpi/2.2.1"))
    with served(app, tls=context) as origin:
        yield app, origin.rpartition("/")[2]


def test_connect_to_reaches_a_subject_and_its_links_by_their_names(
    behind_tls: tuple[Counting, str], tmp_path: Path
) -> None:
    app, address = behind_tls
    more = ("--ca-file", "ca.pem", "--connect-to", address, "--rate", "1000/s", "--out", "run")
    ran = check("https://cpo.example/ocpi/2.2.1", *more, folder=tmp_path)
    assert ran.code in (0, 1), ran.out + ran.err
    assert {headers[b"host"] for headers in app.met} == {b"cpo.example", b"links.example"}
    assert address in ran.out
    followed = [headers for headers in app.met if headers[b"host"] == b"links.example"]
    assert not any(b"authorization" in headers for headers in followed)


def test_insecure_is_said_loudly(behind_tls: tuple[Counting, str], tmp_path: Path) -> None:
    _app, address = behind_tls
    more = ("--insecure", "--connect-to", address, "--rate", "1000/s", "--out", "run")
    ran = check("https://cpo.example/ocpi/2.2.1", *more, folder=tmp_path)
    assert "WARNING: --insecure" in ran.err
    assert "Preflight warning: insecure" in ran.out
    assert report(tmp_path / "run")["preflight"][0]["check"] == "insecure"


def test_off_loopback_wrong_tokens_are_made_up(behind_tls: tuple[Counting, str], tmp_path: Path) -> None:
    _app, address = behind_tls
    more = ("--ca-file", "ca.pem", "--connect-to", address, "--rate", "1000/s", "--out", "run")
    check("https://cpo.example/ocpi/2.2.1", *more, folder=tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "run" / "run.jsonl").read_text().splitlines()]
    shown = [line["request"]["credential"] for line in lines if line.get("kind") == "exchange"]
    assert {one["altered"] for one in shown if one} == {None, "made up", "empty"}
    assert {one["place"] for one in shown if one} == {"header:authorization"}
