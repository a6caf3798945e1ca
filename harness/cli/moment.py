"""Story time that a user types: ``--now``."""

from datetime import datetime

from harness.cli.plan import UsageError


def moment(text: str | None) -> datetime | None:
    """The time of ISO 8601 that `--now` gives, with its zone; None where it gives none."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--now: {text!r} is not a time of ISO 8601; write it as 2026-06-01T08:00:00Z") from None
    if time.tzinfo is None:
        raise UsageError(f"--now: {text!r} has no zone; did you mean '{time.isoformat()}Z'?")
    return time
