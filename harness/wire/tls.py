"""Whom to trust, and what to show."""

import os
import ssl
from pathlib import Path

from harness.model.reach import Reach


def client_context(ca_file: Path | None) -> ssl.SSLContext:
    """Trust what the machine trusts (``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` are honoured) and, besides, the CAs of
    `ca_file` (PEM)."""
    return context_of(Reach(ca_file=ca_file))


def context_of(reach: Reach) -> ssl.SSLContext:
    """The context for a subject: whom it trusts and which certificate it shows. ssl.SSLError where a file is wrong."""
    context = _of_the_machine()
    if reach.ca_file is not None:
        context.load_verify_locations(cafile=reach.ca_file)
    if reach.client_cert is not None:
        context.load_cert_chain(reach.client_cert, reach.client_key)
    if reach.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _of_the_machine() -> ssl.SSLContext:
    """The trust of the operating system: Keychain, the Windows store, or the files that OpenSSL is told of."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:  # the stores of macOS and Windows know nothing of these
        return ssl.create_default_context()
    try:
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except (ImportError, NotImplementedError):
        return ssl.create_default_context()
