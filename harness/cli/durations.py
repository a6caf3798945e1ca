"""How long something may take, as a user types it."""

import re

from harness.cli.plan import UsageError

_SECONDS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_PLAIN = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.I)
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.I)


def seconds(text: str, where: str) -> float:
    """The seconds of ``90``, ``90s``, ``10m``, ``2h`` or ``PT10M``; more than none. `where` begins a complaint."""
    plain, iso = _PLAIN.fullmatch(text.strip()), _ISO.fullmatch(text.strip())
    found = 0.0
    if plain and plain[2].lower() in _SECONDS:
        found = float(plain[1]) * _SECONDS[plain[2].lower()]
    elif iso:
        days, hours, minutes, rest = (float(part or 0) for part in iso.groups())
        found = days * 86_400 + hours * 3600 + minutes * 60 + rest
    if not found:
        raise UsageError(f"{where}: {text!r} is no duration; write it as 90s, 10m, 2h or PT10M")
    return found
