"""The report on what came to a mock: of a client, in every format, and without a secret."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from harness.cli.mock_report import bytes_in, rendered, write
from harness.mock.call import Dialect
from harness.model.verdict import UNSHOWN
from harness.report.console import print_report
from tests.harness.report.schemas import differences
from tests.harness.systems.ndw.pushing import TARIFF, Pushing, tariff

ORIGIN = "http://localhost"
CANARY = "canary-of-a-wrong-secret"


@pytest.fixture(scope="module")
def pushing() -> Pushing:
    """A mock that heard a client which did much wrong."""
    made = Pushing()
    made.ask(data={"grant_type": "client_credentials", "client_id": made.env["NDW_CLIENT_ID"], "client_secret": CANARY})
    made.ask(data={"grant_type": "client_credentials"}, auth=(made.env["NDW_CLIENT_ID"], made.env["NDW_CLIENT_SECRET"]))
    made.push("PUT", TARIFF, {"id": "TAR-02"})
    made.push("PUT", TARIFF, raw=b"{", headers={"X-Request-ID": ""})
    return made


@pytest.fixture(scope="module")
def run(pushing: Pushing, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The run folder and its report."""
    folder = tmp_path_factory.mktemp("run")
    report, code = write(pushing.session, pushing.session.served[0], folder, ORIGIN)
    assert code == report["exit"] == 1
    return folder, report


def test_it_is_as_its_schema_has_it_and_of_a_client(run: tuple[Path, dict[str, Any]]) -> None:
    folder, report = run
    assert differences(folder) == []
    assert (report["subject"]["kind"], report["subject"]["as"], report["interface"]) == ("client", "client", "ndw-push")
    failed = {one["requirement"] for one in report["verdicts"] if one["outcome"] == "failed"}
    assert {"ndw/ids-match-the-url", "ocpi-2.2.1/tariff-has-required-fields"} <= failed
    assert not [one for one in report["verdicts"] if one["binds"] == "server"], "it is about the client alone"


def test_a_fault_of_the_mock_itself_is_told_and_is_no_failure_of_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Pushing()
    push = at.session.served[0].behaviour.dialects["push"]
    mute = replace(push, finished=lambda _call, reply: reply)  # the ids of the request are not repeated
    monkeypatch.setitem(cast("dict[str, Dialect]", at.session.served[0].behaviour.dialects), "push", mute)
    at.push("PUT", TARIFF, tariff())
    report, code = write(at.session, at.session.served[0], tmp_path, ORIGIN)
    assert code == report["exit"] == 4
    assert "ocpi-2.2.1/message-ids-echoed" in report["ended_by"]
    assert not [one for one in report["verdicts"] if one["outcome"] == "failed"]


def test_no_file_holds_a_secret(pushing: Pushing, run: tuple[Path, dict[str, Any]]) -> None:
    folder, _report = run
    basic = base64.b64encode(f"{pushing.env['NDW_CLIENT_ID']}:{pushing.env['NDW_CLIENT_SECRET']}".encode()).decode()
    files = {path: path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}
    assert {path.name for path in files} >= {"run.jsonl", "report.json", "report.html", "junit.xml", "findings.csv"}
    for secret in (CANARY, pushing.token, pushing.env["NDW_CLIENT_SECRET"], basic):
        assert not [path for path, text in files.items() if secret in text]


def test_what_to_type_next_is_for_a_client(
    run: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, report = run
    print_report(folder, report, title="what came to the mock")
    console = capsys.readouterr().out
    pages = [(folder / name).read_text("utf-8") for name in ("report.html", "report.md")]
    for text in (*pages, console):
        for of_servers in ("harness check", "--confirm", "on purpose", "--name gives", "here the harness itself"):
            assert of_servers not in text
    assert all("harness serve ndw" in text for text in pages)
    [curl] = {one["curl"] for one in report["exchanges"].values() if "TAR-02" in one["curl"]}
    assert "${NDW_TOKEN}" in curl
    assert {one["credential"] for one in report["exchanges"].values()} <= {"Bearer token", "Basic"}


def test_the_console_counts_what_nothing_showed_instead_of_listing_it(
    run: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, report = run
    print_report(folder, report, title="what came to the mock")
    out = capsys.readouterr().out
    assert "MUST" in next(line for line in out.splitlines() if "nothing in this run shows it: " in line)
    unshown = [one["requirement"] for one in report["verdicts"] if one["reason"] == UNSHOWN]
    assert unshown
    assert not [name for name in unshown if f"  {name}\n" in out]


def test_what_came_so_far_is_given_and_the_session_goes_on(pushing: Pushing) -> None:
    session, served = pushing.session, pushing.session.served[0]
    before = session.journal.last
    record = [json.loads(line) for line in bytes_in(session, "ndw", "run.jsonl", {"ndw": ORIGIN}).splitlines()]
    assert [one.get("kind") for one in record].count("exchange") == before == session.journal.last
    pushing.push("PUT", TARIFF, {"id": "TAR-03"})
    made = rendered(session, served, ["md"], ORIGIN)
    assert "TAR-03" in made["run.jsonl"]
    assert made["md"].count("ndw-push") > 0
