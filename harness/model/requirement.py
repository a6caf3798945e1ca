"""A requirement: one clause of a specification with a pure check over evidence.

Clauses are plain functions in ``scenarios/``; the decorators here turn them into values. What a clause looks at, its
kind of evidence, is read off the annotation of its first parameter.
"""

import inspect
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.model.crawl import Crawls, Inventory, PartyCrawls
from harness.model.edit import Edit, Retelling, Rewrite
from harness.model.exchange import (
    Conversation,
    HttpExchange,
    Located,
    PartyAnswer,
    Showing,
    Store,
    TokenExchange,
    Transcript,
    Written,
)
from harness.model.settings import Settings, Value
from harness.model.verdict import Inapplicable, NotEnough, Problem

Problems = Iterator[Problem | Inapplicable | NotEnough]


class Keyword(StrEnum):
    """RFC 2119 keywords; they alone decide severity."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"

    @property
    def strength(self) -> int:
        """2 for MUST, 1 for SHOULD, 0 for MAY."""
        return ("MAY", "SHOULD", "MUST").index(self.value)


MUST, SHOULD, MAY = Keyword.MUST, Keyword.SHOULD, Keyword.MAY


class Basis(StrEnum):
    """Where a clause comes from: the party's page, a standard, real-world data, or our own assumption."""

    PUBLISHED = "published"
    STANDARD = "standard"
    OBSERVED = "observed"
    ASSUMED = "assumed"


class Binds(StrEnum):
    """Who must obey: an HTTP chair, or whichever side wrote the message."""

    CLIENT = "client"
    SERVER = "server"
    AUTHOR = "author"


@dataclass(frozen=True)
class Source:
    """A place in a document: title and section."""

    document: str
    section: str
    basis: Basis


@dataclass(frozen=True)
class Publication:
    """A document that clauses cite: ``OCPI["transport_and_format 4.1.7"]`` is a `Source`."""

    title: str
    basis: Basis

    def __getitem__(self, section: str) -> Source:
        return Source(self.title, section, self.basis)


class Reason(StrEnum):
    """The only reasons for which a sentence of a source may go without a check."""

    NOT_OBSERVABLE = "not observable"
    NO_HOOK = "needs a hook that nobody can give"
    NEEDS_TIME = "needs time"
    SAME_AS = "same as"


@dataclass(frozen=True)
class Exclusion:
    """A sentence of a source that is not tested, and why; `same_as` names the requirement that covers it."""

    clause: str
    row: str
    reason: Reason
    detail: str
    same_as: str | None = None


SCHEMA_EVIDENCE = "schema"
_KINDS: Mapping[object, str] = {
    HttpExchange: "exchange",
    Showing: "objects",
    Written: "text",
    TokenExchange: "token",
    PartyAnswer: "party-answer",
    Transcript: "transcript",
    Conversation: "conversation",
    Store: "store",
    Crawls: "crawls",
    Inventory: "inventory",
    PartyCrawls: "party-crawls",
}
"""What a check may ask for as its evidence, and how that kind is called; besides, `Located` of a schema's name."""

OF_THE_WHOLE_RUN = frozenset({"crawls", "inventory", "party-crawls"})
"""Kinds of evidence that are there only when all is over: whole lists, as they were read."""


@dataclass(frozen=True)
class Requirement:
    """One clause. `evidence` is ``schema``, ``located:<schema name>`` or another kind that a check may ask for.

    `when` chooses the evidence that the clause is about. A mock refuses a request for a clause that `refuses`: such a
    one looks at the request alone. `asked_by` names the scenarios that make this evidence, where
    no other would. `rests_on` names the settings that must be right for the clause to bind in full. `since` is the
    profile date from which it is scored. `only_where` holds the settings, each with its value, under which alone the
    clause applies.
    """

    id: str
    title: str
    why: str
    fix: str
    keyword: Keyword
    source: Source
    basis: Basis
    row: str
    since: str
    binds: Binds
    evidence: str
    check: Callable[..., Problems] | None
    takes_settings: bool
    when: Callable[[Any], bool]
    module: str
    rests_on: tuple[str, ...] = ()
    asked_by: tuple[str, ...] = ()
    broken_by: tuple[Edit | Rewrite | Retelling, ...] = ()
    kept_by: tuple[Edit | Rewrite | Retelling, ...] = ()
    formerly: tuple[str, ...] = ()
    only_where: tuple[tuple[str, Value], ...] = ()
    refuses: bool = False

    @property
    def chapter(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]

    def not_here(self, settings: Settings) -> str | None:
        """Why the clause does not apply under these settings, or None where it does."""
        other = [(name, value) for name, value in self.only_where if settings.values.get(name) != value]
        told = [f"only where {name} = {value}; here it is {settings.values.get(name)}" for name, value in other]
        return "; ".join(told) or None


def always(_evidence: object) -> bool:
    """The clause is about every piece of evidence of its kind."""
    return True


@dataclass(frozen=True)
class _Terms:
    keyword: Keyword
    source: Source
    row: str
    since: str
    basis: Basis | None
    binds: Binds
    rests_on: tuple[str, ...]
    asked_by: tuple[str, ...]
    when: Callable[[Any], bool]
    broken_by: tuple[Edit | Rewrite | Retelling, ...]
    kept_by: tuple[Edit | Rewrite | Retelling, ...]
    formerly: tuple[str, ...]
    only_where: tuple[tuple[str, Value], ...]
    refuses: bool


def requirement(
    keyword: Keyword,
    source: Source,
    *,
    row: str,
    since: str,
    binds: Binds = Binds.AUTHOR,
    basis: Basis | None = None,
    rests_on: Iterable[str] = (),
    asked_by: Iterable[str] = (),
    when: Callable[[Any], bool] = always,
    broken_by: Iterable[Edit | Rewrite | Retelling] = (),
    kept_by: Iterable[Edit | Rewrite | Retelling] = (),
    formerly: Iterable[str] = (),
    only_where: Mapping[str, Value] | None = None,
    refuses: bool = False,
) -> Callable[[Callable[..., Problems | None]], Requirement]:
    """Make a requirement of a check.

    The check takes its evidence (`HttpExchange`, `Showing`, `Written`, `TokenExchange`, `Transcript`, `Conversation`,
    `Store`, `Crawls`, `Inventory`, `PartyCrawls` or `Located[...]`) and, where it asks for them, the
    effective `Settings`; it yields problems. A function without parameters declares a clause that lives in the
    document: nodes with ``x-requirement: <id>``. Its docstring is the clause in our own words, with ``Why:`` and
    ``Fix:`` paragraphs. The id is derived from module and function name.
    """
    terms = _Terms(
        keyword, source, row, since, basis, binds, tuple(rests_on), tuple(asked_by), when,
        tuple(broken_by), tuple(kept_by), tuple(formerly), tuple((only_where or {}).items()), refuses,
    )  # fmt: skip
    return lambda check: _requirement_of(check, terms)


def _requirement_of(check: Callable[..., Problems | None], terms: _Terms) -> Requirement:
    title, why, fix = _paragraphs(inspect.getdoc(check) or "")
    evidence, takes_settings = _evidence_of(check)
    return Requirement(
        id=derived_id(check.__module__, check.__name__),
        title=title,
        why=why,
        fix=fix,
        keyword=terms.keyword,
        source=terms.source,
        basis=terms.basis or terms.source.basis,
        row=terms.row,
        since=terms.since,
        binds=terms.binds,
        evidence=evidence,
        check=None if evidence == SCHEMA_EVIDENCE else typing.cast("Callable[..., Problems]", check),
        takes_settings=takes_settings,
        when=terms.when,
        module=check.__module__,
        rests_on=terms.rests_on,
        asked_by=terms.asked_by,
        broken_by=terms.broken_by,
        kept_by=terms.kept_by,
        formerly=terms.formerly,
        only_where=terms.only_where,
        refuses=terms.refuses,
    )


def derived_id(module: str, name: str) -> str:
    """``scenarios.standards.ocpi_2_2_1.transport`` and ``a_b`` make ``ocpi-2.2.1/a-b``."""
    parts = module.split(".")
    chapter = parts[2] if parts[1] == "standards" else parts[1]
    return f"{_dashed(re.sub(r'(?<=[0-9])_(?=[0-9])', '.', chapter))}/{_dashed(name)}"


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _paragraphs(doc: str) -> tuple[str, str, str]:
    title, why, fix = "", "", ""
    for paragraph in re.split(r"\n\s*\n|\n(?=Why:|Fix:)", doc):
        text = " ".join(paragraph.split())
        if text.startswith("Why:"):
            why = text[4:].strip()
        elif text.startswith("Fix:"):
            fix = text[4:].strip()
        elif not title:
            title = text
    return title, why, fix


def _evidence_of(check: Callable[..., object]) -> tuple[str, bool]:
    parameters = list(inspect.signature(check).parameters)
    if not parameters:
        return SCHEMA_EVIDENCE, False
    hints = typing.get_type_hints(check)
    kind, takes_settings = hints.get(parameters[0]), len(parameters) > 1
    if takes_settings and hints.get(parameters[1]) is not Settings:
        raise TypeError(f"{check.__qualname__}: a second parameter is the effective Settings")
    if kind in _KINDS:
        return _KINDS[kind], takes_settings
    if typing.get_origin(kind) is Located:
        return f"located:{typing.get_args(kind)[0].__name__}", takes_settings
    raise TypeError(f"{check.__qualname__}: no clause can look at {kind!r}")


def excluded(clause: str, row: str, reason: Reason, detail: str, *, same_as: str | None = None) -> Exclusion:
    """A sentence that goes untested. `detail` says why in words; with `Reason.SAME_AS`, `same_as` is needed."""
    if (reason is Reason.SAME_AS) != (same_as is not None):
        raise ValueError(f"{row}: same_as goes with the reason 'same as', and only with it")
    return Exclusion(clause, row, reason, detail, same_as)
