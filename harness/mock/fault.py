"""One fault, and the language in which people and the control path write it."""

import ast
import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, get_args

from harness.mock.trouble import TROUBLES, Trouble
from harness.model.edit import EDITS, REQUEST, Edit, of_the_request
from harness.model.request_edit import REQUEST_EDITS
from harness.model.spelling import did_you_mean

_EDIT = r"(?P<name>[A-Za-z_.]\w*(?:\.\w+)*)\((?P<arguments>.*)\)"
_SPEC = re.compile(rf"(?P<operation>[A-Za-z0-9_]+|\*):(?P<edit>{_EDIT})(?P<options>(?::\w+=[0-9]+)*)", re.DOTALL)
_ALONE = re.compile(_EDIT, re.DOTALL)
_MOST = 1_000_000_000


@dataclass(frozen=True)
class Fault:
    """What goes wrong with an operation (``*``: with all; a service's name: with all of its operations): an edit of its
    answers or of its requests, or a trouble.

    The first `after` requests are spared, then `times` are hit, or all that follow. `seed` decides what is left to
    chance. `id` is its name in its session.
    """

    operation: str
    edit: Edit | Trouble
    times: int | None = None
    after: int = 0
    seed: int = 0
    id: str = ""

    @property
    def spelling(self) -> str:
        """As ``--fault`` writes it."""
        times = "" if self.times is None else f":times={self.times}"
        return f"{self.operation}:{self.edit}{times}{f':after={self.after}' if self.after else ''}"


def fault_of(spec: str, operations: Iterable[str], seed: int = 0, *, of_a_mock: bool = True) -> Fault:
    """The fault that ``OPERATION:EDIT(ARGS)[:times=N][:after=N]`` describes; ValueError says what is wrong with it.

    A reference keeps no tokens of ours: with `of_a_mock` false, a fault of a token is wrong, too.
    """
    found = _SPEC.fullmatch(spec.strip())
    if not found:
        raise ValueError(f"{spec!r} is not of the form OPERATION:EDIT(ARGS)[:times=N][:after=N]")
    options = [option.split("=") for option in found["options"].split(":") if option]
    names = [name for name, _ in options]
    if unknown := sorted({*names} - {"times", "after"}):
        raise ValueError(f"no option {unknown[0]}: times or after")
    if len({*names}) < len(names):
        raise ValueError("times and after are written once each")
    counts = {name: int(digits[-10:]) if len(digits) > 10 else int(digits) for name, digits in options}
    fault = fault_of_parts(found["operation"], found["edit"], operations, seed=seed, **counts)
    if not of_a_mock and isinstance(fault.edit, Trouble) and fault.edit.of_tokens:
        raise ValueError(f"{fault.edit}: a fault of mocks only; a reference has one token, which never ends")
    return fault


def fault_of_parts(
    operation: str, edit: str, operations: Iterable[str], times: int | None = None, after: int = 0, seed: int = 0
) -> Fault:
    """The fault of these parts, each as the control path names it; ValueError says which of them is wrong, and how."""
    known = sorted(operations)
    if operation not in ("*", *known):
        listed = f": one of {', '.join(known)}, or *"
        raise ValueError(f"no operation {operation}{did_you_mean(operation, known, listed)}")
    for name, number in (("times", times), ("after", after)):
        if number is not None and not 0 <= number <= _MOST:
            raise ValueError(f"{name}: a number from 0 to {_MOST}")
    return Fault(operation, edit_of(edit), times, after, seed)


def edit_of(text: str) -> Edit | Trouble:
    """The edit or trouble that ``EDIT(ARGS)`` or ``request.EDIT(ARGS)`` describes; ValueError says what is wrong."""
    found = _ALONE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not of the form EDIT(ARGS)")
    name, arguments = found["name"], found["arguments"]
    bare = name.removeprefix(REQUEST)
    if name != bare:
        return _of_a_request(bare, arguments)
    if name in REQUEST_EDITS:
        raise ValueError(f"{name} changes a request: write {REQUEST}{name}({arguments})")
    known = {**EDITS, **TROUBLES}
    if name not in known:
        raise ValueError(f"no edit {name}{_known(name, known)}")
    made: Edit | Trouble = _made(name, known[name], arguments)
    return made


def _of_a_request(name: str, arguments: str) -> Edit:
    known = {**EDITS, **REQUEST_EDITS}
    if name in TROUBLES:
        raise ValueError(f"{name} is no change of a message: write it without {REQUEST}")
    if name not in known:
        raise ValueError(f"no edit {REQUEST}{name}{_known(name, known)}")
    made: Edit = _made(f"{REQUEST}{name}", known[name], arguments)
    return of_the_request(made)


def _known(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, known, f": one of {', '.join(sorted(known))} (harness list edits)")


def _made(name: str, make: Callable[..., Any], text: str) -> Any:
    """What `make` makes of the arguments in this text."""
    try:
        positional, named = _arguments(text)
        given = _by_name(make, positional, named)
        return make(**given)
    except (TypeError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        told = error.msg if isinstance(error, SyntaxError) else str(error) or "nested too deeply"
        raise ValueError(f"{name}({text}): {' '.join(told.split())}") from None


def _by_name(make: Callable[..., Any], positional: list[Any], named: dict[str, Any]) -> dict[str, Any]:
    """The arguments under their names; ValueError names what is missing, too much, or of the wrong kind."""
    parameters = inspect.signature(make).parameters
    wanted = f"; write {usage(make)}"
    if len(positional) > len(parameters):
        raise ValueError(f"{len(positional)} arguments, not {len(parameters)}{wanted}")
    given = dict(zip(parameters, positional, strict=False))
    for name, value in named.items():
        if name not in parameters:
            raise ValueError(f"no argument {name}{did_you_mean(name, parameters, wanted)}")
        if name in given:
            raise ValueError(f"{name} is given twice{wanted}")
        given[name] = value
    for name, parameter in parameters.items():
        if name not in given and parameter.default is parameter.empty:
            raise ValueError(f"{name} is missing{wanted}")
        if name in given and not _is_of(given[name], parameter.annotation):
            raise ValueError(f"{name}: {given[name]!r} is not {_kind_of(parameter.annotation)}")
    return given


def usage(make: Callable[..., Any]) -> str:
    """How an edit is written: its name and those of its arguments, in brackets those that may be left out."""
    parts = [
        name if one.default is one.empty else f"[{name}]" for name, one in inspect.signature(make).parameters.items()
    ]
    return f"{make.__name__}({', '.join(parts)})"


def _is_of(value: Any, annotation: Any) -> bool:
    kinds = get_args(annotation) or (annotation,)
    if annotation is Any:
        return True
    return not isinstance(value, bool) and isinstance(value, (*kinds, int) if float in kinds else kinds)


def _kind_of(annotation: Any) -> str:
    words = {str: "text in quotes", int: "a whole number", float: "a number"}
    return " or ".join(words[one] for one in get_args(annotation) or (annotation,) if one in words)


def _arguments(text: str) -> tuple[list[Any], dict[str, Any]]:
    """Values as Python or as JSON writes them, some perhaps by name."""
    tree = ast.parse(f"f({text}\n)", mode="eval").body
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise ValueError("the brackets do not pair")
    named = {one.arg: _value(one.value) for one in tree.keywords if one.arg is not None}
    if len(named) < len(tree.keywords):
        raise ValueError("** says nothing here")
    return [_value(one) for one in tree.args], named


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(_JsonNames().visit(node))
    except ValueError:
        raise ValueError(
            f'{ast.unparse(node)} is no value: numbers, "text", true, false, null, [...] and {{...}} are'
        ) from None


class _JsonNames(ast.NodeTransformer):
    """Lets arguments be written as JSON, too."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        names = {"true": True, "false": False, "null": None}
        return ast.copy_location(ast.Constant(names[node.id]), node) if node.id in names else node
