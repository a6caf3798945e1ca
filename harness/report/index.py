"""One page and one junit.xml over the runs of several interfaces, which lie in folders beside it."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from harness.report import junit
from harness.report.ending import result_line
from harness.report.formats import FORMATS
from harness.report.visible import visible

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}table{border-collapse:collapse;width:100%}caption{text-align:left;padding:.5rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #767676}"
)


def write_index(folder: Path, reports: Mapping[str, Mapping[str, Any]]) -> list[Path]:
    """Write both; `reports` are by the name of the folder below. The files that were written."""
    texts = {"index.html": page(reports), "junit.xml": junit.render_several(reports.values())}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in texts]


def page(reports: Mapping[str, Mapping[str, Any]]) -> str:
    """The page: a row per interface, with its result and its files."""
    rows = "\n".join(_row(name, report) for name, report in reports.items())
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Interface", "Subject", "Result", "Files"))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>energy-harness: {len(reports)} interfaces</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>One check of {len(reports)} interfaces</h1>
<table>
<caption>What each came to, and where its report lies. This is no certification.</caption>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""


def _row(name: str, report: Mapping[str, Any]) -> str:
    subject = report["subject"]
    tested = subject["name"] or subject["kind"]
    if subject["kind"] == "reference":
        tested = f"{tested} (a self-check, not your system)"
    links = ", ".join(f'<a href="{escape(name)}/{one.file}">{one.file}</a>' for one in FORMATS.values())
    cells = (escape(visible(tested)), escape(visible(result_line(report))), links)
    return f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
