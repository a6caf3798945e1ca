"""``harness ca export``: the certificate where a client wants it, and what to type next."""

import ssl
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

from tests.harness.cli.commands import harness


def test_the_same_certificate_comes_in_each_format_and_the_lines_to_type(tmp_path: Path) -> None:
    at = {"XDG_DATA_HOME": str(tmp_path / "data")}
    pem = harness("ca", "export", folder=tmp_path, **at)
    der = harness("ca", "export", "--format", "der", "--out", "ca.der", folder=tmp_path, **at)
    p12 = harness("ca", "export", "--format", "p12", "--out", "ca.p12", folder=tmp_path, **at)
    assert (pem.code, der.code, p12.code) == (0, 0, 0)
    certificate = load_pem_x509_certificate(pem.out.encode())
    assert load_der_x509_certificate((tmp_path / "ca.der").read_bytes()) == certificate
    [entry] = pkcs12.load_pkcs12((tmp_path / "ca.p12").read_bytes(), b"changeit").additional_certs
    assert entry.certificate == certificate
    ssl.create_default_context(cadata=pem.out)
    assert "PRIVATE KEY" not in pem.out + pem.err + p12.err
    for told in ("NODE_EXTRA_CA_CERTS=", "SSL_CERT_FILE=", "--cacert", "Import-Certificate"):
        assert told in pem.err
    assert "--format p12 --out" in pem.err
    assert f"trustStore={tmp_path / 'ca.p12'}" in p12.err


def test_what_stands_in_the_way_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    no_folder = harness("ca", "export", folder=tmp_path, XDG_DATA_HOME=str(tmp_path / "data"))
    no_file = harness("ca", "export", "--out", "no/ca.pem", folder=tmp_path, XDG_DATA_HOME=str(tmp_path / "other"))
    for ran, told in ((no_folder, "XDG_DATA_HOME"), (no_file, "--out: no/ca.pem: cannot be written")):
        assert ran.code == 2
        assert told in ran.err
        assert len(ran.err.splitlines()) == 1
