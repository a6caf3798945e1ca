"""``harness ca``: the test CA of our mocks, and what clients need to trust it."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.plan import UsageError

app = typer.Typer(help="The test CA of our mocks.", no_args_is_help=True)


class Format(StrEnum):
    """How the certificate is written."""

    PEM = "pem"
    P12 = "p12"
    DER = "der"


@app.callback()
def _group() -> None:
    """The test CA of our mocks: it vouches for them under --tls."""


@app.command("export")
def export(
    form: Annotated[Format, typer.Option("--format", help="p12 is a trust store for Java.")] = Format.PEM,
    out: Annotated[Path | None, typer.Option(help="File to write, instead of stdout.")] = None,
) -> None:
    """Write the certificate of the test CA, never its private key, and on stderr what clients need to trust it."""
    from harness.wire.authority import AuthorityError, authority, certificate_file

    try:
        found, kept = authority(), certificate_file()
    except AuthorityError as error:
        raise UsageError(str(error)) from None
    content = {Format.PEM: found.pem, Format.P12: found.p12, Format.DER: found.der}[form]
    if out is None:
        if form is not Format.PEM and sys.stdout.isatty():
            raise UsageError(f"--format {form}: not for a terminal; say where to with --out harness-ca.{form}")
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        try:
            out.write_bytes(content)
        except OSError as error:
            raise UsageError(f"--out: {out}: cannot be written ({error.strerror})") from None
    pem = out.resolve() if out is not None and form is Format.PEM else kept
    store = out.resolve() if out is not None and form is Format.P12 else None
    typer.echo(_lines(pem, store, f"{found.ends:%Y-%m-%d}"), err=True)


def _lines(pem: Path, store: Path | None, ends: str) -> str:
    first = "" if store else "  harness ca export --format p12 --out harness-ca.p12\n"
    return f"""\
The certificate of the test CA, good until {ends}, is also kept in
  {pem}
Its private key stays on this machine. Trust it in tests only.

Java (its own list of CAs counts no longer for that process):
{first}  java -Djavax.net.ssl.trustStore={store or "harness-ca.p12"} -Djavax.net.ssl.trustStorePassword=changeit …
Node:
  export NODE_EXTRA_CA_CERTS={pem}
Python (ssl, httpx; the second for requests):
  export SSL_CERT_FILE={pem}
  export REQUESTS_CA_BUNDLE={pem}
  or in code: httpx.Client(verify=ssl.create_default_context(cafile="{pem}"))
.NET on Linux:
  export SSL_CERT_FILE={pem}
.NET on Windows (PowerShell; asks before it trusts; take it out again in certmgr.msc):
  Import-Certificate -FilePath "{pem}" -CertStoreLocation Cert:\\CurrentUser\\Root
.NET on macOS:
  security add-trusted-cert -k ~/Library/Keychains/login.keychain-db "{pem}"
curl:
  curl --cacert {pem} …"""
