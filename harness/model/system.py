"""A system and its interfaces: what the composition root needs to know of them, on one screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from harness.model.credential import Presentation
from harness.model.exchange import HttpExchange
from harness.model.file_kind import FileKind
from harness.model.scenario import Steps
from harness.model.settings import Setting, Settings
from harness.model.stage import Stage
from harness.model.world import World


@dataclass(frozen=True)
class ObjectKey:
    """How one kind of object is named in the user's own terms: ``evse`` is the member ``uid`` of an EVSE. `also` are
    members that people know it by besides, each told under its own name; they are no part of what identifies it."""

    name: str
    member: str
    also: tuple[str, ...] = ()


def answered_200(exchange: HttpExchange) -> bool:
    """The answer came with HTTP 200."""
    return exchange.response is not None and exchange.response.status == 200


@dataclass(frozen=True)
class DomainObjects:
    """The objects that the document's schemas describe: schema name → key, and the members that name the owner.

    `shown` tells the answers that show objects: an error has none, whatever stands in it. `named_by` maps a parameter
    of a path to the name of a key: an object that a client writes may be told by its address alone.

    `kept` makes of an object, by its schema name, what clauses over a whole crawl need of it: ids, stamps, references,
    never the object; `kept_once` the same without what only another crawl of the list could be compared by. `place`
    says where on earth such an object is, latitude and longitude in degrees; None where nobody can tell.
    """

    keys: Mapping[str, ObjectKey]
    party: tuple[str, ...] = ()
    kept: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    kept_once: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    place: Mapping[str, Callable[[Any], tuple[float, float] | None]] = field(default_factory=dict)
    shown: Callable[[HttpExchange], bool] = answered_200
    named_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The names of the keys: what tells an object from any other."""
        return frozenset(key.name for key in self.keys.values())

    @property
    def known_as(self) -> frozenset[str]:
        """The same, and the names that people know an object by besides."""
        return self.names.union(*(key.also for key in self.keys.values()))


def refused_by_status(exchange: HttpExchange) -> bool:
    """The answer is 401 or 403."""
    return exchange.response is not None and exchange.response.status in (401, 403)


@dataclass(frozen=True)
class Access:
    """How the subject's credential is shown. `presentations` are tried in turn; the first is as the sources have it.

    `refused` tells an answer that did not take the credential; `form_setting` names the setting that narrows the
    presentations to one form; `hint` says which credential is the right one.

    Where the subject may give access by OAuth2 instead, `way_setting` names the setting that says which of the two this
    subject does (``token``, ``oauth2``), and `client_auth_setting` how a client logs in at its token endpoint.
    """

    presentations: tuple[Presentation, ...]
    refused: Callable[[HttpExchange], bool] = refused_by_status
    form_setting: str | None = None
    hint: str = ""
    way_setting: str | None = None
    client_auth_setting: str | None = None

    def candidates(self, settings: Settings) -> tuple[Presentation, ...]:
        """The presentations that the settings leave; all of them where the setting names no form."""
        form = settings.text(self.form_setting) if self.form_setting else ""
        return tuple(one for one in self.presentations if one.form == form) or self.presentations


@dataclass(frozen=True)
class Reference:
    """A bundled implementation: a module with ``create_app(token=…, now=…, seed=…, public_url=…)``, an ASGI app that
    serves the interface below `base_path`. `title` says what it is, `parties` whose data it serves. With `token_path`
    it takes ``oauth_client=(id, secret)``, too, and is a token endpoint at that path.

    Where the subject is a client, the module has a class ``Client(environment, http, now=…, sleep=…, random=…, log=…)``
    with ``start``, ``stop`` and the hooks that it has, and needs neither path; `command` runs it as a program."""

    module: str
    base_path: str
    title: str
    token_path: str | None = None
    parties: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """What a subject says of where it serves: `entries` maps an entry to its URL, `further` is the URL that says more,
    `told` is what else a person should know of it."""

    entries: Mapping[str, str] = field(default_factory=dict)
    further: str = ""
    told: str = ""


def nothing_listed(_exchange: HttpExchange) -> Listing:
    """What an answer lists that nobody can read."""
    return Listing()


@dataclass(frozen=True)
class NearPaths:
    """Where else a subject may serve an interface, where nothing is found at the address that was given.

    `bases` are paths below the host, or below that address, under which the entries may lie. `directories` are those
    at which a subject may list its own addresses, in an answer that `read` understands.
    """

    bases: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    read: Callable[[HttpExchange], Listing] = nothing_listed


@dataclass(frozen=True)
class Knocking:
    """How preflight asks whether an entry opens: by this method, with this body, at a path `below` it, in which
    ``{party}`` stands for the first one that the user declared."""

    method: str = "GET"
    below: str = ""
    body: bytes = b""


Tidy = Callable[[World, Sequence[HttpExchange]], Steps]
"""What takes away, as far as the interface allows, what was made in all that was said; it notes what stays."""


@dataclass(frozen=True)
class OtherChair:
    """An interface where the subject sits in the chair that is not its usual one: what is said of it there instead.

    `title` is what stands there usually. Where it is a server that is written to, `writes` tells a person what is, and
    `tidy` takes it away again. Where it is a client, it meets `mock`, and is `given` these variables.
    """

    title: str
    entries: tuple[str, ...] = ()
    knocking: Knocking = Knocking()
    access: Access = Access(())
    near: NearPaths = NearPaths()
    writes: str = ""
    tidy: Tidy | None = None
    mock: "Mock | None" = None
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interface:
    """One conversation between two parties, seen from the harness.

    `subject` is the HTTP chair of the user's system. `entries` are the paths that any subject serves: where preflight
    knocks. `fresh_ids` are the header fields that carry a new id on every request; `timeout_setting` names the setting
    that says for how many seconds an answer is waited for (30 without one), `slash_setting` the one by which every
    address ends in a slash where it is ``always``, `parties_setting` the one in which clauses find the parties that the
    user declared. `stages` are the steps of the party's onboarding; `near` is where preflight
    looks where the entries are not found; `files` are the kinds of file that hold what a subject would answer.
    `more_documents` describe what belongs to the conversation besides, such as a token server.
    Where the subject is the client, nobody knocks: it has neither entries nor access; `given` are the variables by
    which it is told where its counterpart is and who it is itself. `crawled`: whole lists are read,
    so that there is evidence on them. `knocking` says how preflight knocks; `other_chair` what holds where somebody
    builds the other side (then it `is_turned`).
    """

    id: str
    title: str
    subject: str
    profile_date: str
    document: str
    settings: tuple[Setting, ...]
    objects: DomainObjects
    entries: tuple[str, ...] = ()
    access: Access = Access(())
    reference: Reference = Reference("", "", "")
    crawled: bool = True
    more_documents: tuple[str, ...] = ()
    fresh_ids: tuple[str, ...] = ()
    timeout_setting: str | None = None
    slash_setting: str | None = None
    parties_setting: str | None = None
    stages: tuple[Stage, ...] = ()
    openapi_setting: str | None = None
    files: tuple[FileKind, ...] = ()
    near: NearPaths = NearPaths()
    given: tuple[str, ...] = ()
    knocking: Knocking = Knocking()
    other_chair: OtherChair | None = None
    is_turned: bool = False

    @property
    def turned(self) -> "Interface":
        """The same with the subject in the other chair; ValueError where nothing is known of that."""
        other = self.other_chair
        if other is None:
            raise ValueError(f"{self.id} has no other chair")
        subject = "server" if self.subject == "client" else "client"
        reference = replace(self.reference, title=other.title)
        return replace(
            self, subject=subject, entries=other.entries, knocking=other.knocking, access=other.access,
            near=other.near, reference=reference, stages=(), given=other.given or self.given, is_turned=True,
        )  # fmt: skip


@dataclass(frozen=True)
class Service:
    """One API of a mock: its document below ``specs/``, and the path under which it is served, or the setting that
    says it; where `path_setting` is given, that setting says the one path of its document. `tags` are put on each of
    its exchanges."""

    name: str
    document: str
    base_path: str = ""
    base_path_setting: str | None = None
    path_setting: str | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Puller:
    """What a mock asks of the user's own server every day: the interface, the conversations that read whole lists, and
    the setting that says at which hour of the day (UTC)."""

    interface: str
    scenarios: tuple[str, ...]
    hour_setting: str


@dataclass(frozen=True)
class Mock:
    """What the mock of a system is made of: `module` holds its ``BEHAVIOUR`` and is imported on first use. `interface`
    is the id of the one whose clauses judge what a client says to it; `puller` is there where it pulls, too. `told` are
    the tables that hold what clients told it: under test, they are empty at first."""

    module: str
    interface: str
    services: tuple[Service, ...]
    puller: Puller | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class System:
    """A party's system: the folders ``systems/<name>``, ``scenarios/<name>`` and ``specs/<name>``.

    `port` is where its listeners stand by default; 0 takes a free one.
    """

    name: str
    title: str
    port: int
    interfaces: tuple[Interface, ...]
    mock: Mock | None = None
