"""How many threads the linear algebra of the arena takes: one, unless the environment names a number.

numpy and scipy each bring a BLAS with a pool of threads of its own. A fit goes back and forth between the two, and the
threads of one spin while the other computes: on two cores a fit of 100 contenders takes six times as long with two
threads as with one. Services spread over processes, not threads.
"""

import os

import scipy.linalg  # noqa: F401 (its BLAS has to be loaded to be told)
from threadpoolctl import threadpool_limits

NAMES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "OMP_NUM_THREADS")


def one_thread() -> None:
    """For the whole process, from now on."""
    if not any(name in os.environ for name in NAMES):
        threadpool_limits(1, user_api="blas")
