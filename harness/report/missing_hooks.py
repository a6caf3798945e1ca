"""Hooks that a client under test did without: what each would have shown, and how to give it."""

import re
from collections.abc import Mapping
from typing import Any

_NEEDS = re.compile(r"needs the hook ([a-z_]+)")
_WHAT_IT_DOES = {
    "change": "makes the change that it is told of: a status, a price, a new location",
    "restart": "ends your client and starts it again with what it had kept",
    "export": "prints what your client holds",
    "set_clock": "sets the clock of your client",
}


def hook_of(reason: str | None) -> str | None:
    """The hook for want of which something was left out: of ``needs the hook change``, ``change``."""
    found = _NEEDS.match(reason or "")
    return found[1] if found else None


def advice(report: Mapping[str, Any], hook: str) -> list[str]:
    """What to put into harness.toml for a hook of a client, as lines; none where the subject is no client."""
    if report["subject"]["as"] != "client":
        return []
    what = f"# it {_WHAT_IT_DOES[hook]}" if hook in _WHAT_IT_DOES else ""
    return [
        f"[{report['interface']}.hooks]",
        *([what] if what else []),
        f'{hook} = ["./{hook}.sh"]   # or an HTTP call: "POST http://localhost:8080/test/{hook}"',
    ]
