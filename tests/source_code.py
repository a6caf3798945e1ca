"""Python files of the checkout as syntax trees: what they import, define and call."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.checkout import ROOT, files

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    """The Python files under these folders, relative to the root of the checkout."""
    return [path for path in files() if path.suffix == ".py" and any(path.is_relative_to(one) for one in folders)]


@cache
def text(path: Path) -> str:
    """What the file holds."""
    return (ROOT / path).read_text("utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(text(path), str(path))


def module_name(path: Path) -> str:
    """``scenarios/ndw/pull.py`` is ``scenarios.ndw.pull``."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """The absolute dotted name of every module that is imported anywhere in the file.

    ``from a import b`` counts as ``a``: `b` may be a name as well as a module. Relative imports are made absolute.
    """
    package = module_name(path).split(".") if path.name == "__init__.py" else module_name(path).split(".")[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join([*above, *(node.module or "").split(".")]).rstrip(".")


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of the file, nested ones included."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def decorators(function: Function) -> set[str]:
    """The names of its decorators, called or not."""
    called = (node.func if isinstance(node, ast.Call) else node for node in function.decorator_list)
    return {node.id for node in called if isinstance(node, ast.Name)}


def names_made_of(path: Path, name: str) -> set[str]:
    """`name` and, with the first arguments given, what ``other = partial(name, …)`` makes of it at the top level."""
    names = {name}
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = [getattr(one, "id", "") for one in (node.value.func, *node.value.args[:1])]
            if called[0] == "partial" and called[-1] in names:
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


_CLOCKS = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "time": {
        "monotonic",
        "monotonic_ns",
        "perf_counter",
        "perf_counter_ns",
        "process_time",
        "sleep",
        "time",
        "time_ns",
    },
    "asyncio": {"sleep"},
    "anyio": {"sleep"},
}


def clock_readings(node: ast.AST, within: str = "") -> Iterator[tuple[str, int]]:
    """Every place that reads the machine's clock or sleeps: the name of the function around it, and the line."""
    if isinstance(node, Function):
        within = node.name
    if isinstance(node, ast.Attribute):
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if node.attr in _CLOCKS.get(owner, ()):
            yield within, node.lineno
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((within, node.lineno) for alias in node.names if _hides_a_clock(node, alias))
    for child in ast.iter_child_nodes(node):
        yield from clock_readings(child, within)


def _hides_a_clock(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> bool:
    """True for an import after which a clock could be read under a name that nobody looks for."""
    if isinstance(node, ast.ImportFrom) and node.module in ("time", "asyncio", "anyio"):
        return alias.name in _CLOCKS[node.module]
    renamed = alias.asname not in (None, alias.name)
    if isinstance(node, ast.ImportFrom):
        return renamed and node.module == "datetime" and alias.name in _CLOCKS
    return renamed and alias.name in ("time", "asyncio", "anyio")
