"""Many machines: the workers of a Dask cluster as an executor."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import NamedTuple

from simcrisis.errors import BatchError

PATIENCE = 30.0
"""Seconds for which a scheduler, and a first worker, are waited for."""


class Cluster(NamedTuple):
    """The workers of a scheduler."""

    executor: Executor
    workers: int
    """How many shards they do at a time."""


@contextmanager
def dask_cluster(address: str, patience: float = PATIENCE) -> Iterator[Cluster]:
    """Give the workers of the Dask scheduler at an address, such as tcp://localhost:8786.

    Raises BatchError where Dask is not installed, or no scheduler or worker answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise BatchError('Dask is not installed: pip install "simcrisis[dask]"') from None
    try:
        client = Client(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise BatchError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=patience)
        except TimeoutError:
            raise BatchError(f"the Dask scheduler at {address} has no workers; start some with `dask worker`") from None
        threads = sum(client.nthreads().values())
        yield Cluster(client.get_executor(pure=False), threads)
