"""What each key of harness.toml means: for the file that ``harness init`` writes, and for its JSON Schema."""

from dataclasses import dataclass

from harness.cli.own_names import ALWAYS
from harness.cli.subject import entry_keys, usual_variable
from harness.collect import interfaces
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

_OF_A_CLIENT = {
    "command": Key(
        "Your client: the program and its arguments, run in this folder without a shell, once for each situation.",
        "none: you start it, and harness check must be told so by --attach",
        '["./pusher", "--once"]',
    ),
    "keep": Key("Start it once, and let all situations come to that one process.", "false", "false"),
    "render": Key(
        "The same in files: template = file to make, beside this one. When all is over it is taken away again, and "
        "what was there before is put back.",
        "none",
        '{"app.yml.tmpl" = "app.yml"}',
    ),
    "quiet_s": Key("A situation is over once its end is reached and nothing came for so many seconds.", "3", "3"),
    "limit_s": Key("It never takes more seconds than these after the first call or the last change.", "70", "70"),
    "start_s": Key("So many seconds a command may take until its first call.", "60", "60"),
    "tls": Key("Let your client reach us over TLS, by a CA of our own: harness ca export.", "false", "false"),
    "listen": Key("Address to listen on; 0.0.0.0 is all that this machine has.", "127.0.0.1", '"127.0.0.1"'),
    "public_url": Key(
        "What URLs begin with that your client is given, where something stands between.",
        "where we listen",
        '"https://mock.example"',
    ),
    "parties": Key("The parties that your client pushes for: it is let in for these.", "one of ours", '["NL/ABC"]'),
    "hooks": Key(
        "Your own hooks: a command, or POST and a URL. change makes your client change something, restart kills and "
        "starts it, export prints what it holds; see harness list hooks.",
        "none; what only they show stays untested",
        '{change = ["./change.sh"], export = ["./export.sh"]}',
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
    if name == "env":
        return Key(
            f"Our settings under your own names. ${{…}} is one of ours here: {', '.join((*interface.given, *ALWAYS))}.",
            "under our names alone, which are there in any case",
            f'{{PUSH_BASE = "${{{interface.given[0]}}}"}}',
        )
    if name == "pull":
        servers = [one.id for system, one in interfaces().values() if interface in system.interfaces]
        return Key(
            "The table of your own server: what it serves is compared with what your client pushed.",
            "none; what your client holds is then seen by the hook export alone",
            f'"{servers[0]}"',
        )
    return _OF_A_CLIENT[name] if interface.subject == "client" and name in _OF_A_CLIENT else _KEYS[name]


def _under(entry: str) -> str:
    return f'"https://server.example{entry}"'


def _variable(interface: Interface, key: str) -> str:
    return f'"${{{usual_variable(interface, key)}}}"'
