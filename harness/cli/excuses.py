"""What keeps a failure from counting in a run: a waiver covers it, or an earlier run knew it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.cli.plan import Plan
from harness.cli.record_lines import waiver_lines
from harness.judge.findings import IsKnown
from harness.judge.waiving import AMISS, Waivers
from harness.model.exchange import HttpExchange
from harness.model.system import Interface
from harness.model.verdict import Verdict
from harness.report.baseline import Known
from harness.report.record import Recorder


@dataclass
class Excuses:
    """The waivers of a plan, and what its baseline knows, where it has one."""

    plan: Plan
    waivers: Waivers
    known: Known | None

    @property
    def is_known(self) -> IsKnown | None:
        """For the judge."""
        return self.known.is_known if self.known is not None else None

    def saw(self, exchange: HttpExchange) -> None:
        """An exchange, before it is judged."""
        if self.known is not None:
            self.known.saw(exchange)

    def counting(self, verdicts: Iterable[Verdict]) -> dict[str, bool]:
        """What the exit code must know."""
        amiss = any(one.state in AMISS for one in self.waivers.standings(verdicts, self._off))
        baseline = self.plan.baseline
        return {"waivers_amiss": amiss, "spares_known": baseline is not None and baseline.spares_known}

    def note(self, recorder: Recorder, verdicts: Iterable[Verdict]) -> None:
        """The lines of the record on both."""
        verdicts = list(verdicts)
        lines: dict[str, Any] = {"waivers": waiver_lines(self.waivers.standings(verdicts, self._off))}
        if self.known is not None:
            lines["baseline"] = self.known.told(verdicts)
        for kind, told in lines.items():
            if told:
                recorder.note(kind, **{kind: told})

    @property
    def _off(self) -> set[str]:
        return {name for name, keyword in self.plan.profile.keywords.items() if keyword is None}


def excuses(plan: Plan, interface: Interface, now: datetime) -> Excuses:
    """The excuses of this plan; `now` is wire time."""
    names = interface.objects.names
    alone = plan.parties[0] if len(plan.parties) == 1 else None
    known = Known(plan.baseline, names) if plan.baseline is not None else None
    return Excuses(plan, Waivers(plan.waivers, now.date(), alone, names), known)
