"""What a mock has seen so far, as a run: the record and every format that is made of it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harness.cli.plan import Plan
from harness.cli.record_lines import clause_lines, head, verdict_line
from harness.collect import suite
from harness.judge.score import exit_code, scored
from harness.mock.session import Served, Session
from harness.model.address import Addresses
from harness.model.requirement import Binds
from harness.report import formats, summary
from harness.report.record import Recorder


def plan_of(session: Session, served: Served, origin: str) -> Plan:
    """What a session of a mock comes to as a check: the client that calls it is the subject."""
    origins = {"command": f"harness serve {served.system.name}", "session": session.id}
    addresses = Addresses(origin)
    return Plan(served.interface.id, "client", addresses, "", served.profile, seed=session.seed, origins=origins)


def record(session: Session, served: Served, folder: Path, origin: str) -> int:
    """Write the record of what is still remembered, with the verdicts on all that came; the exit code by these.

    It is about the client: clauses on the mock's own answers are left out, and what fails of them is the mock's fault.
    """
    plan, chosen = plan_of(session, served, origin), suite(served.interface.id)
    judge = session.judges[served.system.name]
    own = {one.id for one in served.requirements if one.binds is Binds.SERVER}
    verdicts = [one for one in session.verdicts(served.system.name) if one.requirement not in own]
    scores = scored(verdicts, served.requirements, served.profile)
    code = exit_code(scores, strict=False, obstacle=False, own_faults=bool(judge.own_faults))
    with Recorder(folder, session.wire) as recorder:
        recorder.begin(head(plan, chosen, session.seed, f"{session.seed:04x}", None))
        asked = [one for one in chosen.requirements if one.id not in own]
        recorder.note("clauses", clauses=clause_lines(asked, plan))
        recorder.note("situation", name=session.situation, title="what came to the mock")
        for entry in session.journal:
            if entry.service in served.services:
                recorder.exchange(entry.exchange)
                for finding in entry.findings:
                    if finding.requirement.id not in own:
                        recorder.problem(finding.requirement.id, finding.party, finding.problem)
        for score in scores:
            recorder.note("verdict", **verdict_line(score, served.profile))
        recorder.note("end", exit=code, reason="; ".join(judge.own_faults[:3]) or None)
    return code


def write(session: Session, served: Served, folder: Path, origin: str) -> tuple[dict[str, Any], int]:
    """Write the whole run folder; the report, and the exit code by what was judged."""
    code = record(session, served, folder, origin)
    report = summary.write(folder)
    formats.write_all(folder, report)
    return report, code


def rendered(session: Session, served: Served, names: Iterable[str], origin: str) -> dict[str, str]:
    """What a session comes to so far in these formats (``json``, ``html``, ``md``, ``junit``, ``csv``), and the record
    itself as ``run.jsonl``."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        record(session, served, folder, origin)
        report = summary.report_of(folder)
        made = {"run.jsonl": (folder / "run.jsonl").read_text("utf-8")}
        return made | {name: formats.FORMATS[name].render(report, folder) for name in names}


def bytes_in(session: Session, system: str, format_: str, origins: Mapping[str, str]) -> bytes:
    """A session's report on a system in one of these formats."""
    served = next(one for one in session.served if one.system.name == system)
    names = [format_] if format_ in formats.FORMATS else []
    return rendered(session, served, names, origins[system])[format_].encode("utf-8", "backslashreplace")
