"""``harness list``: what there is."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.client_listing import hook_lines, situation_lines
from harness.cli.names import interface_named
from harness.cli.plan import UsageError
from harness.collect import Suite, interfaces, suite
from harness.model.spelling import did_you_mean

KINDS = (
    "interfaces", "requirements", "assumptions", "scenarios", "situations", "edits", "settings", "hooks",
)  # fmt: skip


def command(
    kind: Annotated[str, typer.Argument(help=f"{', '.join(KINDS[:-1])} or {KINDS[-1]}.")],
    interface: Annotated[str | None, typer.Argument(help="Only of this interface.")] = None,
    as_mail: Annotated[bool, typer.Option("--as-mail", help="Assumptions as questions to the party.")] = False,
    run: Annotated[
        Path | None, typer.Option(help="Run folder: only the questions that matter for its verdict.")
    ] = None,
) -> None:
    """List what the harness knows of an interface, or of all."""
    if (as_mail or run) and kind != "assumptions":
        raise UsageError(f"--{'as-mail' if as_mail else 'run'}: goes with assumptions, not with {kind}")
    if kind not in _KINDS:
        raise UsageError(f"KIND: nothing of the kind {kind!r} can be listed{did_you_mean(kind, _KINDS)}")
    if as_mail or run:
        _print_mails([interface_named(interface)[0].id] if interface else list(interfaces()), run)
        return
    names = [interface_named(interface)[0].id] if interface else list(interfaces())
    lines = _edits() if kind == "edits" else (line for name in names for line in _KINDS[kind](suite(name)))
    for line in lines:
        typer.echo(line)


def _print_mails(names: list[str], run: Path | None) -> None:
    from harness.cli.earlier_run import earlier_run
    from harness.report.questions import mail, that_matter

    report = earlier_run(run, "--run") if run else None
    for name in names:
        chosen = suite(name)
        resting = {
            setting: [one.id for one in chosen.requirements if setting.name in one.rests_on]
            for setting in chosen.interface.settings
            if setting.assumed
        }
        if report is not None:
            resting = {setting: ids for setting, ids in resting.items() if setting.name in that_matter(report)}
        profile = f"{chosen.interface.id}@{chosen.interface.profile_date}"
        typer.echo(mail(chosen.system.title, profile, resting))


def _interfaces(chosen: Suite) -> Iterator[str]:
    yield f"{chosen.interface.id:<12}{chosen.interface.title}"
    yield f"{'':<12}the subject is the {chosen.interface.subject}; {len(chosen.requirements)} requirements"


def _requirements(chosen: Suite) -> Iterator[str]:
    for requirement in chosen.requirements:
        yield f"{requirement.keyword:<7}{requirement.basis:<10} {requirement.id:<52} {requirement.title}"
    for exclusion in chosen.exclusions:
        yield f"{'-':<7}{'excluded':<10} {exclusion.row:<52} {exclusion.clause}: {exclusion.detail}"


def _assumptions(chosen: Suite) -> Iterator[str]:
    for setting in chosen.interface.settings:
        if setting.assumed:
            resting = [one.id for one in chosen.requirements if setting.name in one.rests_on]
            yield f"{setting.name} = {setting.default} ({setting.possible()})"
            yield f"    Ask: {setting.question}"
            yield f"    Clauses that hang on it: {', '.join(resting) or 'none'}"


def _scenarios(chosen: Suite) -> Iterator[str]:
    for scenario in chosen.scenarios:
        yield f"{scenario.id:<46}{scenario.title}"


def _settings(chosen: Suite) -> Iterator[str]:
    for setting in chosen.interface.settings:
        kind = "assumed" if setting.assumed else "yours"
        yield f"{setting.name:<26}{setting.default!s:<10} {kind:<8} {setting.possible()}"


def _edits() -> Iterator[str]:
    from harness.mock.fault import usage
    from harness.mock.trouble import TROUBLES
    from harness.model.edit import EDITS, REQUEST, with_status
    from harness.model.request_edit import REQUEST_EDITS

    def told(before: str, makes: Iterable[Callable[..., object]]) -> Iterator[str]:
        for make in makes:
            yield f"  {before}{usage(make)}"
            yield f"      {(inspect.getdoc(make) or '').partition(chr(10))[0]}"

    yield "Of an answer"
    yield from told("", EDITS.values())
    yield "\nOf a request, as it arrives"
    yield from told(REQUEST, (make for make in (*EDITS.values(), *REQUEST_EDITS.values()) if make is not with_status))
    yield "\nOf the connection, the moment, the token"
    yield from told("", TROUBLES.values())
    yield "\nTo copy (OPERATION:EDIT(ARGS)[:times=N][:after=N]; * is every operation)"
    yield "  harness reference ndw --fault 'getLocations:throttled(2):times=1'"
    yield "  harness reference ndw --fault '*:with_field(\"/status_code\", 3000):after=2'"


_KINDS: dict[str, Callable[[Suite], Iterator[str]]] = {
    "interfaces": _interfaces,
    "requirements": _requirements,
    "assumptions": _assumptions,
    "scenarios": _scenarios,
    "situations": situation_lines,
    "settings": _settings,
    "hooks": hook_lines,
    "edits": lambda _suite: _edits(),
}
