"""What is expected of a subject: settings, what the party confirmed, and how strongly each clause binds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from harness.model.requirement import MUST, SCHEMA_EVIDENCE, SHOULD, Basis, Keyword, Requirement
from harness.model.settings import Settings, Value


@dataclass(frozen=True)
class Profile:
    """Named and dated expectations, e.g. ``ndw-pull@2026.12``.

    `assumed` holds the settings that are assumptions; `confirmed` maps a setting to who confirmed it; `keywords` maps
    a requirement's id to the keyword that the user gives it (None: off).
    """

    name: str
    date: str
    settings: Settings
    assumed: frozenset[str] = frozenset()
    confirmed: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, Keyword | None] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name and date."""
        return f"{self.name}@{self.date}"

    def with_setting(self, name: str, value: Value) -> "Profile":
        """The same with another value of a setting."""
        return replace(self, settings=Settings({**self.settings.values, name: value}))

    def open_assumptions(self, requirement: Requirement) -> tuple[str, ...]:
        """The assumed settings that this requirement rests on and that nobody confirmed."""
        return tuple(name for name in requirement.rests_on if name in self.assumed and name not in self.confirmed)

    def effective(self, requirement: Requirement) -> Keyword | None:
        """How strongly the clause binds here; None where the user switched it off.

        The user's own keyword wins. Else an open assumption, or a clause that is nothing but an assumption, binds at
        most as a SHOULD.
        """
        if requirement.id in self.keywords:
            return self.keywords[requirement.id]
        keyword = requirement.keyword
        weak = self.open_assumptions(requirement) or (requirement.basis is Basis.ASSUMED and not requirement.rests_on)
        return SHOULD if weak and keyword is MUST else keyword

    def refuses(self, requirement: Requirement) -> bool:
        """A mock refuses a request for this clause: one that says so, or one of the document that is a MUST; where the
        user gave it a keyword, one that is then a MUST. What is assumed does not weaken it: a mock does as its settings
        say."""
        if requirement.id in self.keywords:
            return self.keywords[requirement.id] is MUST
        return requirement.refuses or (requirement.evidence == SCHEMA_EVIDENCE and requirement.keyword is MUST)

    def is_new(self, requirement: Requirement) -> bool:
        """True for a clause that came after the profile's date: shown, not scored."""
        return requirement.since > self.date
