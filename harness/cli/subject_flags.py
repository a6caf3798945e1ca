"""What the command line says of a subject, and whether that fits the chair that the subject sits in."""

from collections.abc import Mapping
from dataclasses import fields

from harness import collect
from harness.cli.credentials import client_flags
from harness.cli.options import Flags
from harness.cli.plan import UsageError
from harness.model.spelling import did_you_mean
from harness.model.system import Interface

OF_A_SERVER = {
    "token_env": "--token-env", "client_id": "--client-id", "client_secret_env": "--client-secret-env",
    "token_url": "--token-url", "ca_file": "--ca-file", "client_cert": "--client-cert", "client_key": "--client-key",
    "insecure": "--insecure", "connect_to": "--connect-to", "proxy": "--proxy", "header_env": "--header-env",
    "rate": "--rate", "max_requests": "--max-requests",
}  # fmt: skip
_OF_A_CLIENT = {
    "keep": "--keep", "attach": "--attach", "pull_url": "--pull-url", "patience": "--for", "tls": "--tls",
    "listen": "--listen", "public_url": "--public-url", "ports": "--port",
}  # fmt: skip
OF_ANY_CLIENT = {**_OF_A_CLIENT, "passive": "--passive", "slow": "--slow"}
"""Options by the name of their field, of the server and of the client that is judged."""

CHAIRS = ("client", "server")
_USUAL = {one.name: one.default for one in fields(Flags)}


def check_flags_of_subject(interface: str | None, flags: Flags) -> None:
    """UsageError where flags contradict each other, or say something of a subject without saying which."""
    if flags.chair is not None and flags.chair not in CHAIRS:
        raise UsageError(f"--as: {flags.chair!r} is no HTTP role{did_you_mean(flags.chair, CHAIRS)}")
    said = of_subject(flags)
    for flag in ("--url", "--token-env", *client_flags(flags)):
        if flags.reference and said[flag] is not None:
            raise UsageError(f"{flag}: --reference checks the bundled reference; leave out one of the two")
    if flags.faults and not flags.reference:
        raise UsageError("--fault: faults are put on the bundled reference only; add --reference")
    for flag, value in said.items():
        if interface is None and value is not None:
            chair = "client" if flag in of_client(flags) else "server"
            example = next(one.id for _system, one in collect.interfaces().values() if one.subject == chair)
            raise UsageError(f"{flag}: say which interface it is for, such as: harness check {example} {flag} …")


def check_subject(interface: Interface, flags: Flags, *, pulls: bool) -> None:
    """UsageError where flags are about a subject in the other chair than that of this check. `pulls`: harness.toml
    names the server of a client, so that they may be about that."""
    chair = flags.chair or interface.subject
    if flags.allow_writes and (chair, interface.subject) != ("server", "client"):
        raise UsageError("--allow-writes: nothing is written to this subject; it goes with --as server")
    if chair == "server":
        _check_for_a_server(interface, flags)
    elif flags.reference:
        _check_for_a_reference(flags)
    else:
        _check_for_a_client(interface, flags, pulls=pulls or flags.pull_url is not None)


def of_subject(flags: Flags) -> dict[str, str | None]:
    """What the command line says of one subject, by flag."""
    return {
        "--url": flags.url,
        "--token-env": flags.token_env,
        **client_flags(flags),
        **of_client(flags),
        "--as": flags.chair,
        "--allow-writes": "" if flags.allow_writes else None,
        "--name": flags.name,
        "--subject-version": flags.subject_version,
    }


def of_client(flags: Flags) -> dict[str, str | None]:
    """What the command line says of one client, by flag."""
    given = given_of(flags, _OF_A_CLIENT)
    said = {flag: "" if name in given else None for name, flag in _OF_A_CLIENT.items()}
    return {**said, "-- COMMAND": "" if flags.command else None}


def _check_for_a_server(interface: Interface, flags: Flags) -> None:
    if flags.command:
        raise UsageError(f"-- COMMAND: {interface.id} judges a server that runs; give its address with --url")
    for flag in given_of(flags, OF_ANY_CLIENT).values():
        raise UsageError(f"{flag}: {interface.id} judges a server; this is about a client; leave it out")


def _check_for_a_client(interface: Interface, flags: Flags, *, pulls: bool) -> None:
    if flags.url is not None:
        raise UsageError(
            f"--url: {interface.id} judges a client, and it is the client that asks; give -- COMMAND or --attach, "
            "and its own server, where it has one, with --pull-url"
        )
    if flags.openapi is not None:
        raise UsageError(f"--openapi: is about what a server answers; {interface.id} judges a client; leave it out")
    if not pulls:
        for flag in given_of(flags, OF_A_SERVER).values():
            raise UsageError(f"{flag}: goes with --pull-url, the client's own server; {interface.id} judges a client")


def _check_for_a_reference(flags: Flags) -> None:
    for flag, said in of_client(flags).items():
        if said is not None:
            raise UsageError(f"{flag}: --reference checks the bundled reference; leave out one of the two")


def given_of(flags: Flags, names: Mapping[str, str]) -> dict[str, str]:
    """Those of these flags that the user gave."""
    return {name: flag for name, flag in names.items() if getattr(flags, name) != _USUAL[name]}
