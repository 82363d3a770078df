"""What a batch costs over bare runs, what a second worker brings, and how much memory a million runs take.

    python benchmarks/batches.py overhead     # two minutes
    python benchmarks/batches.py workers      # eight minutes, on a quiet machine
    python benchmarks/batches.py memory       # fifteen minutes

The crisis is `two_states.yaml`: two States, one incident, four arms.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # as worker processes have it

import psutil
from common import load

from simcrisis.batch import work
from simcrisis.batch.running import Status, run_batch
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.events import EventLog

SCENARIO = load(Path(__file__).parent / "two_states.yaml")
ARMS = len(SCENARIO.arms)


def overhead() -> None:
    """Print the CPU time of batches with tables, shards and progress, as a multiple of that of their runs alone.

    Both are taken in the same batch, run by run, so that a machine that is now fast, now slow does not matter.
    """
    alone = 0.0

    def timed(world: World, seed: int, replication: int) -> EventLog:
        nonlocal alone
        began = time.process_time()
        log = simulate(world, seed, replication)
        alone += time.process_time() - began
        return log

    work.simulate = timed
    for replications in (2_500, 2_500, 10_000, 10_000):
        seen: list[Status] = []
        alone = 0.0
        with tempfile.TemporaryDirectory() as folder:
            began = time.process_time()
            run_batch(SCENARIO, replications, 1, workers=1, out=Path(folder) / "batch", progress=seen.append)
            whole = time.process_time() - began
        print(f"{replications * ARMS:,} runs: {whole / alone:.3f} times the CPU time of the runs alone", flush=True)


def workers() -> None:
    """Print how much faster two workers are than one, with and without the start."""
    replications, rounds = 100_000 // ARMS, 3
    start = {count: statistics.median(_seconds(40, count) for _ in range(rounds)) for count in (1, 2)}
    print(f"start and end of a batch: {start[1]:.1f} s with one worker, {start[2]:.1f} s with two")
    with_start, without = [], []
    for _ in range(rounds):
        one, two = _seconds(replications, 1), _seconds(replications, 2)
        with_start.append(one / two)
        without.append((one - start[1]) / (two - start[2]))
        print(f"{replications * ARMS:,} runs: one worker {one:.1f} s, two {two:.1f} s", flush=True)
    print(f"with the start {statistics.median(with_start):.2f}, without {statistics.median(without):.2f} times")


def _seconds(replications: int, count: int) -> float:
    """Return the seconds of wall clock that a batch takes in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run(_command(replications, count, folder), check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began


def _command(replications: int, count: int, folder: str) -> list[str]:
    words = f"-n {replications} --workers {count} --quiet --out {folder}/batch".split()
    return [sys.executable, "-m", "simcrisis", "batch", str(Path(__file__).parent / "two_states.yaml"), *words]


def memory() -> None:
    """Print the most memory that all processes of a batch of a million runs hold at one time."""
    most = {"resident": 0, "proportional": 0}
    ended = threading.Event()

    def watch(process: psutil.Process) -> None:
        while not ended.wait(0.25):
            try:
                infos = [each.memory_full_info() for each in [process, *process.children(recursive=True)]]
            except psutil.NoSuchProcess:
                continue
            most["resident"] = max(most["resident"], sum(info.rss for info in infos))
            most["proportional"] = max(most["proportional"], sum(getattr(info, "pss", info.rss) for info in infos))

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = psutil.Popen(_command(1_000_000 // ARMS, 2, folder), stdout=subprocess.DEVNULL)
        watcher = threading.Thread(target=watch, args=(process,))
        watcher.start()
        status = process.wait()
        ended.set()
        watcher.join()
        took = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    print(f"a million runs (exit status {status}) in {took:.0f} s; {size / 1e6:.0f} MB on disk")
    print(f"most memory, all processes: {most['resident'] / 1e6:.0f} MB resident (shared pages counted in each)")
    print(f"of which shared pages counted once: {most['proportional'] / 1e6:.0f} MB")


if __name__ == "__main__":
    {"overhead": overhead, "workers": workers, "memory": memory}[sys.argv[1]]()
