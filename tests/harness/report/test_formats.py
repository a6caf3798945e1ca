"""The run folder: what lies in it after every run, each format made of the record alone, and the same each time."""

import gzip
import hashlib
import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml
from typer.testing import CliRunner

from harness.cli import app
from harness.report import formats
from harness.report.formats import FORMATS
from harness.report.index import page, write_index
from harness.report.record import read
from harness.report.summary import report_of
from harness.systems.ndw.payloads import bulk_locations
from tests.harness.report.killed_run import run as hold
from tests.harness.report.made_runs import MadeRun
from tests.harness.report.schemas import differences
from tests.proofs.conversation import START

FILES = {"run.jsonl", "bodies", *(one.file for one in FORMATS.values())}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a red run, held in process on a frozen clock."""
    folder = tmp_path_factory.mktemp("red")
    hold(str(folder), locations=75, page_size=50)
    formats.write_all(folder, report_of(folder))
    return folder


def harness(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, [*arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_every_format_lies_in_the_folder_and_fits_its_schema(red: Path) -> None:
    assert {path.name for path in red.iterdir()} == FILES
    assert differences(red) == []


def test_bodies_lie_once(red: Path) -> None:
    named = [
        body["sha256"]
        for line in read(red)
        if line.get("kind") == "exchange"
        for body in (line["request"]["body"], (line["response"] or {}).get("body", {}))
        if "sha256" in body
    ]
    stored = {path.name: gzip.decompress(path.read_bytes()) for path in (red / "bodies").iterdir()}
    assert set(named) == set(stored)
    assert len(named) > len(stored)
    assert {hashlib.sha256(raw).hexdigest() for raw in stored.values()} == set(stored)


def test_formats_are_made_of_the_record_alone_without_bodies_and_the_same_each_time(red: Path, tmp_path: Path) -> None:
    shutil.copy(red / "run.jsonl", tmp_path)
    harness("report", str(tmp_path))
    assert not (tmp_path / "bodies").exists()
    for one in FORMATS.values():
        assert (tmp_path / one.file).read_bytes() == (red / one.file).read_bytes(), one.file


def test_a_run_of_an_older_version_renders(red: Path, tmp_path: Path) -> None:
    """Without what was added since: clauses, names of objects, reach, and the like."""
    added = ("objects", "object_keys", "strict", "reach")
    with (tmp_path / "run.jsonl").open("w", encoding="utf-8") as file:
        for number, line in enumerate(read(red)):
            left = added if number == 0 else ("unstable", "waived_count", "known_count", "known", "evidence")
            kept = {name: value for name, value in line.items() if name not in left}
            if kept.get("kind") == "verdict":
                for problem in kept["problems"]:
                    del problem["inside"], problem["waived"], problem["known"]
            if kept.get("kind") not in ("clauses", "places", "waivers", "baseline"):
                file.write(json.dumps(kept) + "\n")
    harness("report", str(tmp_path))
    harness("report", str(tmp_path), "--share", "--out", str(tmp_path / "shared"))
    assert report_of(tmp_path)["totals"] == report_of(red)["totals"]


@pytest.mark.parametrize("name", FORMATS)
def test_one_format_alone_elsewhere(red: Path, tmp_path: Path, name: str) -> None:
    out = harness("report", str(red / "run.jsonl"), "--format", name, "--out", str(tmp_path / "deep" / "er"))
    assert out == f"{tmp_path / 'deep' / 'er' / FORMATS[name].file}\n"
    assert (tmp_path / "deep" / "er" / FORMATS[name].file).read_bytes() == (red / FORMATS[name].file).read_bytes()


def test_a_shared_copy_lies_beside_the_run(red: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(red, folder)
    harness("report", str(folder), "--share", "--format", "md")
    assert {path.name for path in (tmp_path / "run-shared").iterdir()} == {"run.jsonl", "report.md"}
    assert differences_of_record(tmp_path / "run-shared") == []


def differences_of_record(folder: Path) -> list[str]:
    (folder / "report.json").write_text(json.dumps(report_of(folder)), encoding="utf-8")
    return differences(folder)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "there is no run at 'nowhere'"),
        (["http://127.0.0.1:9"], "no mock answers at http://127.0.0.1:9"),
        (["RUN", "--format", "pdf"], "--format: 'pdf' is none of json, html, junit, md, csv, all"),
        (["RUN", "--share", "--out", "RUN"], "a masked copy cannot lie in the place of the run itself"),
    ],
)
def test_wrong_usage_is_told_in_one_line(red: Path, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["report", *(one.replace("RUN", str(red)) for one in arguments)])
    assert said in str(done.exception)
    assert "\n" not in str(done.exception)


def test_files_are_reported_alike(tmp_path: Path) -> None:
    locations = list(bulk_locations(40, 1, ("NL", "QRS"), START)) + list(bulk_locations(3, 1, ("BE", "TUV"), START))
    (tmp_path / "l.json").write_text(json.dumps([{**one, "time_zone": 7} for one in locations]), encoding="utf-8")
    run = tmp_path / "run"
    harness("validate", "ndw-locations", str(tmp_path / "l.json"), "--out", str(run), code=1)
    assert FILES - {"bodies"} <= {path.name for path in run.iterdir()}
    assert {path.stem for path in (run / "parties").iterdir()} == {"NL-QRS", "BE-TUV"}
    assert differences(run) == []
    part = json.loads((run / "parties" / "BE-TUV.json").read_text("utf-8"))
    assert part["files"]["read"] == 3
    assert "QRS" not in json.dumps(part)


def test_more_parties_than_anybody_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_PARTIES", 2)
    MadeRun(parties=5, locations=50).write(tmp_path)
    formats.write_all(tmp_path, report_of(tmp_path))
    assert len(list((tmp_path / "parties").glob("*.csv"))) == 2
    assert "2 of 5 parties" in (tmp_path / "parties" / formats.LEFT_OUT).read_text("utf-8")


def test_half_a_pair_breaks_no_file(tmp_path: Path) -> None:
    MadeRun(parties=2, locations=50, name="half \ud800 a pair").write(tmp_path)
    for path in formats.write_all(tmp_path, report_of(tmp_path)):
        assert "\\ud800" in path.read_text("utf-8") or path.suffix == ".txt"


class Page(HTMLParser):
    """Links and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]


def test_several_interfaces_have_one_page_and_one_junit(red: Path, tmp_path: Path) -> None:
    report = report_of(red)
    subject = {**report["subject"], "name": "<script>alert(1)</script>"}
    reports = {"ndw-pull": report, "acme": {**report, "interface": "acme", "subject": subject, "exit": 0}}
    assert [path.name for path in write_index(tmp_path, reports)] == ["index.html", "junit.xml"]
    read_back = Page()
    read_back.feed((tmp_path / "index.html").read_text("utf-8"))
    assert set(read_back.links) == {f"{name}/{one.file}" for name in reports for one in FORMATS.values()}
    assert "script" not in read_back.tags
    suites = {suite.name.partition(":")[0] for suite in JUnitXml.fromfile(str(tmp_path / "junit.xml"))}
    assert suites == {"ndw-pull", "acme"}
    assert page(reports) == page(reports)
