"""The CA of our mocks: made once, kept safe, trusted by what people use."""

import os
import ssl
import stat
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.model.world import VirtualClock
from harness.wire.authority import (
    Authority,
    AuthorityError,
    authority,
    certificate_file,
    server_context,
    trust_store,
)
from harness.wire.breakable import answer
from harness.wire.serve import served
from tests.needs import needs

LONG_AGO = datetime(2026, 6, 1, tzinfo=UTC)


async def hello(scope: Any, _receive: Any, send: Any) -> None:
    await answer(scope, send, 200, [], b"hello", None, never)


async def never(_seconds: float) -> None:
    raise AssertionError("nothing is waited for")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ca")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[str]:
    with served(hello, server_context(["mock.example", "10.1.2.3", "*.pods.example"], folder)) as origin:
        yield origin.rpartition(":")[2]


# -- kept ----------------------------------------------------------------------------------------------------------


def test_it_is_made_once_and_only_its_owner_reads_the_key(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "ca"
    first, second = authority(folder), authority(folder)
    assert first.pem == second.pem
    [kept] = folder.iterdir()
    assert b"PRIVATE KEY" in kept.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_that_goes_out_holds_the_key(folder: Path, tmp_path: Path) -> None:
    found = authority(folder)
    trust_store(tmp_path / "trust.p12", folder)
    for content in (found.pem, found.der, found.p12, certificate_file(folder).read_bytes()):
        assert b"PRIVATE" not in content
    assert "PRIVATE" not in repr(found)
    assert (tmp_path / "trust.p12").stat().st_size > len(found.der)


def test_many_that_need_it_first_get_the_same_one(tmp_path: Path) -> None:
    start, found = threading.Barrier(8), list[Authority]()

    def take() -> None:
        start.wait()
        found.append(authority(tmp_path))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 8
    assert len({one.pem for one in found}) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["ca-1.pem"]


def test_it_is_renewed_a_month_before_it_ends(tmp_path: Path) -> None:
    first = authority(tmp_path, VirtualClock(LONG_AGO))
    before = certificate_file(tmp_path, VirtualClock(LONG_AGO)).read_bytes()
    still = authority(tmp_path, VirtualClock(first.ends - timedelta(days=31)))
    then = VirtualClock(first.ends - timedelta(days=29))
    renewed = authority(tmp_path, then)
    assert still.pem == first.pem == before
    assert renewed.ends > first.ends
    assert authority(tmp_path, then).pem == renewed.pem
    assert certificate_file(tmp_path, then).read_bytes() == renewed.pem


def test_a_folder_that_cannot_be_written_is_said_to_be_that(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for ask in (authority, certificate_file):
        with pytest.raises(AuthorityError, match=r"cannot be kept: .*file.*XDG_DATA_HOME"):
            ask(tmp_path / "file" / "ca")
    with pytest.raises(AuthorityError, match="cannot be kept"):
        trust_store(tmp_path / "nowhere" / "trust.p12", tmp_path)


@pytest.mark.parametrize("content", ["", "something else", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / "ca-1.pem").write_text(content)
    with pytest.raises(AuthorityError, match=r"ca-1\.pem holds no key with its certificate; delete it"):
        authority(tmp_path)
    assert (tmp_path / "ca-1.pem").read_text() == content


@pytest.mark.parametrize("name", ["", "has space.example", "under_score", "-.example"])
def test_a_name_that_no_certificate_can_hold_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(AuthorityError, match="no certificate can be made for these names"):
        server_context([name], folder)


# -- trusted -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "is_good"),
    [
        ("localhost", True), ("127.0.0.1", True), ("::1", True), ("mock.example", True), ("10.1.2.3", True),
        ("a.pods.example", True), ("other.example", False), ("10.1.2.4", False),
    ],
)  # fmt: skip
def test_a_certificate_is_good_for_its_names(folder: Path, port: str, name: str, *, is_good: bool) -> None:
    trust = ssl.create_default_context(cafile=certificate_file(folder))
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    with httpx.Client(verify=trust) as client:
        request = client.build_request("GET", f"https://127.0.0.1:{port}", extensions={"sni_hostname": name})
        if is_good:
            assert client.send(request).text == "hello"
        else:
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                client.send(request)


def test_who_does_not_know_the_ca_does_not_trust_it(port: str) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"https://localhost:{port}", verify=ssl.create_default_context())


def said(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
    return done.stdout + done.stderr


@needs("curl")
def test_curl_trusts_it(folder: Path, port: str) -> None:
    assert said("curl", "-sS", "--cacert", certificate_file(folder), f"https://localhost:{port}") == "hello"


@needs("node")
def test_node_trusts_it(folder: Path, port: str) -> None:
    code = f"fetch('https://localhost:{port}').then(r => r.text()).then(console.log, e => console.log(e.cause))"
    assert said("node", "-e", code, NODE_EXTRA_CA_CERTS=str(certificate_file(folder))) == "hello\n"


@needs("keytool")
def test_java_takes_it_for_trusted(folder: Path, tmp_path: Path) -> None:
    trust_store(tmp_path / "trust.p12", folder)
    told = said("keytool", "-list", "-keystore", tmp_path / "trust.p12", "-storepass", "changeit")
    assert "trustedCertEntry" in told
    assert "1 entry" in told
