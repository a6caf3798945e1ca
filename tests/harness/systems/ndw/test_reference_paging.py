"""The reference CPO: pages, and the parameters that choose what they hold."""

import pytest

from tests.harness.systems.ndw.calls import BASE, ask, cpo, get, ids, is_envelope_without_data, walk


@pytest.mark.parametrize("limit", [1, 7, 9, 1000, None])
@pytest.mark.parametrize("kind", ["locations", "tariffs"])
def test_a_walk_over_the_pages_gives_every_object_once(kind: str, limit: int | None) -> None:
    app = cpo(page_size=9)
    pages = walk(app, f"{BASE}/{kind}" + (f"?limit={limit}" if limit else ""))
    size = min(limit or 9, 9)
    total = {"locations": 20, "tariffs": 13}[kind]
    assert len(set(ids(pages))) == len(ids(pages)) == total
    assert [len(page.json()["data"]) for page in pages[:-1]] == [size] * ((total - 1) // size)
    assert {page.headers["x-total-count"] for page in pages} == {str(total)}
    assert {page.headers["x-limit"] for page in pages} == {"9"}
    stamps = [one["last_updated"] for page in pages for one in page.json()["data"]]
    assert stamps == sorted(stamps)


def test_the_last_page_has_no_link_when_it_is_exactly_full() -> None:
    assert "link" not in get(cpo(), f"{BASE}/locations?offset=10&limit=10").headers


@pytest.mark.parametrize("offset", [20, 21, 10**30])
def test_beyond_the_end_there_is_an_empty_page(offset: int) -> None:
    answer = get(cpo(), f"{BASE}/locations?offset={offset}")
    assert answer.status_code == 200
    assert answer.json()["data"] == []
    assert answer.headers["x-total-count"] == "20"
    assert "link" not in answer.headers


def test_the_link_is_absolute_and_keeps_what_was_asked() -> None:
    path = f"{BASE}/locations?date_from=2020-01-01T00:00:00.5Z&date_to=2030-01-01T00:00:00&limit=3&offset=2&x=1"
    query = "date_from=2020-01-01T00:00:00.5Z&date_to=2030-01-01T00:00:00&offset=5&limit=3"
    assert get(cpo(), path).headers["link"] == f'<http://cpo.example/ocpi/2.2.1/locations?{query}>; rel="next"'
    outside = "https://gate.example/cpo/ocpi/2.2.1"
    assert get(cpo(public_url=outside), path).headers["link"] == f'<{outside}/locations?{query}>; rel="next"'


def test_new_objects_turn_up_at_the_end() -> None:
    app = cpo()
    first = ids(walk(app, f"{BASE}/locations?limit=3"))
    changed = get(app, f"{BASE}/locations/{first[0]}").json()["data"]
    app.state.store.put("locations", [{**changed, "last_updated": "2026-06-01T08:00:00Z"}])
    assert ids(walk(app, f"{BASE}/locations?limit=3")) == [*first[1:], first[0]]


@pytest.mark.parametrize(
    ("stamp", "count"),
    [
        ("2026-05-01T00:00:01Z", 2),
        ("2026-05-01T00:00:01", 2),
        ("2026-05-01T00:00:01.000Z", 2),
        ("2026-05-01T00:00:00.9999999999Z", 2),
        ("2026-05-01T00:00:01.0000000001", 1),
        ("2026-05-01T00:00:00Z", 3),
        ("2026-05-01T00:00:02Z", 1),
        ("2026-05-01T00:00:03Z", 0),
    ],
)
def test_date_from_is_inclusive_and_date_to_exclusive(stamp: str, count: int) -> None:
    app = cpo(locations=0)
    one = get(cpo(), f"{BASE}/locations/LOC-0001").json()["data"]
    stamps = ["2026-05-01T00:00:00Z", "2026-05-01T00:00:01.0", "2026-05-01T00:00:02Z"]
    app.state.store.put("locations", [{**one, "id": f"L{n}", "last_updated": at} for n, at in enumerate(stamps)])
    since, before = ask(app, f"{BASE}/locations?date_from={stamp}", f"{BASE}/locations?date_to={stamp}")
    assert ids([since]) == ["L0", "L1", "L2"][3 - count :]
    assert ids([before]) == ["L0", "L1", "L2"][: 3 - count]
    assert since.headers["x-total-count"] == str(count)
    assert before.headers["x-total-count"] == str(3 - count)


@pytest.mark.parametrize(
    "query",
    [
        "limit=abc", "limit=0", "limit=-1", "limit=", "limit=1.0", "limit=1e1", "limit=%2B5", "limit=%D9%A3",
        "offset=-1", "offset=x", "offset=", "limit=1&limit=2", "offset=0&offset=1",
        "date_from=yesterday", "date_from=", "date_from=2026-06-01", "date_from=2026-02-30T00:00:00Z",
        "date_from=2026-06-01T24:00:00Z", "date_from=2026-06-01T08:00Z", "date_from=2026-06-01t08:00:00z",
        "date_from=2026-06-01T08:00:00%2B00:00", "date_to=2026-06-01T08:00:00-02:00", "date_to=2026-06-01T08:00:00.Z",
        "date_to=2026-06-01T08:00:00Z%0A", "date_to=None", "date_to=2026-06-01T08:00:00Z&date_to=2026-06-01T08:00:01Z",
    ],
)  # fmt: skip
def test_a_malformed_parameter_is_ocpi_2001_and_brings_no_objects(query: str) -> None:
    for answer in ask(cpo(), f"{BASE}/locations?{query}", f"{BASE}/tariffs?{query}"):
        assert answer.status_code == 200
        is_envelope_without_data(answer, 2001)


@pytest.mark.parametrize("query", ["limit=5&limit=5", "limit=005", "nonsense=1&nonsense=2", "", "limit=" + "9" * 5000])
def test_odd_but_clear_parameters_are_served(query: str) -> None:
    assert get(cpo(), f"{BASE}/locations?{query}").json()["status_code"] == 1000
