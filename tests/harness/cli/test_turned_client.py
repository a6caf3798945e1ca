"""Somebody's puller at the bundled server: what it asks is judged, its good faith in Links first of all."""

import asyncio
import base64
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from harness.cli.client_session import check
from harness.cli.client_stage import staged
from harness.cli.client_way import ClientWay
from harness.cli.expected import Wishes, profile
from harness.cli.plan import Plan, UsageError
from harness.cli.selection import Wanted, selections
from harness.cli.toml_file import TomlFile
from harness.collect import suite
from harness.judge.judge import Judge
from harness.model.address import Addresses
from harness.model.exchange import SPOILT, HttpExchange, Transcript
from harness.model.situation import Situation
from harness.model.verdict import Outcome
from harness.wire.clock import SystemClock
from harness.wire.transport import in_process

PULL, ORIGIN = "ndw-pull", "https://cpo.example"
SUITE = suite(PULL).turned
SITUATIONS = {one.id.removeprefix("ndw/"): one for one in SUITE.situations}
PULLER = """
import base64, os, re, urllib.request, uuid
token = base64.b64encode(os.environ["NDW_PULL_TOKEN"].encode()).decode()
for name in ("locations", "tariffs"):
    url = os.environ["NDW_PULL_URL"] + "/" + name
    while url:
        ids = {name: str(uuid.uuid4()) for name in ("X-Request-ID", "X-Correlation-ID")}
        asked = urllib.request.Request(url, headers={"Authorization": "Token " + token, **ids})
        with urllib.request.urlopen(asked) as answer:
            found = re.search('<([^>]*)>; rel="next"', answer.headers.get("Link", ""))
        url = found and found[1]
"""


def planned(**more: Any) -> Plan:
    """A check of a puller by its defaults."""
    expected, _origins = profile(SUITE.system, SUITE.interface, TomlFile(), Wishes())
    return Plan(PULL, "client", Addresses(""), "", expected, turned=True, seed=3, **more)


async def pull(url: str, token: str, http: httpx.AsyncClient, *, counts: bool, reuses: bool) -> None:
    """Both lists, page by page; a page that fails is asked for once more."""
    shown, one = f"Token {base64.b64encode(token.encode()).decode()}", str(uuid4())
    for name in ("locations", "tariffs"):
        page: str | None = f"{url}/{name}"
        read = 0
        while page is not None:
            for _ in range(2):
                ids = {"X-Request-ID": one if reuses else str(uuid4()), "X-Correlation-ID": str(uuid4())}
                answer = await http.get(page, headers={"Authorization": shown, **ids})
                if answer.status_code == 200:
                    break
            found = re.search(r'<([^>]*)>; rel="next"', answer.headers.get("link", ""))
            read += len(answer.json()["data"]) - 1
            following = f"{url}/{name}?offset={read}&limit=20" if counts else found and found[1]
            page = following if found else None


def judged(situation: Situation, **ways: bool) -> tuple[dict[str, Outcome], list[HttpExchange], bool]:
    """Clause → outcome, what was said, and whether the situation is over by its own word."""
    plan = planned()
    judge = Judge(SUITE.requirements, plan.profile, SUITE.load(), SUITE.interface.objects, SUITE.interface.subject)
    stage = staged(plan, SUITE, SystemClock(), judge, lambda _exchange, _findings: None, seed=3)
    stage.origins["ndw"] = ORIGIN
    given = stage.chair.present(situation, None)
    stage.chair.trouble()

    async def played() -> None:
        async with httpx.AsyncClient(transport=in_process(stage.app)) as http:
            usual = {"counts": False, "reuses": False, **ways}
            await pull(given["NDW_PULL_URL"], given["NDW_PULL_TOKEN"], http, **usual)

    asyncio.run(played())
    said = list(stage.chair.said)
    transcript = Transcript(situation.id, tuple(said))
    judge.close(transcript)
    assert judge.own_faults == []
    assert given["NDW_PULL_TOKEN"] not in str(said)
    return {one.requirement: one.outcome for one in judge.verdicts()}, said, situation.done(transcript)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(SITUATIONS))
def test_a_right_puller_passes_in_every_situation(name: str) -> None:
    """It fails no clause, whatever goes wrong on our side, and the situation ends by its own word."""
    outcomes, said, is_done = judged(SITUATIONS[name])
    assert (set(outcomes.values()), is_done) == ({Outcome.PASSED}, True)
    assert any(SPOILT in one.tags for one in said) == bool(SITUATIONS[name].faults)


@pytest.mark.parametrize(
    ("way", "clause"),
    [
        ("counts", "ndw/further-pages-are-read-by-their-link"),
        ("reuses", "ocpi-2.2.1/request-ids-are-never-reused"),
    ],
)
def test_a_wrong_puller_is_found_by_its_clause(way: str, clause: str) -> None:
    """Who counts offsets for the server, and who has one id for all requests."""
    outcomes, _said, _is_done = judged(SITUATIONS["everything-is-served"], **{way: True})
    assert {name for name, outcome in outcomes.items() if outcome is Outcome.FAILED} == {clause}


def test_a_puller_is_judged_as_a_real_command(tmp_path: Path) -> None:
    """Over a socket, started with its settings; the report is on the client alone."""
    chosen = selections([PULL], Wanted(only=("ndw/everything-is-served",)), turned=True)[PULL]
    way = ClientWay("command", (sys.executable, "-I", "-S", "-c", PULLER), quiet_s=0.2)
    result = check(replace(planned(client=way, selection=chosen), out=tmp_path), lambda _text: None)
    assert result.exit == 0, result.report["preflight"]
    assert {one["binds"] for one in result.report["verdicts"]} == {"client"}
    assert result.report["totals"]["MUST"]["passed"] == 3
    assert result.report["subject"]["as"] == "client"


def test_no_puller_is_bundled() -> None:
    """A self-check of one is refused, with what to give instead."""
    with pytest.raises(UsageError, match="--attach"):
        check(replace(planned(client=ClientWay("reference")), kind="reference"), lambda _text: None)
