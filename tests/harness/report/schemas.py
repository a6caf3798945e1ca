"""The schemas of what a run folder holds, and all of a folder held against them."""

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]

from tests.checkout import ROOT


def differences(folder: Path) -> list[str]:
    """What the reports in a run folder, those of parties too, and the lines of its record have that no schema knows."""
    report, line = (_validator(name) for name in ("report.json", "run.json"))
    found = []
    for path in (folder / "report.json", *sorted(folder.glob("parties/*.json"))):
        made = json.loads(path.read_text("utf-8"))
        found += [f"{path.name}: {error.json_path}: {error.message[:200]}" for error in report.iter_errors(made)]
    for number, text in enumerate((folder / "run.jsonl").read_text("utf-8").split("\n")[:-1], 1):
        found += [f"line {number}: {error.message[:200]}" for error in line.iter_errors(json.loads(text))]
    return found


def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((ROOT / "reports" / "schema" / name).read_text("utf-8")))
