"""Runs commands in copies of a process that has loaded everything: a process of its own for each, without the wait.

Reads lines of JSON, ``{"arguments", "folder", "environment", "out", "err"}``, and writes the exit code of each.
"""

import importlib
import json
import os
import pkgutil
import signal
import sys

import harness.cli
from harness.cli import main

LIMIT_S = 120


def load() -> None:
    """Load what commands load on first use."""
    for module in pkgutil.iter_modules(harness.cli.__path__, "harness.cli."):
        importlib.import_module(module.name)
    for name in (
        "harness.report.html",
        "harness.report.junit",
        "harness.report.markdown",
        "harness.systems.ndw.reference",
    ):
        importlib.import_module(name)


def serve() -> None:
    """Until nobody asks any more."""
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _run(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def _run(order: dict[str, object]) -> None:
    signal.alarm(LIMIT_S)
    os.environ.clear()
    os.environ.update({str(name): str(text) for name, text in dict(order["environment"]).items()})  # type: ignore[call-overload]
    os.chdir(str(order["folder"]))
    for number, name in ((0, os.devnull), (1, str(order["out"])), (2, str(order["err"]))):
        opened = os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["harness", *map(str, order["arguments"])]  # type: ignore[call-overload]
    code = 1
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    load()
    serve()
