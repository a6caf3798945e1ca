"""What a person sees while a client of theirs is tested, and what is noted of its first contact."""

import shlex
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import typer

from harness import __version__
from harness.cli.client_stage import Stage
from harness.cli.mock_data import check_of
from harness.mock.control import Control, Surroundings
from harness.model.exchange import Transcript
from harness.model.situation import Situation
from harness.report import formats, summary
from harness.report.record import told
from harness.run.check import Check
from harness.run.first_contact import FirstContact, checks

if TYPE_CHECKING:
    from harness.cli.client_session import ClientSession

_OVER = {
    "done": "over", "ended": "over: the client has ended", "limit": "over at its limit", "skipped": "skipped",
    "flood": "over: too many requests", "nobody called": "nobody called", "nothing to wait for": "over: nothing made it do anything",
}  # fmt: skip


class ClientTold:
    """Tells of one check. Where somebody has to act, it is told everywhere; progress only to a terminal."""

    def __init__(self, held: "ClientSession") -> None:
        self._held = held
        self._number = 0
        self._met = False
        self.control_at = ""

    @property
    def _is_attached(self) -> bool:
        return self._held.way.way == "attach"

    def begins(self, environment: Mapping[str, str]) -> None:
        """Everything listens."""
        if not self._is_attached:
            return
        _say("Start your client with these settings:")
        for name, value in environment.items():
            _say(f"  export {name}={shlex.quote(value)}")
        _say(f"Steer it at {self.control_at}/ (next, finish); Ctrl-C ends it with the report.")
        _say(f"Waiting for its first call, {self._held.way.patience_s:g} s at most …")

    def situation(self, situation: Situation) -> None:
        """One begins."""
        self._number += 1
        self._progress(f"[{self._number}/{len(self._held.situations)}] {situation.title}")

    def over(self, transcript: Transcript, why: str) -> None:
        """It is over."""
        self._progress(f"    {_OVER[why]}: {len(transcript.exchanges)} requests")
        for reason in transcript.not_asked:
            self._progress(f"    {reason}")

    def _progress(self, text: str) -> None:
        if self._is_attached:
            _say(text)
        else:
            self._held.progress(text)

    def prompt(self, words: str) -> str:
        """Ask a person to do something; what they typed."""
        _say(f"  >> {words}, then press Enter (s to skip): ", end="")
        return sys.stdin.readline()

    def not_started(self, why: str) -> str:
        """The client could not be started."""
        self._held.check(Check("command", "failed", why, "Give a program that can be started, with its arguments."))
        return why

    def contact(self, contact: FirstContact) -> str | None:
        """Note what is known of the client, once; why it cannot be tested, where it cannot."""
        found = checks(contact)
        obstacle = next((one for one in found if one.outcome == "failed"), None)
        if obstacle is None and self._met:
            return None
        self._met = True
        for one in found:
            self._held.check(one)
            if self._is_attached:
                _say(f"  {one.detail}")
        return obstacle.detail if obstacle else None

    def control(self, stage: Stage, go_on: Callable[[bool], str | None]) -> Control:
        """The control path of a client that the user starts."""

        def report(_session: Any, _system: str, format_: str) -> bytes:
            folder = self._held.folder
            if format_ == "run.jsonl":
                return (folder / "run.jsonl").read_bytes()
            text = formats.FORMATS[format_].render(summary.report_of(folder), folder)
            return text.encode("utf-8", "backslashreplace")

        surroundings = Surroundings(
            __version__, stage.origins, told, report, check_of(stage.session.served), go_on=go_on
        )
        return Control(stage.sessions, surroundings)


def _say(text: str, end: str = "\n") -> None:
    typer.echo(text + end, err=True, nl=False)
