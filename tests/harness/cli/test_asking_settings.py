"""What a puller writes into its requests is a setting: the limit of a list, and the slash at the end of an address."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from harness.cli import app

ASKED = ("crawl-locations", "crawl-again", "crawl-tariffs", "read-single-locations")


def asked(folder: Path, setting: str) -> dict[str, list[str]]:
    """Conversation → the addresses that a check asked for in it, Links that it followed left out; it must pass."""
    only = [word for name in ASKED for word in ("--only", name)]
    arguments = ["check", "ndw-pull", "--reference", "--set", setting, "--out", str(folder), *only]
    ran = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found: dict[str, list[str]] = {}
    for line in (folder / "run.jsonl").read_text("utf-8").splitlines():
        told = json.loads(line)
        if told.get("kind") == "exchange" and "offset=" not in told["request"]["url"]:
            found.setdefault(told["situation"].partition("/")[2], []).append(told["request"]["url"])
    assert found.keys() >= set(ASKED)
    return found


@pytest.mark.parametrize(("setting", "limit"), [("none", ""), ("9", "limit=9")])
def test_the_pullers_own_crawls_carry_its_limit(setting: str, limit: str, tmp_path: Path) -> None:
    found = asked(tmp_path / "run", f"pull.limit_param={setting}")
    crawls = [*found["crawl-locations"], *found["crawl-again"], *found["crawl-tariffs"]]
    assert [urlsplit(url).query for url in crawls] == [limit] * 4
    assert {urlsplit(url).query for url in found["read-single-locations"]} == {""}


@pytest.mark.parametrize(("setting", "ends"), [("as-given", False), ("always", True)])
def test_every_address_ends_in_a_slash_where_the_puller_puts_one(setting: str, ends: bool, tmp_path: Path) -> None:
    found = asked(tmp_path / "run", f"pull.trailing_slash={setting}")
    paths = [urlsplit(url).path for urls in found.values() for url in urls]
    assert {path.endswith("/") for path in paths} == {ends}
    assert {path.strip("/").split("/")[2] for path in paths} == {"locations", "tariffs"}
    assert any(len(path.strip("/").split("/")) == 4 for path in paths), "no single location was asked for"


def test_a_limit_is_a_number_from_1() -> None:
    for value in ("0", "many"):
        ran = CliRunner().invoke(app, ["check", "ndw-pull", "--reference", "--set", f"pull.limit_param={value}"])
        assert str(ran.exception) == f"--set: pull.limit_param = {value!r}: none, or a whole number from 1"


def test_both_are_listed_and_asked_in_the_mail() -> None:
    settings = CliRunner().invoke(app, ["list", "settings", "ndw-pull"]).output.splitlines()
    assert [line.split()[:3] for line in settings if line.startswith(("pull.limit_param", "pull.trailing_slash"))] == [
        ["pull.limit_param", "none", "assumed"],
        ["pull.trailing_slash", "as-given", "assumed"],
    ]
    mail = CliRunner().invoke(app, ["list", "assumptions", "ndw-pull", "--as-mail"]).output
    for words in ("send limit when it fetches a list", "a slash at the end of every address"):
        assert words in mail
