"""What a test needs that is not always there: programs that are not Python's, and time."""

import os
import shutil

import pytest


def needs(program: str) -> pytest.MarkDecorator:
    """Skip, loudly, where the program is not there; fail where HARNESS_REQUIRE says that it must be."""
    is_required = program in _required()
    return pytest.mark.skipif(
        shutil.which(program) is None and not is_required,
        reason=f"{program} IS NOT HERE: install it, or nothing shows that this works (HARNESS_REQUIRE={program})",
    )


def needs_minutes() -> pytest.MarkDecorator:
    """Skip, loudly, unless HARNESS_REQUIRE names ``minutes``, as .ci/run does: it takes some."""
    return pytest.mark.skipif(
        not MINUTES,
        reason="THIS TAKES MINUTES, which .ci/run has: real clocks, second opinions (HARNESS_REQUIRE=minutes)",
    )


def _required() -> list[str]:
    return os.environ.get("HARNESS_REQUIRE", "").split(",")


MINUTES = "minutes" in _required()
"""What takes minutes is run, too."""
