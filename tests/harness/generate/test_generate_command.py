"""``harness generate``, from the outside."""

import hashlib
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from harness.cli.generate import MOMENT, PARTY, kinds
from harness.cli.generate_broken import broken_objects
from harness.cli.plan import UsageError
from harness.collect import suite
from harness.model.requirement import MUST, SCHEMA_EVIDENCE, Requirement
from harness.systems.ndw.payloads import KINDS, bulk_price_list
from tests.harness.cli.commands import Ran, harness
from tests.harness.generate.pages import failures, page_of

DOCUMENT = "openapi/answers-match-the-document"


def generated(folder: Path, *arguments: str) -> Ran:
    ran = harness("generate", *arguments, folder=folder)
    assert ran.code == 0, ran.err
    return ran


def lines(ran: Ran) -> list[Any]:
    return [json.loads(line) for line in ran.out.splitlines()]


def fails(kind: str, one: Any) -> set[str]:
    beside = page_of("getTariffs", list(bulk_price_list(13, 1, PARTY, MOMENT)))
    return set(failures(page_of({"ndw-location": "getLocations", "ndw-tariff": "getTariffs"}[kind], [one]), beside))


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_seed_gives_the_same_bytes_and_another_seed_others(kind: str, tmp_path: Path) -> None:
    first, again, other = (generated(tmp_path, kind, "-n", "30", "--seed", seed).out for seed in ("7", "7", "8"))
    assert hashlib.sha256(first.encode()).digest() == hashlib.sha256(again.encode()).digest()
    assert first != other


def test_one_object_per_line_or_one_array(tmp_path: Path) -> None:
    objects = lines(generated(tmp_path, "ndw-location", "-n", "25", "--seed", "7"))
    assert json.loads(generated(tmp_path, "ndw-locations", "-n", "25", "--seed", "7").out) == objects
    assert len(objects) == 25
    assert len(lines(generated(tmp_path, "ndw-tariff"))) == 1


def test_feeds_of_one_seed_fit_together(tmp_path: Path) -> None:
    found = json.loads(generated(tmp_path, "ndw-locations", "-n", "80", "--seed", "3").out)
    tariffs = json.loads(generated(tmp_path, "ndw-tariffs", "-n", "13", "--seed", "3").out)
    assert failures(page_of("getLocations", found), page_of("getTariffs", tariffs)) == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ndw-lokation"], "harness: KIND: unknown kind 'ndw-lokation'; did you mean 'ndw-location'?"),
        (["ndw-location", "--broken", "answers-match-document"], f"did you mean '{DOCUMENT}'?"),
        (
            ["ndw-location", "--broken", "ocpi-2.2.1/envelope-is-timestamped"],
            "--broken: no single object of kind ndw-location breaks ocpi-2.2.1/envelope-is-timestamped:",
        ),
        (["ndw-locations", "--broken", "ocpi-2.2.1/errors-carry-the-envelope"], "no single feed of kind ndw-locations"),
        (["ndw-location", "-n", "0"], "Invalid value for '-n'"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], message: str, tmp_path: Path) -> None:
    ran = harness("generate", *arguments, folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert "Traceback" not in ran.err


def named_in_row(row: str, word: str) -> Requirement:
    """The MUST of this row whose id has this word."""
    return next(
        one for one in suite("ndw-pull").requirements if (one.row, one.keyword) == (row, MUST) and word in one.id
    )


def test_every_broken_object_breaks_the_clause_and_nothing_else(tmp_path: Path) -> None:
    requirement = named_in_row("ndw-connector-max-electric-power", "power")
    ran = generated(tmp_path, "ndw-location", "-n", "12", "--broken", requirement.id)
    assert ran.err == ""
    assert len(lines(ran)) == 12
    for one in lines(ran):
        assert fails("ndw-location", one) == {requirement.id}


def test_a_broken_feed_breaks_the_clause(tmp_path: Path) -> None:
    requirement = named_in_row("pull-version-2-2-1-only", "tariffs")
    feed = json.loads(generated(tmp_path, "ndw-tariffs", "-n", "13", "--broken", requirement.id).out)
    assert requirement.id in failures(page_of("getTariffs", feed))


def is_about_one_object(requirement: Requirement) -> bool:
    """It looks at one message, and one of its breaks is an edit inside the first object of a list."""
    inside = any(edit.place.startswith("response.body:/data/0/") for edit in requirement.broken_by)
    return inside and (requirement.evidence in ("exchange", SCHEMA_EVIDENCE) or "located" in requirement.evidence)


@pytest.mark.parametrize(
    "requirement", [one for one in suite("ndw-pull").requirements if is_about_one_object(one)], ids=lambda one: one.id
)
def test_a_clause_about_objects_can_be_broken_by_one(requirement: Requirement) -> None:
    known = kinds()
    for name in ("ndw-location", "ndw-tariff"):
        with suppress(UsageError):  # it is about objects of the other kind
            found, others = broken_objects(known[name], tuple(known.values()), requirement.id, 1, 1)
            assert requirement.id not in others
            assert list(found)
            return
    pytest.fail(f"neither a location nor a tariff breaks {requirement.id}")


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "harness", "generate", "ndw-location", "-n", "20000"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"country_code"')
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
    assert not list(tmp_path.iterdir())
