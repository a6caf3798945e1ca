"""Memory is measured, not assumed: what a process takes at most for answers that stand for gigabytes."""

import gzip
import subprocess
import sys
import zlib
from pathlib import Path

from tests.harness.run.hostile_server import CHUNK, HEAD, Hostile, answered, without_end

MB = 2**20
READ_MB = 16
PROGRAM = """
import asyncio, resource, sys
from pathlib import Path

from harness.auth.vault import Vault
from harness.model.reach import Limits
from harness.wire.clock import SystemClock
from harness.wire.http import HttpWire, Outgoing
from harness.wire.tls import client_context
from harness.wire.transport import over_socket


def most_bytes():
    status = Path("/proc/self/status")  # of this program alone: ru_maxrss begins with what its parent had
    if status.is_file():
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


async def talk(origin, read_mb, paths):
    limits = Limits(answer_s=20, body_bytes=read_mb * 2**20)
    async with HttpWire(Vault(), SystemClock(), transport=over_socket(client_context(None)), limits=limits) as wire:
        for path in ("/small", *paths):
            exchange = await wire.send(Outgoing("e1", "talk", None, "GET", origin + path))
            print(path, exchange.failure.kind if exchange.failure else "answer", most_bytes())


asyncio.run(talk(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
"""
GIGABYTE = 1_000_000_000


def zeros(packing: "zlib._Compress") -> bytes:
    """A gigabyte of zeros, packed."""
    return b"".join(packing.compress(bytes(10**7)) for _ in range(100)) + packing.flush()


def test_a_gigabyte_takes_no_more_than_what_is_read_of_it() -> None:
    bomb = zeros(zlib.compressobj(level=1, wbits=zlib.MAX_WBITS | 16))
    deeds = {
        "/small": answered(b"{}"),
        "/plain": without_end(CHUNK, HEAD + b"Content-Length: %d\r\n\r\n" % GIGABYTE),
        "/bomb": answered(bomb, b"Content-Encoding: gzip"),
        "/twice": answered(gzip.compress(bomb), b"Content-Encoding: gzip, gzip"),
        "/head": without_end(b"A: %s\r\n" % (b"b" * 5_000), HEAD),
    }
    with Hostile(deeds).listening() as origin:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, origin, str(READ_MB), *list(deeds)[1:]],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    told = [line.split() for line in done.stdout.splitlines()]
    assert [(path, kind) for path, kind, _ in told] == [
        ("/small", "answer"),
        *((path, "too-large") for path in list(deeds)[1:]),
    ]
    before, most = int(told[0][2]), int(told[-1][2])
    assert most - before < 2 * READ_MB * MB, f"{(most - before) / MB:.0f} MB more than for a small answer"
