"""The report on a client: its situations, what it is told to do, and the lines of the record that only it has."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from harness.report import formats, summary
from harness.report.console import print_report
from harness.report.html import render
from harness.report.share import share
from harness.report.situations import line_of
from harness.report.summary import report_of
from tests.harness.report.made_client_runs import BURST, FAILING, KILLED, OUTAGE, WELL, MadeClientRun
from tests.harness.report.schemas import differences


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A run folder with every format, and its report."""
    folder = tmp_path_factory.mktemp("run")
    MadeClientRun().write(folder)
    report = summary.write(folder)
    formats.write_all(folder, report)
    return folder, report


def printed(folder: Path, report: dict[str, Any]) -> str:
    out = io.StringIO()
    print_report(folder, report, out, title="a client")
    return out.getvalue()


def test_the_schemas_know_every_line_and_member(run: tuple[Path, dict[str, Any]]) -> None:
    assert differences(run[0]) == []


def test_situations_are_told_with_what_was_said_and_done(run: tuple[Path, dict[str, Any]]) -> None:
    by_name = {one["name"]: one for one in run[1]["situations"]}
    assert list(by_name) == [WELL, OUTAGE, KILLED, BURST]
    outage = by_name[OUTAGE]
    assert (outage["over"], outage["exchanges"], outage["tokens"]) == ("done", 10, 2)
    assert [one["kind"] for one in outage["happened"]] == ["started", "troubled", "well", "stopped"]
    assert [(one["name"], one["after"]) for one in outage["hooks"]] == [("change", "e16")]
    assert by_name[KILLED]["not_asked"] == ["needs the hook change"]
    assert line_of(by_name[KILLED]) == (
        "66.1 s, 16 requests, 2 tokens, 1 kill. Over because the limit came before its condition held"
    )


def test_a_long_fault_does_not_fill_its_line() -> None:
    met = {"seconds": 1.0, "exchanges": 1, "tokens": 0, "happened": [], "hooks": [], "over": "done"}
    told = line_of({**met, "faults": [f'push:with_field("/data", "{"x" * 90}"):times=1']})
    assert "on purpose (push:with_field(…):times=1)" in told


def test_a_run_that_was_killed_shows_what_was_said_by_then(tmp_path: Path) -> None:
    MadeClientRun(cut_off=True).write(tmp_path)
    report = report_of(tmp_path)
    last = report["situations"][-1]
    assert (last["name"], last["over"], last["seconds"]) == (BURST, None, None)
    assert "the run was cut off in it" in render(report, tmp_path)


def test_a_failure_names_its_situation_and_how_to_meet_it_again(run: tuple[Path, dict[str, Any]]) -> None:
    folder, report = run
    again = f"harness check ndw-push --only {WELL} -- COMMAND"
    text = printed(folder, report)
    assert f"Situation {WELL}" in text
    assert f"Again     {again}" in text
    markdown = (folder / "report.md").read_text("utf-8")
    assert f"in the situation `{WELL}`" in markdown
    assert f"- **Next** `{again}`" in markdown
    page = (folder / "report.html").read_text("utf-8")
    assert f'<a href="#time-{WELL.replace("/", "-")}"><code>{WELL}</code></a>' in page
    assert again in page
    assert "Mend your client, start the mock again" not in page


@pytest.mark.parametrize(
    ("kind", "way", "command"),
    [
        ("client", {"command": "harness.toml:3"}, f"harness check ndw-push --only {WELL}"),
        ("client", {"attach": "--attach"}, f"harness check ndw-push --only {WELL} --attach"),
        ("reference", {}, f"harness check ndw-push --reference --only {WELL}"),
    ],
)
def test_the_command_is_the_one_for_how_the_client_is_had(
    tmp_path: Path, kind: str, way: dict[str, str], command: str
) -> None:
    MadeClientRun(crowd=0, kind=kind, way=way).write(tmp_path)
    assert f"Again     {command}\n" in printed(tmp_path, report_of(tmp_path))


def test_what_a_missing_hook_kept_from_being_tested_says_what_to_write(run: tuple[Path, dict[str, Any]]) -> None:
    folder, report = run
    text = printed(folder, report)
    assert text.count("Put into harness.toml:") == 2
    assert '      [ndw-push.hooks]\n      # it prints what your client holds\n      export = ["./export.sh"]' in text
    assert '  change = ["./change.sh"]' in (folder / "report.md").read_text("utf-8")
    assert "put your own command or call into harness.toml" in (folder / "report.html").read_text("utf-8")


def test_all_situations_are_summed_up_in_one_line(run: tuple[Path, dict[str, Any]]) -> None:
    told = f"4 situations: 3 played to the end, 1 over at the limit ({KILLED}); 81 requests, 6 tokens"
    assert told in printed(*run)


def test_markdown_has_a_line_for_every_situation(run: tuple[Path, dict[str, Any]]) -> None:
    part = (run[0] / "report.md").read_text("utf-8").partition("## Time line\n\n")[2].partition("\n\n")[0]
    assert [line.split("`")[1] for line in part.splitlines()] == [WELL, OUTAGE, KILLED, BURST]


def test_a_masked_copy_has_nothing_that_the_client_wrote(tmp_path: Path) -> None:
    MadeClientRun(crowd=0, text='"Jan Jansen, 0612345678"').write(tmp_path / "run")
    share(tmp_path / "run", tmp_path / "copy")
    copied = (tmp_path / "copy" / "run.jsonl").read_text("utf-8")
    assert "Jansen" in (tmp_path / "run" / "run.jsonl").read_text("utf-8")
    assert "Jansen" not in copied
    assert '"kind":"output"' not in copied
    copy = report_of(tmp_path / "copy")
    assert [one["exchanges"] for one in copy["situations"]] == [14, 10, 16, 1]
    assert "no end told" in render(copy, tmp_path / "copy")


def test_the_stages_of_the_push_hang_on_its_own_rows(run: tuple[Path, dict[str, Any]]) -> None:
    by_name = {one["stage"]: one for one in run[1]["stages"]}
    assert by_name["push.locations"]["state"] == "not ready"
    assert by_name["push.locations"]["because"] == [FAILING]
    assert by_name["pull.auth"]["reason"] == "the pull is judged by ndw-pull"


def test_an_older_reader_may_pass_over_the_new_lines(run: tuple[Path, dict[str, Any]]) -> None:
    lines = [json.loads(line) for line in (run[0] / "run.jsonl").read_text("utf-8").splitlines()]
    new = [one for one in lines if one.get("kind") == "output" or "happened" in one or one.get("state") == "over"]
    assert len(new) > 10
    assert all({"kind", "n", "at"} <= set(one) for one in new)
