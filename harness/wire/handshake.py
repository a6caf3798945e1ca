"""A TLS handshake and nothing else: what the server says of it where no request hurries it."""

import asyncio
import contextlib
import ssl

_LONGEST_S = 2.0


async def alert_of(trust: ssl.SSLContext, address: tuple[str, int], name: str) -> ssl.SSLError | None:
    """The alert with which a server ends a connection right after the handshake, or None.

    In TLS 1.3 a server that misses a client certificate says so only then. A request that is under way at that moment
    makes the server's system reset the connection, and the alert is lost.
    """
    try:
        async with asyncio.timeout(_LONGEST_S):
            reader, writer = await asyncio.open_connection(*address, ssl=trust, server_hostname=name)
            try:
                await reader.read(1)
            finally:
                await ended(writer)
    except ssl.SSLError as error:
        return error
    except OSError:  # a time-out too: the server waits for a request, as it should
        return None
    return None


async def ended(writer: asyncio.StreamWriter) -> None:
    """End a connection at once: nobody waits for what the other side would still say."""
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
