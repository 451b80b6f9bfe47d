import json
import os
import subprocess
import sys

import pytest

TOLD = """
import json, numpy, judgeboard.arena, scipy.linalg, threadpoolctl
print(json.dumps([pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]))
"""


def blas_threads(**named: str) -> set[int]:
    """In a process of its own that had numpy before the arena."""
    surroundings = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", TOLD]
    return set(json.loads(subprocess.run(command, env=surroundings | named, capture_output=True, check=True).stdout))


def test_linear_algebra_takes_one_thread() -> None:
    assert blas_threads() == {1}


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has one thread anyway")
def test_a_number_of_threads_in_the_environment_stands() -> None:
    assert blas_threads(OPENBLAS_NUM_THREADS="2") == {2}
