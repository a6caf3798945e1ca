"""``harness --help`` against a Python that does nothing."""

from tests.benchmarks.figure import Figure, median_of, python


def measure() -> Figure:
    """Both as processes of their own."""
    seconds, bare = median_of(9, lambda: python("-m", "harness", "--help"), lambda: python("-c", "pass"))
    return Figure("harness --help", seconds, "python -c pass", bare, "at most 0.3 s")
