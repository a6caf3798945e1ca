"""A file of objects in any of the forms in which people keep them, as chunks of objects with their places."""

from array import array
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from harness.feed.scan import NESTED
from harness.feed.source import UnreadableFileError
from harness.feed.window import Window
from harness.model.file_kind import FileKind
from harness.model.pointer import join

CHUNK_OBJECTS = 200
CHUNK_BYTES = 1 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_LINES_NAMES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
_NOT_JSON = {
    b"PK": "is a ZIP archive: unpack it, and give what is in it",
    b"\x1f\x8b": "is gzip within gzip: unpack it once",
    b"\xff\xfe": "is UTF-16: write it as UTF-8",
    b"\xfe\xff": "is UTF-16: write it as UTF-8",
    b"BZ": "is bzip2: unpack it first",
    b"\x28\xb5": "is zstd: unpack it first",
    b"<": "is HTML or XML: an error page perhaps, where JSON was meant to be",
}


class Form(StrEnum):
    """How the objects stand in a file."""

    ARRAY = "a JSON array"
    ENVELOPE = "an answer with its list"
    SINGLE = "an answer with one object"
    LINES = "one object per line"
    VALUES = "objects one after the other"


@dataclass(frozen=True)
class Chunk:
    """Objects of a file in a row, each in the bytes that stand there. `first` is the number of the first of them in the
    file, from 0. `marked`: a byte order mark stands before it."""

    first: int
    objects: tuple[bytes, ...]
    marked: bool = False

    def alone(self, position: int) -> "Chunk":
        """One of the objects."""
        return Chunk(self.first + position, self.objects[position : position + 1], self.marked and position == 0)


@dataclass
class Feed:
    """One file that is being read. As far as it was read, `form` is known, and `lines` and `columns` say where each
    object begins.

    `chunks` can be run through once. Memory does not grow with the file, but for sixteen bytes per object.
    """

    kind: FileKind
    window: Window
    form: Form | None = None
    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    columns: "array[int]" = field(default_factory=lambda: array("Q"))
    _handed: int = 0

    @property
    def name(self) -> str:
        """The file, as the user calls it."""
        return self.window.name

    @property
    def list_pointer(self) -> str:
        """Where the list of objects stands in the file."""
        return join((self.kind.list_member,)) if self.form is Form.ENVELOPE else ""

    def chunks(self) -> Iterator[Chunk]:
        """All objects. UnreadableFileError where the rest cannot be read; the objects before it came by then."""
        objects: list[bytes] = []
        size = 0
        marked = self._starts_with_mark()
        broken = None
        try:
            for value in self._values():
                objects.append(value)
                size += len(value)
                if len(objects) == CHUNK_OBJECTS or size >= CHUNK_BYTES or (marked and self._handed == 0):
                    yield self._chunk(objects, marked)
                    size, objects = 0, []
        except UnreadableFileError as error:
            broken = error
        if objects:
            yield self._chunk(objects, marked)
        if broken is not None:
            raise broken

    def _chunk(self, objects: list[bytes], marked: bool) -> Chunk:
        chunk = Chunk(self._handed, tuple(objects), marked and self._handed == 0)
        self._handed += len(objects)
        return chunk

    def pointer(self, number: int) -> str:
        """Where the object of this number stands: a JSON Pointer into the file, or into its line."""
        if self.form in (Form.ARRAY, Form.ENVELOPE):
            return f"{self.list_pointer}/{number}"
        return join((self.kind.list_member,)) if self.form is Form.SINGLE else ""

    def _starts_with_mark(self) -> bool:
        window = self.window
        while len(window.text) < 3 and window.more():
            pass
        if window.text.startswith(BYTE_ORDER_MARK):
            window.at = len(BYTE_ORDER_MARK)
            return True
        return False

    def _values(self) -> Iterator[bytes]:
        window = self.window
        window.skip_space()
        begin = window.sign()
        if begin == b"":
            raise UnreadableFileError(f"{self.name}: is empty; write the objects into it, or [] where there are none")
        for sign, told in _NOT_JSON.items():
            if window.text.startswith(sign, window.at):
                raise UnreadableFileError(f"{self.name}: {told}")
        if self._is_lines():
            yield from self._lines()
        elif begin == b"[":
            self.form = Form.ARRAY
            window.at += 1
            yield from self._elements()
            self._nothing_follows()
        elif begin == b"{":
            yield from self._objects()
        else:
            raise window.broken("expected an array or an object of JSON, or one object per line")

    def _begin(self) -> None:
        """An object begins here."""
        line, column = self.window.place
        self.lines.append(line)
        self.columns.append(column)

    def _elements(self) -> Iterator[bytes]:
        """The elements of the array that was entered, and go behind it."""
        window = self.window
        window.skip_space()
        if window.sign() == b"]":
            window.at += 1
            return
        while True:
            self._begin()
            yield window.value()
            window.skip_space()
            sign = window.sign()
            if sign not in (b",", b"]"):
                raise self._lost("expected ',' or ']' after an element")
            window.at += 1
            if sign == b"]":
                return
            window.skip_space()
            if window.sign() == b"]":
                raise window.error("a comma before ']' is no JSON")

    def _objects(self) -> Iterator[bytes]:
        """One object, an answer with its objects, or objects one after the other."""
        window = self.window
        while window.sign() == b"{" and self.form in (None, Form.VALUES):
            window.keep = window.at
            begun = window.place
            members = yield from self._members()
            if window.keep is not None:
                self.lines.append(begun[0])
                self.columns.append(begun[1])
                yield self._in_answer(members) or window.text[window.keep : window.at]
            window.keep = None
            window.skip_space()
        self._nothing_follows()

    def _members(self) -> Generator[bytes, None, dict[bytes, bytes]]:
        """Go through an object and return its members as they are written; a list of objects in ``data`` is yielded."""
        window = self.window
        members: dict[bytes, bytes] = {}
        window.at += 1
        window.skip_space()
        while window.sign() != b"}":
            if members:
                self._take(b",", "expected ',' or '}' after a member")
            name = window.value() if window.sign() == b'"' else b""
            if not name:
                raise self._lost("expected the name of a member, in quotes")
            self._take(b":", "expected ':' after the name of a member")
            listed = name == _quoted(self.kind.list_member) and _quoted(self.kind.id_member) not in members
            if listed and window.sign() == b"[" and self.form is None:
                self.form, window.keep, members[name] = Form.ENVELOPE, None, b""
                window.at += 1
                yield from self._elements()
            else:
                members[name] = window.value()
            window.skip_space()
        window.at += 1
        return members

    def _take(self, sign: bytes, what: str) -> None:
        """Go behind this sign and the space around it."""
        self.window.skip_space()
        if self.window.sign() != sign:
            raise self._lost(what)
        self.window.at += 1
        self.window.skip_space()

    def _in_answer(self, members: dict[bytes, bytes]) -> bytes | None:
        """The one object in an answer; None where this is no answer but an object."""
        told = members.get(_quoted(self.kind.answer_member))
        if told is None or _quoted(self.kind.id_member) in members:
            self.form = Form.VALUES
            return None
        inner = members.get(_quoted(self.kind.list_member), b"")
        if not inner.startswith(b"{"):
            code = f"{self.kind.answer_member} {told.decode('utf-8', 'replace')[:20]}"
            raise UnreadableFileError(f"{self.name}: is an answer with {code} and without objects")
        self.form = Form.SINGLE
        return inner

    def _is_lines(self) -> bool:
        """The file is one object per line, even where the first of these is broken."""
        if self.window.sign() == b"[":
            return False
        if self.name.lower().endswith(_LINES_NAMES):
            return True
        first, second = (*self.window.lines_ahead(2), b"", b"")[:2]
        if not first.startswith(b"{") or not second.startswith(b"{"):
            return False
        return bool(
            NESTED.fullmatch(first) or (NESTED.fullmatch(second) and not first.endswith((b"[", b",", b":", b"{")))
        )

    def _lines(self) -> Iterator[bytes]:
        """Every line that says something, be it JSON or not: what is wrong with it is wrong with it alone."""
        self.form = Form.LINES
        while True:
            begun = self.window.place
            line = self.window.rest_of_line()
            if line is None:
                return
            if value := line.strip(b" \t\r"):
                self.lines.append(begun[0])
                self.columns.append(begun[1] + line.index(value))
                yield value

    def _nothing_follows(self) -> None:
        self.window.skip_space()
        if self.window.sign():
            raise self.window.error("more follows after the end; give each page of a list as a file of its own")

    def _lost(self, what: str) -> UnreadableFileError:
        """The complaint about what is no JSON here, or ends here."""
        window = self.window
        if window.keep is not None:
            window.at = window.keep
            return window.broken(what)
        return window.error(what if window.sign() else "the file is cut off here, within its list")


def _quoted(name: str) -> bytes:
    return f'"{name}"'.encode()
