"""The self-check, the demo, list and explain, from the outside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli.demo_faults import CLIENT_FAULTS, FAULTS
from harness.collect import suite
from tests.harness.cli.commands import TOKEN, harness


def test_check_in_an_empty_folder_is_a_self_check_and_says_so(tmp_path: Path) -> None:
    ran = harness("check", folder=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "self-check: the bundled reference is judged, not your system" in ran.out
    folders = sorted((tmp_path / "reports" / "runs").iterdir(), key=lambda one: one.name.partition("-ndw-")[2])
    for folder, name, chair in zip(folders, ("ndw-pull", "ndw-push"), ("server", "client"), strict=True):
        assert folder.name.endswith(f"-{name}")
        assert ":" not in folder.name
        subject = json.loads((folder / "report.json").read_text())["subject"]
        assert (subject["kind"], subject["as"]) == ("reference", chair)


def test_the_demo_is_red_with_eight_findings(tmp_path: Path) -> None:
    ran = harness("demo", "--out", "run", folder=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    failed = [line.split()[2] for line in ran.out.splitlines() if line.startswith("FAILED")]
    assert (len(CLIENT_FAULTS), len(FAULTS)) == (3, 5)
    assert failed == [
        "ndw/bodies-are-of-type-json",
        "ocpi-2.2.1/requests-carry-message-ids",
        "ocpi-2.2.1/request-ids-are-never-reused",
        "ndw/connectors-are-of-2-2-1",
        "ocpi-2.2.1/message-ids-echoed",
        "ocpi-2.2.1/errors-carry-the-envelope",
        "ocpi-2.2.1/malformed-parameters-are-no-server-error",
        "ocpi-2.2.1/every-endpoint-asks-for-the-token",
    ]
    for interface in ("ndw-pull", "ndw-push"):
        for name in ("report.html", "report.md"):  # a check of the reference without these faults would pass
            told = (tmp_path / "run" / interface / name).read_text("utf-8")
            assert ("harness demo" in told, "harness check" in told) == (True, False), (interface, name)


def test_faults_are_put_on_the_requests_of_the_bundled_client(tmp_path: Path) -> None:
    fault = 'patchEvse:request.without_field("/last_updated")'
    ran = harness("check", "ndw-push", "--reference", "--only", "all-is-well", "--fault", fault, folder=tmp_path)
    assert ran.code == 1
    assert "FAILED  MUST  ndw/patch-has-last-updated" in ran.out
    ran = harness("check", "ndw-push", "--reference", "--fault", "putTariff:with_status(500)", folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "of a client its requests are changed" in ran.err


def test_passive_leaves_out_the_situations_that_are_about_trouble(tmp_path: Path) -> None:
    ran = harness("check", "ndw-push", "--reference", "--passive", "--out", "run", folder=tmp_path)
    assert ran.code == 0
    played = {
        one["name"]: one for one in json.loads((tmp_path / "run" / "report.json").read_text("utf-8"))["situations"]
    }
    assert {"ndw/all-is-well", "ndw/short-lived-token"} <= played.keys()
    assert not played.keys() & {"ndw/token-ends-half-way", "ndw/killed-and-started-again"}
    assert [one for one in played.values() if one["faults"]] == []


def test_explain_says_all_that_a_requirement_says(tmp_path: Path) -> None:
    requirement = next(one for one in suite("ndw-pull").requirements if one.rests_on)
    ran = harness("explain", requirement.id, folder=tmp_path)
    assert ran.code == 0
    for text in (requirement.title, requirement.why, requirement.fix, requirement.row, *requirement.rests_on):
        assert text in ran.out
    for edit in (*requirement.broken_by, *requirement.kept_by):
        assert str(edit) in ran.out


@pytest.mark.parametrize(
    ("kind", "shows"),
    [
        ("interfaces", "ndw-pull"),
        ("requirements", "ocpi-2.2.1/envelope-is-timestamped"),
        ("assumptions", "pull.token_encoding = auto"),
        ("scenarios", "ocpi-2.2.1/crawl-locations"),
        ("settings", "pull.plain_http"),
        ("edits", "without_field(pointer)"),
    ],
)
def test_list_shows_what_there_is(kind: str, shows: str, tmp_path: Path) -> None:
    ran = harness("list", kind, "ndw-pull", folder=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert shows in ran.out


def test_the_file_configures_a_check_with_weights_of_its_own(tmp_path: Path) -> None:
    fault = "getTariffs:without_header('X-Request-ID')"
    arguments = ("reference", "ndw", "--port", "0", "--token-env", "CPO_TOKEN", "--fault", fault)
    with subprocess.Popen(
        [sys.executable, "-m", "harness", *arguments],
        env={"CPO_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"},
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        (tmp_path / "harness.toml").write_text(
            f'[ndw]\nkeywords = {{"ocpi-2.2.1/message-ids-echoed" = "SHOULD"}}\n'
            f'[ndw-pull]\nurl = "{url}"\ntoken = "${{CPO_TOKEN}}"\nparties = ["NL/XPO"]\nname = "our CPO"\n'
        )
        ran = harness("check", "--out", "run", folder=tmp_path, CPO_TOKEN=TOKEN)
        server.terminate()
    assert ran.code == 0, ran.out + ran.err
    assert f"Subject   our CPO at {url}" in ran.out
    assert "Keyword   ocpi-2.2.1/message-ids-echoed = SHOULD" in ran.out
    assert "WARNING  SHOULD (a MUST in the source)  ocpi-2.2.1/message-ids-echoed" in ran.out
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert report["profile"]["keywords"] == {"ocpi-2.2.1/message-ids-echoed": "SHOULD"}
    assert report["origins"]["token"] == "environment variable CPO_TOKEN"
