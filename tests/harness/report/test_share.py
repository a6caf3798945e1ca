"""The shared copy: nothing of what it must not tell is in any byte of it, and a reader can still work with it."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.cli.plan import Plan
from harness.cli.session import Session
from harness.model.address import Addresses
from harness.model.world import VirtualClock
from harness.report import formats
from harness.report.masks import Masks
from harness.report.record import read
from harness.report.share import NOTE, share
from harness.report.summary import report_of
from harness.systems.ndw.reference import create_app
from harness.systems.ndw.reference.feed import bulk_locations, bulk_tariffs
from harness.wire.transport import AsgiApp, in_process
from tests.harness.report.schemas import differences
from tests.proofs.conversation import SEED, START, TOKEN, bench

Json = dict[str, Any]
HOST = "charging.secret-company.example"
PARTY = ("NL", "XPO")
CANARIES = {
    "name": "Jansen van Dijk",
    "street": "Achterstraat 12 bis",
    "mail": "jan.jansen@mailbox.example",
    "telephone": "+31 6 1234 5678",
    "ean": "871234567890123456",
    "host": "inner.secret-host.example",
    "address": "10.20.30.40",
    "url": "https://wiki.secret-host.example/people",
}
PLACES = ["52.733354", "6.486236"]
KEPT = {"id", "uid", "country_code", "party_id", "evse_id", "tariff_ids", "last_updated"}


def texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a text stands in an object, ids aside."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        if key in KEPT:
            continue
        if isinstance(one, str):
            yield (*path, key)
        elif isinstance(one, dict | list):
            yield from texts(one, (*path, key))


def spoilt(objects: list[Json]) -> Iterator[Json]:
    """Of each text of an object, objects in which it is a canary: as it should be, too long, or of another type."""
    number, canaries = 0, list(CANARIES.values())
    for path in texts(objects[0]):
        canary = canaries[number % len(canaries)]
        for value in (canary, f"{canary} " * 40, [canary], {"text": canary}, f"<p>{canary}</p>\n'{canary}'"):
            made = copy.deepcopy(objects[0])
            inner: Any = made
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = value
            number += 1
            yield {**made, "id": f"OBJ-{number:04}"}


def talkative(app: AsgiApp) -> AsgiApp:
    """The app behind a gateway that tells of itself in header fields."""

    async def called(scope: Any, receive: Any, send: Any) -> None:
        async def tell(message: Any) -> None:
            if message["type"] == "http.response.start":
                told = [(f"x-{name}".encode(), canary.encode()) for name, canary in CANARIES.items()]
                message = {**message, "headers": [*message["headers"], *told]}
            await send(message)

        await app(scope, receive, tell)

    return called


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, at, clock = tmp_path_factory.mktemp("share") / "run", bench("ndw-pull"), VirtualClock(START)
    options: Any = {"locations": 0, "page_size": 100, "public_url": f"https://{HOST}/ocpi/2.2.1"}
    app: Any = create_app(token=TOKEN, now=clock.now, seed=SEED, **options)
    (location,) = bulk_locations(1, SEED, PARTY, START)
    app.state.store.put("tariffs", spoilt([next(iter(bulk_tariffs(SEED, PARTY, START)))]))
    app.state.store.put(
        "locations", spoilt([{**location, "name": "x", "directions": [{"language": "nl", "text": "x"}]}])
    )
    profile = replace(at.profile, confirmed={"ndw.currency": f"mail of {CANARIES['name']}"})
    plan = Plan("ndw-pull", "server", Addresses(f"https://{HOST}/ocpi/2.2.1"), TOKEN, profile, parties=("NL/XPO",))
    session = Session(plan, at.suite, at.document, clock, in_process(talkative(app)), SEED, lambda _text: None)
    formats.write_all(folder, session.run(folder).report)
    return folder


@pytest.fixture(scope="module")
def shared(run: Path) -> Path:
    into = run.with_name("shared")
    share(run, into)
    formats.write_all(into, report_of(into))
    return into


def spellings(text: str) -> set[str]:
    return {text, json.dumps(text)[1:-1], text.replace(" ", "%20"), text.replace("@", "&#64;"), text.lower()}


def test_the_run_itself_tells_of_them(run: Path) -> None:
    """So that it means something that the copy does not."""
    actual = json.dumps([one["problems"] for one in report_of(run)["verdicts"]])
    for canary in CANARIES.values():
        assert canary in actual, canary
    assert HOST in (run / "run.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    "canary", [*CANARIES.values(), *PLACES, HOST, "secret-host", "secret-company", "Jansen", "Achterstraat"]
)
def test_no_byte_of_the_copy_tells_of_it(shared: Path, canary: str) -> None:
    for path in sorted(shared.rglob("*")):
        text = path.read_text("utf-8") if path.is_file() else ""
        for spelling in spellings(canary):
            assert spelling not in text, (path.name, text[max(0, text.index(spelling) - 200) :][:300])


def test_there_are_no_bodies_and_no_files_but_those_of_a_run(shared: Path) -> None:
    assert {path.name for path in shared.iterdir()} == {"run.jsonl", *(one.file for one in formats.FORMATS.values())}
    exchanges = [entry for entry in read(shared) if entry.get("kind") == "exchange"]
    bodies = [entry[side]["body"] for entry in exchanges for side in ("request", "response")]
    assert len(bodies) > 100
    assert all(set(body) == {"left_out"} for body in bodies)


def test_every_format_says_that_it_is_a_copy(shared: Path) -> None:
    for one in formats.FORMATS.values():
        assert "asked copy" in (shared / one.file).read_text("utf-8"), one.file
    head = next(read(shared))
    assert head["copy"] == NOTE


def test_it_fits_the_schemas(shared: Path) -> None:
    assert differences(shared) == []


def test_what_a_reader_works_with_stays(run: Path, shared: Path) -> None:
    whole, masked = report_of(run), report_of(shared)
    assert masked["totals"] == whole["totals"]
    assert masked["exchanges"].keys() == whole["exchanges"].keys()
    for before, after in zip(whole["verdicts"], masked["verdicts"], strict=True):
        for name in ("requirement", "party", "outcome", "problem_count", "title", "fix", "source"):
            assert before[name] == after[name]
        for mine, its in zip(before["problems"], after["problems"], strict=True):
            assert (mine["where"], mine["object"], mine["exchange"]) == (its["where"], its["object"], its["exchange"])
    assert "https://host-" in masked["subject"]["address"]
    assert masked["subject"]["address"].endswith("/ocpi/2.2.1")


def test_the_same_value_has_the_same_mask() -> None:
    masks = Masks(["LOC-1"])
    assert masks.text(f'"{HOST}" and {HOST}:8443 and "Jan"') == '"[text 1]" and host-1 and "[text 2]"'
    assert masks.text(f'https://{HOST}/a?b=1 "Jan" "Piet"') == 'https://host-1/a?b=1 "[text 2]" "[text 3]"'


@pytest.mark.parametrize(
    "text",
    [
        "absent",
        "500",
        '"AC_3_PHASE"',
        '"2026-06-01T08:00:05Z"',
        '"LOC-1"',
        "NL*ABC*E1234*1",
        "voltage, which is of OCPI 2.1.1",
        "the server's clock agrees with this machine's within 5 minutes",
        "39300c8e-3289-4fc6-beab-dc8d87acba2c",
        "0.39 EUR at 08:30",
        "accepted as Authorization: Token <base64>",
        "harness check ndw-pull --config harness.toml",
        "Token [secret 1 base64, cut short]",
        '{"twentyfourseven": true}',
        "",
    ],
)
def test_what_tells_nothing_stays_as_it_is(text: str) -> None:
    assert Masks(["LOC-1"]).text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"Jan', '"[text 1]"'),
        ('"half a \\" quote…', '"[text 1]"'),
        ('{"street": "Dam 1", "n": 2}', '{"street": "[text 1]", "n": 2}'),
        ("titled 'Log in'", "titled '[text 1]'"),
        ("mail a.b@c.example now", "mail [text 1] now"),
        ("call +31 6 1234 5678", "call [number 1]"),
        ("871234567890123456", "[number 1]"),
        ("52.733354, 6.486236", "[position 1], [position 2]"),
        ("[2001:db8::1]:8443", "host-1"),
        ("10.0.0.1:80 refused", "host-1 refused"),
        ("http://user:pw@h/x#y", "http://host-1/x"),
        ("http://[broken", "[text 1]"),
    ],
)
def test_what_tells_something_is_masked(text: str, shown: str) -> None:
    assert Masks().text(text) == shown


def test_a_member_with_an_odd_name_is_masked_where_it_stands() -> None:
    assert Masks().place("response.body:/data/0/Jan Jansen/x") == "response.body:/data/0/[text 1]/x"
    assert Masks().place("response.body:/data/0/name") == "response.body:/data/0/name"
