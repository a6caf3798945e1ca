"""How the subject gives access: a token, or OAuth2 client credentials. No complaint repeats a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from harness.auth.vault import Vault
from harness.cli.options import Flags
from harness.cli.plan import OAuthClient, UsageError
from harness.cli.subject import checked_url, secret_in, token, variable_in
from harness.cli.toml_file import Given, TomlFile
from harness.model.credential import Client
from harness.model.profile import Profile
from harness.model.settings import Settings
from harness.model.system import Interface

KEYS = {"client_id": "--client-id", "client_secret": "--client-secret-env", "token_url": "--token-url"}
"""Keys of harness.toml for client credentials, and the flags that say the same."""

TOKEN, OAUTH2 = "token", "oauth2"


@dataclass(frozen=True)
class Credentials:
    """A token, or a client; where they came from."""

    token: str = field(repr=False)
    oauth: OAuthClient | None
    origins: Mapping[str, str]


def client_flags(flags: Flags) -> dict[str, str | None]:
    """What the command line says of a client, by flag."""
    return dict(zip(KEYS.values(), (flags.client_id, flags.client_secret_env, flags.token_url), strict=True))


def check_secrets(interface: Interface, file: TomlFile) -> None:
    """UsageError where a secret stands in the file itself."""
    for key in ("token", "client_secret"):
        variable_in(interface, file, key)


def credentials(interface: Interface, flags: Flags, file: TomlFile, environment: Mapping[str, str]) -> Credentials:
    """What the user gave; a flag for the one takes the place of the other in the file."""
    given = [flag for flag, value in client_flags(flags).items() if value is not None]
    if given and flags.token_env is not None:
        raise UsageError(f"{given[0]}: a subject gives access by token or by OAuth2; leave out --token-env, or this")
    listed = [key for key in KEYS if file.value(interface.id, key) is not None]
    if not given and (flags.token_env is not None or not listed):
        secret, origins = token(interface, flags.token_env, file, environment)
        return Credentials(secret, None, origins)
    where = given[0] if given else file.where(interface.id, listed[0])
    if interface.access.way_setting is None and interface.subject == "server":
        raise UsageError(f"{where}: {interface.id} knows no OAuth2; leave it out")
    if not given and file.value(interface.id, "token") is not None:
        raise UsageError(f"{where}: a subject gives access by token or by OAuth2; leave out token, or this")
    return _client(interface, flags, file, environment)


def _client(interface: Interface, flags: Flags, file: TomlFile, environment: Mapping[str, str]) -> Credentials:
    told = client_flags(flags)
    missing = [
        f"{flag} (or {key} in [{interface.id}])"
        for key, flag in KEYS.items()
        if told[flag] is None and file.value(interface.id, key) is None
    ]
    if missing:
        some = next((flag for flag, value in told.items() if value is not None), f"[{interface.id}]")
        raise UsageError(f"{some}: client credentials are not complete; give {' and '.join(missing)} too")
    client_id = _text(interface, "client_id", flags.client_id, file, environment)
    if not client_id.text or any(not 0x20 <= ord(sign) <= 0x7E for sign in client_id.text):
        raise UsageError(f"{client_id.where}: a client id is printable ASCII, and not empty (RFC 6749 A.1)")
    url = _text(interface, "token_url", flags.token_url, file, environment)
    secret, origin = secret_in(
        interface, "client_secret", "--client-secret-env", flags.client_secret_env, file, environment
    )
    made = OAuthClient(client_id.text, secret, checked_url(url, query=True))
    origins = {"client_id": client_id.origin, "client_secret": origin, "token_url": url.origin}
    return Credentials("", made, origins)


def _text(interface: Interface, key: str, flag: str | None, file: TomlFile, environment: Mapping[str, str]) -> Given:
    if flag is not None:
        return Given(flag, flag, KEYS[key], KEYS[key])
    given = file.given(interface.id, key, environment)
    assert given is not None  # noqa: S101 - whoever calls has seen that one of the two is there
    return given


def client_in(vault: Vault, oauth: OAuthClient, interface: Interface, settings: Settings) -> Client:
    """The client with its secret kept in the vault, logging in as the settings say."""
    name = interface.access.client_auth_setting
    basic = name is not None and settings.text(name) == "basic"
    return Client(oauth.id, vault.keep(oauth.secret), oauth.token_url, "basic" if basic else "body")


def with_way(interface: Interface, expected: Profile, origins: dict[str, str], found: Credentials) -> Profile:
    """The profile with the setting that says how access is given. UsageError where the user set it otherwise."""
    name = interface.access.way_setting
    if name is None:
        return expected
    way = TOKEN if found.oauth is None else OAUTH2
    if origins.get(name, "default") != "default" and expected.settings.text(name) != way:
        what = "a token is" if found.oauth is None else "client credentials are"
        raise UsageError(f"{origins[name]}: {name} = {expected.settings.text(name)}, but {what} given; leave it out")
    origins[name] = next(iter(found.origins.values()), "default")
    return replace(expected, settings=Settings({**expected.settings.values, name: way}))
