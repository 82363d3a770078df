"""What a worker process must settle before it imports anything heavy."""

from __future__ import annotations

import os


def one_thread_each() -> None:
    """Keep numeric libraries in a worker to one thread: the pool is what uses the cores."""
    for variable in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
