"""Settings, confirmed assumptions and keywords: where they come from, and what is said of unknown ones."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness import collect
from harness.cli.plan import Plan, UsageError
from harness.cli.settings import Flags, plans
from harness.model.requirement import MAY, MUST, Keyword

REFERENCE = Flags(reference=True)
SETTINGS = collect.suite("ndw-pull").interface.settings
ASSUMED = tuple(sorted({setting.name for setting in SETTINGS if setting.assumed}))


def planned(text: str, flags: Flags, directory: Path) -> Plan:
    """The plan for ndw-pull with this harness.toml."""
    (directory / "harness.toml").write_text(text)
    (plan,), _ = plans("ndw-pull", flags, {}, directory)
    return plan


def refused(text: str, flags: Flags, directory: Path) -> str:
    """The one line with which this is refused."""
    with pytest.raises(UsageError) as error:
        planned(text, flags, directory)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_without_wishes_all_is_default_and_assumed(tmp_path: Path) -> None:
    plan = planned("", REFERENCE, tmp_path)
    assert plan.profile.settings.values == {setting.name: setting.default for setting in SETTINGS}
    assert {"pull.max_pages", "pull.token_encoding"} < set(ASSUMED) < {setting.name for setting in SETTINGS}
    assert plan.profile.assumed == frozenset(ASSUMED)
    assert (plan.profile.confirmed, plan.profile.keywords) == ({}, {})
    assert {plan.origins[setting.name] for setting in SETTINGS} == {"default"}
    assert not {"confirmed", "keywords"} & set(plan.origins)


@pytest.mark.parametrize(
    "text",
    [
        '[ndw]\nsettings = {"pull.max_pages" = 5, "pull.token_encoding" = "raw"}\n',
        '[ndw.settings]\npull.max_pages = 5\npull.token_encoding = "raw"\n',
        '[ndw.settings.pull]\nmax_pages = 5\ntoken_encoding = "raw"\n',
    ],
)
def test_settings_of_the_file_in_every_spelling(text: str, tmp_path: Path) -> None:
    plan = planned(text, REFERENCE, tmp_path)
    assert plan.profile.settings.number("pull.max_pages") == 5
    assert plan.profile.settings.text("pull.token_encoding") == "raw"
    assert plan.origins["pull.max_pages"] == "harness.toml line 2"


def test_set_wins_over_the_file_and_the_last_one_wins(tmp_path: Path) -> None:
    flags = replace(REFERENCE, settings=("pull.max_pages=6", "pull.max_pages = 7"))
    plan = planned('[ndw]\nsettings = {"pull.max_pages" = 5}\n', flags, tmp_path)
    assert plan.profile.settings.number("pull.max_pages") == 7
    assert plan.origins["pull.max_pages"] == "--set"


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        ("pull.max_page=5", "--set: unknown setting 'pull.max_page'; did you mean 'pull.max_pages'?"),
        ("zzz=5", "--set: unknown setting 'zzz'; see: harness list settings"),
        ("pull.max_pages", "--set: pull.max_pages has no value; write it as --set pull.max_pages=10000"),
        ("pull.max_pages=many", "--set: pull.max_pages = 'many': a whole number from 1"),
        ("pull.token_encoding=utf8", "--set: pull.token_encoding = 'utf8': one of auto, base64, raw"),
    ],
)
def test_wishes_that_cannot_be(wish: str, line: str, tmp_path: Path) -> None:
    assert refused("", replace(REFERENCE, settings=(wish,)), tmp_path) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '[ndw]\nsettings = {"pull.max_page" = 5}\n',
            "harness.toml line 2, [ndw] settings: unknown setting 'pull.max_page'; did you mean 'pull.max_pages'?",
        ),
        (
            "[ndw.settings]\n\npull.max_pages = true\n",
            "harness.toml line 3, [ndw] settings: pull.max_pages = True: a whole number from 1",
        ),
        (
            '[ndw]\nconfirmed = {"pull.max_page" = "mail"}\n',
            "harness.toml line 2, [ndw] confirmed: unknown assumption 'pull.max_page'; did you mean 'pull.max_pages'?",
        ),
        (
            '[ndw]\nconfirmed = {"pull.plain_http" = "mail"}\n',
            (
                "harness.toml line 2, [ndw] confirmed: 'pull.plain_http' is not an assumption, so nobody confirms it; "
                "leave it out"
            ),
        ),
        (
            '[ndw]\nconfirmed = {"pull.max_pages" = true}\n',
            (
                "harness.toml line 2, [ndw] confirmed: say who confirmed pull.max_pages: "
                '"pull.max_pages" = "mail of the party, 2026-11-18"'
            ),
        ),
        (
            '[ndw.keywords]\n"ndw/location-list-served" = "MUST"\n',
            (
                "harness.toml line 2, [ndw] keywords: unknown requirement 'ndw/location-list-served'; "
                "did you mean 'ndw/location-list-is-served'?"
            ),
        ),
        (
            '[ndw.keywords]\nzzz = "MUST"\n',
            "harness.toml line 2, [ndw] keywords: unknown requirement 'zzz'; see: harness list requirements ndw-pull",
        ),
        (
            '[ndw.keywords]\n"ndw/location-list-is-served" = "must"\n',
            (
                "harness.toml line 2, [ndw] keywords: ndw/location-list-is-served: expected MUST, SHOULD, MAY or off; "
                "did you mean 'MUST'?"
            ),
        ),
        (
            '[ndw.keywords]\n"ndw/location-list-is-served" = false\n',
            (
                "harness.toml line 2, [ndw] keywords: ndw/location-list-is-served: expected MUST, SHOULD, MAY or off, "
                "in quotes"
            ),
        ),
    ],
)
def test_expectations_of_the_file_are_refused_by_line(text: str, line: str, tmp_path: Path) -> None:
    assert refused(text, REFERENCE, tmp_path) == line


def test_confirmed_by_file_and_flag(tmp_path: Path) -> None:
    flags = replace(REFERENCE, confirm=("pull.page_timeout_s",))
    plan = planned('[ndw]\nconfirmed = {"pull.max_pages" = "mail of NDW"}\n', flags, tmp_path)
    assert plan.profile.confirmed == {"pull.max_pages": "mail of NDW", "pull.page_timeout_s": "--confirm"}
    assert plan.origins["confirmed"] == "harness.toml line 2, --confirm"


def test_confirm_all_confirms_every_assumption_and_keeps_the_sources_of_the_file(tmp_path: Path) -> None:
    text = '[ndw]\nconfirmed = {"pull.max_pages" = "mail of NDW"}\n'
    plan = planned(text, replace(REFERENCE, confirm=("all",)), tmp_path)
    assert plan.profile.confirmed == {**dict.fromkeys(ASSUMED, "--confirm"), "pull.max_pages": "mail of NDW"}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("pull.max_page", "--confirm: unknown assumption 'pull.max_page'; did you mean 'pull.max_pages'?"),
        ("zzz", "--confirm: unknown assumption 'zzz'; see: harness list assumptions"),
        ("pull.plain_http", "--confirm: 'pull.plain_http' is not an assumption, so nobody confirms it; leave it out"),
    ],
)
def test_confirm_of_what_is_no_assumption(name: str, line: str, tmp_path: Path) -> None:
    assert refused("", replace(REFERENCE, confirm=(name,)), tmp_path) == line


@pytest.mark.parametrize(
    ("word", "keyword"), [("MUST", MUST), ("MAY", MAY), ("off", None), ("OFF", None), ("Off", None)]
)
def test_keywords(word: str, keyword: Keyword | None, tmp_path: Path) -> None:
    plan = planned(f'[ndw.keywords]\n"ndw/location-list-is-served" = "{word}"\n', REFERENCE, tmp_path)
    assert plan.profile.keywords == {"ndw/location-list-is-served": keyword}
    assert plan.origins["keywords"] == "harness.toml line 1"


def test_a_former_id_stands_for_todays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    suite = collect.suite("ndw-pull")
    first = replace(suite.requirements[0], formerly=("ndw/old-name",))
    renamed = replace(suite, requirements=(first, *suite.requirements[1:]))
    monkeypatch.setattr(collect, "suite", lambda _interface: renamed)
    plan = planned('[ndw.keywords]\n"ndw/old-name" = "MAY"\n', REFERENCE, tmp_path)
    assert plan.profile.keywords == {first.id: MAY}
