"""Which ports the listeners of a mock stand on."""

import socket
from collections.abc import Iterable, Mapping

from harness.cli.plan import UsageError
from harness.model.spelling import did_you_mean
from harness.model.system import System
from harness.wire.serve import listener

CONTROL = "control"
CONTROL_PORT = 7400
TLS_OFFSET = 40


def wanted_ports(given: Iterable[str], systems: tuple[System, ...]) -> dict[str, int]:
    """The port of the control listener and of each system; ``--port SYSTEM=N`` wins over what is usual."""
    ports = {CONTROL: CONTROL_PORT, **{system.name: system.port for system in systems}}
    for text in given:
        name, separator, number = text.rpartition("=")
        if not separator and len(systems) == 1:
            name = systems[0].name
        if name not in ports:
            raise UsageError(f"--port: {text!r}: write it as SYSTEM=N{did_you_mean(name, ports)}")
        if not (number.isascii() and number.isdigit() and int(number) < 65_536):
            raise UsageError(f"--port: {text!r}: a port is a number from 0 (a free one) to 65535")
        ports[name] = int(number)
    return ports


def bound(ports: Mapping[str, int], host: str) -> dict[str, socket.socket]:
    """A socket for each name, the control listener on loopback whatever `host` is; all or none of them."""
    made: dict[str, socket.socket] = {}
    for name, number in ports.items():
        where = "127.0.0.1" if name == CONTROL else host
        try:
            made[name] = listener(number, where)
        except OSError as error:
            for one in made.values():
                one.close()
            reason = error.strerror or str(error)
            hint = f"choose another with --port {name.removesuffix(' over TLS')}=N, or 0 for a free one"
            raise UsageError(f"--port: {name}: port {number} on {where}: {reason}; {hint}") from None
    return made


def port_of(one: socket.socket) -> int:
    """The number of the port that a socket is bound to."""
    number: int = one.getsockname()[1]
    return number
