"""What to type next."""

import re
import shlex
from collections.abc import Mapping
from typing import Any


def once_more(report: Mapping[str, Any], *options: str) -> str:
    """The command that judges the same subject again: ``harness check ndw-pull --url … --only CLAUSE``.

    It repeats what the record knows of the address and of the token's variable, never a secret. What else the run was
    given must be given again. Of a client it is the command of the mock that it called.
    """
    if report["subject"].get("demo"):  # its faults are no options of a check
        return "harness demo"
    if report["subject"]["kind"] == "client":  # it speaks for itself: the mock can but listen
        return str(report["origins"].get("command", f"harness serve {report['interface'].partition('-')[0]}"))
    return " ".join(["harness", *map(shlex.quote, [*_subject(report), *options])])


def explained(requirement: str) -> str:
    """The command that says more about a clause."""
    return f"harness explain {shlex.quote(requirement)}"


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
