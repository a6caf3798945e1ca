"""What a person sees while a client of theirs is tested, and what is noted of its first contact."""

import os
import select
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from harness import __version__
from harness.cli.client_stage import Stage
from harness.cli.mock_data import check_of
from harness.mock.control import Control, Surroundings
from harness.mock.session import DEFAULT
from harness.model.exchange import Transcript
from harness.model.situation import Situation
from harness.report import formats, summary
from harness.report.record import told
from harness.report.situations import counted
from harness.run.check import Check
from harness.run.first_contact import FirstContact, checks, met
from harness.run.refused_connection import refused_connection
from harness.wire.incidents import Incident

if TYPE_CHECKING:
    from harness.cli.client_session import ClientSession

_OVER = {
    "done": "over", "ended": "over: the client has ended", "limit": "over at its limit", "skipped": "skipped",
    "flood": "over: too many requests", "nobody called": "nobody called",
    "nothing to wait for": "over: nothing made it do anything",
}  # fmt: skip

_LOOK_AGAIN_S = 0.2
_HAPPENED = {"troubled": "wrong on purpose from now on:", "well": "all is well again"}


class ClientTold:
    """Tells of one check. Where somebody has to act, it is told everywhere; progress only to a terminal."""

    def __init__(self, held: "ClientSession") -> None:
        self._held = held
        self._number, self._is_over = 0, False
        self._met = False
        self._refused: set[str] = set()
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
        steered = f"{self.control_at}/_harness/v1/sessions/{DEFAULT}"
        _say(f"To the next situation:  curl -X POST {steered}/next")
        _say(f"To the report:          curl -X POST {steered}/finish    (or Ctrl-C)")
        _say(f"Waiting for its first call, {self._held.way.patience_s:g} s at most …")

    async def first_call(self, stage: Stage, names: Sequence[str]) -> None:
        """Tell who calls first, as soon as somebody does."""
        await stage.chair.more(0)
        self._progress(f"  {met(stage.chair.said[0], names).detail}")

    def refused(self, incident: Incident, stage: Stage, names: Sequence[str]) -> None:
        """A connection was made, and no request came; each kind of that is told once."""
        if self._is_attached and incident.kind not in self._refused:
            self._refused.add(incident.kind)
            found = refused_connection([incident], names, ", ".join(stage.origins.values()))
            _say(f"  {found.detail}")
            _say(f"    {found.next}")

    def situation(self, situation: Situation, changes: Sequence[str]) -> None:
        """One begins; `changes` say what the client is to be made to do in it, and by whom."""
        self._number, self._is_over = self._number + 1, False
        way = self._held.way
        self._progress(f"[{self._number}/{len(self._held.situations)}] {situation.id}: {situation.title}")
        self._progress(f"    over when {situation.until}, and {way.quiet_s:g} s were quiet")
        self._progress(f"    at the latest {way.limit_s:g} s after its first call or the last change")
        for change in changes:
            self._progress(f"    {change}")

    def happens(self, told: Mapping[str, Any]) -> None:
        """Something happens in it."""
        for reason in told.get("not_asked", ()):
            self._progress(f"    {reason}")
        if (happening := told.get("happened")) is not None:
            self._progress(f"    {_HAPPENED.get(happening.kind, happening.kind)} {happening.detail}".rstrip())

    def over(self, transcript: Transcript, why: str) -> None:
        """It is over."""
        self._is_over = True
        self._progress(f"    {_OVER[why]}: {counted(len(transcript.exchanges), 'request')}")

    def _progress(self, text: str) -> None:
        if self._is_attached:
            _say(text)
        else:
            self._held.progress(text)

    def prompt(self, words: str) -> str:
        """Ask a person to do something; what they typed. It runs in a thread, and ends when the situation does."""
        asked_in = self._number
        _say(f"  >> {words.rstrip('.')}, then press Enter (s to skip): ", end="")
        stdin = sys.stdin.fileno()  # readline would hold the lock of stdin when the harness ends
        while os.name == "posix" and not select.select([stdin], [], [], _LOOK_AGAIN_S)[0]:
            if self._number != asked_in or self._is_over:
                raise EOFError
        typed = os.read(stdin, 1 << 12)
        if not typed:
            raise EOFError
        return typed.decode("utf-8", "replace")

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
            if self._is_attached and one.outcome != "passed":
                _say(f"  {one.detail}")
                _say(f"    {one.next}")
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
