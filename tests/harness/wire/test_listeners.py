"""Several apps on several sockets, until somebody has had enough."""

import asyncio
import signal
import socket
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.wire.authority import certificate_file, server_context
from harness.wire.breakable import answer
from harness.wire.serve import Listeners, listener, quick_loop


class Named:
    """Answers with its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        await answer(scope, send, 200, [], self._name.encode(), None, asyncio.sleep)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, None])
def test_all_listen_until_the_end_and_the_caller_goes_on(tmp_path: Path, how: signal.Signals | None) -> None:
    plain, safe = listener(), listener()
    urls = [f"http://127.0.0.1:{plain.getsockname()[1]}", f"https://localhost:{safe.getsockname()[1]}"]
    trust = ssl.create_default_context(cafile=certificate_file(tmp_path))
    listeners = Listeners()
    listeners.add(Named("one"), plain)
    listeners.add(Named("two"), safe, server_context([], tmp_path))
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]

    async def talk() -> list[tuple[str, bool]]:
        stop, all_up = asyncio.Event(), asyncio.Event()
        running = asyncio.ensure_future(listeners.run(all_up.set, stop))
        await all_up.wait()
        async with httpx.AsyncClient(verify=trust) as client:  # kept alive: nobody may wait for that
            answers = [await client.get(url) for url in urls]
            if how is None:
                stop.set()
            else:
                signal.raise_signal(how)
            await asyncio.wait_for(running, 5)
        return [(one.text, "date" in one.headers) for one in answers]

    with asyncio.Runner(loop_factory=quick_loop) as runner:
        assert runner.run(talk()) == [("one", True), ("two", True)]
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before
    for url in urls:
        with pytest.raises(httpx.ConnectError):
            httpx.get(url, verify=trust)


def test_a_port_where_another_listens_is_told_before_anything_runs() -> None:
    first = listener()
    port = first.getsockname()[1]
    second = listener(port)  # the system minds only once the first listens
    with first, second:
        Listeners().add(Named("one"), first)
        with pytest.raises(OSError, match="in use"):
            Listeners().add(Named("two"), second)
        with pytest.raises(OSError, match="in use"):
            listener(port)


@pytest.mark.skipif(not socket.has_ipv6, reason="THIS MACHINE HAS NO IPv6: nothing shows that this works")
def test_ipv6_is_listened_on_where_it_is_asked_for() -> None:
    with listener(host="::1") as bound:
        assert bound.getsockname()[0] == "::1"
