"""The run that ``--baseline`` names."""

from pathlib import Path

from harness.cli.earlier_run import findings_at
from harness.cli.expected import ids_of
from harness.cli.options import Flags
from harness.cli.plan import UsageError
from harness.model.spelling import did_you_mean
from harness.model.system import Interface
from harness.report.baseline import ALL, NEW, Baseline


def check_fail_on(flags: Flags) -> None:
    """UsageError where ``--fail-on`` says nothing that makes sense."""
    if flags.fail_on is None:
        return
    if flags.baseline is None:
        raise UsageError("--fail-on: goes with --baseline RUN, the run whose failures are known")
    if flags.fail_on not in (NEW, ALL):
        raise UsageError(f"--fail-on: no such choice as {flags.fail_on!r}{did_you_mean(flags.fail_on, (NEW, ALL))}")


def baseline(flags: Flags, interface: Interface, directory: Path) -> Baseline | None:
    """The baseline for this interface. A folder that holds a run of each interface does as well. UsageError where it
    cannot be read, or is a run of another interface."""
    if flags.baseline is None:
        return None
    path = directory / flags.baseline
    own = path / interface.id
    findings = findings_at(own if (own / "run.jsonl").is_file() else path, "--baseline", ids_of(interface))
    of = findings.report["interface"]
    if of != interface.id:
        raise UsageError(f"--baseline: {flags.baseline} is a run of {of}, not of {interface.id}; give a run of that")
    return Baseline(str(flags.baseline), findings, flags.fail_on or NEW)
