"""One ``harness validate`` from end to end: files, judges and record put together."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from harness.cli.excuses import excuses
from harness.cli.file_judges import Bench, judging, portion_judge
from harness.cli.file_settings import FilePlan, GivenFile
from harness.cli.record_lines import clause_lines, head, places_lines, verdict_line
from harness.cli.result import INTERRUPTED, Result
from harness.feed.answers import Portion
from harness.feed.assessment import Assessment, Judging
from harness.feed.reading import Feed, Form
from harness.feed.source import UnreadableFileError, blocks
from harness.feed.window import Window
from harness.judge.judge import Finding
from harness.judge.score import exit_code, scored
from harness.model.requirement import OF_THE_WHOLE_RUN
from harness.model.world import Clock
from harness.report import summary
from harness.report.record import Recorder
from harness.run.check import Check

RECORDED = 1000
"""So many problems of one clause are in the record; all are counted."""


@dataclass
class FileSession:
    """Files on their way through the judges. `on_bytes` hears how much of which file was read."""

    made: FilePlan
    clock: Clock
    jobs: int
    on_bytes: Callable[[GivenFile, int], object]
    _noted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.excuses = excuses(self.made.plan, self.made.suite.interface, self.clock.now())

    def run(self, folder: Path) -> Result:
        """Judge all files, write the run folder and return what it came to."""
        begun, plan = self.clock.now(), self.made.plan
        with Recorder(folder, self.clock) as recorder:
            recorder.begin(self._head())
            recorder.note("clauses", clauses=clause_lines(self.made.clauses, plan))
            code, reason, assessment = self._assess(recorder)
            verdicts = assessment.verdicts
            scores = scored(verdicts, self.made.clauses, plan.profile)
            for line in places_lines(assessment.judge):
                recorder.note("places", **line)
            for score in scores:
                key = (score.requirement.id, score.verdict.party)
                recorder.note("verdict", **verdict_line(score, plan.profile), objects=assessment.affected[key])
            if code is None:
                faults = assessment.judge.own_faults
                excused = self.excuses.counting(verdicts)
                obstacle = reason is not None
                code = exit_code(scores, strict=plan.strict, obstacle=obstacle, own_faults=bool(faults), **excused)
                reason = "; ".join(faults) or reason
            self.excuses.note(recorder, verdicts)
            counts = self._counts(assessment, (self.clock.now() - begun).total_seconds())
            recorder.note("end", exit=code, reason=reason, files=counts)
        return Result(folder, summary.write(folder), code)

    def _head(self) -> dict[str, Any]:
        made = self.made
        line = head(made.plan, made.suite, 0, f"{secrets.randbits(16):04x}", None)
        subject = {
            **line["subject"],
            "address": ", ".join(one.name for one in made.files),
            "files": [{"kind": one.kind.name, "name": one.name} for one in made.files],
            "earlier": [{"kind": one.kind.name, "name": one.name} for one in made.earlier],
        }
        return {**line, "subject": subject, "stages": []}

    def _counts(self, assessment: Assessment, seconds: float) -> dict[str, Any]:
        """How many objects in which time, whose they are, and how many clauses something else would show."""
        objects = [
            {"kind": kind, "party": party, "objects": count} for (kind, party), count in assessment.objects.items()
        ]
        counts = {"read": assessment.judged.total(), "seconds": round(seconds, 3), "objects": objects}
        return {**counts, "elsewhere": self.made.elsewhere, "with_more": self.made.with_more}

    def _assess(self, recorder: Recorder) -> tuple[int | None, str | None, Assessment]:
        """Exit code (None: by what was found), what stood in the way, and what was found."""
        made, now = self.made, self.made.plan.now or self.clock.now()
        kinds = [one.kind for one in made.files]
        bench = Bench(
            made.suite.interface.id,
            made.plan.profile,
            tuple(one.id for one in made.clauses),
            once=not made.earlier and len(kinds) == len(set(kinds)),
        )
        assessment = Assessment(replace(bench.judges()(), waivers=self.excuses.waivers))
        try:
            with judging(self.jobs, bench) as judge_all:
                reason = self._read(made.files, assessment, judge_all, now, recorder)
            if reason is None:
                self._note(assessment.finish(), recorder)
            if reason is None and made.earlier:
                reason = self._compare(assessment, bench, now, recorder)
        except KeyboardInterrupt:
            assessment.judge.obstacle = "the run was interrupted"
            return INTERRUPTED, "interrupted", assessment
        assessment.judge.obstacle = reason
        return None, reason, assessment

    def _compare(self, assessment: Assessment, bench: Bench, now: datetime, recorder: Recorder) -> str | None:
        """Judge what only two states show; the reason where the earlier one cannot be read."""
        of_lists = tuple(one.id for one in self.made.clauses if one.evidence in OF_THE_WHOLE_RUN)
        bench = replace(bench, clauses=of_lists)
        earlier = Assessment(bench.judges()(), assessment.places)
        reason = self._read(self.made.earlier, earlier, partial(map, portion_judge(bench)), now, recorder)
        if reason is None:
            earlier.finish()
            self._note(assessment.compare(earlier), recorder)
        return reason

    def _read(
        self,
        files: tuple[GivenFile, ...],
        assessment: Assessment,
        judge_all: Judging,
        now: datetime,
        recorder: Recorder,
    ) -> str | None:
        """Judge files one by one; the reason where one cannot be read to its end."""
        reasons = []
        for given in files:
            recorder.note("situation", name=given.name, title=f"{given.kind.title}: {given.name}")
            feed = Feed(given.kind, Window(given.name, blocks(given.path, partial(self.on_bytes, given))))
            try:
                for findings in assessment.read(feed, judge_all(_portions(feed, now))):
                    self._note(findings, recorder)
            except UnreadableFileError as error:
                reasons.append(str(error))
                told = f"{error} ({assessment.judged[feed.name]} objects before that were judged)"
                check = Check("file", "failed", told, "correct the file, or write it anew, and validate again")
            else:
                check = Check(
                    "file",
                    "passed",
                    f"{given.name}: {feed.form}, {assessment.judged[feed.name]} objects of {given.kind.name}",
                )
            recorder.note("preflight", **asdict(check))
        return "; ".join(reasons) or None

    def _note(self, findings: list[Finding], recorder: Recorder) -> None:
        for finding in findings:
            self._noted[finding.requirement.id] += 1
            if self._noted[finding.requirement.id] <= RECORDED:
                recorder.problem(finding.requirement.id, finding.party, finding.problem)


def _portions(feed: Feed, now: datetime) -> Iterator[Portion]:
    for chunk in feed.chunks():
        yield Portion(feed.name, feed.kind, now, chunk, lines=feed.form is Form.LINES)
