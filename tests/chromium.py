"""A real Chromium, and what is looked for in a page by machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

BRIEFLY = {"resultTypes": ["violations"]}
EVERYTHING = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}, **BRIEFLY}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **BRIEFLY}
"""The one rule to which it matters whether a page is light or dark."""


@contextmanager
def started() -> Iterator[Browser]:
    """The browser, for as long as the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()
