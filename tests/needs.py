"""Programs that a test needs and that are not Python's."""

import os
import shutil

import pytest


def needs(program: str) -> pytest.MarkDecorator:
    """Skip, loudly, where the program is not there; fail where HARNESS_REQUIRE says that it must be."""
    is_required = program in os.environ.get("HARNESS_REQUIRE", "").split(",")
    return pytest.mark.skipif(
        shutil.which(program) is None and not is_required,
        reason=f"{program} IS NOT HERE: install it, or nothing shows that this works (HARNESS_REQUIRE={program})",
    )
