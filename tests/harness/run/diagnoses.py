"""Every diagnosis of preflight. ``python -m tests.harness.run.diagnoses`` prints them, each with its test."""

import sys

from tests.harness.run.diagnoses_of_the_answer import OF_ACCESS, OF_THE_PATH, OF_THE_WAY_TO_THE_API
from tests.harness.run.diagnoses_of_the_connection import OF_A_PROXY, OF_THE_CONNECTION, OF_TLS

TEST = "tests/harness/run/test_diagnoses.py::test_it_is_told_and_ends_with_3"

DIAGNOSES = (*OF_THE_CONNECTION, *OF_TLS, *OF_A_PROXY, *OF_THE_WAY_TO_THE_API, *OF_THE_PATH, *OF_ACCESS)


if __name__ == "__main__":
    for number, one in enumerate(DIAGNOSES, 1):
        sys.stdout.write(f"{number:>3}  {one.name:<48}{one.check:<34}{TEST}[{one.name}]\n")
