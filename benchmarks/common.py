"""What the benchmarks share: a process for each world, turns taken in them, and what a log says by names."""

from __future__ import annotations

import math
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from simcrisis import load
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.events import Names

SEED = 1
_world: World
"""The world of this process."""


class Compiled(NamedTuple):
    """What it took to compile a world."""

    seconds: float
    """Of CPU; reading the scenario is left out."""
    megabytes: float
    """The most memory that the process held."""
    lines: int


class Variant:
    """A world in a process of its own: the heap and the caches of one do not slow another down."""

    def __init__(self, pool: ProcessPoolExecutor, data: Mapping[str, Any], arm: str) -> None:
        self._pool = pool
        self.compiled = pool.submit(_compile, dict(data), arm).result()

    def logs(self, replications: int) -> list[list[tuple[object, ...]]]:
        """Return the records of some replications, by names instead of numbers."""
        return self._pool.submit(_told, replications).result()

    def seconds(self, replications: int) -> float:
        """Return the CPU seconds of a run, as the mean of some replications."""
        return self._pool.submit(_seconds, replications).result()


@contextmanager
def variants(worlds: Sequence[tuple[Mapping[str, Any], str]]) -> Iterator[list[Variant]]:
    """Give the worlds of some scenarios in some arms, compiled one after another."""
    with ExitStack() as stack:
        pools = [stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"))) for _ in worlds]
        yield [Variant(pool, data, arm) for pool, (data, arm) in zip(pools, worlds, strict=True)]


def in_turn(several: Sequence[Variant], replications: int, rounds: int) -> list[list[float]]:
    """Return the seconds of a run of each variant in each round; rounds go up and down in turn, so drift evens out."""
    for variant in several:
        variant.seconds(replications)
    found = []
    for n in range(rounds):
        order = range(len(several)) if n % 2 else range(len(several) - 1, -1, -1)
        took = {place: several[place].seconds(replications) for place in order}
        found.append([took[place] for place in range(len(several))])
    return found


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the slope of log cost on log size, by least squares."""
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(cost) for cost in costs]).slope


def spread(values: Sequence[float]) -> str:
    """Return median and quartiles."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.3f} (quartiles {low:.3f} to {high:.3f})"


def _compile(data: dict[str, Any], arm: str) -> Compiled:
    global _world
    scenario = load(data)
    began = time.process_time()
    _world = compile_world(scenario, arm)
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Compiled(took, peak, len(_world.lines))


def _told(replications: int) -> list[list[tuple[object, ...]]]:
    names, of = _world.names, Names.of
    return [
        [
            (r.at, r.kind, of(names.states, r.actor), of(names.states, r.counterpart), of(names.lines, r.line),
             r.incident, r.case, r.cause_seq, r.value, r.detail)
            for r in simulate(_world, SEED, replication).records
        ]
        for replication in range(replications)
    ]  # fmt: skip


def _seconds(replications: int) -> float:
    began = time.process_time()
    for replication in range(replications):
        simulate(_world, SEED, replication)
    return (time.process_time() - began) / replications
