"""A system and its interfaces: what the composition root needs to know of them, on one screen."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.model.credential import Presentation
from harness.model.settings import Setting


@dataclass(frozen=True)
class ObjectKey:
    """How one kind of object is named in the user's own terms: ``evse`` is the member ``uid`` of an EVSE."""

    name: str
    member: str


@dataclass(frozen=True)
class DomainObjects:
    """The objects that the document's schemas describe: schema name → key, and the members that name the owner."""

    keys: Mapping[str, ObjectKey]
    party: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A bundled implementation: a module with ``create_app(token=…, now=…, seed=…, public_url=…)``, an ASGI app that
    serves the interface below `base_path`. `title` says what it is."""

    module: str
    base_path: str
    title: str


@dataclass(frozen=True)
class Interface:
    """One conversation between two parties, seen from the harness.

    `subject` is the HTTP chair of the user's system. `entries` are the paths that any subject serves: where preflight
    knocks. `presentations` are the forms in which the credential is tried, best first. `fresh_ids` are the header
    fields that carry a new id on every request.
    """

    id: str
    title: str
    subject: str
    profile_date: str
    document: str
    entries: tuple[str, ...]
    presentations: tuple[Presentation, ...]
    settings: tuple[Setting, ...]
    objects: DomainObjects
    reference: Reference
    fresh_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class System:
    """A party's system: the folders ``systems/<name>``, ``scenarios/<name>`` and ``specs/<name>``."""

    name: str
    title: str
    interfaces: tuple[Interface, ...]
