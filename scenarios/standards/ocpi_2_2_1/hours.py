"""OCPI 2.2.1, opening times: what their members mean together."""

from collections.abc import Callable
from functools import partial
from itertools import combinations

from harness.model.edit import Edit, with_field
from harness.model.exchange import Located
from harness.model.requirement import MUST, SHOULD, Basis, Problems, requirement
from harness.model.verdict import Inapplicable, Problem
from harness.standards.ocpi_2_2_1 import OCPI, Location
from harness.standards.ocpi_2_2_1.reading import Members, given, minutes, moment, part, parts
from scenarios.standards.ocpi_2_2_1.objects import location_page

OPENINGS, CLOSINGS = "exceptional_openings", "exceptional_closings"
LAST_MINUTE = "23:59"
flag = partial(requirement, MUST, OCPI["mod_locations 8.4.14"], row="sem-hours-flag-consistent", since="2026.12")
period = partial(requirement, row="sem-hours-periods-valid", since="2026.12")


def hours(found: Located[Location]) -> Members:
    """The opening times of a Location; nothing where it has none."""
    return part(found.value, "opening_times")


def _has_hours(found: Located[Location]) -> bool:
    return bool(hours(found))


def _lists(*members: str) -> Callable[[Located[Location]], bool]:
    return lambda found: any(parts(hours(found), member) for member in members)


def _open(*times: tuple[int, str, str]) -> Edit:
    """Open at these times of the week: day, begin and end."""
    listed = [{"weekday": day, "period_begin": begin, "period_end": end} for day, begin, end in times]
    value = {"twentyfourseven": False, "regular_hours": listed}
    return with_field("/data/0/opening_times", value).on(location_page)


def _except(openings: list[tuple[str, str]], closings: list[tuple[str, str]]) -> Edit:
    """Day and night, with exceptions."""
    value = {"twentyfourseven": True} | {
        member: [{"period_begin": begin, "period_end": end} for begin, end in listed]
        for member, listed in ((OPENINGS, openings), (CLOSINGS, closings))
        if listed
    }
    return with_field("/data/0/opening_times", value).on(location_page)


def _times(**members: object) -> Edit:
    return with_field("/data/0/opening_times", members).on(location_page)


@flag(
    when=_has_hours,
    broken_by=[
        _times(
            twentyfourseven=True, regular_hours=[{"weekday": 1, "period_begin": "00:00", "period_end": LAST_MINUTE}]
        ),
    ],
    kept_by=[
        _times(twentyfourseven=True, regular_hours=[]),
        _times(twentyfourseven=True, regular_hours=None),
        _except([], [("2026-12-24T23:00:00Z", "2026-12-25T23:00:00Z")]),
    ],
)
def hours_round_the_clock_list_no_others(found: Located[Location]) -> Problems:
    """Opening times that say twentyfourseven list no regular_hours; exceptions are allowed.

    Why: one of the two is wrong, and a driver stands before a closed gate, or never comes.
    Fix: send twentyfourseven: true alone, or false with the hours.
    """
    if hours(found).get("twentyfourseven") is not True:
        yield Inapplicable("no Location is open round the clock")
    elif given(hours(found), "regular_hours"):
        yield Problem(found.at("opening_times", "regular_hours"), "none, since twentyfourseven is true", "some")


@flag(
    when=_has_hours,
    broken_by=[
        _times(twentyfourseven=False),
        _times(twentyfourseven=False, regular_hours=[]),
        _times(twentyfourseven=False, regular_hours=None),
    ],
    kept_by=[_open((6, "10:00", "14:00"))],
)
def hours_by_the_clock_are_listed(found: Located[Location]) -> Problems:
    """Opening times that are not twentyfourseven list at least one of regular_hours.

    Why: without them the site is never open, and nobody is sent there.
    Fix: fill regular_hours; where nothing restricts access, say twentyfourseven: true.
    """
    if hours(found).get("twentyfourseven") is not False:
        yield Inapplicable("every Location is open round the clock")
    elif not given(hours(found), "regular_hours"):
        yield Problem(
            found.at("opening_times", "regular_hours"), "at least one, since twentyfourseven is false", "none"
        )


@period(
    MUST,
    OCPI["mod_locations 8.4.21"],
    when=_has_hours,
    broken_by=[
        _open((1, "22:00", "06:00")),
        _open((1, "08:00", "08:00")),
        _open((1, "08:00", "20:00"), (2, "17:00", "00:00")),
    ],
    kept_by=[
        _open((5, "18:00", LAST_MINUTE), (6, "00:00", "02:00")),
        _open((1, "07:00", "12:00"), (1, "13:30", "18:00")),
        _open((7, "00:00", LAST_MINUTE)),
    ],
)
def regular_hours_end_after_they_begin(found: Located[Location]) -> Problems:
    """A period of regular_hours ends later on its day than it begins.

    Why: 22:00 to 06:00 on one weekday is no period; readers drop it or swap the two.
    Fix: split at midnight: 22:00 to 23:59, and 00:00 to 06:00 on the next weekday. A day ends at 23:59, not at 00:00.
    """
    listed = parts(hours(found), "regular_hours")
    if not listed:
        yield Inapplicable("no Location lists regular_hours")
    for index, one in listed:
        begin, end = minutes(one, "period_begin"), minutes(one, "period_end")
        if begin is not None and end is not None and end <= begin:
            place = found.at("opening_times", "regular_hours", index, "period_end")
            yield Problem(place, f"later than {one['period_begin']}", one["period_end"])


@period(
    SHOULD,
    OCPI["mod_locations 8.4.11"],
    basis=Basis.ASSUMED,
    when=_lists(OPENINGS, CLOSINGS),
    broken_by=[
        _except([], [("2026-12-26T00:00:00Z", "2026-12-25T00:00:00Z")]),
        _except([("2026-12-25T08:00:00Z", "2026-12-25T08:00:00Z")], []),
    ],
    kept_by=[
        _except([], [("2026-12-25T08:00:00", "2026-12-25T08:00:00.5Z")]),
        _except([("2026-06-01T00:00:00Z", "2026-08-31T22:00:00Z")], []),
    ],
)
def exceptional_periods_end_after_they_begin(found: Located[Location]) -> Problems:
    """An exceptional opening or closing ends later than it begins.

    Why: a period of no length, or back to front, opens and closes nothing.
    Fix: both ends are instants in UTC; a whole Dutch winter day runs from 23:00 to 23:00.
    """
    for member in (OPENINGS, CLOSINGS):
        for index, one in parts(hours(found), member):
            begin, end = moment(one, "period_begin"), moment(one, "period_end")
            if begin is not None and end is not None and end <= begin:
                place = found.at("opening_times", member, index, "period_end")
                yield Problem(place, f"later than {one['period_begin']}", one["period_end"])


@period(
    SHOULD,
    OCPI["mod_locations 8.4.14"],
    basis=Basis.ASSUMED,
    when=_lists("regular_hours"),
    broken_by=[
        _open((1, "08:00", "18:00"), (1, "17:59", "20:00")),
        _open((1, "08:00", "18:00"), (1, "08:00", "18:00")),
        _open((3, "12:00", "13:00"), (2, "08:00", "09:00"), (3, "08:00", "18:00")),
    ],
    kept_by=[
        _open((1, "08:00", "12:00"), (1, "12:00", "18:00")),
        _open((1, "08:00", "18:00"), (2, "08:00", "18:00")),
        _open((6, "13:00", "17:00"), (6, "09:00", "12:30")),
    ],
)
def regular_hours_do_not_overlap(found: Located[Location]) -> Problems:
    """The periods of one weekday do not overlap; one may begin where the other ends.

    Why: two that overlap are two versions of the same day, and only one of them is true.
    Fix: look for hours that were added and not replaced, or list the day as one period.
    """
    listed = [
        (index, one.get("weekday"), begin, end)
        for index, one in parts(hours(found), "regular_hours")
        if (begin := minutes(one, "period_begin")) is not None and (end := minutes(one, "period_end")) is not None
    ]
    for (first, day, begin, end), (index, other_day, other_begin, other_end) in combinations(listed, 2):
        if day == other_day and begin < other_end and other_begin < end:
            place = found.at("opening_times", "regular_hours", index)
            yield Problem(place, f"times of its own on weekday {day}", f"overlaps with period {first}")


@period(
    SHOULD,
    OCPI["mod_locations 8.4.14"],
    when=_lists(OPENINGS),
    broken_by=[
        _except([("2026-12-26T10:00:00Z", "2026-12-26T16:00:00Z")], [("2026-12-24T23:00:00Z", "2026-12-26T23:00:00Z")]),
        _except([("2026-12-26T10:00:00Z", "2026-12-26T16:00:00Z")], [("2026-12-26T15:59:00Z", "2026-12-26T17:00:00Z")]),
    ],
    kept_by=[
        _except([("2026-12-26T10:00:00Z", "2026-12-26T16:00:00Z")], [("2026-12-24T23:00:00Z", "2026-12-26T10:00:00Z")]),
        _except([("2026-12-26T10:00:00Z", "2026-12-26T16:00:00Z")], []),
    ],
)
def closings_leave_openings_alone(found: Located[Location]) -> Problems:
    """An exceptional closing does not cover any part of an exceptional opening.

    Why: the closing wins, so the opening that was announced does not happen.
    Fix: end the closing where the opening begins, and go on with another one after it.
    """
    for index, closing in parts(hours(found), CLOSINGS):
        for other, opening in parts(hours(found), OPENINGS):
            if _overlap(closing, opening):
                place = found.at("opening_times", CLOSINGS, index)
                yield Problem(place, "no exceptional opening within it", f"covers opening {other}")


def _overlap(one: Members, other: Members) -> bool:
    begin, end = moment(one, "period_begin"), moment(one, "period_end")
    other_begin, other_end = moment(other, "period_begin"), moment(other, "period_end")
    if begin is None or end is None or other_begin is None or other_end is None:
        return False
    return max(begin, other_begin) < min(end, other_end)
