"""What a waiver covers, and that it never covers another object or place."""

from collections.abc import Mapping
from datetime import date

import pytest

from harness.model.waiver import Waiver, matches

LOCATION = {"party": "NL/ABC", "location": "LOC-1"}
EVSE = {**LOCATION, "evse": "3256", "evse_id": "NL*ABC*E1"}
CONNECTOR = {**EVSE, "connector": "1"}
TARIFF = {"party": "NL/ABC", "tariff": "LOC-1"}
NAMES = ("location", "evse", "connector", "tariff")


def covers(
    waiver: Waiver, named: Mapping[str, str], where: str = "response.body:/data/3/name", inside: str = ""
) -> bool:
    ids = {name: value for name, value in named.items() if name in NAMES}
    return waiver.covers(named.get("party"), where, inside, named, ids)


def waiver(**terms: object) -> Waiver:
    return Waiver("a/b", "strike", "ops", date(2027, 3, 1), **terms)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("glob", "text", "expected"),
    [
        ("LOC-1", "LOC-1", True),
        ("LOC-1", "LOC-10", False),
        ("LOC-*", "LOC-10", True),
        ("LOC-*", "LOC-1/3256", False),
        ("LOC-*/*", "LOC-1/3256", True),
        ("LOC-**", "LOC-1/3256/1", True),
        ("LOC-?", "LOC-1", True),
        ("LOC-?", "LOC-", False),
        ("*", "", True),
        ("NL*ABC*E1", "NL*ABC*E1", True),
        ("[a]", "a", False),
        ("[a]", "[a]", True),
        ("loc-1", "LOC-1", False),
        ("response.body:/data/*/name", "response.body:/data/3/name", True),
        ("response.body:/data/*/name", "response.body:/data/3/evses/0/name", False),
        ("/images/*/url", "/images/0/url", True),
        ("a*", "a\nb", True),
    ],
)
def test_a_star_stays_within_one_step(glob: str, text: str, *, expected: bool) -> None:
    assert matches(glob, text) is expected


@pytest.mark.parametrize(
    ("about", "covered"),
    [
        (None, (LOCATION, EVSE, CONNECTOR, TARIFF, {})),
        ("LOC-1", (LOCATION, TARIFF)),
        ("LOC-1/3256", (EVSE,)),
        ("*/*/1", (CONNECTOR,)),
        ("**", (LOCATION, EVSE, CONNECTOR, TARIFF)),
        ({"location": "LOC-1"}, (LOCATION,)),
        ({"location": "*", "evse": "*"}, (EVSE,)),
        ({"location": "*", "evse": "*", "evse_id": "NL*ABC*E1"}, (EVSE,)),
        ({"location": "*", "evse": "*", "evse_id": "NL*ABC*E2"}, ()),
        ({"evse": "3256"}, ()),
        ({"tariff": "LOC-?"}, (TARIFF,)),
    ],
)
def test_no_other_object_is_covered(about: object, covered: tuple[Mapping[str, str], ...]) -> None:
    found = [named for named in (LOCATION, EVSE, CONNECTOR, TARIFF, {}) if covers(waiver(object=about), named)]
    assert found == list(covered)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("/images/*/url", True),
        ("/images/0/url", True),
        ("/images/*", False),
        ("/url", False),
        ("response.body:/data/3/images/0/url", True),
        ("response.body:/data/**", True),
        ("response.body:/data/*", False),
        ("response.header:*", False),
    ],
)
def test_no_other_place_is_covered(where: str, *, expected: bool) -> None:
    found = covers(waiver(where=where), LOCATION, "response.body:/data/3/images/0/url", "/images/0/url")
    assert found is expected


@pytest.mark.parametrize(("party", "expected"), [("NL/ABC", True), ("NL/ABD", False), (None, True)])
def test_no_other_party_is_covered(party: str | None, *, expected: bool) -> None:
    assert covers(waiver(party=party), LOCATION) is expected
    assert covers(waiver(party=party), {}) is (party is None)
