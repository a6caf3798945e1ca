"""What the command line tells of situations and hooks, and of what a check of a client would do."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.cli.selection import Wanted, selections
from harness.cli.settings import Flags, plans
from harness.collect import suite

PUSH = suite("ndw-push")


def told(*arguments: str) -> str:
    """What a command prints; it ends well."""
    ran = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_every_situation_is_listed_with_its_end_and_its_needs() -> None:
    out = told("list", "situations", "ndw-push")
    for one in PUSH.situations:
        assert one.id in out
        assert one.title in out
    assert out.count("Over when: ") == len(PUSH.situations)
    assert out.count("with --attach the hook restart") == sum(one.kill_after is not None for one in PUSH.situations)


def test_hooks_are_listed_with_the_clauses_that_they_open() -> None:
    out = told("list", "hooks")
    assert out.count("Gets: ") == 4
    assert "change      ndw-pull: Make this change now." in out
    for name in ("ocpi-2.2.1/stamps-move-with-content", "ndw/pull-shows-what-just-happened"):
        assert name in out
    on_the_store = [one.id for one in PUSH.requirements if one.evidence == "store"]
    assert all(name in out for name in on_the_store)
    assert "reports/schema/export-ndw.json" in out


def test_a_dry_run_starts_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    out = told("check", "ndw-push", "--dry-run", "--only", "all-is-well", "--", "touch", str(mark), "--once")
    assert f"touch {mark} --once, started for each situation" in out
    assert "1 in all" in out
    assert not mark.exists()


def test_what_stands_behind_the_dashes_is_the_users(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["check", "ndw-push", "--dry-run", "--", "./p", "--keep", "--", "--help"])
    assert "./p --keep -- --help, started for each situation" in ran.output
    assert "[-- COMMAND ...]" in told("check", "--help")
    plan = plans("ndw-push", Flags(command=("./p",), only=("all-is-well",)), {}, tmp_path)[0][0]
    assert plan.selection is not None
    assert plan.selection.scenarios == {"ndw/all-is-well"}
    assert plan.selection.requirements


@pytest.mark.parametrize("glob", ["ndw/all-is-well", "get-is-*", "*-is-*"])
def test_situations_are_selected_by_id_and_name(glob: str) -> None:
    made = selections(["ndw-push"], Wanted((glob,)))["ndw-push"]
    assert made is not None
    assert made.scenarios
    assert made.scenarios <= {one.id for one in PUSH.situations}


def test_doctor_looks_at_a_client(tmp_path: Path) -> None:
    assert "the bundled reference, not your system" in told("doctor", "ndw-push", "--reference")
    ran = CliRunner().invoke(app, ["doctor", "ndw-push", "--", str(tmp_path / "none")])
    assert ran.exit_code == 3
    assert "was not found" in ran.output
