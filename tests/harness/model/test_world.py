"""Worlds: ids that are surely unknown, and reproducible."""

import re
from datetime import UTC, datetime
from random import Random

import pytest

from harness.model.credential import Presentation, Secret
from harness.model.settings import Settings
from harness.model.world import VirtualClock, World

CLOCK = VirtualClock(datetime(2026, 6, 1, tzinfo=UTC))


def a_world(seed: int = 1) -> World:
    return World(CLOCK, CLOCK, Random(seed), Settings(), Secret(1, 8, has_letters=True), Presentation(None, "raw"))


UUIDS = ["0b2f54a4-7d2f-4f3a-9c55-cd8ff6a2a1b7", "3c9d3a52-8d0c-4a1e-b0a5-58d8e4a9f1c2"]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("known", "shape"),
    [
        (UUIDS, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ([one.upper() for one in UUIDS], r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"),
        (["1", "2", "30"], r"[1-9][0-9]{8}"),
        (["NL*ABC*E1", "NL*ABC*E2"], r"[A-Z]{2}\*[A-Z]{3}\*[A-Z][0-9]+"),
        (["ams/centraal/1"], r"[a-z]{3}/[a-z]{8}/[0-9]+"),
        (["LOC 1"], r"[A-Z]{3} [0-9]+"),
        (["é-1"], r"é-[0-9]+"),
        ([], r"[A-Z]{3}-[0-9]+"),
        ([""], r"[0-9]+"),
    ],
)
def test_a_made_up_id_has_the_shape_of_the_known_ones_and_is_none_of_them(
    known: list[str], shape: str, seed: int
) -> None:
    made = a_world(seed).unlike(known)
    assert re.fullmatch(shape, made)
    assert made.lower() not in {one.lower() for one in known}


def test_an_id_is_found_even_where_nearly_all_of_its_shape_are_taken() -> None:
    known = [f"{number:09d}" for number in range(100_000_000, 100_000_500)]
    assert a_world().unlike(known) not in known


def test_numbers_fit_a_32_bit_integer() -> None:
    assert all(int(a_world(seed).unlike(["5"])) < 2**31 for seed in range(50))


def test_the_same_seed_makes_the_same_ids() -> None:
    first, second, other = a_world(7), a_world(7), a_world(8)
    assert [first.new_id(), first.unlike(UUIDS)] == [second.new_id(), second.unlike(UUIDS)]
    assert first.new_id() != other.new_id()


def test_new_ids_are_version_4_uuids() -> None:
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", a_world().new_id())
