"""``[[waivers]]`` of harness.toml: who answers for which failure, until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from harness import collect
from harness.cli.expected import ids_of
from harness.cli.plan import UsageError
from harness.cli.subject import party
from harness.cli.toml_file import WAIVERS, Given, TomlFile
from harness.model.spelling import did_you_mean
from harness.model.system import Interface
from harness.model.waiver import Waiver

KEYS: Mapping[str, str] = {
    "requirement": "The requirement's id, whole: one that comes later is never waived unseen.",
    "party": "Only for this party.",
    "object": 'Only for this object: a glob over its ids, LOC-1/EVSE-1, or a table of globs, {location = "LOC-1"}.',
    "where": "Only there: a glob over the place, as a report shows it, or inside the object: /images/*/url.",
    "reason": "Why it may fail for now.",
    "owner": "Who answers for it.",
    "ticket": "Where the work on it is written down.",
    "until": "The last day on which it holds: 2027-03-01.",
}
"""What a waiver may say. In a glob * stays within one step of a path, ** does not."""

NEEDED = ("requirement", "reason", "owner", "until")
_SEE = "; see: harness list requirements"


def waivers(file: TomlFile, interface: Interface) -> tuple[Waiver, ...]:
    """The waivers on this interface's requirements. UsageError where one is wrong, of whatever interface."""
    listed = file.data.get(WAIVERS)
    if not isinstance(listed, list) or not listed:
        return ()
    ids = {one.id: ids_of(one) for _system, one in collect.interfaces().values()}
    everywhere = {name for of in ids.values() for name in of}
    made = []
    for number, entry in enumerate(listed):
        at = _Entry(file, number, entry)
        at.check_keys()
        name = at.text("requirement")
        if name not in everywhere:
            raise at.wrong("requirement", f"unknown requirement {name!r}{did_you_mean(name, everywhere, _SEE)}")
        homes = [one for _system, one in collect.interfaces().values() if name in ids[one.id]]
        waiver = at.waiver(frozenset[str]().union(*(home.objects.known_as for home in homes)))
        if name in ids[interface.id]:
            made.append(replace(waiver, requirement=ids[interface.id][name]))
    return tuple(made)


@dataclass(frozen=True)
class _Entry:
    """One waiver of the file, by its number from 0."""

    file: TomlFile
    number: int
    given: Mapping[str, object]

    def wrong(self, key: str, what: str) -> UsageError:
        """A complaint about a key, with its line."""
        return UsageError(f"{self.file.origin(WAIVERS, str(self.number), key)}, [[{WAIVERS}]] {key}: {what}")

    def check_keys(self) -> None:
        """UsageError where a key is unknown, or a needed one is missing."""
        for key in self.given:
            if key not in KEYS:
                raise self.wrong(key, f"unknown key{did_you_mean(key, KEYS)}")
        for key in NEEDED:
            if key not in self.given:
                told = f"{self.file.origin(WAIVERS, str(self.number))}, [[{WAIVERS}]]"
                raise UsageError(f"{told}: {key} is missing; a waiver needs {', '.join(NEEDED)}")

    def text(self, key: str) -> str:
        """The text of a key, which is there."""
        value = self.given[key]
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "write a text in quotes")
        return value

    def waiver(self, names: Collection[str]) -> Waiver:
        """What the entry says; `names` are those of the ids that an object may have."""
        return Waiver(
            self.text("requirement"),
            self.text("reason"),
            self.text("owner"),
            self._until(),
            self._optional("ticket"),
            self._party(),
            self._object(names),
            self._optional("where"),
            self.file.origin(WAIVERS, str(self.number)),
        )

    def _optional(self, key: str) -> str | None:
        return self.text(key) if key in self.given else None

    def _party(self) -> str | None:
        if "party" not in self.given:
            return None
        text, where = self.text("party"), self.file.origin(WAIVERS, str(self.number), "party")
        return party(Given(text, text, f"{where}, [[{WAIVERS}]] party", where))

    def _object(self, names: Collection[str]) -> str | Mapping[str, str] | None:
        value = self.given.get("object")
        if not isinstance(value, dict):
            return self._optional("object")
        for name, glob in value.items():
            if name not in names:
                raise self.wrong("object", f"no object has a {name!r}{did_you_mean(name, names)}")
            if not isinstance(glob, str) or not glob:
                raise self.wrong("object", f"write the {name} as a text in quotes")
        return value or self._optional("object")

    def _until(self) -> date:
        value = self.given["until"]
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        raise self.wrong("until", "write a day, such as 2027-03-01, the last one on which it holds")
