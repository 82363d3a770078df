"""Worlds to time: a process for each, so that the heap and the caches of one do not slow another down."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from simcrisis import load
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World

TWO_STATES = Path(__file__).parent / "two_states.yaml"
SEED = 1
_world: World
"""The world of this process."""


class Compiled(NamedTuple):
    """What it took to compile a world."""

    seconds: float
    """Of CPU; reading the scenario is left out."""
    lines: int


class Variant:
    """A world in a process of its own."""

    def __init__(self, pool: ProcessPoolExecutor, data: Mapping[str, Any], arm: str) -> None:
        self._pool = pool
        self.compiled = pool.submit(_compile, dict(data), arm).result()

    def seconds(self, replications: int) -> float:
        """Return the CPU seconds of a run, as the mean of some replications (always the same)."""
        return self._pool.submit(_seconds, replications).result()

    def records(self, replications: int) -> float:
        """Return the number of records of a run, as the mean of some replications."""
        return self._pool.submit(_records, replications).result()

    def megabytes(self) -> float:
        """Return the most memory that the process has held."""
        return self._pool.submit(peak_megabytes).result()


@contextmanager
def variants(worlds: Sequence[tuple[Mapping[str, Any], str]]) -> Iterator[list[Variant]]:
    """Give the worlds of some scenarios in some arms, compiled one after another."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.worlds"])
    with ExitStack() as stack:
        pools = [stack.enter_context(ProcessPoolExecutor(1, context)) for _ in worlds]
        yield [Variant(pool, data, arm) for pool, (data, arm) in zip(pools, worlds, strict=True)]


def in_turn(several: Sequence[Variant], replications: Sequence[int], rounds: int) -> list[list[float]]:
    """Return the seconds of a run of each variant in each round; rounds go up and down in turn, so drift evens out."""
    found = []
    for n in range(rounds):
        order = range(len(several)) if n % 2 else range(len(several) - 1, -1, -1)
        took = {place: several[place].seconds(replications[place]) for place in order}
        found.append([took[place] for place in range(len(several))])
    return found


def peak_megabytes() -> float:
    """Return the most memory that this process has held (resident)."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss of a new process begins with what its parent holds
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def _compile(data: dict[str, Any], arm: str) -> Compiled:
    global _world
    scenario = load(data)
    began = time.process_time()
    _world = compile_world(scenario, arm)
    return Compiled(time.process_time() - began, len(_world.lines))


def _seconds(replications: int) -> float:
    began = time.process_time()
    for replication in range(replications):
        simulate(_world, SEED, replication)
    return (time.process_time() - began) / replications


def _records(replications: int) -> float:
    return sum(len(simulate(_world, SEED, replication).records) for replication in range(replications)) / replications
