"""The vault: how credentials are worn, and what evidence says of them."""

import pytest

from harness.auth.vault import Vault
from harness.model.credential import Alteration, Form, Present, Presentation

TOKEN = "s3cr3t-Token/0001+x="
OCPI = Presentation("Token", "base64")


@pytest.mark.parametrize(
    ("presentation", "header", "mark"),
    [
        (OCPI, ("Authorization", "Token czNjcjN0LVRva2VuLzAwMDEreD0="), "Token [secret 1 base64]"),
        (Presentation("Bearer", "raw"), ("Authorization", f"Bearer {TOKEN}"), "Bearer [secret 1]"),
        (Presentation(None, "raw", header="X-API-Key"), ("X-API-Key", TOKEN), "[secret 1]"),
    ],
)
def test_a_credential_is_worn_as_the_presentation_says(
    presentation: Presentation, header: tuple[str, str], mark: str
) -> None:
    vault = Vault()
    worn = vault.wear(Present(vault.keep(TOKEN), presentation=presentation))
    assert (worn.header, worn.query, worn.marked) == (header, None, mark)
    assert worn.credential.length == len(header[1].removeprefix(f"{presentation.scheme} "))
    assert worn.credential.place == f"header:{header[0].lower()}"


def test_in_the_query_the_bare_secret_goes_and_no_header() -> None:
    vault = Vault(presentation=OCPI)
    worn = vault.wear(Present(vault.keep(TOKEN), query="token"))
    assert (worn.header, worn.query, worn.marked) == (None, ("token", TOKEN), "[secret 1]")
    assert (worn.credential.scheme, worn.credential.form, worn.credential.place) == (None, "raw", "query:token")


def test_the_presentation_that_works_is_used_unless_the_step_names_another() -> None:
    vault = Vault(presentation=OCPI)
    secret = vault.keep(TOKEN)
    assert vault.wear(Present(secret)).credential.form == "base64"
    assert vault.wear(Present(secret, presentation=Presentation("Bearer", "raw"))).credential.scheme == "Bearer"


def test_a_step_without_any_presentation_is_refused() -> None:
    vault = Vault()
    with pytest.raises(ValueError, match="no presentation"):
        vault.wear(Present(vault.keep(TOKEN)))


def test_the_same_secret_is_the_same_number_and_another_is_another() -> None:
    vault = Vault(presentation=OCPI)
    first, second, again = vault.keep(TOKEN), vault.keep("another-Token-0002"), vault.keep(TOKEN)
    numbers = [vault.wear(Present(secret)).credential.n for secret in (first, second, again)]
    assert numbers == [1, 2, 1]
    assert vault.reveal(again) == TOKEN


@pytest.mark.parametrize(
    ("form", "alteration", "mark"),
    [
        ("raw", "another case", "[secret 1, another case]"),
        ("base64", "cut short", "[secret 1 base64, cut short]"),
        ("base64+lf", "characters added", "[secret 1 base64+lf, characters added]"),
        ("raw", "empty", "[secret 1, empty]"),
    ],
)
def test_evidence_tells_form_and_alteration_and_an_echo_is_marked_alike(
    form: Form, alteration: Alteration, mark: str
) -> None:
    vault = Vault()
    worn = vault.wear(Present(vault.keep(TOKEN), alteration, Presentation(None, form)))
    assert (worn.marked, worn.credential.altered, worn.credential.form) == (mark, alteration, form)
    assert worn.header is not None
    assert vault.redacted(f"refused: <{worn.header[1]}>") == f"refused: <{mark if worn.header[1] else ''}>"


@pytest.mark.parametrize(
    ("token", "letters"), [("12345678-90", False), ("1234-a", True), ("ébauche", True), ("----", False)]
)
def test_a_secret_knows_whether_it_has_letters(token: str, *, letters: bool) -> None:
    secret = Vault().keep(token)
    assert (secret.has_letters, secret.length) == (letters, len(token))


def test_nothing_that_holds_a_vault_shows_a_secret() -> None:
    vault = Vault(presentation=OCPI)
    secret = vault.keep(TOKEN)
    shown = f"{vault!r} {secret!r} {Present(secret)!r} {vault.wear(Present(secret)).credential!r}"
    assert TOKEN not in shown
