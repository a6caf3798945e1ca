"""The open assumptions as a mail: which questions matter, and what is said of each."""

from typing import Any

from harness.model.settings import Setting
from harness.report.questions import mail, that_matter

ENCODING = Setting("pull.token_encoding", "auto", ("base64", "raw"), "In Base64, or as it is?")
PAGES = Setting("pull.max_pages", 10_000, (), "After how many pages do you give up?")


def report(*verdicts: tuple[str, list[str]], confirmed: tuple[str, ...] = ()) -> dict[str, Any]:
    told = [{"outcome": outcome, "rests_on": rests_on} for outcome, rests_on in verdicts]
    return {"profile": {"confirmed": dict.fromkeys(confirmed, "a mail")}, "verdicts": told}


def test_only_what_a_failed_clause_hangs_on_matters() -> None:
    run = report(("failed", ["a", "b"]), ("passed", ["c"]), ("untested", ["d"]), ("failed", []))
    assert that_matter(run) == {"a", "b"}


def test_what_was_confirmed_is_asked_no_more() -> None:
    assert that_matter(report(("failed", ["a", "b"]), confirmed=("a",))) == {"b"}


def test_each_question_says_what_is_assumed_and_what_hangs_on_it() -> None:
    text = mail("NDW DOT-NL", "ndw-pull@2026.12", {ENCODING: ["x/one", "x/two"], PAGES: ["x/three"]})
    assert text.startswith("Subject: Questions about connecting to NDW DOT-NL\n")
    assert "1. In Base64, or as it is?\n   We assume meanwhile: auto.\n   Also possible: base64, raw.\n" in text
    assert "   It decides: x/one, x/two.\n\n2. After how many pages do you give up?\n" in text
    assert "   We assume meanwhile: 10000.\n   It decides: x/three.\n" in text


def test_a_question_on_which_no_clause_hangs_is_one_about_requests() -> None:
    limit = Setting("pull.limit_param", "none", (), "Do you send limit?", or_number=True)
    text = mail("NDW DOT-NL", "ndw-pull@2026.12", {limit: []})
    assert "   We assume meanwhile: none.\n   Also possible: a number.\n" in text
    assert "   It decides: what we must expect of your requests.\n" in text


def test_no_question_is_said_to_be_none() -> None:
    assert mail("NDW DOT-NL", "ndw-pull@2026.12", {}) == (
        "No open question to NDW DOT-NL matters here (ndw-pull@2026.12)."
    )
