"""A run that an option names: its folder, or the run.jsonl in it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from harness.cli.plan import UsageError
from harness.report.findings import RunFindings, findings_of
from harness.report.record import UnreadableRecordError
from harness.report.summary import report_of

_T = TypeVar("_T")


def earlier_run(path: Path, flag: str) -> dict[str, Any]:
    """The report of that run. UsageError, in one line, where there is none that can be read."""
    return _read(path, flag, report_of)


def folder_and_report(path: Path, flag: str) -> tuple[Path, dict[str, Any]]:
    """The folder of that run and its report, likewise."""
    return _read(path, flag, lambda folder: (folder, report_of(folder)))


def findings_at(path: Path, flag: str, former: Mapping[str, str]) -> RunFindings:
    """The findings of that run, likewise; `former` maps ids that requirements had to those of today."""
    return _read(path, flag, lambda folder: findings_of(folder, former))


def _read(path: Path, flag: str, reader: Callable[[Path], _T]) -> _T:
    if not path.exists():
        raise UsageError(f"{flag}: there is no run at {str(path)!r}; give a run folder, or the run.jsonl in it")
    folder = path.parent if path.name == "run.jsonl" else path
    try:
        return reader(folder)
    except (OSError, StopIteration, UnreadableRecordError, KeyError, TypeError) as error:
        why = str(error) if isinstance(error, UnreadableRecordError) else "give a run folder, or the run.jsonl in it"
        raise UsageError(f"{flag}: {path} holds no run that can be read ({why})") from None
