"""What a worker process must settle before it imports anything heavy."""

from __future__ import annotations

import os
import signal


def prepare_worker() -> None:
    """Keep numeric libraries in a worker to one thread, and leave Ctrl-C to the parent, which ends the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
