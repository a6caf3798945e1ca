"""Settings: what --set and harness.toml may say."""

import pytest

from harness.model.settings import Setting, Settings, Value

ENCODING = Setting("encoding", "auto", ("base64", "raw"), "?")
PAGES = Setting("pages", 100, (), "?")
STRICT = Setting("strict", False, (), "?")
SIZE = Setting("size", 10, (20, 30), "?")
LIMIT = Setting("limit", "none", (), "?", or_number=True)


@pytest.mark.parametrize(
    ("setting", "given", "value"),
    [
        (ENCODING, "auto", "auto"),
        (ENCODING, "raw", "raw"),
        (PAGES, "7", 7),
        (PAGES, 7, 7),
        (STRICT, "true", True),
        (STRICT, False, False),
        (SIZE, "30", 30),
        (Setting("note", "", (), "?"), "12", "12"),
        (LIMIT, "none", "none"),
        (LIMIT, "100", 100),
        (LIMIT, 100, 100),
    ],
)
def test_a_possible_value_is_read_as_the_type_of_the_default(setting: Setting, given: object, value: Value) -> None:
    read = setting.read(given)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("setting", "given", "hint"),
    [
        (ENCODING, "BASE64", "one of auto, base64, raw"),
        (ENCODING, 1, "one of auto, base64, raw"),
        (PAGES, "many", "a whole number"),
        (PAGES, "-1", "a whole number"),
        (PAGES, "", "a whole number"),
        (PAGES, 1.5, "a whole number"),
        (PAGES, True, "a whole number"),
        (STRICT, "yes", "true or false"),
        (STRICT, 1, "true or false"),
        (SIZE, "25", "one of 10, 20, 30"),
        (SIZE, True, "one of 10, 20, 30"),
        (PAGES, None, "a whole number"),
        (LIMIT, "None", "none, or a whole number from 1"),
        (LIMIT, "0", "none, or a whole number from 1"),
        (LIMIT, 1.5, "none, or a whole number from 1"),
    ],
)
def test_an_impossible_value_is_refused_by_name_and_with_what_is_possible(
    setting: Setting, given: object, hint: str
) -> None:
    with pytest.raises(ValueError, match=hint) as refused:
        setting.read(given)
    assert str(refused.value).startswith(f"{setting.name} = ")


def test_an_unknown_setting_is_an_error_and_no_default() -> None:
    with pytest.raises(KeyError):
        Settings({"pages": 1}).number("page")
