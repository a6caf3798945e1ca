"""What each key of harness.toml means: for the file that ``harness init`` writes, and for its JSON Schema."""

from dataclasses import dataclass

from harness.cli.subject import entry_keys, usual_variable
from harness.model.system import Interface


@dataclass(frozen=True)
class Key:
    """A key of an interface's table. `default` says in words what holds without it; `example` is a TOML value."""

    meaning: str
    default: str
    example: str


_KEYS = {
    "client_id": Key("OAuth2 client id, where access is given that way instead of by token.", "none", '"client-1"'),
    "token_url": Key(
        "The token endpoint that this client asks for access tokens.", "none", '"https://login.example/oauth2/token"'
    ),
    "parties": Key(
        "The parties whose data is expected; each is judged, and what belongs to others is found.",
        "none; nothing is said of parties that are missing",
        '["NL/ABC"]',
    ),
    "name": Key("Your system's name in reports.", "none", '"Our platform"'),
    "version": Key("Its version in reports.", "none", '"1.4.2"'),
    "rate": Key("At most so many requests: N/s or N/min.", "10/s off this machine, unlimited on it", '"5/s"'),
    "ca_file": Key(
        "PEM file of a CA to trust besides those of this machine; relative to this file.", "none", '"ca.pem"'
    ),
    "client_cert": Key("PEM file of the client certificate to show.", "none", '"client.pem"'),
    "client_key": Key("PEM file of its key, where it lies apart.", "in client_cert", '"client.key"'),
    "insecure": Key("Take any certificate. For a test set-up only; every report says it.", "false", "false"),
    "connect_to": Key(
        "HOST:PORT to connect to instead of the address's own; name and certificate stay.", "none", '"127.0.0.1:8443"'
    ),
    "proxy": Key(
        'URL of an HTTP proxy, or "none". A password in it comes out of a variable.',
        "as HTTPS_PROXY and NO_PROXY say; never on loopback",
        '"http://proxy.example:3128"',
    ),
    "hooks": Key(
        "Your own hooks: a command, or POST and a URL. Each gets JSON and makes something happen on request.",
        "none; what only a change shows stays untested",
        '{change = ["./change.sh"]}',
    ),
}

SYSTEM_KEYS = {
    "settings": "What is expected, where the party has not published it or where it is yours to say.",
    "confirmed": "Assumptions that the party confirmed, each with the source; without it they are at most a warning.",
    "keywords": "Requirements that you raise, lower or drop: MUST, SHOULD, MAY or off.",
}
"""The keys of a system's table."""


def key_of(interface: Interface, name: str) -> Key:
    """What a key means in this interface's table."""
    entries = " and ".join(interface.entries)
    if name == "url":
        return Key(f"Your server's address, above {entries}.", "none: needed", '"https://server.example/api"')
    if name in entry_keys(interface):
        entry = entry_keys(interface)[name]
        return Key(f"The whole address of {entry}, where it lies elsewhere.", f"{entry} below url", _under(entry))
    if name in ("token", "client_secret"):
        what = "The token that opens your server" if name == "token" else "The secret of this OAuth2 client"
        return Key(
            f"{what}: the name of an environment variable, never the secret.", "none", _variable(interface, name)
        )
    if name == "headers":
        example = f'{{"X-Api-Key" = {_variable(interface, "x_api_key")}}}'
        return Key("More request headers; each value the name of a variable, a secret.", "none", example)
    return _KEYS[name]


def _under(entry: str) -> str:
    return f'"https://server.example{entry}"'


def _variable(interface: Interface, key: str) -> str:
    return f'"${{{usual_variable(interface, key)}}}"'
