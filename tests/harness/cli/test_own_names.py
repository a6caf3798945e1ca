"""Our settings under the user's own names, in variables and in files; what was there before comes back."""

from pathlib import Path

import pytest

from harness.cli.client_way import ClientWay
from harness.cli.own_names import given, render, take_away
from harness.run.client import NotStartedError

GIVEN = {"NDW_PUSH_URL": "http://127.0.0.1:1/ocpi", "NDW_CLIENT_SECRET": "s3cr3t $1", "HARNESS_SITUATION": "ndw/x"}


def test_variables_are_filled_in_from_ours() -> None:
    way = ClientWay("command", env={"BASE": "${NDW_PUSH_URL}/locations", "KEY": "${NDW_CLIENT_SECRET}", "ONE": "1"})
    assert given(GIVEN, way) == {"BASE": "http://127.0.0.1:1/ocpi/locations", "KEY": "s3cr3t $1", "ONE": "1"}


def test_what_only_the_start_of_a_command_knows_is_left_to_it() -> None:
    way = ClientWay("command", env={"HOME": "${HARNESS_STATE_DIR}/${HARNESS_SITUATION}"})
    assert given(GIVEN, way) == {"HOME": "${HARNESS_STATE_DIR}/ndw/x"}


def test_a_setting_that_is_not_given_is_told() -> None:
    with pytest.raises(NotStartedError, match=r"^env CA: NDW_CA_FILE is not given here; given are HARNESS_SITUATION"):
        given(GIVEN, ClientWay("command", env={"CA": "${NDW_CA_FILE}"}))


def test_files_are_made_of_templates_and_taken_away_again(tmp_path: Path) -> None:
    (tmp_path / "a.tmpl").write_text("url: ${NDW_PUSH_URL}\nport: ${SERVER_PORT}\n")
    (tmp_path / "b.tmpl").write_bytes(b"${NDW_CLIENT_SECRET}\r\n")
    (tmp_path / "b.yml").write_text("the user's own")
    way = ClientWay("command", render={"a.tmpl": "a.yml", "b.tmpl": "b.yml"})
    made = render(way, GIVEN, tmp_path)
    assert made == [tmp_path / "a.yml", tmp_path / "b.yml"]
    assert made[0].read_text() == "url: http://127.0.0.1:1/ocpi\nport: ${SERVER_PORT}\n"
    assert made[1].read_bytes() == b"s3cr3t $1\r\n"
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    take_away(made)
    assert not made[0].exists()
    assert made[1].read_text() == "the user's own"
    assert (tmp_path / "a.tmpl").exists()


def test_the_users_own_file_outlives_a_run_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("made")
    (tmp_path / "app.yml").write_text("the user's own")
    way = ClientWay("command", render={"t": "app.yml"})
    render(way, GIVEN, tmp_path)
    take_away(render(way, GIVEN, tmp_path))
    assert (tmp_path / "app.yml").read_text() == "the user's own"
    assert {path.name for path in tmp_path.iterdir()} == {"t", "app.yml"}


@pytest.mark.parametrize(
    ("template", "target", "says"),
    [
        (b"${NDW_PUSH_URI}", "x", "NDW_PUSH_URI is not given here"),
        (b"\xff", "x", "is not UTF-8"),
        (b"fine", "no/such/x", "cannot be written"),
    ],
)
def test_a_file_that_cannot_be_made_leaves_nothing(template: bytes, target: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "first").write_text("1")
    (tmp_path / "t").write_bytes(template)
    with pytest.raises(NotStartedError, match=says):
        render(ClientWay("command", render={"first": "made", "t": target}), GIVEN, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"first", "t"}
