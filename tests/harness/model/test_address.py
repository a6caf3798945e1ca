"""Addresses: where a path leads, and where no credential may go."""

from dataclasses import replace

import pytest

from harness.model.address import Addresses, is_loopback

OWN = Addresses("https://cpo.example/ocpi/", {"/tariffs": "https://prices.example/v1/list/"})


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/locations", "https://cpo.example/ocpi/locations"),
        ("/tariffs", "https://prices.example/v1/list/"),
        ("/tariffs/NL/1", "https://prices.example/v1/list/NL/1"),
        ("/tariffs-old", "https://cpo.example/ocpi/tariffs-old"),
        ("HTTPS://other.example/x", "HTTPS://other.example/x"),
    ],
)
def test_a_path_leads_below_the_base_or_to_its_own_address(target: str, url: str) -> None:
    assert OWN.of(target) == url


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/locations", "https://cpo.example/ocpi/locations/"),
        ("/locations/A%2F", "https://cpo.example/ocpi/locations/A%2F/"),
        ("/tariffs", "https://prices.example/v1/list/"),
        ("https://cpo.example/ocpi/locations?offset=10", "https://cpo.example/ocpi/locations?offset=10"),
    ],
)
def test_where_every_address_ends_in_a_slash_a_link_stays_as_it_is(target: str, url: str) -> None:
    assert replace(OWN, slash=True).of(target) == url


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://cpo.example/ocpi/locations?offset=10", "/locations"),
        ("https://prices.example/v1/list?offset=10", "/tariffs"),
        ("https://cpo.example/other", None),
        ("https://cpo.example/ocpi", None),
        ("https://cpo.example/ocpi-2/locations", None),
    ],
)
def test_the_path_that_a_link_stands_for_is_found_again(url: str, path: str | None) -> None:
    assert OWN.path_of(url) == path


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://cpo.example/anything", True),
        ("https://CPO.example:443/", True),
        ("https://prices.example/x", True),
        ("http://cpo.example/ocpi/locations", False),
        ("https://cpo.example:8443/", False),
        ("https://cpo.example.evil.example/", False),
        ("https://cpo.example@evil.example/", False),
        ("https://evil.example/https://cpo.example/", False),
        ("https://[bad/", False),
        ("https://cpo.example:port/", False),
        ("https://cpo.example:99999/", False),
        ("", False),
    ],
)
def test_only_the_origins_of_the_subject_are_its_own(url: str, *, ours: bool) -> None:
    assert OWN.is_ours(url) is ours


@pytest.mark.parametrize("url", ["http://localhost:8000/x", "http://127.0.0.1:8000", "http://[::1]:8000/"])
def test_the_names_of_loopback_are_one_host(url: str) -> None:
    assert Addresses("http://127.0.0.1:8000").is_ours(url)
    assert not Addresses("http://127.0.0.1:8001").is_ours(url)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *(("localhost", True), ("LOCALHOST", True), ("127.3.2.1", True), ("::1", True), ("[::1]", True)),
        *(
            ("api.localhost", True),
            ("localhost.example", False),
            ("10.0.0.1", False),
            ("127.example", False),
            ("", False),
        ),
    ],
)
def test_loopback(host: str, *, loopback: bool) -> None:
    assert is_loopback(host) is loopback
