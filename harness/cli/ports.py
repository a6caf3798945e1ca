"""Which ports the listeners of a mock stand on."""

import errno
import socket
from collections.abc import Iterable, Mapping

from harness.cli.plan import UsageError
from harness.model.spelling import did_you_mean
from harness.model.system import System
from harness.wire.serve import listener

CONTROL = "control"
CONTROL_PORT = 7400
OVER_TLS = " over TLS"
"""How the name ends of a system's second listener."""
_TLS_OFFSET = 40
_LARGEST = 65_535


def wanted_ports(given: Iterable[str], systems: tuple[System, ...], *, tls: bool = False) -> dict[str, int]:
    """The port of the control listener and of each system, with `tls` of a second one; ``--port SYSTEM=N`` wins over
    what is usual."""
    ports = {CONTROL: CONTROL_PORT, **{system.name: system.port for system in systems}}
    for text in given:
        name, separator, number = text.rpartition("=")
        if not separator and len(systems) == 1:
            name = systems[0].name
        if name not in ports:
            raise UsageError(f"--port: {text!r}: write it as SYSTEM=N{did_you_mean(name, ports)}")
        if not (number.isascii() and number.isdigit() and int(number) <= _LARGEST):
            raise UsageError(f"--port: {text!r}: a port is a number from 0 (a free one) to {_LARGEST}")
        ports[name] = int(number)
    for one in systems if tls else ():
        ports[f"{one.name}{OVER_TLS}"] = ports[one.name] and ports[one.name] + _TLS_OFFSET
    for name, port in ports.items():
        if port > _LARGEST:
            raise UsageError(f"--port: {name} would have port {port}; give a port of at most {_LARGEST - _TLS_OFFSET}")
    return ports


def bound(ports: Mapping[str, int], host: str) -> dict[str, socket.socket]:
    """A socket for each name, the control listener on loopback whatever `host` is; all or none of them."""
    made: dict[str, socket.socket] = {}
    for name, number in ports.items():
        where = "127.0.0.1" if name == CONTROL else host
        try:
            made[name] = listener(number, where)
            made[name].listen()  # it is then that a port which another of ours was bound to is found taken
        except OSError as error:
            for one in made.values():
                one.close()
            raise UsageError(_why_not(name, number, where, error)) from None
    return made


def _why_not(name: str, number: int, where: str, error: OSError) -> str:
    reason = error.strerror or str(error)
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"--listen: {where} is no address of this machine: {reason}; 0.0.0.0 stands for all that it has"
    hint = f"choose another with --port {name.removesuffix(OVER_TLS)}=N, or 0 for a free one"
    return f"--port: {name}: port {number} on {where}: {reason}; {hint}"


def in_url(host: str) -> str:
    """A host or address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def port_of(one: socket.socket) -> int:
    """The number of the port that a socket is bound to."""
    number: int = one.getsockname()[1]
    return number
