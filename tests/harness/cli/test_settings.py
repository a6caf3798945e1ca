"""Which plans a command line makes: interfaces, subjects, references, and the flags that stand for themselves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness import collect
from harness.cli.plan import Plan, UsageError
from harness.cli.settings import Flags, plans
from harness.model.address import Addresses
from harness.model.settings import Setting

SECRET = "s3cr3t-Canary"
ENVIRONMENT = {"NDW_PULL_TOKEN": SECRET}
URL = "https://cpo.example/ocpi/2.2.1"
SERVER = Flags(url=URL, token_env="NDW_PULL_TOKEN")
CONFIGURED = f'[ndw-pull]\nurl = "{URL}"\ntoken = "${{NDW_PULL_TOKEN}}"\n'


def refused(interface: str | None, flags: Flags, directory: Path) -> str:
    """The one line with which the command line is refused."""
    with pytest.raises(UsageError) as error:
        plans(interface, flags, ENVIRONMENT, directory)
    line = str(error.value)
    assert "\n" not in line
    assert SECRET not in line
    return line


@pytest.fixture
def two_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system beside ndw that has two interfaces, each with a setting of its own."""
    (ndw,) = collect.systems()
    pull = ndw.interfaces[0]
    left = replace(pull, id="toy-left", settings=(Setting("left.size", 1, (), "How big?"),))
    right = replace(pull, id="toy-right", settings=(Setting("right.size", 2, (), "How big?"),))
    toy = replace(ndw, name="toy", interfaces=(left, right))
    monkeypatch.setattr(collect, "systems", lambda: (ndw, toy))


def test_flags_alone_make_a_plan(tmp_path: Path) -> None:
    flags = replace(SERVER, name="Our CPO", subject_version="7", seed=3, out=Path("out"), strict=True)
    (plan,), self_check = plans("ndw-pull", flags, ENVIRONMENT, tmp_path)
    assert not self_check
    assert (plan.interface, plan.kind, plan.addresses, plan.token) == ("ndw-pull", "server", Addresses(URL), SECRET)
    assert (plan.name, plan.version, plan.seed, plan.out, plan.strict) == ("Our CPO", "7", 3, Path("out"), True)
    assert plan.profile.id == "ndw-pull@2026.12"
    assert plan.origins["url"] == "--url"
    assert plan.origins["token"] == "environment variable NDW_PULL_TOKEN"
    assert plan.origins["pull.max_pages"] == "default"
    assert SECRET not in repr(plan)


def test_nothing_configured_is_a_self_check(tmp_path: Path) -> None:
    found, self_check = plans(None, Flags(), {}, tmp_path)
    assert self_check
    assert [plan.interface for plan in found] == ["ndw-pull", "ndw-push"]
    assert [(plan.kind, plan.addresses, plan.token) for plan in found] == [("reference", Addresses(""), "")] * 2
    assert [plan.client.way if plan.client else None for plan in found] == [None, "reference"]


def test_reference_of_one_interface_is_a_self_check(tmp_path: Path) -> None:
    flags = Flags(reference=True, faults=("getLocations:without_field(/data)",), settings=("pull.max_pages=5",))
    (plan,), self_check = plans("ndw-pull", flags, {}, tmp_path)
    assert self_check
    assert plan.kind == "reference"
    assert plan.faults == flags.faults
    assert plan.profile.settings.number("pull.max_pages") == 5


def test_reference_needs_none_of_the_variables_in_the_file(tmp_path: Path) -> None:
    text = '[ndw-pull]\nurl = "${NOT_SET}"\ntoken = "${NOT_SET}"\nparties = ["NL/ABC"]\n'
    (tmp_path / "harness.toml").write_text(text)
    (plan,), self_check = plans("ndw-pull", Flags(reference=True), {}, tmp_path)
    assert self_check
    assert plan.parties == ()


@pytest.mark.usefixtures("two_interfaces")
def test_without_interface_all_that_have_an_address_are_checked(tmp_path: Path) -> None:
    text = CONFIGURED + f'[toy-right]\nurl = "{URL}"\ntoken = "${{NDW_PULL_TOKEN}}"\n[toy-left]\nname = "no address"\n'
    (tmp_path / "harness.toml").write_text(text)
    found, self_check = plans(None, Flags(), ENVIRONMENT, tmp_path)
    assert [plan.interface for plan in found] == ["ndw-pull", "toy-right"]
    assert not self_check


@pytest.mark.usefixtures("two_interfaces")
def test_a_table_without_address_leaves_the_self_check(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text('[ndw-pull]\ntoken = "${NDW_PULL_TOKEN}"\n')
    found, self_check = plans(None, Flags(), {}, tmp_path)
    assert [plan.interface for plan in found] == ["ndw-pull", "ndw-push", "toy-left", "toy-right"]
    assert self_check


@pytest.mark.usefixtures("two_interfaces")
def test_each_interface_gets_the_settings_that_it_knows(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text('[toy.settings]\n"left.size" = 7\n"right.size" = 8\n')
    found, _ = plans(None, Flags(settings=("right.size=9",)), {}, tmp_path)
    values = {plan.interface: plan.profile.settings.values for plan in found}
    assert values["toy-left"] == {"left.size": 7}
    assert values["toy-right"] == {"right.size": 9}


@pytest.mark.usefixtures("two_interfaces")
def test_a_variable_is_read_only_for_the_interface_that_needs_it(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text(CONFIGURED + '[toy-left]\nurl = "${NOT_SET}"\ntoken = "${NOT_SET}"\n')
    (plan,), _ = plans("ndw-pull", Flags(), ENVIRONMENT, tmp_path)
    assert plan.addresses.base == URL


@pytest.mark.parametrize(
    ("interface", "line"),
    [
        ("ndw-pul", "INTERFACE: unknown interface 'ndw-pul'; did you mean 'ndw-pull'? known: ndw-pull, ndw-push"),
        ("NDW_Pull", "INTERFACE: unknown interface 'NDW_Pull'; did you mean 'ndw-pull'? known: ndw-pull, ndw-push"),
        ("ndw", "INTERFACE: 'ndw' is a system; give an interface of it: ndw-pull, ndw-push"),
    ],
)
def test_unknown_interface(interface: str, line: str, tmp_path: Path) -> None:
    assert refused(interface, SERVER, tmp_path) == line


def test_interface_without_subject_names_the_three_ways(tmp_path: Path) -> None:
    assert refused("ndw-pull", Flags(), tmp_path) == (
        "ndw-pull: there is no subject to check; give --url URL --token-env VAR, or url and token in [ndw-pull] of "
        "harness.toml, or --reference for the bundled one"
    )


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (
            Flags(url=URL, reference=True),
            "--url: --reference checks the bundled reference; leave out one of the two",
        ),
        (
            Flags(token_env="NDW_PULL_TOKEN", reference=True),
            "--token-env: --reference checks the bundled reference; leave out one of the two",
        ),
        (
            Flags(url=URL, faults=("getLocations:drop()",)),
            "--fault: faults are put on the bundled reference only; add --reference",
        ),
        (
            Flags(now="yesterday"),
            "--now: 'yesterday' is not a time of ISO 8601; write it as 2026-06-01T08:00:00Z",
        ),
        (
            Flags(now="2026-06-01T08:00"),
            "--now: '2026-06-01T08:00' has no zone; did you mean '2026-06-01T08:00:00Z'?",
        ),
        (Flags(now="2026-06-01"), "--now: '2026-06-01' has no zone; did you mean '2026-06-01T00:00:00Z'?"),
    ],
)
def test_flags_that_cannot_be(flags: Flags, line: str, tmp_path: Path) -> None:
    assert refused("ndw-pull", flags, tmp_path) == line


@pytest.mark.parametrize(
    ("flag", "flags"),
    [
        ("--url", Flags(url=URL)),
        ("--token-env", Flags(token_env="NDW_PULL_TOKEN")),
        ("--name", Flags(name="Our CPO")),
        ("--subject-version", Flags(subject_version="7")),
    ],
)
def test_flags_of_a_subject_want_an_interface(flag: str, flags: Flags, tmp_path: Path) -> None:
    expected = f"{flag}: say which interface it is for, such as: harness check ndw-pull {flag} …"
    assert refused(None, flags, tmp_path) == expected


@pytest.mark.parametrize("text", ["2026-06-01T08:00:00Z", "2026-06-01T10:00:00+02:00", "20260601T080000Z"])
def test_now_is_an_instant(text: str, tmp_path: Path) -> None:
    (plan,), _ = plans("ndw-pull", replace(SERVER, now=text), ENVIRONMENT, tmp_path)
    assert plan.now is not None
    assert plan.now - datetime(2026, 6, 1, 8, tzinfo=UTC) == timedelta(0)


def test_plans_are_the_same_every_time(tmp_path: Path) -> None:
    def made() -> list[Plan]:
        return plans("ndw-pull", SERVER, ENVIRONMENT, tmp_path)[0]

    assert made() == made()
