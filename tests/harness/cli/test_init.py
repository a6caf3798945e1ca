"""``harness init``: the file that it writes passes its own check, and every key of it is explained."""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.cli import toml_text as module
from harness.cli.init import command
from harness.cli.plan import Plan, UsageError
from harness.cli.settings import Flags, plans, tables
from harness.cli.toml_file import check_shape, key_lines, read_toml
from harness.cli.waivers import KEYS as WAIVER_KEYS
from harness.collect import interfaces
from harness.systems.ndw.reference import create_app
from harness.wire.serve import served
from tests.harness.cli.commands import TOKEN

PULL, PUSH = "ndw-pull", "ndw-push"
VARIABLE = "NDW_PULL_TOKEN"
COMMENTED = re.compile(r'^# ((?:"[^"]+"|[a-z_]+) = .*|\[\[[a-z]+\]\])$', re.M)
ONE_OF_TWO = ("client_id", "client_secret", "token_url")
"""Access by OAuth2 takes the place of the token."""
OTHER_FILES = ("ca_file", "client_cert", "client_key")
STRAIGHT = ("connect_to",)
"""Goes with no proxy."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that is the present one."""
    with chdir(tmp_path):
        yield tmp_path


@pytest.fixture
def written(folder: Path) -> str:
    """The text of the file that was written there."""
    command(PULL)
    return (folder / "harness.toml").read_text("utf-8")


def plan_of(folder: Path) -> Plan:
    """What a check in this folder would do."""
    (plan,), self_check = plans(None, Flags(), {VARIABLE: TOKEN, "NDW_PULL_X_API_KEY": "k3y"}, folder)
    assert not self_check
    return plan


def put_in_force(text: str, leave: tuple[str, ...] = ()) -> str:
    """The same with every example and default in force but these."""
    return COMMENTED.sub(lambda found: found[0] if found[1].startswith(leave) and leave else found[1], text)


def test_the_file_as_written_is_a_plan_for_the_reference(folder: Path, written: str) -> None:
    assert written.startswith("#:schema ./harness.schema.json\n")
    assert TOKEN not in written
    plan = plan_of(folder)
    assert (plan.interface, plan.kind, plan.token) == (PULL, "server", TOKEN)
    assert plan.addresses.base == "http://127.0.0.1:7401/ocpi/2.2.1"
    assert {origin for name, origin in plan.origins.items() if name in plan.profile.settings.values} <= {
        "default",
        f"environment variable {VARIABLE}",
    }


def test_it_names_every_key_once(written: str) -> None:
    """Those of its interface, each table of its system, and every setting with its default."""
    whole = put_in_force(written)
    lines = key_lines(whole)
    data = tomllib.loads(whole)
    assert data[PULL].keys() == tables()[PULL].keys()
    assert data["ndw"].keys() == tables()["ndw"].keys()
    _system, interface = interfaces()[PULL]
    assert data["ndw"]["settings"] == {setting.name: setting.default for setting in interface.settings}
    assert [one.keys() for one in data["waivers"]] == [WAIVER_KEYS.keys()]
    told = written.splitlines()
    for key in data[PULL]:
        above = told[lines[f"{PULL}.{key}"] - 2]
        assert above.startswith("# "), f"{key} is not explained"


def test_every_example_is_one(folder: Path, written: str) -> None:
    path = folder / "harness.toml"
    path.write_text(put_in_force(written), "utf-8")
    check_shape(read_toml(path, "harness.toml"), tables())
    schema = json.loads((folder / "harness.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(tomllib.loads(written))
    validator.validate(tomllib.loads(path.read_text("utf-8")))
    path.write_text(put_in_force(written, (*ONE_OF_TWO, *OTHER_FILES, *STRAIGHT)), "utf-8")
    plan = plan_of(folder)
    assert plan.hooks == {"change": ("./change.sh",)}
    assert plan.reach.headers == (("X-Api-Key", "k3y"),)
    assert plan.parties == ("NL/ABC",)
    assert [one.owner for one in plan.waivers] == ["ops"]


@pytest.mark.usefixtures("folder")
def test_check_and_doctor_work_with_it_over_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a free port in the place of the usual one, which another program may have."""
    monkeypatch.setenv(VARIABLE, TOKEN)
    with served(create_app(token=TOKEN, locations=12)) as origin:
        monkeypatch.setattr(module, "_origin", lambda _system: origin)
        command(PULL)
        for arguments in (["check", "--only", "read-single-locations"], ["doctor"]):
            ran = CliRunner().invoke(app, arguments, catch_exceptions=False)
            assert ran.exit_code == 0, ran.output
            assert TOKEN not in ran.output


def test_nothing_is_overwritten(folder: Path, written: str) -> None:
    with pytest.raises(UsageError, match=r"^harness\.toml is there already and is left alone; .*--config FILE$"):
        command(PULL)
    assert (folder / "harness.toml").read_text("utf-8") == written
    command(PULL, Path("other.toml"))
    assert (folder / "other.toml").read_text("utf-8") == written
    (folder / "harness.schema.json").write_text("{}")
    with pytest.raises(UsageError, match=r"harness\.schema\.json is there already and is not ours"):
        command(PULL, Path("third.toml"))
    assert not (folder / "third.toml").exists()


def test_it_writes_where_check_would_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_CONFIG", "ours.toml")
    command(PULL)
    assert {path.name for path in folder.iterdir()} == {"ours.toml", "harness.schema.json"}
    with pytest.raises(UsageError, match="--config: there is no folder 'none'; make it first"):
        command(PULL, Path("none/harness.toml"))


def test_an_unknown_interface_is_refused_with_what_was_meant(folder: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'ndw-pull'"):
        command("ndw-pul")
    with pytest.raises(UsageError, match="unknown interface 'pie'; known: ndw-pull"):
        command("pie")
    assert list(folder.iterdir()) == []


def test_a_client_starts_with_the_bundled_one(folder: Path) -> None:
    command(PUSH)
    text = (folder / "harness.toml").read_text("utf-8")
    assert text.startswith("#:schema ./harness.schema.json\n")
    (plan,), self_check = plans(None, Flags(), {}, folder)
    assert not self_check
    assert plan.client is not None
    assert (plan.interface, plan.client.way, plan.client.command[-1]) == (
        PUSH,
        "command",
        "harness.systems.ndw.reference.push",
    )
    (folder / "app.yml.tmpl").write_text("x")
    whole = put_in_force(text, ("pull", "tls", "public_url"))
    assert tomllib.loads(put_in_force(text))[PUSH].keys() == tables()[PUSH].keys()
    (folder / "harness.toml").write_text(whole, "utf-8")
    schema = json.loads((folder / "harness.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(tomllib.loads(put_in_force(text)))
    (plan,), _ = plans(None, Flags(), {}, folder)
    assert plan.client is not None
    assert plan.client.env == {"PUSH_BASE": "${NDW_PUSH_URL}"}
    assert plan.hooks == {"change": ("./change.sh",), "export": ("./export.sh",)}
