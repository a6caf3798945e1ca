"""``python -m tests.benchmarks NAME …``: a line per benchmark, measured here and now. It shows and never judges."""

import importlib
import pkgutil
import sys
from pathlib import Path

KNOWN = sorted(
    {module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])} - {"__main__", "figure", "servers"}
)


def main(names: list[str]) -> int:
    """Measure each in turn; 2 where a name is unknown or none is given."""
    unknown = [name for name in names if name not in KNOWN]
    if unknown or not names:
        print(f"usage: python -m tests.benchmarks NAME …; NAME is one of {', '.join(KNOWN)}", file=sys.stderr)  # noqa: T201
        return 2
    for name in names:
        measured = importlib.import_module(f"tests.benchmarks.{name}").measure()
        for figure in measured if isinstance(measured, list) else [measured]:
            print(figure, flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
