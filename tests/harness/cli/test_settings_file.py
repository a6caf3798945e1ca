"""harness.toml: which file is read, and what is said of one that cannot be."""

from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from harness.cli.plan import UsageError
from harness.cli.settings import Flags, plans
from harness.cli.toml_file import key_lines

SECRET = "s3cr3t-Canary"
KNOWN_TABLES = "this version knows [ndw], [ndw-pull], [ndw-push], [[waivers]]"
ENVIRONMENT = {"NDW_PULL_TOKEN": SECRET}
CONFIGURED = '[ndw-pull]\nurl = "https://cpo.example/ocpi"\ntoken = "${NDW_PULL_TOKEN}"\n'


def refused(text: str, directory: Path) -> str:
    """The one line with which a harness.toml is refused, whatever is checked."""
    (directory / "harness.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        plans("ndw-pull", Flags(reference=True), ENVIRONMENT, directory)
    line = str(error.value)
    assert "\n" not in line
    assert SECRET not in line
    return line


@pytest.mark.parametrize("way", ["--config", "HARNESS_CONFIG", "the folder's own"])
def test_the_file_that_is_read(way: str, tmp_path: Path) -> None:
    name = "harness.toml" if way == "the folder's own" else "mine.toml"
    (tmp_path / name).write_text(CONFIGURED)
    flags = Flags(config=Path(name)) if way == "--config" else Flags()
    environment = {"HARNESS_CONFIG": name, **ENVIRONMENT} if way == "HARNESS_CONFIG" else ENVIRONMENT
    (plan,), self_check = plans(None, flags, environment, tmp_path)
    assert not self_check
    assert plan.origins["url"] == f"{name} line 2"


def test_config_wins_over_the_environment_and_an_empty_variable_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text(CONFIGURED)
    flags = Flags(config=tmp_path / "harness.toml")
    assert plans("ndw-pull", flags, {"HARNESS_CONFIG": "none.toml", **ENVIRONMENT}, tmp_path)[0]
    assert plans("ndw-pull", Flags(), {"HARNESS_CONFIG": "", **ENVIRONMENT}, tmp_path)[0]


@pytest.mark.parametrize(
    ("flags", "environment", "where"),
    [
        (Flags(config=Path("none.toml")), {}, "--config"),
        (Flags(), {"HARNESS_CONFIG": "none.toml"}, "environment variable HARNESS_CONFIG"),
    ],
)
def test_a_named_file_must_exist(flags: Flags, environment: dict[str, str], where: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        plans("ndw-pull", flags, environment, tmp_path)
    assert str(error.value) == f"{where}: there is no file 'none.toml'; give the path of your harness.toml"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            f"[ndw-pull]\ntoken = {SECRET}\n",
            "harness.toml line 2, column 9: this is not TOML: invalid value; a text stands in quotes",
        ),
        (
            "[ndw-pull]\nurl\n",
            "harness.toml line 2, column 4: this is not TOML: expected '=' after a key in a key/value pair",
        ),
        (
            '[ndw-pull]\nurl = ["a",',
            "harness.toml line 2, column 12: this is not TOML: invalid value; a text stands in quotes",
        ),
        ("[nwd-pull]\n", "harness.toml line 1: unknown table [nwd-pull]; did you mean [ndw-pull]?"),
        ("\n[liander]\n", f"harness.toml line 2: unknown table [liander]; {KNOWN_TABLES}"),
        ("[liander.hooks]\n", f"harness.toml line 1: unknown table [liander]; {KNOWN_TABLES}"),
        (r'["a\nb"]', rf"harness.toml line 1: unknown table [a\nb]; {KNOWN_TABLES}"),
        ('url = "x"\n', "harness.toml line 1: key 'url' stands in no table; put it below [ndw-pull]"),
        ("ndw = 1\n", "harness.toml line 1: ndw is a whole number; write it as a table, [ndw]"),
        (
            '[ndw-pull]\n# a note\nlocation_url = "x"\n',
            "harness.toml line 3: unknown key 'location_url' in [ndw-pull]; did you mean 'locations_url'?",
        ),
        (
            "[ndw-pull]\nzzz = 1\n",
            (
                "harness.toml line 2: unknown key 'zzz' in [ndw-pull]; "
                "known: ca_file, client_cert, client_id, client_key, client_secret, connect_to, headers, hooks, "
                "insecure, locations_url, name, parties, proxy, rate, tariffs_url, token, token_url, url, version"
            ),
        ),
        ('[ndw]\ntoken = "x"\n', "harness.toml line 2: unknown key 'token' in [ndw]; it belongs in [ndw-pull]"),
        (
            "[ndw-pull]\nsettings = {}\n",
            "harness.toml line 2: unknown key 'settings' in [ndw-pull]; it belongs in [ndw]",
        ),
        (
            "[ndw-pull]\nversion = 2.2\n",
            "harness.toml line 2, [ndw-pull] version: expected a text in quotes, found a number",
        ),
        (
            "[ndw-pull]\nurl = true\n",
            "harness.toml line 2, [ndw-pull] url: expected a text in quotes, found true or false",
        ),
        (
            f'[ndw-pull]\ntoken = ["{SECRET}"]\n',
            "harness.toml line 2, [ndw-pull] token: expected a text in quotes, found a list",
        ),
        (
            '[ndw-pull]\nparties = "NL/ABC"\n',
            'harness.toml line 2, [ndw-pull] parties: expected a list of texts, as in ["…", "…"], found a text',
        ),
        (
            "[ndw-pull]\nparties = [1]\n",
            (
                'harness.toml line 2, [ndw-pull] parties: expected a list of texts, as in ["…", "…"], '
                "found something else in it"
            ),
        ),
        (
            "[ndw]\nsettings = 2026-01-01\n",
            "harness.toml line 2, [ndw] settings: expected a table, found a date or time",
        ),
        (
            f'[ndw-pull]\ntoken = "{SECRET}"\n',
            (
                "harness.toml line 2, [ndw-pull] token: no secret may stand in the file; "
                'write token = "${NDW_PULL_TOKEN}" and set that variable'
            ),
        ),
    ],
)
def test_a_wrong_file_is_refused_by_line(text: str, line: str, tmp_path: Path) -> None:
    assert refused(text, tmp_path) == line


@pytest.mark.parametrize(
    "token", [f"${{NDW_PULL_TOKEN}}{SECRET}", f" {SECRET}", "$NDW_PULL_TOKEN", "", f"${{{SECRET}}}"]
)
def test_a_token_is_exactly_one_variable(token: str, tmp_path: Path) -> None:
    assert "no secret may stand in the file" in refused(f'[ndw-pull]\ntoken = "{token}"\n', tmp_path)


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_bytes(b'[ndw-pull]\nname = "Caf\xe9"\n')
    with pytest.raises(UsageError, match=r"^harness\.toml: is not UTF-8; save it in that encoding$"):
        plans(None, Flags(), {}, tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_bytes(b"\xef\xbb\xbf" + CONFIGURED.replace("\n", "\r\n").encode())
    (plan,), _ = plans(None, Flags(), ENVIRONMENT, tmp_path)
    assert plan.origins["url"] == "harness.toml line 2"


def test_variables_are_filled_into_texts(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    text = (
        '[ndw-pull]\nurl = "https://${HOST}:${PORT}/ocpi"\ntoken = "${NDW_PULL_TOKEN}"\nparties = ["${COUNTRY}/abc"]\n'
    )
    text += 'name = "CPO ${BUILD}"\nversion = "${BUILD}"\nca_file = "${CA}.pem"\n'
    (tmp_path / "harness.toml").write_text(text)
    values = {"HOST": "cpo.example", "PORT": "8443", "COUNTRY": "NL", "BUILD": "12", "CA": "ca", **ENVIRONMENT}
    (plan,), _ = plans("ndw-pull", Flags(), values, tmp_path)
    assert plan.addresses.base == "https://cpo.example:8443/ocpi"
    assert (plan.parties, plan.name, plan.version) == (("NL/ABC",), "CPO 12", "12")
    assert plan.reach.ca_file == tmp_path / "ca.pem"
    assert plan.origins["parties"] == "harness.toml line 4"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("https://${HOST}", "environment variable HOST is not set; set it before the check"),
        ("https://${my host}", "'${' begins no variable's name; write it as ${NAME}, of letters, digits, _"),
    ],
)
def test_a_variable_that_cannot_be_filled_in(value: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text(CONFIGURED.replace("https://cpo.example/ocpi", value))
    with pytest.raises(UsageError) as error:
        plans("ndw-pull", Flags(), ENVIRONMENT, tmp_path)
    assert str(error.value) == f"harness.toml line 2, [ndw-pull] url: {line}"


def test_a_secret_in_the_wrong_key_is_not_repeated(tmp_path: Path) -> None:
    for key in ("url", "parties", "ca_file"):
        wrong = 'parties = ["${NDW_PULL_TOKEN}"]\n' if key == "parties" else f'{key} = "${{NDW_PULL_TOKEN}}"\n'
        rest = CONFIGURED.replace('url = "https://cpo.example/ocpi"\n', "") if key == "url" else CONFIGURED
        (tmp_path / "harness.toml").write_text(rest + wrong)
        with pytest.raises(UsageError) as error:
            plans("ndw-pull", Flags(), ENVIRONMENT, tmp_path)
        assert SECRET not in str(error.value)
        assert "${NDW_PULL_TOKEN}" in str(error.value)


def test_flags_win_over_the_file(tmp_path: Path) -> None:
    text = CONFIGURED + 'locations_url = "https://x.example/l"\nparties = ["NL/OLD"]\nname = "Old"\n'
    (tmp_path / "harness.toml").write_text(text)
    flags = replace(Flags(url="https://new.example"), parties=("NL/NEW",), name="New")
    (plan,), _ = plans("ndw-pull", flags, ENVIRONMENT, tmp_path)
    assert (plan.addresses.base, plan.addresses.entries) == ("https://new.example", {})
    assert (plan.parties, plan.name) == (("NL/NEW",), "New")
    assert plan.origins["token"] == "environment variable NDW_PULL_TOKEN"


def test_lines_of_keys_in_every_form_of_toml() -> None:
    text = '''# [not] = a key
top = """
[not]
a = 1
"""
[a.b] # c = 1
"x.y" = {z = "}", w = {v = [1, 2]}}
p.q = [
  "]", # ]
  {r = 1},
  {s = 2},
]
'lit' = 1.5
[[list]]
k = 2027-03-01
[[list]]
[list.t]
u = 1
'''
    assert key_lines(text) == {
        "top": 2, "a": 6, "a.b": 6, "a.b.x.y": 7, "a.b.x.y.z": 7, "a.b.x.y.w": 7, "a.b.x.y.w.v": 7, "a.b.p": 8,
        "a.b.p.q": 8, "a.b.p.q.r": 10, "a.b.p.q.s": 11, "a.b.lit": 13, "list": 14, "list.0": 14, "list.0.k": 15,
        "list.1": 16, "list.1.t": 17, "list.1.t.u": 18,
    }  # fmt: skip
