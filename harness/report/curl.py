"""An exchange as a curl command for a POSIX shell that asks the same once more, its secrets in variables.

Where a credential was altered on purpose, the command alters it likewise: a made-up token is another one of the same
length and kinds of character, everything else is what was sent.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus, urlsplit

_MARK = re.compile(
    r"\[secret (?P<n>\d+)(?: (?P<form>raw|base64\+lf|base64 twice|base64))?(?:, (?P<alteration>[a-z ]+))?\]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
"""What may steer the terminal into which a command is pasted."""
_LEFT_TO_CURL = {"host", "connection", "content-length", "transfer-encoding", "user-agent"}
_UNSENT = ("not-followed", "throttled")
_ONE_CHANGED = (
    """awk '{s = match($0, /[.][^.]*$/); s = s ? s - 1 : 0; m = int((s + length($0)) / 2); """
    """printf "%s%s%s", substr($0, 1, m), (substr($0, m + 1, 1) == "A") ? "B" : "A", substr($0, m + 2)}'"""
)
_ALTERED = {
    "another case": """printf %s "$V" | tr 'a-zA-Z' 'A-Za-z'""",
    "characters added": 'printf %s "${V}x7"',
    "cut short": 'printf %s "${V%?}"',
    "empty": "printf ''",
    "made up": """printf %s "$V" | tr 'a-zA-Z0-9' 'n-za-mN-ZA-M5-90-4'""",
    "one character changed": f'printf %s "$V" | {_ONE_CHANGED}',
}
_BASE64 = "base64 | tr -d '\\n'"


def curl_line(
    entry: Mapping[str, Any],
    prefix: str = "",
    reach: Mapping[str, str] | None = None,
    token: str | None = None,
    *,
    came: bool = False,
) -> str:
    """The command for the request of an ``exchange`` line; empty where none was sent.

    `prefix` begins the names of its variables: ``NDW_PULL`` makes NDW_PULL_TOKEN, unless `token` is the variable that
    holds the token already. `reach` is the report's: a proxy, a CA and the like that led to the subject. With `came` it
    is what a client sent to a mock.
    """
    if (entry["failure"] or {}).get("kind") in _UNSENT:
        return ""
    request = entry["request"]
    secrets = _Secrets(request["credential"], f"{prefix}_" if prefix else "", token)
    url, in_query = _url(request["url"], secrets)
    piped, body = _body(request["body"], secrets)
    method = "--head" if request["method"] == "HEAD" else f"-X {_quoted(request['method'])}"
    parts = [
        f"{piped}curl -sSig --path-as-is --compressed",
        *_way(reach or {}),
        *([method] if request["method"] != "GET" or body else []),
        *_headers(request, secrets, bool(body)),
        *body,
        *([f"--get --data-urlencode {in_query}"] if in_query else []),
        url,
    ]
    return "".join(f"# {note}\n" for note in secrets.notes(came)) + " \\\n  ".join(parts)


def variable_prefix(interface: str, *, client: bool = False) -> str:
    """``NDW_PULL`` of ``ndw-pull``; for a client that is under test, ``NDW``, as its own settings begin."""
    interface = interface.partition("-")[0] if client else interface
    return re.sub(r"[^A-Z0-9]+", "_", interface.upper())


class _Secrets:
    """Writes what the marks of secrets stand for."""

    def __init__(self, credential: Mapping[str, Any] | None, prefix: str, token: str | None) -> None:
        self._credential = credential or {}
        self._prefix = prefix
        self._token = token or f"{prefix}TOKEN"

    def notes(self, came: bool) -> Iterator[str]:
        """What a person should know before running it."""
        if self._credential.get("altered"):
            yield f"the credential is wrong on purpose: {self._credential['altered']}"
        elif self._credential.get("alg"):
            yield f"{self._variable(self._credential['n'], '')} holds a fresh access token"
        elif not self._credential:
            yield "it came without a credential" if came else "without a credential on purpose"

    def text(self, value: str, field: str) -> str:
        """A value, quoted for the shell, with variables for its secrets; `field` names the header field or parameter
        that it is of."""
        if not _MARK.search(value):
            return _quoted(value)
        parts, end = [], 0
        for mark in _MARK.finditer(value):
            parts += [_inside(value[end : mark.start()]), self._value(mark, field)]
            end = mark.end()
        return f'"{"".join(parts)}{_inside(value[end:])}"'

    def _value(self, mark: re.Match[str], field: str) -> str:
        """A secret, in the form and altered as its mark says, for the inside of double quotes."""
        name, form, alteration = self._variable(int(mark["n"]), field), mark["form"] or "raw", mark["alteration"]
        command = _ALTERED[alteration].replace("V", name, 1) if alteration in _ALTERED else None
        if self._credential.get("scheme") == "Basic":
            password = f"$({command})" if command else f"${name}"
            command = f'printf %s "${self._prefix}CLIENT_ID:{password}"'
        if form == "raw":
            return f"$({command})" if command else f"${{{name}}}"
        command = command or f'printf %s "${name}"'
        if form == "base64+lf":
            command = f"{{ {command}; echo; }}"
        return f"$({command} | {_BASE64}{f' | {_BASE64}' if form == 'base64 twice' else ''})"

    def _variable(self, n: int, field: str) -> str:
        if n != self._credential.get("n"):
            return f"{self._prefix}{re.sub(r'[^A-Z0-9]+', '_', field.upper()) or f'SECRET_{n}'}"
        of_client = self._credential.get("place") == "body:client_secret" or self._credential.get("scheme") == "Basic"
        return f"{self._prefix}CLIENT_SECRET" if of_client else self._token


def _way(reach: Mapping[str, str]) -> Iterator[str]:
    """How the subject was reached, where that is not plainly."""
    if "connect_to" in reach:
        yield f"--connect-to {_quoted('::' + reach['connect_to'])}"
    if reach.get("proxy") == "none":
        yield "--noproxy '*'"
    elif "proxy" in reach and ", " not in reach["proxy"]:
        yield f"--proxy {_quoted(reach['proxy'])}"
    for name, option in (("ca_file", "--cacert"), ("client_cert", "--cert"), ("client_key", "--key")):
        if name in reach:
            yield f"{option} {_quoted(reach[name])}"
    if "insecure" in reach:
        yield "--insecure"


def _headers(request: Mapping[str, Any], secrets: _Secrets, has_body: bool) -> Iterator[str]:
    for name, value in request["headers"]:
        if name.lower() == "host" and value.lower() != urlsplit(request["url"]).netloc.lower():
            yield f"-H {_quoted(f'Host: {value}')}"
        if name.lower() not in _LEFT_TO_CURL:
            found = _MARK.fullmatch(value)
            is_empty = not value or (found is not None and found["alteration"] == "empty")
            yield f"-H {_quoted(f'{name};') if is_empty else secrets.text(f'{name}: {value}', name)}"
    sent = {name.lower() for name, _value in request["headers"]}
    for name in ("Accept", *(["Content-Type"] if has_body else [])):
        if name.lower() not in sent:  # curl adds its own otherwise
            yield f"-H '{name}:'"


def _url(url: str, secrets: _Secrets) -> tuple[str, str]:
    """The URL, quoted; and the query parameter that shows the credential, where one does."""
    bare, _, last = url.rpartition("&" if "&" in url else "?")
    name, _, value = last.partition("=")
    if bare and _MARK.fullmatch(value):
        return _quoted(bare), secrets.text(f"{name}={value}", name)
    return secrets.text(url, ""), ""


def _body(body: Mapping[str, Any], secrets: _Secrets) -> tuple[str, list[str]]:
    """What is piped into the command, and its options."""
    text = body.get("text", "")
    if "sha256" in body:
        return f"gzip -dc < bodies/{body['sha256']} | ", ["--data-binary @-"]
    if "base64" in body or _CONTROL.search(text):
        encoded = body.get("base64") or base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
        return f"printf %s {encoded} | base64 -d | ", ["--data-binary @-"]
    fields = [field.partition("=") for field in text.split("&")]
    if any(_MARK.fullmatch(value) for _name, _, value in fields):
        shown = [secrets.text(f"{name}={unquote_plus(value)}", name) for name, _, value in fields]
        return "", [f"--data-urlencode {field}" for field in shown]
    return "", [f"--data-raw {secrets.text(text, 'body')}"] if text else []


def _quoted(text: str) -> str:
    """The text for the shell, in single quotes where nothing in it could steer a terminal."""
    if _CONTROL.search(text):
        return f'"{_inside(text)}"'
    return "'" + text.replace("'", "'\\''") + "'"


def _inside(text: str) -> str:
    """The text for the inside of double quotes: nothing in it is expanded, not even an exclamation mark."""
    escaped = re.sub(r'([\\"$`])', r"\\\1", text).replace("!", "\"'!'\"")
    return _CONTROL.sub(lambda found: f"$(printf '{_octal(found.group())}')", escaped)


def _octal(text: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in text.encode("utf-8", "surrogatepass"))
