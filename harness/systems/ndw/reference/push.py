"""Push the reference CPO's data to NDW: `NDW_PUSH_URL=… … python -m <this package>.push`."""

import argparse
import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import ssl
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import SystemRandom

import httpx
import uvicorn
from fastapi import FastAPI

from .app import BASE_PATH, create_app
from .hooks import HookEndpoint
from .instants import real_sleep, utc_now
from .push_script import STORY, play, prepare
from .push_setup import NAMES, Account, create_pusher
from .pusher import Pusher

TIMEOUT_S = 30.0
_READS = (
    f"Reads {', '.join(NAMES)}; where they are set, NDW_CA_FILE (PEM) and HARNESS_STATE_DIR (a folder to remember in)."
)
log = logging.getLogger("push")


def main() -> None:
    """Read options and environment, and push.

    Ends with 0 when all is with NDW, 1 when it lacks something (it refused it), 2 when a setting is missing or wrong.
    With HARNESS_STATE_DIR the data, and what NDW took of it, is kept there; started again, it goes on where it was.
    """
    parser = argparse.ArgumentParser(description=f"Push made-up data to NDW. {_READS}")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="end when everything is pushed; so it is without --serve, too")
    how.add_argument("--serve", action="store_true", help="serve the data to pullers, too, and go on until SIGTERM")
    parser.add_argument("--port", type=int, default=8080, help="of --serve, on 127.0.0.1; CPO_TOKEN is asked for")
    parser.add_argument("--hooks", action="store_true", help="with --serve: POST /hooks/change and /hooks/export")
    parser.add_argument("--no-story", action="store_true", help="make none of the changes, only push what is there")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two changes of the story (1)")
    parser.add_argument("--locations", type=int, default=20, help="how many made-up Locations (20)")
    parser.add_argument("--seed", type=int, default=1, help="which made-up data (1)")
    options = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    log.setLevel(logging.INFO)
    if options.locations < 1:
        parser.error("--locations is 1 or more")
    if options.serve and not os.environ.get("CPO_TOKEN"):
        parser.error("set CPO_TOKEN to the token that pullers must send")
    try:
        account, trusted = Account.of(os.environ), _trusted(os.environ.get("NDW_CA_FILE"))
    except (ValueError, OSError) as error:  # ssl.SSLError is an OSError
        parser.error(str(error))
    try:
        bound = socket.create_server(("127.0.0.1", options.port)) if options.serve else None
    except (OSError, OverflowError) as error:
        parser.error(f"--port {options.port}: {error}")
    sys.exit(asyncio.run(_run(options, account, trusted, bound)))


async def _run(
    options: argparse.Namespace, account: Account, trusted: ssl.SSLContext, bound: socket.socket | None
) -> int:
    folder = os.environ.get("HARNESS_STATE_DIR")
    kept = Path(folder) if folder else None
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
    app = create_app(
        token=os.environ.get("CPO_TOKEN") or secrets.token_hex(),
        seed=options.seed,
        locations=options.locations,
        party=account.party,
        database=str(kept / "cpo.sqlite") if kept else ":memory:",
    )
    progress = kept / "story" if kept else None
    if progress is None or not progress.exists():
        prepare(app.state.store, account.party, utc_now())
        if progress:
            progress.write_text("0", "utf-8")
    async with httpx.AsyncClient(verify=trusted, timeout=TIMEOUT_S, mounts=_NO_PROXY) as http:
        memory = str(kept / "pushed.sqlite") if kept else ":memory:"
        chance = SystemRandom()  # message ids are to be unlike those of any other run
        pusher = create_pusher(app, account, http, sleep=real_sleep, random=chance, memory=memory, log=log)
        work = asyncio.create_task(_work(app, pusher, options, progress, bound))
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # Windows
                asyncio.get_running_loop().add_signal_handler(name, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            log.info("told to end")
            return 0
        finally:
            await pusher.stop()
    for key in pusher.left:
        log.error("NDW does not have this as it is now: %s", "/".join(key))
    return 1 if pusher.left else 0


async def _work(
    app: FastAPI, pusher: Pusher, options: argparse.Namespace, progress: Path | None, bound: socket.socket | None
) -> None:
    async def between(number: int) -> None:
        if progress:
            progress.write_text(str(number), "utf-8")
        await pusher.settled()
        if options.pause and number < len(STORY):
            await real_sleep(options.pause)

    async def push() -> None:
        pusher.start(initial=True)
        await pusher.settled()
        if not options.no_story:
            await play(app, between, _number_in(progress))

    if bound is None:
        await push()
        return
    if options.hooks:
        app.add_middleware(HookEndpoint, cpo=app)
    server = _Server(uvicorn.Config(app, lifespan="off", ws="none", log_level="warning"))
    log.info("serving http://127.0.0.1:%d%s", bound.getsockname()[1], BASE_PATH)
    pushing = asyncio.create_task(push())
    try:
        await server.serve([bound])
    finally:
        pushing.cancel()


class _Server(uvicorn.Server):
    """A server that leaves signals to this program."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield


def _number_in(progress: Path | None) -> int:
    return int(progress.read_text("utf-8") or 0) if progress and progress.exists() else 0


_NO_PROXY: Mapping[str, None] = {"all://localhost": None, "all://127.0.0.1": None, "all://[::1]": None}
"""A proxy of the environment is not for this machine."""


def _trusted(file: str | None) -> ssl.SSLContext:
    """What the system trusts, and the certificates in this file."""
    context = ssl.create_default_context()
    if file:
        context.load_verify_locations(file)
    return context


if __name__ == "__main__":
    main()
