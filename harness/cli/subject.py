"""The subject: its addresses, its token and what else is told of it. No complaint repeats a secret."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from harness.cli.plan import UsageError
from harness.cli.toml_file import VARIABLE, Given, TomlFile
from harness.model.address import Addresses
from harness.model.system import Interface

_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOCAL = re.compile(r"(localhost|127\.[\d.]+|\[::1\]|[^/:]+\.localhost)([:/]|$)", re.I)
_NAMES = {"token": "OCPI token", "client secret": "OAuth2 client secret"}
_HOST = re.compile(r"[\w.~:%-]+")
"""A name, in any script, or a number of IPv4 or IPv6."""


def entry_keys(interface: Interface) -> dict[str, str]:
    """The keys of harness.toml that give an entry an address of its own: ``locations_url`` for ``/locations``."""
    return {entry.strip("/").replace("/", "_") + "_url": entry for entry in interface.entries}


def addresses(
    interface: Interface, url: str | None, file: TomlFile, environment: Mapping[str, str]
) -> tuple[Addresses | None, dict[str, str]]:
    """Where the subject is reached, and who said so; None where nobody did.

    `url` is that of the command line: it takes the place of everything in the file.
    """
    if url is not None:
        given = Given(url, url, "--url", "--url")
        return Addresses(checked_url(given, interface.entries)), {"url": given.origin}
    own = {key: file.given(interface.id, key, environment) for key in entry_keys(interface)}
    found = {key: given for key, given in own.items() if given is not None}
    base = file.given(interface.id, "url", environment)
    if base is None and not found:
        return None, {}
    origins = {key: given.origin for key, given in found.items()}
    entries = {entry_keys(interface)[key]: checked_url(given) for key, given in found.items()}
    if base is not None:
        return Addresses(checked_url(base, interface.entries), entries), {"url": base.origin, **origins}
    missing = [key for key in own if key not in found]
    if missing:
        where = next(iter(found.values())).where
        raise UsageError(f"{where}: is not enough; give {' and '.join(missing)} too, or url for all of them")
    return Addresses(_above(next(iter(entries.values()))), entries), origins


def _above(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').rpartition('/')[0]}"


def checked_url(given: Given, entries: tuple[str, ...] = (), *, query: bool = False) -> str:
    """The URL, where it is one that a subject can have; else UsageError. It does not end in one of the `entries`, and
    has a query only where `query` allows one."""
    text, where = given.text, given.where
    scheme, separator, rest = text.partition("://")
    if not text.strip():
        raise UsageError(f"{where}: is empty; give the address of your server, such as https://cpo.example/ocpi/2.2.1")
    if "@" in re.split(r"[/?#]", rest, maxsplit=1)[0] or ("@" in text and not separator):
        raise UsageError(f"{where}: no user or password may stand in a URL; give the token with --token-env VAR")
    if any(sign.isspace() or not sign.isprintable() for sign in text):
        raise UsageError(f"{where}: a URL holds no white space or control characters; take them out")
    if ("?" in text and not query) or "#" in text:
        raise UsageError(f"{where}: takes no query and no fragment; leave out what follows '?' or '#'")
    if not separator:
        raise UsageError(f"{where}: {given.shown!r} has no scheme; did you mean {_with_scheme(given)!r}?")
    if scheme.lower() not in ("http", "https"):
        raise UsageError(f"{where}: the scheme {scheme!r} is not one of the web; give an https:// or http:// address")
    _check_authority(text, where)
    for entry in entries:
        if urlsplit(text).path.rstrip("/").endswith(entry):
            short = given.shown.rstrip("/").removesuffix(entry)
            raise UsageError(f"{where}: give the address above {entry}; did you mean {short!r}?")
    return text


def _with_scheme(given: Given) -> str:
    bare = re.sub(r"^(https?:)?/*", "", given.shown, flags=re.I)
    local = _LOCAL.match(re.sub(r"^(https?:)?/*", "", given.text, flags=re.I))
    return f"{'http' if local else 'https'}://{bare}"


def _check_authority(url: str, where: str) -> None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = ""
    if not host:
        raise UsageError(f"{where}: the URL has no host; write it as https://HOST/PATH")
    if not _HOST.fullmatch(host):
        raise UsageError(f"{where}: the host holds characters that no host name has; write it as https://HOST/PATH")
    try:
        port = urlsplit(url).port
    except ValueError:
        port = 0
    if port == 0:
        raise UsageError(f"{where}: the port is not a number from 1 to 65535; write it as https://HOST:8443/PATH")


def usual_variable(interface: Interface, key: str) -> str:
    """The environment variable that a secret would usually stand in: ``NDW_PULL_TOKEN``."""
    return re.sub(r"\W", "_", f"{interface.id}_{key}").upper()


def variable_in(interface: Interface, file: TomlFile, key: str) -> str | None:
    """The environment variable that the file names for a secret, or None. UsageError where it holds a literal."""
    value = file.value(interface.id, key)
    if value is None:
        return None
    match = re.fullmatch(VARIABLE, str(value))
    if match is None:
        name = usual_variable(interface, key)
        where = file.where(interface.id, key)
        raise UsageError(f'{where}: no secret may stand in the file; write {key} = "${{{name}}}" and set that variable')
    return match[1]


def token(
    interface: Interface, flag: str | None, file: TomlFile, environment: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """The subject's token and where it came from. UsageError where there is none, or none that can be sent."""
    if flag is None and variable_in(interface, file, "token") is None:
        raise UsageError(
            f"{interface.id}: the subject has no token; name the environment variable that holds it with "
            f'--token-env VAR, or write token = "${{VAR}}" in [{interface.id}] of harness.toml'
        )
    secret, origin = secret_in(interface, "token", "--token-env", flag, file, environment)
    return secret, {"token": origin}


def secret_in(
    interface: Interface, key: str, option: str, flag: str | None, file: TomlFile, environment: Mapping[str, str]
) -> tuple[str, str]:
    """A secret, in the variable that `flag` names or that the file names under `key`, and where it came from."""
    variable = flag if flag is not None else variable_in(interface, file, key) or ""
    where = option if flag is not None else file.where(interface.id, key)
    what = key.replace("_", " ")
    if not _VARIABLE_NAME.fullmatch(variable) or (variable not in environment and variable != variable.upper()):
        # Somebody may have given the secret itself: it is not repeated.
        raise UsageError(f"{where}: no environment variable has the given name; give a variable's name, not the {what}")
    secret = environment.get(variable, "")
    if not secret:
        state = "is empty" if variable in environment else "is not set"
        raise UsageError(f"{where}: environment variable {variable} {state}; set it to the {what}")
    _check_secret(secret, f"{where}: environment variable {variable}", what)
    return secret, f"environment variable {variable}"


def _check_secret(secret: str, where: str, what: str) -> None:
    if secret.endswith("\n"):
        raise UsageError(f"{where} ends in a line feed; set it with printf instead of echo")
    if secret != secret.strip():
        raise UsageError(f"{where} begins or ends with white space; take it out")
    if any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in secret):
        raise UsageError(f"{where} holds control characters; set it to the {what} alone")
    if not secret.isascii():
        raise UsageError(
            f"{where} holds characters outside ASCII, which no {_NAMES[what]} has; check how it was copied"
        )


def party(given: Given) -> str:
    """A party's id in capitals, ``NL/ABC``; UsageError where it has another form."""
    if re.fullmatch(r"[A-Za-z]{2}/[A-Za-z0-9]{3}", given.text):
        return given.text.upper()
    parts = re.fullmatch(r"([A-Za-z]{2})[^A-Za-z0-9]?([A-Za-z0-9]{3})", given.shown)
    hint = f"did you mean {f'{parts[1]}/{parts[2]}'.upper()!r}?" if parts else "write it as country/party: NL/ABC"
    raise UsageError(f"{given.where}: {given.shown!r} is not a party; {hint}")


def pem_file(given: Given, folder: Path, what: str) -> Path:
    """The path of a PEM file with a ``CERTIFICATE`` or a ``PRIVATE KEY``, relative paths below `folder`; UsageError
    where it is not one."""
    path = folder / given.text
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"{given.where}: there is no file {given.shown!r}; check the path") from None
    except OSError as error:
        raise UsageError(f"{given.where}: {given.shown!r} cannot be read ({error.strerror}); check it") from None
    if f"{what}-----".encode() not in content:
        tool, file = ("x509", "ca.pem") if what == "CERTIFICATE" else ("pkey", "key.pem")
        hint = f"make one with: openssl {tool} -inform der -in FILE -out {file}"
        raise UsageError(f"{given.where}: {given.shown!r} holds no {what.lower()} in PEM form; {hint}")
    return path
