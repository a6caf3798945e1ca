"""The JSON Schema of harness.toml and its reader agree: what one takes, the other takes."""

import tomllib
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from harness.cli.plan import UsageError
from harness.cli.settings import Flags, plans
from harness.cli.toml_schema import toml_schema

WAIVER = (
    '[[waivers]]\nrequirement = "ndw/location-list-is-served"\nreason = "strike"\nowner = "ops"\nuntil = 2027-03-01\n'
)
ENVIRONMENT = {"T": "a-token", "P": "NL/ABC", "R": "5/s"}
SUBJECT = '[ndw-pull]\nurl = "https://cpo.example/ocpi"\ntoken = "${T}"\n'

RIGHT = [
    "",
    SUBJECT,
    SUBJECT + 'parties = ["nl/abc", "${P}"]\nrate = " 30 / min "\ninsecure = true\nname = ""\n',
    SUBJECT + 'rate = "${R}"\nhooks = {change = "PUT http://localhost/x"}\nheaders = {"X-Key" = "${T}"}\n',
    SUBJECT + '[ndw-pull.hooks]\nchange = ["./change.sh", "--now"]\n',
    '[ndw-push]\ncommand = ["./pusher"]\nkeep = true\nquiet_s = 1\nlimit_s = 2.5\nstart_s = 9\n',
    '[ndw-push]\ncommand = ["x"]\nenv = {A = "${NDW_PUSH_URL}/${NDW_PARTY} $1"}\nparties = ["NL/ABC"]\n',
    SUBJECT + '[ndw-push]\ncommand = ["x"]\npull = "ndw-pull"\n[ndw-push.hooks]\nrestart = ["./again"]\n',
    '[ndw.settings]\n"pull.max_pages" = 5\nsem.power_tolerance = 0.5\npull.require_date_filters = "false"\n',
    '[ndw]\nsettings = {pull = {max_pages = "007", token_encoding = "raw"}}\n',
    '[ndw.confirmed]\npull.token_encoding = "mail of NDW"\n"ndw.currency" = "mail"\n',
    '[ndw.keywords]\n"ndw/location-list-is-served" = "oFF"\n"ndw/tariff-list-is-served" = "MAY"\n',
    WAIVER,
    WAIVER + 'party = "nl/abc"\nobject = "LOC-1/*"\nwhere = "/name"\nticket = "OPS-12"\n' + WAIVER,
    WAIVER + 'object = {location = "LOC-1", evse = "*"}\n',
    WAIVER + '[waivers.object]\ntariff = "T-1"\n',
    WAIVER.replace("2027-03-01", '"2027-03-01"'),
]
WRONG = [
    'url = "https://cpo.example"\n',
    '[ndw-pul]\nurl = "https://cpo.example"\n',
    '[ndw]\nurl = "https://cpo.example"\n',
    SUBJECT + 'adress = "x"\n',
    SUBJECT.replace("${T}", "a-token"),
    SUBJECT + "name = 7\n",
    SUBJECT + 'insecure = "true"\n',
    SUBJECT + 'parties = "NL/ABC"\n',
    SUBJECT + 'parties = ["NLABC"]\n',
    SUBJECT + 'rate = "5"\n',
    SUBJECT + 'headers = {"X-Key" = "k3y"}\n',
    SUBJECT + 'hooks = {chnge = "PUT http://localhost/x"}\n',
    SUBJECT + 'hooks = {change = "GET http://localhost/x"}\n',
    SUBJECT + "hooks = {change = []}\n",
    "[ndw-push]\ncommand = []\n",
    '[ndw-push]\ncommand = "./pusher"\n',
    '[ndw-push]\ncommand = ["x"]\nurl = "http://x"\n',
    '[ndw-push]\ncommand = ["x"]\nquiet_s = "1"\n',
    '[ndw-push]\ncommand = ["x"]\nquiet_s = -1\n',
    '[ndw-push]\ncommand = ["x"]\nenv = {A = "${NDW_PUSH}"}\n',
    '[ndw-push]\ncommand = ["x"]\nenv = {"A B" = "x"}\n',
    '[ndw-push]\ncommand = ["x"]\nenv = {A = 1}\n',
    '[ndw-push]\ncommand = ["x"]\npull = "ndw-push"\n',
    '[ndw-push]\ncommand = ["x"]\nhooks = {reset = ["x"]}\n',
    '[ndw.settings]\n"pull.max_page" = 5\n',
    '[ndw.settings]\n"pull.max_pages" = 0\n',
    '[ndw.settings]\npull.max_pages = "many"\n',
    '[ndw.settings]\npull.require_date_filters = "no"\n',
    '[ndw.settings]\npull.token_encoding = "utf-8"\n',
    "[ndw.settings]\nsem.power_tolerance = true\n",
    '[ndw.confirmed]\npull.plain_http = "nobody assumes it"\n',
    '[ndw.confirmed]\npull.token_encoding = " "\n',
    '[ndw.keywords]\n"ndw/no-such-clause" = "MUST"\n',
    '[ndw.keywords]\n"ndw/location-list-is-served" = "WANT"\n',
    "[waivers]\n",
    "[[waivers]]\n",
    WAIVER + 'partij = "NL/ABC"\n',
    WAIVER.replace('owner = "ops"\n', ""),
    WAIVER.replace('"ops"', '" "'),
    WAIVER.replace("served", "srved"),
    WAIVER.replace("2027-03-01", '"1 March"'),
    WAIVER.replace("2027-03-01", "20270301"),
    WAIVER + 'party = "ABC"\n',
    WAIVER + 'object = {house = "1"}\n',
    WAIVER + "object = {}\n",
    WAIVER + "where = 5\n",
]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    """Of the schema."""
    schema = toml_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_reader_takes_fits(validator: jsonschema.Draft202012Validator, text: str, tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text(text)
    assert plans(None, Flags(), ENVIRONMENT, tmp_path)[0]
    assert [error.message for error in validator.iter_errors(tomllib.loads(text))] == []


@pytest.mark.parametrize("text", WRONG)
def test_what_the_reader_refuses_does_not(
    validator: jsonschema.Draft202012Validator, text: str, tmp_path: Path
) -> None:
    (tmp_path / "harness.toml").write_text(text)
    with pytest.raises(UsageError):
        plans(None, Flags(), ENVIRONMENT, tmp_path)
    assert not validator.is_valid(tomllib.loads(text))
