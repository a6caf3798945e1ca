"""How the subject is reached and spared, of flags and harness.toml. No complaint repeats a secret."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from harness.cli.options import Flags
from harness.cli.plan import UsageError
from harness.cli.subject import pem_file
from harness.cli.toml_file import VARIABLE, Given, Kind, TomlFile
from harness.model.reach import NO_PROXY, Care, Reach
from harness.model.system import Interface
from harness.wire.tls import context_of

WAY_KEYS: Mapping[str, Kind] = {
    "ca_file": "text",
    "client_cert": "text",
    "client_key": "text",
    "connect_to": "text",
    "headers": "table",
    "insecure": "flag",
    "proxy": "text",
    "rate": "text",
}
"""The keys of an interface's table that say how the subject is reached."""

_SPANS = {"s": 1, "min": 60}
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OURS = {"authorization", "connection", "content-length", "content-type", "host", "te", "transfer-encoding", "upgrade"}
"""Header fields that the harness sets, or that frame the message."""


@dataclass(frozen=True)
class Way:
    """How the subject is reached and spared; `origins` says of all that is not the default where it came from."""

    reach: Reach = Reach()  # noqa: RUF009 - frozen
    care: Care = Care()  # noqa: RUF009 - frozen
    origins: Mapping[str, str] = field(default_factory=dict)


def check_flags(flags: Flags, reference: bool) -> None:
    """UsageError where a flag says how to reach a subject, but it is the bundled reference that is judged."""
    for flag, value in (
        ("--connect-to", flags.connect_to),
        ("--proxy", flags.proxy),
        ("--header-env", flags.header_env),
        ("--client-cert", flags.client_cert),
        ("--client-key", flags.client_key),
        ("--insecure", flags.insecure),
    ):
        if value and reference:
            raise UsageError(f"{flag}: the bundled reference is reached without it; leave it out")


def check_way_literals(interface: Interface, file: TomlFile) -> None:
    """UsageError where the file holds a secret itself: the value of a header, or a proxy's password."""
    for name, value in file.flat(interface.id, "headers").items():
        if not re.fullmatch(VARIABLE, str(value)):
            where = file.where(interface.id, "headers", name)
            raise UsageError(f'{where}: no secret may stand in the file; write "{name}" = "${{VAR}}" and set that')
    proxy = file.value(interface.id, "proxy")
    if proxy is not None and _has_password(re.sub(VARIABLE, "", str(proxy))):
        raise UsageError(f"{file.where(interface.id, 'proxy')}: no secret may stand in the file; write ${{VAR}}")


def care_of(interface: Interface, flags: Flags, file: TomlFile, environment: Mapping[str, str]) -> Way:
    """How the subject is spared; this counts for a reference too."""
    origins: dict[str, str] = {}
    rate = _given("rate", flags.rate, interface, file, environment)
    if rate is not None:
        origins["rate"] = rate.origin
    if flags.max_requests is not None:
        origins["max_requests"] = "--max-requests"
        if flags.max_requests < 1:
            raise UsageError("--max-requests: give a number from 1; --dry-run sends nothing")
    return Way(care=Care(_rate(rate) if rate else None, flags.max_requests), origins=origins)


def way_to(interface: Interface, flags: Flags, file: TomlFile, environment: Mapping[str, str], directory: Path) -> Way:
    """How a subject of the user's is reached and spared. Paths of flags are below `directory`."""
    origins: dict[str, str] = {}
    insecure = file.value(interface.id, "insecure") is True
    if flags.insecure or insecure:
        origins["insecure"] = "--insecure" if flags.insecure else file.origin(interface.id, "insecure")

    def given(key: str, flag: str | None) -> Given | None:
        found = _given(key, flag, interface, file, environment)
        if found is not None:
            origins[key] = found.origin
        return found

    def pem(key: str, flag: Path | None, what: str) -> Path | None:
        found = given(key, str(flag) if flag is not None else None)
        folder = directory if flag is not None else file.folder
        return pem_file(found, folder, what) if found is not None else None

    connect_to, proxy = given("connect_to", flags.connect_to), given("proxy", flags.proxy)
    cert = pem("client_cert", flags.client_cert, "CERTIFICATE")
    key = pem("client_key", flags.client_key, "PRIVATE KEY")
    if connect_to is not None and proxy is not None and proxy.text != NO_PROXY:
        raise UsageError(f"{connect_to.where}: connects straight to that address; leave out {proxy.where}")
    if key is not None and cert is None:
        raise UsageError(f"{origins['client_key']}: a key alone proves nothing; give its certificate, --client-cert")
    headers, header_origins = _headers(interface, flags, file, environment)
    reach = Reach(
        connect_to=_address(connect_to) if connect_to else None,
        proxy=_proxy(proxy) if proxy else None,
        ca_file=pem("ca_file", flags.ca_file, "CERTIFICATE"),
        client_cert=cert,
        client_key=key,
        insecure=flags.insecure or insecure,
        headers=headers,
    )
    _check_pem(reach, origins)
    care = care_of(interface, flags, file, environment)
    return Way(reach, care.care, {**origins, **header_origins, **care.origins})


def _given(
    key: str, flag: str | None, interface: Interface, file: TomlFile, environment: Mapping[str, str]
) -> Given | None:
    if flag is None:
        return file.given(interface.id, key, environment)
    name = "--" + key.replace("_", "-")
    return Given(flag, flag, name, name)


def _rate(given: Given) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*/\s*(s|min)", given.text.strip())
    if match is None or float(match[1]) == 0:
        number = re.match(r"\d+", given.shown)
        hint = f"did you mean {f'{number[0]}/s'!r}?" if number and int(number[0]) else "write it as 5/s or 30/min"
        raise UsageError(f"{given.where}: {given.shown!r} is no rate; {hint}")
    return float(match[1]) / _SPANS[match[2]]


def _address(given: Given) -> tuple[str, int]:
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]@]+):(\d{1,5})", given.text)
    if match is None or not 0 < int(match[2]) < 65_536:
        raise UsageError(f"{given.where}: {given.shown!r} is no address; write it as HOST:PORT, such as 127.0.0.1:8443")
    return match[1].strip("[]"), int(match[2])


def _proxy(given: Given) -> str:
    """A proxy's URL, perhaps with a password that came out of a variable."""
    if given.text == NO_PROXY:
        return NO_PROXY
    if given.where == "--proxy" and _has_password(given.text):
        raise UsageError(f"{given.where}: no secret on a command line; set HTTPS_PROXY to the URL with its password")
    parts = urlsplit(given.text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        hint = "" if "://" in given.shown or "@" in given.shown else f"; did you mean {f'http://{given.shown}'!r}?"
        raise UsageError(f"{given.where}: is no URL of an HTTP proxy, such as http://proxy.example:3128{hint}")
    return given.text


def _has_password(url: str) -> bool:
    return "@" in url.partition("://")[2].partition("/")[0] or ("://" not in url and "@" in url)


def _headers(
    interface: Interface, flags: Flags, file: TomlFile, environment: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    wanted = {
        name: (str(value)[2:-1], file.where(interface.id, "headers", name))
        for name, value in file.flat(interface.id, "headers").items()
    }
    for text in flags.header_env:
        name, separator, variable = text.partition("=")
        if not separator or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable):
            raise UsageError("--header-env: write it as NAME=VARIABLE, the name of the variable that holds the value")
        wanted = {known: one for known, one in wanted.items() if known.lower() != name.lower()}
        wanted[name] = (variable, "--header-env")
    reserved = _OURS | {name.lower() for name in interface.fresh_ids}
    for name, (variable, where) in wanted.items():
        _check_header(name, environment.get(variable), f"{where}: environment variable {variable}", reserved, where)
    shown = ", ".join(f"{name} of environment variable {variable}" for name, (variable, _) in wanted.items())
    return tuple((name, environment[variable]) for name, (variable, _) in wanted.items()), (
        {"headers": shown} if wanted else {}
    )


def _check_header(name: str, value: str | None, variable: str, reserved: set[str], where: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{where}: {name!r} is not the name of a header field; write it as X-Api-Key")
    if name.lower() in reserved:
        raise UsageError(f"{where}: {name} is the harness's own; it can be given no other value")
    if not value:
        raise UsageError(f"{variable} {'is not set' if value is None else 'is empty'}; set it to the value of {name}")
    if value != value.strip() or not (value.isascii() and value.isprintable()):
        raise UsageError(f"{variable} holds what no header can: control characters, or white space at an end")


def _check_pem(reach: Reach, origins: Mapping[str, str]) -> None:
    """UsageError where OpenSSL cannot use the files."""
    for path in filter(None, (reach.client_key, reach.client_cert)):
        if b"ENCRYPTED" in path.read_bytes():
            raise UsageError(f"{path}: the key is encrypted; take its password off: openssl pkey -in FILE -out key.pem")
    try:
        context_of(reach)
    except ssl.SSLError as error:
        given = ", ".join(origins[key] for key in ("ca_file", "client_cert", "client_key") if key in origins)
        raise UsageError(
            f"{given}: cannot be used ({error.reason or error}); check that they belong together"
        ) from None
