"""The one table of formats, and who writes them: every format is made of the report and the record, of nothing else."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harness.report import parties
from harness.report.summary import report_of

MOST_PARTIES = 200
"""So many parties get files of their own, those with the most problems first."""
LEFT_OUT = "LEFT-OUT.txt"


@dataclass(frozen=True)
class Format:
    """A format: the file in the run folder, and the function ``(report, folder) -> text`` that makes it, loaded on use.
    `per_party`: of several parties, each gets one of its own."""

    file: str
    module: str
    function: str = "render"
    per_party: bool = False

    def render(self, report: Mapping[str, Any], folder: Path) -> str:
        """The text of the file."""
        text: str = getattr(import_module(self.module), self.function)(report, folder)
        return text


FORMATS: Mapping[str, Format] = {
    "json": Format("report.json", "harness.report.summary", "text", per_party=True),
    "html": Format("report.html", "harness.report.html", per_party=True),
    "junit": Format("junit.xml", "harness.report.junit"),
    "md": Format("report.md", "harness.report.markdown"),
    "csv": Format("findings.csv", "harness.report.table", per_party=True),
}


def write_all(folder: Path, report: Mapping[str, Any]) -> list[Path]:
    """Write every format into the run folder; the files that were written."""
    return write(folder, report, FORMATS, folder)


def write(folder: Path, report: Mapping[str, Any], names: Collection[str], into: Path) -> list[Path]:
    """Write these formats of the run in `folder` into another folder, or the same; the files that were written."""
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names:
        written.append(into / FORMATS[name].file)
        _write(written[-1], FORMATS[name].render(report, folder))
    of_parties = [name for name in names if FORMATS[name].per_party]
    return [*written, *(_write_parties(folder, report, of_parties, into / "parties") if of_parties else [])]


def _write_parties(folder: Path, report: Mapping[str, Any], names: Collection[str], into: Path) -> list[Path]:
    """The files of each party, made of a record that holds nothing of the others."""
    named = parties.of(report)
    if len(named) < 2:
        return []
    into.mkdir(exist_ok=True)
    written = []
    stems: set[str] = set()
    apart = parties.Apart(folder, named)
    for party in named[:MOST_PARTIES]:
        its = stem(party, stems)
        with TemporaryDirectory() as place:
            own = Path(place)
            apart.write(party, own)
            its_report = report_of(own)
            for name in names:
                written.append(into / f"{its}{Path(FORMATS[name].file).suffix}")
                _write(written[-1], FORMATS[name].render(its_report, own))
    if len(named) > MOST_PARTIES:
        written.append(into / LEFT_OUT)
        told = f"{MOST_PARTIES} of {len(named)} parties have files here, those with the most problems.\n"
        _write(written[-1], f"{told}The others are in report.json alone.\n")
    return written


def stem(party: str, taken: set[str]) -> str:
    """``NL-ABC`` of ``NL/ABC``; harmless as a file's name, and no other party's, whatever the party calls itself."""
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", party)[:40].strip("-") or "party"
    found = next(
        name for name in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))) if name.upper() not in taken
    )
    taken.add(found.upper())
    return found


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
