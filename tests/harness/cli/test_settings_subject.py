"""The subject's URL, token, parties and CA: what is taken, and what is said of the rest."""

from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from harness.cli.plan import Plan, UsageError
from harness.cli.settings import Flags, plans

SECRET = "s3cr3t-Canary"
URL = "https://cpo.example/ocpi/2.2.1"
SERVER = Flags(url=URL, token_env="NDW_PULL_TOKEN")
TOKEN_LINE = 'token = "${NDW_PULL_TOKEN}"\n'


def planned(flags: Flags, directory: Path, secret: str = SECRET) -> Plan:
    """The plan for ndw-pull."""
    (plan,), _ = plans("ndw-pull", flags, {"NDW_PULL_TOKEN": secret}, directory)
    return plan


def refused(flags: Flags, directory: Path, secret: str = SECRET) -> str:
    """The one line with which the command line is refused."""
    with pytest.raises(UsageError) as error:
        planned(flags, directory, secret)
    line = str(error.value)
    assert "\n" not in line
    assert SECRET not in line
    return line


@pytest.mark.parametrize(
    "url",
    [
        URL,
        URL + "/",
        "http://localhost:8080",
        "HTTPS://CPO.example",
        "https://[::1]:8443/ocpi",
        "https://10.0.0.1/my_locations",
        "https://bücher.example/ocpi",
    ],
)
def test_urls_that_are_taken_as_they_are(url: str, tmp_path: Path) -> None:
    assert planned(replace(SERVER, url=url), tmp_path).addresses.base == url


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("cpo.example/ocpi", "'cpo.example/ocpi' has no scheme; did you mean 'https://cpo.example/ocpi'?"),
        ("localhost:8080/ocpi", "'localhost:8080/ocpi' has no scheme; did you mean 'http://localhost:8080/ocpi'?"),
        ("127.0.0.1:8080", "'127.0.0.1:8080' has no scheme; did you mean 'http://127.0.0.1:8080'?"),
        ("https:/cpo.example", "'https:/cpo.example' has no scheme; did you mean 'https://cpo.example'?"),
        ("//cpo.example", "'//cpo.example' has no scheme; did you mean 'https://cpo.example'?"),
        ("ftp://cpo.example", "the scheme 'ftp' is not one of the web; give an https:// or http:// address"),
        ("https:///ocpi", "the URL has no host; write it as https://HOST/PATH"),
        ("https://[::1/ocpi", "the URL has no host; write it as https://HOST/PATH"),
        (
            "https://<your-host>/ocpi",
            "the host holds characters that no host name has; write it as https://HOST/PATH",
        ),
        (
            "https://cpo.example:port/ocpi",
            "the port is not a number from 1 to 65535; write it as https://HOST:8443/PATH",
        ),
        (
            "https://cpo.example:99999",
            "the port is not a number from 1 to 65535; write it as https://HOST:8443/PATH",
        ),
        (
            f"https://me:{SECRET}@cpo.example/ocpi",
            "no user or password may stand in a URL; give the token with --token-env VAR",
        ),
        (f"me:{SECRET}@cpo.example", "no user or password may stand in a URL; give the token with --token-env VAR"),
        (
            f"https://cpo.example/ocpi?token={SECRET}",
            "takes no query and no fragment; leave out what follows '?' or '#'",
        ),
        (f"cpo.example#{SECRET}", "takes no query and no fragment; leave out what follows '?' or '#'"),
        (
            f"https://me:{SECRET}/x@cpo.example",
            "the port is not a number from 1 to 65535; write it as https://HOST:8443/PATH",
        ),
        ("https://cpo.example/ocpi\n", "a URL holds no white space or control characters; take them out"),
        (" ", "is empty; give the address of your server, such as https://cpo.example/ocpi/2.2.1"),
        (f"{URL}/locations", f"give the address above /locations; did you mean '{URL}'?"),
        (f"{URL}/tariffs/", f"give the address above /tariffs; did you mean '{URL}'?"),
    ],
)
def test_urls_that_are_refused(url: str, line: str, tmp_path: Path) -> None:
    assert refused(replace(SERVER, url=url), tmp_path) == f"--url: {line}"


def test_addresses_of_the_lists_stand_for_one_of_the_whole(tmp_path: Path) -> None:
    lists = 'locations_url = "https://a.example/ocpi/sites/"\ntariffs_url = "https://b.example/prices"\n'
    (tmp_path / "harness.toml").write_text("[ndw-pull]\n" + TOKEN_LINE + lists)
    plan = planned(Flags(), tmp_path)
    assert plan.addresses.base == "https://a.example/ocpi"
    assert plan.addresses.of("/locations") == "https://a.example/ocpi/sites/"
    assert plan.addresses.of("/tariffs") == "https://b.example/prices"
    assert (plan.origins["locations_url"], plan.origins["tariffs_url"]) == (
        "harness.toml line 3",
        "harness.toml line 4",
    )


def test_one_list_may_stand_elsewhere(tmp_path: Path) -> None:
    lists = f'url = "{URL}"\ntariffs_url = "https://b.example/tariffs"\n'
    (tmp_path / "harness.toml").write_text("[ndw-pull]\n" + TOKEN_LINE + lists)
    plan = planned(Flags(), tmp_path)
    assert (plan.addresses.base, dict(plan.addresses.entries)) == (URL, {"/tariffs": "https://b.example/tariffs"})


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (
            'locations_url = "https://a.example/l"\n',
            (
                "harness.toml line 3, [ndw-pull] locations_url: is not enough; "
                "give tariffs_url too, or url for all of them"
            ),
        ),
        (
            'url = "cpo.example"\n',
            "harness.toml line 3, [ndw-pull] url: 'cpo.example' has no scheme; did you mean 'https://cpo.example'?",
        ),
        (
            'url = "https://a.example"\n\ntariffs_url = "https://a.example/t?x=1"\n',
            (
                "harness.toml line 5, [ndw-pull] tariffs_url: takes no query and no fragment; "
                "leave out what follows '?' or '#'"
            ),
        ),
    ],
)
def test_addresses_of_the_file_are_refused_by_line(keys: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text("[ndw-pull]\n" + TOKEN_LINE + keys)
    assert refused(Flags(), tmp_path) == line


def test_a_subject_needs_a_token(tmp_path: Path) -> None:
    assert refused(Flags(url=URL), tmp_path) == (
        "ndw-pull: the subject has no token; name the environment variable that holds it with --token-env VAR, "
        'or write token = "${VAR}" in [ndw-pull] of harness.toml'
    )


@pytest.mark.parametrize(
    ("secret", "line"),
    [
        ("", "is empty; set it to the token"),
        (SECRET + "\n", "ends in a line feed; set it with printf instead of echo"),
        (SECRET + "\r\n", "ends in a line feed; set it with printf instead of echo"),
        (" " + SECRET, "begins or ends with white space; take it out"),
        (SECRET + "\t", "begins or ends with white space; take it out"),
        (SECRET + "\x00x", "holds control characters; set it to the token alone"),
        (SECRET + "é", "holds characters outside ASCII, which no OCPI token has; check how it was copied"),
    ],
)
@pytest.mark.parametrize("way", ["--token-env", "harness.toml line 2, [ndw-pull] token"])
def test_tokens_that_cannot_be_sent(way: str, secret: str, line: str, tmp_path: Path) -> None:
    flags = SERVER
    if way != "--token-env":
        (tmp_path / "harness.toml").write_text("[ndw-pull]\n" + TOKEN_LINE)
        flags = Flags(url=URL)
    assert refused(flags, tmp_path, secret) == f"{way}: environment variable NDW_PULL_TOKEN {line}"


def test_an_unset_variable_is_named(tmp_path: Path) -> None:
    expected = "--token-env: environment variable NOT_SET is not set; set it to the token"
    assert refused(replace(SERVER, token_env="NOT_SET"), tmp_path) == expected


@pytest.mark.parametrize("given", [SECRET, "s3cret", "", "$NDW_PULL_TOKEN"])
def test_a_token_given_for_the_name_of_a_variable_is_not_repeated(given: str, tmp_path: Path) -> None:
    expected = "--token-env: no environment variable has the given name; give a variable's name, not the token"
    assert refused(replace(SERVER, token_env=given), tmp_path) == expected


def test_parties_are_kept_once_and_in_capitals(tmp_path: Path) -> None:
    plan = planned(replace(SERVER, parties=("nl/abc", "NL/ABC", "be/1x2")), tmp_path)
    assert plan.parties == ("NL/ABC", "BE/1X2")
    assert plan.origins["parties"] == "--party"


@pytest.mark.parametrize(
    ("party", "line"),
    [
        ("NL-ABC", "--party: 'NL-ABC' is not a party; did you mean 'NL/ABC'?"),
        ("nlabc", "--party: 'nlabc' is not a party; did you mean 'NL/ABC'?"),
        ("NL/ABCD", "--party: 'NL/ABCD' is not a party; write it as country/party: NL/ABC"),
        ("N1/ABC", "--party: 'N1/ABC' is not a party; write it as country/party: NL/ABC"),
        ("NL/ABC\n", r"--party: 'NL/ABC\n' is not a party; write it as country/party: NL/ABC"),
    ],
)
def test_parties_of_another_form(party: str, line: str, tmp_path: Path) -> None:
    assert refused(replace(SERVER, parties=(party,)), tmp_path) == line


def test_ca_file_is_found_below_the_folder(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    plan = planned(replace(SERVER, ca_file=Path("ca.pem")), tmp_path)
    assert plan.reach.ca_file == tmp_path / "ca.pem"
    assert plan.origins["ca_file"] == "--ca-file"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("none.pem", "--ca-file: there is no file 'none.pem'; check the path"),
        (".", "--ca-file: '.' cannot be read (Is a directory); check it"),
        (
            "ca.der",
            (
                "--ca-file: 'ca.der' holds no certificate in PEM form; "
                "make one with: openssl x509 -inform der -in FILE -out ca.pem"
            ),
        ),
    ],
)
def test_ca_files_that_are_refused(name: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "ca.der").write_bytes(b"\x30\x82")
    assert refused(replace(SERVER, ca_file=Path(name)), tmp_path) == line
