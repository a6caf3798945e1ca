"""What only looks like trouble is none: preflight lets it pass. What is worth a word but stops nothing is a warning."""

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from harness.cli.options import Flags
from harness.systems.ndw.reference import create_app
from harness.wire.serve import served
from tests.harness.run.listeners import LIST, Talk, by_path, context, http, listening, page, saying
from tests.harness.run.staging import NOW, TOKEN, Held, Setup, Stage, at, over_tls, plain


def dated(seconds: float, **headers: str) -> Talk:
    """A server whose clock is so far ahead."""
    return saying(http(200, LIST, Date=format_datetime(NOW + timedelta(seconds=seconds), usegmt=True), **headers))


def one_list(other: bytes, works: str = "locations") -> Setup:
    """A server of which one list works, and the other says something else."""
    return plain(by_path(lambda path: http(200, LIST) if path.endswith(works) else other))


def over_ipv6(stage: Stage) -> Flags:
    return at(f"http://[::1]:{stage.listeners.enter_context(listening(saying(http(200, LIST)), host='::1'))}/ocpi")


def on_another_port(stage: Stage) -> Flags:
    (stage.folder / "harness.toml").write_text(
        f'[ndw-pull]\ntoken = "${{T}}"\nlocations_url = "http://127.0.0.1:{stage.free_port()}/locations"\n'
        f'tariffs_url = "http://127.0.0.1:{stage.port(saying(http(200, LIST)))}/tariffs"\n'
    )
    return Flags()


def not_by_proxy(stage: Stage) -> Flags:
    stage.set_variable("HTTP_PROXY", f"http://127.0.0.1:{stage.free_port()}")
    return plain(saying(http(200, LIST)))(stage)


ODD = {
    "an empty page": plain(saying(http(200, LIST))),
    "no Date": plain(saying(http(200, LIST))),
    "a Date four minutes behind": plain(dated(-240)),
    "a Date four minutes ahead": plain(dated(240)),
    "a Date that is none": plain(saying(http(200, LIST, Date="yesterday"))),
    "an answer out of a cache": plain(dated(-3600, Age="3590")),
    "an Age that is none": plain(dated(0, Age="old")),
    "a web page for what is not found": plain(
        by_path(lambda path: http(200, LIST) if path.endswith(("/locations", "/tariffs")) else page(404, "Not Found"))
    ),
    "IPv6": over_ipv6,
    "a certificate for an address": over_tls(lambda _stage: context("127.0.0.1")),
    "a certificate for more than this": over_tls(lambda _stage: context("cpo.example", "127.0.0.1")),
    "a proxy that loopback does without": not_by_proxy,
    "an error of its own": plain(saying(http(500, "<error/>", "application/xml"))),
    "a parameter that is missing": plain(saying(http(400, '{"status_code":3000}'))),
    "headers that a proxy signs": plain(saying(http(200, LIST, Via="1.1 edge", Proxy_Status="edge"))),
    "the other list is not there": one_list(http(404)),
    "the other list is a web page": one_list(page(200, "Soon")),
    "the other list moved": one_list(http(301, Location="https://cpo.example/tariffs")),
    "the other list fails": one_list(http(500)),
    "the other list refuses": one_list(http(401)),
    "the first list is not there": one_list(page(404, "Not Found"), works="tariffs"),
    "the first list is behind a login": one_list(http(302, Location="https://login.example/"), works="tariffs"),
    "the first list has no server": on_another_port,
}  # fmt: skip
"""Correct or testable subjects, however odd; where one list works, the trouble of the other is for verdicts."""


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_subject_is_tested(odd: Setup, stage: Stage, held: Held) -> None:
    ready = held(odd(stage), 5).look()
    assert ready.world is not None, ready.checks
    assert [check for check in ready.checks if check.outcome != "passed"] == []


def test_where_one_list_works_the_trouble_of_the_other_is_a_verdict(stage: Stage, held: Held, tmp_path: Path) -> None:
    result = held(one_list(page(404, "Not Found"))(stage), 5).run(tmp_path / "run")
    failed = {one["requirement"] for one in result.report["verdicts"] if one["outcome"] == "failed"}
    assert result.exit == 1
    assert "ndw/tariff-list-is-served" in failed
    assert [check for check in result.report["preflight"] if check["outcome"] != "passed"] == []


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-725, "12 min 5 s behind this"),
        (7500, "2 h 5 min ahead of this"),
        (301, "5 min 1 s ahead"),
        (-(9**7), "55 d 8 h"),
    ],
)
def test_a_clock_that_is_off_is_a_warning_and_stops_nothing(seconds: int, told: str, stage: Stage, held: Held) -> None:
    ready = held(plain(dated(seconds))(stage), 5).look()
    assert ready.world is not None
    (warning,) = [check for check in ready.checks if check.outcome != "passed"]
    assert (warning.check, warning.outcome) == ("clock", "warning")
    assert told in warning.detail
    assert "set whichever of the two is wrong" in warning.next


def test_a_clock_that_is_off_is_told_where_the_token_is_refused_too(stage: Stage, held: Held) -> None:
    old = format_datetime(NOW - timedelta(hours=1), usegmt=True)
    ready = held(plain(saying(http(401, Date=old)))(stage), 5).look()
    assert [(check.check, check.outcome) for check in ready.checks] == [
        ("connection", "passed"), ("clock", "warning"), ("token", "failed"),
    ]  # fmt: skip


def test_probes_that_lock_the_credential_out_end_the_run(held: Held, tmp_path: Path) -> None:
    app, refused = create_app(token=TOKEN, locations=2), 0

    async def locking(scope: Any, receive: Any, send: Any) -> None:
        """The reference, behind a gateway that takes no credential any more after five wrong ones."""
        nonlocal refused

        async def count(message: Any) -> None:
            nonlocal refused
            refused += message.get("status") == 401
            await send(message)

        if refused < 5:
            await app(scope, receive, count)
            return
        await send({"type": "http.response.start", "status": 401, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    with served(locking) as origin:
        flags = at("http://cpo.example/ocpi/2.2.1", connect_to=origin.removeprefix("http://"))
        result = held(flags, 5).run(tmp_path / "run")
    assert result.exit == 3
    last = result.report["preflight"][-1]
    assert (last["check"], last["outcome"]) == ("lock", "failed")
    assert "our own probes locked the credential out" in last["detail"]
    assert last["next"].startswith("unlock the credential on your side")
