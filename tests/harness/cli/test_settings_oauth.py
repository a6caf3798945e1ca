"""OAuth2 client credentials from flags and harness.toml: what is taken, and what is said of the rest."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.plan import OAuthClient, Plan, UsageError
from harness.cli.settings import Flags, plans

SECRET = "s3cr3t-Canary+1"
URL = "https://cpo.example/ocpi/2.2.1"
TOKEN_URL = "https://login.example/realms/x/token"
FLAGS = Flags(url=URL, client_id="me", client_secret_env="CPO_SECRET", token_url=TOKEN_URL)
FILE = f'[ndw-pull]\nurl = "{URL}"\nclient_id = "me"\nclient_secret = "${{CPO_SECRET}}"\ntoken_url = "{TOKEN_URL}"\n'


def planned(directory: Path, flags: Flags | None = None, text: str = "", secret: str = SECRET) -> Plan:
    (directory / "harness.toml").write_text(text)
    (plan,), _ = plans("ndw-pull", flags or Flags(), {"CPO_SECRET": secret, "T": "s3cr3t-Token-1"}, directory)
    return plan


def refused(directory: Path, flags: Flags | None = None, text: str = "", secret: str = SECRET) -> str:
    with pytest.raises(UsageError) as error:
        planned(directory, flags, text, secret)
    line = str(error.value)
    assert "\n" not in line
    assert SECRET not in line
    return line


def test_flags_and_file_say_the_same(tmp_path: Path) -> None:
    by_flags, by_file = planned(tmp_path, FLAGS), planned(tmp_path, text=FILE)
    assert by_flags.oauth == by_file.oauth == OAuthClient("me", SECRET, TOKEN_URL)
    assert by_flags.token == by_file.token == ""
    for plan, origin in ((by_flags, "--client-id"), (by_file, "harness.toml line 3")):
        assert plan.profile.settings.text("pull.auth") == "oauth2"
        assert plan.origins["pull.auth"] == plan.origins["client_id"] == origin
        assert plan.origins["client_secret"] == "environment variable CPO_SECRET"
        assert SECRET not in repr(plan)
        assert SECRET not in repr(plan.oauth)


def test_a_token_is_access_by_token(tmp_path: Path) -> None:
    plan = planned(tmp_path, Flags(url=URL, token_env="T"))
    assert (plan.oauth, plan.profile.settings.text("pull.auth")) == (None, "token")


def test_a_flag_fills_in_or_takes_the_place_of_the_file(tmp_path: Path) -> None:
    plan = planned(tmp_path, Flags(client_id="another"), FILE)
    assert plan.oauth == OAuthClient("another", SECRET, TOKEN_URL)
    assert planned(tmp_path, Flags(token_env="T"), FILE).oauth is None
    token = f'[ndw-pull]\nurl = "{URL}"\ntoken = "${{T}}"\n'
    assert planned(tmp_path, replace(FLAGS, url=None), token).oauth is not None


def test_both_a_token_and_a_client_are_too_much(tmp_path: Path) -> None:
    line = refused(tmp_path, replace(FLAGS, token_env="T"))
    assert line.startswith("--client-id: ")
    assert "--token-env" in line
    line = refused(tmp_path, text=FILE + 'token = "${T}"\n')
    assert line.startswith("harness.toml line 3, [ndw-pull] client_id: ")


@pytest.mark.parametrize(
    ("flags", "missing"),
    [
        (Flags(url=URL, client_id="me"), ["--client-secret-env", "--token-url"]),
        (Flags(url=URL, client_secret_env="CPO_SECRET"), ["--client-id", "--token-url"]),
        (replace(FLAGS, token_url=None), ["--token-url (or token_url in [ndw-pull])"]),
    ],
)
def test_what_is_missing_is_named(flags: Flags, missing: list[str], tmp_path: Path) -> None:
    line = refused(tmp_path, flags)
    assert "client credentials are not complete" in line
    assert all(name in line for name in missing)


def test_a_literal_secret_in_the_file_is_refused(tmp_path: Path) -> None:
    line = refused(tmp_path, text=FILE.replace("${CPO_SECRET}", SECRET))
    assert line.startswith("harness.toml line 4, [ndw-pull] client_secret: no secret may stand in the file")
    assert '"${NDW_PULL_CLIENT_SECRET}"' in line


@pytest.mark.parametrize(
    ("flags", "secret", "seen"),
    [
        (replace(FLAGS, client_secret_env="NOT_THERE"), SECRET, "variable NOT_THERE is not set"),
        (replace(FLAGS, client_secret_env=SECRET), SECRET, "give a variable's name, not the client secret"),
        (FLAGS, SECRET + "\n", "ends in a line feed"),
        (FLAGS, "", "is empty; set it to the client secret"),
        (replace(FLAGS, client_id=""), SECRET, "--client-id: "),
        (replace(FLAGS, client_id="m\te"), SECRET, "--client-id: "),
        (replace(FLAGS, token_url="login.example/token"), SECRET, "--token-url: 'login.example/token' has no scheme"),
        (replace(FLAGS, token_url="https://me:pw@login.example/token"), SECRET, "no user or password"),
        (replace(FLAGS, token_url=TOKEN_URL + "#x"), SECRET, "--token-url: "),
        (replace(FLAGS, settings=("pull.auth=token",)), SECRET, "--set: pull.auth = token, but client"),
        (Flags(url=URL, token_env="T", settings=("pull.auth=oauth2",)), SECRET, "but a token is given"),
        (Flags(reference=True, client_id="me"), SECRET, "--client-id: --reference"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(flags: Flags, secret: str, seen: str, tmp_path: Path) -> None:
    assert seen in refused(tmp_path, flags, secret=secret)


def test_a_token_url_may_have_a_query(tmp_path: Path) -> None:
    plan = planned(tmp_path, replace(FLAGS, token_url=TOKEN_URL + "?p=policy"))
    assert plan.oauth is not None
    assert plan.oauth.token_url.endswith("?p=policy")


def test_a_self_check_goes_by_the_setting(tmp_path: Path) -> None:
    assert planned(tmp_path, Flags(reference=True)).profile.settings.text("pull.auth") == "token"
    plan = planned(tmp_path, Flags(reference=True, settings=("pull.auth=oauth2",)))
    assert (plan.profile.settings.text("pull.auth"), plan.oauth) == ("oauth2", None)
