"""``harness generate``, from the outside."""

import hashlib
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.cli.generate import MOMENT, PARTY, kinds
from harness.cli.generate_broken import broken_objects
from harness.cli.plan import UsageError
from harness.collect import suite
from harness.model.requirement import MUST, SCHEMA_EVIDENCE, Requirement
from harness.systems.ndw.payloads import KINDS, bulk_price_list
from tests.harness.cli.commands import Ran, harness
from tests.harness.generate.pages import failures, page_of

DOCUMENT = "openapi/answers-match-the-document"


def generated(*arguments: str) -> Ran:
    """What ``harness generate`` prints, run in this process; it must succeed."""
    done = CliRunner().invoke(app, ["generate", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return Ran(done.exit_code, done.stdout, done.stderr)


def lines(ran: Ran) -> list[Any]:
    return [json.loads(line) for line in ran.out.splitlines()]


def fails(kind: str, one: Any) -> set[str]:
    beside = page_of("getTariffs", list(bulk_price_list(13, 1, PARTY, MOMENT)))
    return set(failures(page_of({"ndw-location": "getLocations", "ndw-tariff": "getTariffs"}[kind], [one]), beside))


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_seed_gives_the_same_bytes_and_another_seed_others(kind: str) -> None:
    first, again, other = (generated(kind, "-n", "30", "--seed", seed).out for seed in ("7", "7", "8"))
    assert hashlib.sha256(first.encode()).digest() == hashlib.sha256(again.encode()).digest()
    assert first != other


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    arguments = ("ndw-location", "-n", "30", "--seed", "7")
    elsewhere = harness("generate", *arguments, folder=tmp_path, PYTHONHASHSEED="42")
    assert (elsewhere.code, elsewhere.out) == (0, generated(*arguments).out)


def test_one_object_per_line_or_one_array() -> None:
    objects = lines(generated("ndw-location", "-n", "25", "--seed", "7"))
    assert json.loads(generated("ndw-locations", "-n", "25", "--seed", "7").out) == objects
    assert len(objects) == 25
    assert len(lines(generated("ndw-tariff"))) == 1


def test_another_moment_moves_the_stamps_and_no_moment_is_always_the_same() -> None:
    later = "2031-02-03T05:05:06+01:00"
    usual, same, moved = (
        lines(generated("ndw-location", "-n", "9", *now))
        for now in ([], ["--now", "2026-06-01T10:00:00+02:00"], ["--now", later])
    )
    assert usual == same
    assert {one["last_updated"][:4] for one in usual} <= {"2025", "2026"}
    assert {one["last_updated"][:4] for one in moved} <= {"2030", "2031"}
    assert max(one["last_updated"] for one in moved) < "2031-02-03T04:05:06Z"
    assert [one["id"] for one in moved] == [one["id"] for one in usual]
    broken = "ndw/connectors-have-their-power"
    [one] = lines(generated("ndw-location", "--now", later, "--broken", broken))
    assert one["last_updated"][:4] in ("2030", "2031")


def test_feeds_of_one_seed_fit_together() -> None:
    found = json.loads(generated("ndw-locations", "-n", "80", "--seed", "3").out)
    tariffs = json.loads(generated("ndw-tariffs", "-n", "13", "--seed", "3").out)
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
        (["ndw-location", "--now", "noon"], "harness: --now: 'noon' is not a time of ISO 8601"),
        (["ndw-location", "--now", "2026-06-01T08:00:00"], "has no zone; did you mean '2026-06-01T08:00:00Z'?"),
        (
            ["ndw-location", "--now", "0001-01-01T00:00:00+05:00"],
            "--now: the year 1 is too far away; give one from 1970",
        ),
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


def test_every_broken_object_breaks_the_clause_and_nothing_else() -> None:
    requirement = named_in_row("ndw-connector-max-electric-power", "power")
    ran = generated("ndw-location", "-n", "12", "--broken", requirement.id)
    assert ran.err == ""
    assert len(lines(ran)) == 12
    for one in lines(ran):
        assert fails("ndw-location", one) == {requirement.id}


def test_a_broken_feed_breaks_the_clause() -> None:
    requirement = named_in_row("pull-version-2-2-1-only", "tariffs")
    feed = json.loads(generated("ndw-tariffs", "-n", "13", "--broken", requirement.id).out)
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
            found, others = broken_objects(known[name], tuple(known.values()), requirement.id, 1, 1, MOMENT)
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
