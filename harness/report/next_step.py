"""What to type next."""

import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from harness.report.situations import met_by_client


def once_more(report: Mapping[str, Any], *options: str) -> str:
    """The command that judges the same subject again: ``harness check ndw-pull --url … --only CLAUSE``.

    It repeats what the record knows of the address and of the token's variable, never a secret. What else the run was
    given must be given again. Of a client that called a mock it is the command of that mock; the user's own command
    is for the user to write after ``--``.
    """
    if report["subject"].get("demo"):  # its faults are no options of a check
        return "harness demo"
    if is_served(report):  # it speaks for itself: the mock can but listen
        return str(report["origins"].get("command", f"harness serve {report['interface'].partition('-')[0]}"))
    if report["subject"]["kind"] == "client":
        return " ".join(["harness check", *map(shlex.quote, [report["interface"], *options]), *_way(report["origins"])])
    return " ".join(["harness", *map(shlex.quote, [*_subject(report), *options])])


def is_served(report: Mapping[str, Any]) -> bool:
    """True where the subject is a client that called a mock of ``harness serve``, which led it through nothing."""
    told = report["origins"].get("command", "harness serve" if not met_by_client(report) else "")
    return report["subject"]["kind"] == "client" and str(told).startswith("harness serve")


def judged_again(report: Mapping[str, Any], requirement: str, problems: Iterable[Mapping[str, Any]]) -> str:
    """The command that judges a failed clause again: of a client, in the situation where it failed first."""
    known = {one["name"] for one in met_by_client(report)}
    where = next((one["situation"] for one in problems if one.get("situation") in known), requirement)
    return once_more(report, "--only", where)


def explained(requirement: str) -> str:
    """The command that says more about a clause."""
    return f"harness explain {shlex.quote(requirement)}"


def _way(origins: Mapping[str, Any]) -> list[str]:
    """How a client is had again, where harness.toml does not say it."""
    if origins.get("command") == "command line":
        return ["-- COMMAND"]
    return ["--attach"] if origins.get("attach") == "--attach" else []


def _subject(report: Mapping[str, Any]) -> list[str]:
    subject, origins = report["subject"], report["origins"]
    if subject["kind"] == "file":
        return ["validate", *(text for one in subject.get("files", ()) for text in (one["kind"], one["name"]))]
    command = ["check", report["interface"]]
    if subject["kind"] == "reference":
        return [*command, "--reference", *(text for fault in subject["faults"] for text in ("--fault", fault))]
    if origins.get("url") != "--url":  # harness.toml has it, and the token as well
        return command
    variable = re.fullmatch(r"environment variable (\w+)", str(origins.get("token")))
    return [*command, "--url", subject["address"], *(["--token-env", variable[1]] if variable else [])]
