"""The faults of a session: counted once per request, drawn from their seed, put in and taken out at any time."""

from datetime import UTC, datetime

import pytest

from harness.mock.fault import Fault
from harness.mock.faults import NO_HITS, Faults, Hits
from harness.mock.trouble import Trouble
from harness.model.body import Body
from harness.model.edit import with_status
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REQUEST = HttpRequest("PUT", "/sites/1", Headers(), Body(b'{"a":1}'))


def faults(*specs: str, seed: int = 0) -> Faults:
    made = Faults(("listSites", "getSite", "requestToken"), seed)
    for spec in specs:
        made.add(spec)
    return made


def exchange(operation: str = "listSites") -> HttpExchange:
    return HttpExchange("e1", "s", operation, REQUEST, HttpResponse(200, Headers(), Body(b'{"a":1}')), NOW, NOW)


def trouble(hits: Hits) -> Trouble:
    assert hits.trouble is not None
    return hits.trouble


@pytest.mark.parametrize(
    ("options", "hit"),
    [
        ("", [True] * 5),
        (":times=2", [True, True, False, False, False]),
        (":after=2", [False, False, True, True, True]),
        (":after=1:times=2", [False, True, True, False, False]),
        (":times=0", [False] * 5),
    ],
)
def test_the_first_are_spared_and_then_so_many_are_hit(options: str, hit: list[bool]) -> None:
    held = faults(f"listSites:with_status(500){options}")
    assert [bool(held.on_request("listSites")) for _ in range(5)] == hit
    [told] = held.list()
    assert (told["met"], told["hit"]) == (5, sum(hit))


def test_requests_of_other_operations_are_not_counted() -> None:
    held = faults("listSites:with_status(500):after=1")
    asked = ("getSite", None, "listSites", "getSite", "listSites")
    assert [bool(held.on_request(one)) for one in asked] == [False, False, False, False, True]


def test_a_star_is_every_operation_even_none() -> None:
    assert all(faults("*:stall()").on_request(one) for one in ("listSites", "requestToken", None))


def test_each_side_gets_its_edits_in_the_order_of_the_faults() -> None:
    held = faults(
        "*:with_status(404)", "*:request.with_field('/a', 2)", "*:with_status(410)", "*:request.with_body('x')"
    )
    hits = held.on_request("getSite")
    answer = hits.changed_answer(exchange())
    assert answer is not None
    assert (hits.changed_request(REQUEST).body.raw, answer.status, hits.trouble) == (b"x", 410, None)
    assert hits.spellings == tuple(one["spelling"] for one in held.list())


def test_an_edit_with_a_scope_changes_only_what_is_in_it() -> None:
    held = Faults(())
    held.put(Fault("*", with_status(500).on(lambda one: one.operation == "getSite")))
    answers = [held.on_request(one).changed_answer(exchange(one)) for one in ("listSites", "getSite")]
    assert [one.status for one in answers if one] == [200, 500]


def test_delays_add_up_and_of_other_troubles_the_first_happens() -> None:
    both = trouble(faults("*:delay(1)", "*:reset()", "*:delay(0.5)", "*:stall()").on_request("getSite"))
    assert (both.kind, both.seconds) == ("reset", 1.5)
    assert trouble(faults("*:delay(1)", "*:delay(2)").on_request("getSite")).seconds == 3


def test_what_is_left_to_chance_is_the_seeds() -> None:
    def drawn(seed: int) -> list[tuple[float, float]]:
        held = faults("*:delay(1, 3)", "*:truncated()", seed=seed)
        both = [held.on_request("getSite") for _ in range(20)]
        return [(trouble(one).seconds, trouble(one).share) for one in both]

    assert drawn(1) == drawn(1) != drawn(2)
    assert all(1 <= seconds <= 3 and 0 <= share < 1 for seconds, share in drawn(3))
    assert len({*drawn(1)}) == 20
    own = faults(seed=1)
    assert own.add_parts("*", "delay(1, 3)", seed=9).seed == 9
    assert own.add_parts("*", "delay(1, 3)").seed == 1


def test_a_list_is_what_the_control_path_tells() -> None:
    held = faults()
    made = held.add_parts("getSite", 'with_field("/a", null)', times=1, after=2, seed=7)
    held.on_request("getSite")
    assert held.list() == [
        {
            "id": made.id,
            "spelling": "getSite:with_field('/a', None):times=1:after=2",
            "operation": "getSite",
            "edit": "with_field('/a', None)",
            "times": 1,
            "after": 2,
            "seed": 7,
            "met": 1,
            "hit": 0,
        }
    ]


def test_what_is_taken_out_hits_no_more_and_no_id_comes_twice() -> None:
    held = faults("*:stall()", "*:reset()")
    first, second = (one["id"] for one in held.list())
    assert (held.remove(first), held.remove(first), held.remove("f99")) == (True, False, False)
    assert held.on_request("getSite").spellings == ("*:reset()",)
    assert bool(held)
    held.clear()
    assert (bool(held), held.on_request("getSite"), held.list()) == (False, NO_HITS, [])
    assert held.add("*:stall()").id not in (first, second)


def test_a_fault_that_is_wrong_is_not_put_in() -> None:
    held = faults()
    for wrong in ("nowhere:stall()", "*:stall(1)"):
        with pytest.raises(ValueError, match=r"no operation|arguments"):
            held.add(wrong)
    assert held.list() == []
