"""``harness doctor``: the preflight alone. Can the subject be tested, and if not, what to do?"""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

from harness.cli.options import Flags, takes_flags
from harness.cli.plan import Plan, UsageError
from harness.cli.result import INTERRUPTED
from harness.run.check import Check

TESTABLE, NOT_TESTABLE = 0, 3
_OPTIONS = (
    "url", "token_env", "client_id", "client_secret_env", "token_url", "settings", "ca_file", "client_cert",
    "client_key", "insecure", "connect_to", "proxy", "header_env", "rate", "max_requests", "reference", "faults",
    "config", "parties", "pull_url", "command", "keep", "attach", "patience", "tls", "listen", "public_url", "ports",
    "chair", "allow_writes",
)  # fmt: skip
_WIDEST = 28


def _doctor(interfaces: tuple[str, ...], flags: Flags) -> None:
    """Look whether a subject can be tested, and say what to do where it cannot. Nothing is judged.

    Without INTERFACE: all that harness.toml configures; where it configures none, the bundled references.
    """
    from harness.cli.settings import plans
    from harness.cli.subject_flags import of_subject

    given = [flag for flag, value in of_subject(flags).items() if value is not None]
    if len(interfaces) > 1 and given:
        raise UsageError(f"{given[0]}: is about one subject; give one INTERFACE with it")
    planned = [
        plan for interface in interfaces or (None,) for plan in plans(interface, flags, os.environ, Path.cwd())[0]
    ]
    try:
        testable = [_look(plan, first=plan is planned[0]) for plan in planned]
    except KeyboardInterrupt:
        typer.echo("Result: interrupted (exit code 130)")
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(TESTABLE if all(testable) else NOT_TESTABLE)


command = takes_flags(_doctor, _OPTIONS, several=True)


def _look(plan: Plan, *, first: bool) -> bool:
    """Print what preflight sees of one subject; True where it can be tested."""
    from harness.cli.check import show_progress
    from harness.cli.session import session
    from harness.wire.http import RequestsSpentError

    if plan.client is not None:
        return _look_at_client(plan, first=first)
    with session(plan, show_progress) as held:
        try:
            ready = held.look()
            checks, testable = ready.checks, ready.world is not None
        except RequestsSpentError as error:
            checks, testable = (Check("requests", "failed", str(error), "let it ask more often"),), False
        if not first:
            typer.echo()
        for line in (*_head(held.plan), *_body(checks), _end(plan, checks, testable=testable)):
            typer.echo(_printable(line))
    return testable


def _look_at_client(plan: Plan, *, first: bool) -> bool:
    """The same of a client, which is started for it, or waited for."""
    from harness.cli.check import show_progress
    from harness.cli.client_look import look

    checks = look(plan, show_progress)
    testable = all(check.outcome != "failed" for check in checks)
    if not first:
        typer.echo()
    for line in (f"{plan.interface}: {plan.client}", *_body(checks), _end(plan, checks, testable=testable)):
        typer.echo(_printable(line))
    return testable


def _head(plan: Plan) -> Iterator[str]:
    from harness.cli.route import told

    bundled = "the bundled reference, not your system, " if plan.kind == "reference" else ""
    yield f"{plan.interface}: {bundled}at {plan.addresses.base}"
    for entry, address in plan.addresses.entries.items():
        yield f"  {entry} at {address}"
    words, origins = told(plan)
    for name, value in words.items():
        origin = {**plan.origins, **origins}.get(name)
        yield f"  {name.replace('_', ' ')}: {value}{f' ({origin})' if origin else ''}"


def _body(checks: Iterable[Check]) -> Iterator[str]:
    """Each check on a line of its own, columns aligned; below it what to do."""
    told = list(checks)
    width = min(_WIDEST, max((len(check.check) for check in told), default=0))
    for check in told:
        word = "ok" if check.outcome == "passed" else check.outcome
        yield from _paragraph(f"  {word:<9}{check.check:<{width}}  ", check.detail)
        if check.next:
            yield from _paragraph(" " * (width + 13) + "→ ", check.next)


def _end(plan: Plan, checks: Iterable[Check], *, testable: bool) -> str:
    if not testable:
        return "Result: cannot be tested: configuration, not conformance (exit code 3)"
    warnings = sum(check.outcome == "warning" for check in checks)
    noted = f", with {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""
    return f"Result: can be tested{noted} (exit code 0); to judge it: harness check {plan.interface} …"


def _paragraph(start: str, text: str) -> list[str]:
    """The text behind its start: wrapped to a terminal's width, whole in a file."""
    if not sys.stdout.isatty():
        return [start + text]
    columns = max(40, shutil.get_terminal_size().columns)
    indent = " " * min(len(start), columns // 2)
    return textwrap.wrap(
        start + text, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _printable(text: str) -> str:
    """The text with nothing in it that could steer a terminal, in signs that stdout can write."""
    from harness.report.visible import visible

    text = visible(text)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return text.replace("→", "->").encode("ascii", "backslashreplace").decode()
    return text
