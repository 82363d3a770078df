"""What a batch with tables costs, and what of it goes beside the runs: shards, measures, tables, progress."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.results import Result, Size, interval
from benchmarks.worlds import SEED, TWO_STATES
from simcrisis import load
from simcrisis.batch import work
from simcrisis.batch.running import Status, run_batch
from simcrisis.draws import Luck
from simcrisis.engine.run import simulate_with
from simcrisis.engine.world import World
from simcrisis.events import EventLog

REPLICATIONS = {Size.FULL: 10_000, Size.QUICK: 2_500, Size.TINY: 10}
ROUNDS = {Size.FULL: 3, Size.QUICK: 2, Size.TINY: 1}


def measure(size: Size) -> Result:
    """Return the CPU seconds of batches of two States, and the share outside the engine."""
    replications = REPLICATIONS[size]
    runs = f"{replications:,} x 4 runs with tables, one worker"
    rounds = [_batch(replications) for _ in range(ROUNDS[size])]
    whole, outside = [each[0] for each in rounds], [100 * (1 - alone / all_of_it) for all_of_it, alone in rounds]
    return Result(
        [
            interval(runs, whole, "s", most=30.0 if size is Size.FULL else None),
            interval(f"{runs}: outside the engine", outside, "%", most=20.0 if size is Size.FULL else None),
        ]
    )


def _batch(replications: int) -> tuple[float, float]:
    """Return the CPU seconds of a batch, and those of its runs alone.

    Both are taken in the same batch, run by run, so that a machine that is now fast, now slow does not matter.
    """
    alone = 0.0

    def timed(world: World, luck: Luck) -> EventLog:
        nonlocal alone
        began = time.process_time()
        log = simulate_with(world, luck)
        alone += time.process_time() - began
        return log

    seen: list[Status] = []
    vars(work)["simulate_with"] = timed
    try:
        with tempfile.TemporaryDirectory() as folder:
            began = time.process_time()
            run_batch(load(TWO_STATES), replications, SEED, workers=1, out=Path(folder) / "batch", progress=seen.append)
            return time.process_time() - began, alone
    finally:
        vars(work)["simulate_with"] = simulate_with
