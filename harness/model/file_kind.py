"""Kinds of file that can be judged without a server: their objects, and the answer that would have brought them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class FileKind:
    """A KIND of ``harness validate``.

    Its objects are those that the answer of `operation` lists, as `schema`. In such an answer they stand in the member
    `list_member`. Every answer has the member `answer_member`, every object `id_member`: so they are told apart.
    `answer` makes the other members of the answer that would have brought the objects at a moment. Where the file is
    the `whole` list, what is true of the list is judged as well.
    """

    name: str
    title: str
    operation: str
    schema: str
    whole: bool
    id_member: str
    list_member: str
    answer_member: str
    answer: Callable[[datetime], Mapping[str, Any]]
