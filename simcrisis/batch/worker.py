"""What a worker process is, apart from its work: one thread, deaf to Ctrl-C, gone when its parent is."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait

_ONE_THREAD = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def prepare(leash: Connection) -> None:
    """Leave Ctrl-C to the parent, and end when the other end of the leash is let go: by the parent, or by its death."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(leash,), daemon=True).start()


def _end_with(leash: Connection) -> None:
    wait([leash])
    os._exit(1)


@contextmanager
def starting() -> Iterator[None]:
    """Let processes that are started meanwhile have one numeric thread each, and not hear Ctrl-C while they start.

    A Ctrl-C that comes meanwhile is heard at the end.
    """
    kept = {name: os.environ.get(name) for name in _ONE_THREAD}
    masked = hasattr(signal, "pthread_sigmask")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]) if masked else None
    os.environ.update({name: value or "1" for name, value in kept.items()})
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def pool(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give so many worker processes, which end when the context does, or with this process.

    Where the context ends with an error, what they are at is dropped.
    """
    context = multiprocessing.get_context("spawn")
    theirs, leash = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(count, context, initializer=prepare, initargs=(theirs,))
    try:
        with starting():
            executor.submit(os.getpid).result()
        yield executor
    except BaseException:
        leash.close()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        leash.close()
