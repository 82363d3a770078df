"""(e) The most memory: of one run of each size, and of a batch, all its processes together."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks import crises
from benchmarks.results import Figure, Result, Size
from benchmarks.worlds import TWO_STATES, variants
from simcrisis import load

REPLICATIONS = {Size.FULL: 10_000, Size.QUICK: 2_000, Size.TINY: 10}
MILLION = {Size.FULL: 250_000, Size.QUICK: 25_000, Size.TINY: 10}
ARMS = 4


class Held(NamedTuple):
    """What a batch held."""

    resident: float
    """Megabytes at one time, shared pages counted in each process."""
    proportional: float
    """The same, shared pages counted once."""
    on_disk: float


def measure(size: Size) -> Result:
    """Return the megabytes that a batch has held, and one run of each size: scenario, world and libraries included."""
    worlds = {
        "two States": (crises.two_states(), "both"),
        "belgrade_2015": (load("belgrade_2015").data, "both"),
        "osce_wide": (load("osce_wide").data, "all"),
        "500 States": (crises.among_bystanders(498), "both"),
    }
    if size is Size.TINY:
        del worlds["osce_wide"], worlds["500 States"]
    with variants(list(worlds.values())) as several:
        for variant in several:
            variant.seconds(1)
        figures = [
            Figure(f"one run: {name}", variant.megabytes(), "MB") for name, variant in zip(worlds, several, strict=True)
        ]
    held = batch(REPLICATIONS[size], 1)
    figures.append(Figure(f"batch of {REPLICATIONS[size]:,} x {ARMS} runs, one worker", held.resident, "MB"))
    return Result(figures)


def million(size: Size) -> Result:
    """Return what a batch of a million runs with two workers holds (a quarter of an hour; asked for by name only)."""
    held, runs = batch(MILLION[size], 2), f"{ARMS * MILLION[size]:,} runs, two workers"
    return Result(
        [
            Figure(f"{runs}: resident", held.resident, "MB"),
            Figure(f"{runs}: shared pages counted once", held.proportional, "MB"),
            Figure(f"{runs}: on disk", held.on_disk, "MB"),
        ]
    )


def batch(replications: int, workers: int) -> Held:
    """Return the most that all processes of a batch of two States hold at one time, looked at four times a second."""
    resident = proportional = 0
    ended = threading.Event()

    def watch(process: psutil.Process) -> None:
        nonlocal resident, proportional
        while not ended.wait(0.25):
            try:
                infos = [each.memory_full_info() for each in [process, *process.children(recursive=True)]]
            except psutil.NoSuchProcess:
                continue
            resident = max(resident, sum(info.rss for info in infos))
            proportional = max(proportional, sum(getattr(info, "pss", info.rss) for info in infos))

    with tempfile.TemporaryDirectory() as folder:
        words = f"-n {replications} --workers {workers} --quiet --out {folder}/batch".split()
        command = [sys.executable, "-m", "simcrisis", "batch", str(TWO_STATES), *words]
        process = psutil.Popen(command, stdout=subprocess.DEVNULL)
        watcher = threading.Thread(target=watch, args=(process,))
        watcher.start()
        status = process.wait()
        ended.set()
        watcher.join()
        if status:
            raise RuntimeError(f"the batch ended with exit status {status}")
        on_disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return Held(resident / 1e6, proportional / 1e6, on_disk / 1e6)
