"""(b) How the cost of a run grows: with States that take no part, with what happens, with lines, arms and workers.

Costs are CPU seconds of a run, those of workers seconds of wall clock of a whole batch. Each panel of
figures/growth.svg is fitted by a power law: the exponent is the slope of log cost on log size by least squares, in each
round, and its median is given with an interval.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from benchmarks import crises
from benchmarks.results import Figure, Result, Size, exponents, interval
from benchmarks.worlds import SEED, TWO_STATES, in_turn, variants
from simcrisis import load, run_batch

ROUNDS = {Size.FULL: 15, Size.QUICK: 6, Size.TINY: 2}
BLOCK_SECONDS = {Size.FULL: 0.3, Size.QUICK: 0.1, Size.TINY: 0.001}
"""CPU seconds of a block: as many runs as fit, at least two."""
STATES = (2, 5, 10, 20, 50, 100, 200, 500)
INCIDENTS = (1, 3, 10, 30, 100, 300, 1000)
LINES = (2, 6, 20, 60, 200, 600)
DAYS = (60, 120, 300, 600, 1200, 3000)
RATES = (1, 2, 4, 8)
ARMS = (1, 2, 4, 8, 16)
ARM_REPLICATIONS = {Size.FULL: 400, Size.QUICK: 200, Size.TINY: 2}
WORKER_REPLICATIONS = {Size.FULL: 20_000, Size.QUICK: 2_000, Size.TINY: 2}
WORKER_ROUNDS = {Size.FULL: 3, Size.QUICK: 2, Size.TINY: 1}


@dataclass(frozen=True)
class Series:
    """One panel: sizes, and what each cost in each round."""

    name: str
    axis: str
    """What the sizes are."""
    cost: str
    """What the costs are."""
    sizes: Sequence[float]
    rounds: Sequence[Sequence[float]]
    """Seconds: a round holds a cost for each size."""
    exponent: Figure
    labels: Sequence[str] = ()
    """What the sizes come from, where they are measured."""


def measure(size: Size) -> Result:
    """Return the exponents, and draw them where the size is full."""
    states, compiling = by_states(size)
    series = [
        states,
        by_events("incidents", [crises.neighbours(n) for n in _of(INCIDENTS, size)], _of(INCIDENTS, size), size, 0.05),
        by_events("horizon", [crises.lasting(days) for days in _of(DAYS, size)], _of(DAYS, size), size, 0.05),
        by_events("rates of osce_wide", [crises.wide(rate) for rate in _of(RATES, size)], _of(RATES, size), size, None),
        by_lines(size),
        by_arms(size),
        by_workers(size),
    ]
    if size is Size.FULL:
        from benchmarks.drawing import draw

        draw(series, Path(__file__).parent / "figures" / "growth.svg")
    return Result([each.exponent for each in series] + compiling, [_table(each) for each in series])


def by_states(size: Size) -> tuple[Series, list[Figure]]:
    """Return what a run costs among States that take no part, and what compiling costs, once an arm."""
    sizes = _of(STATES, size)
    with variants([(crises.among_bystanders(n - 2), "both") for n in sizes]) as several:
        rounds = in_turn(several, _replications([each.seconds(2) for each in several], size), ROUNDS[size])
        compiled = [each.compiled for each in several]
    figure = interval("exponent in States that take no part", exponents(sizes, rounds), "", most=0.15)
    series = Series("States that take no part", "States", "CPU time of a run", sizes, rounds, figure)
    large = [(n, each.seconds) for n, each in zip(sizes, compiled, strict=True) if n >= 50 or size is Size.TINY]
    slope = exponents([n for n, _ in large], [[seconds for _, seconds in large]])[0]
    return series, [
        Figure(f"compiling {sizes[-1]} States, {compiled[-1].lines:,} lines, once an arm", compiled[-1].seconds, "s"),
        Figure("exponent of compiling in States", slope, ""),
    ]


def by_events(
    name: str, data: Sequence[crises.Data], labels: Sequence[int], size: Size, tolerance: float | None
) -> Series:
    """Return what a run costs by the number of its records, of crises in which ever more happens."""
    with variants([(each, "both") for each in data]) as several:
        replications = _replications([each.seconds(2) for each in several], size)
        records = [each.records(count) for each, count in zip(several, replications, strict=True)]
        rounds = in_turn(several, replications, ROUNDS[size])
    least, most = (1 - tolerance, 1 + tolerance) if tolerance else (None, None)
    figure = interval(f"exponent in events, by {name}", exponents(records, rounds), "", least=least, most=most)
    told = [f"{label:,}" for label in labels]
    return Series(f"Events, by {name}", "records of a run", "CPU time of a run", records, rounds, figure, told)


def by_lines(size: Size) -> Series:
    """Return what a run costs by the number of lines between the two States, all of which can fail."""
    sizes = _of(LINES, size)
    with variants([(crises.with_lines(n), "both") for n in sizes]) as several:
        rounds = in_turn(several, _replications([each.seconds(2) for each in several], size), ROUNDS[size])
    figure = interval("exponent in lines", exponents(sizes, rounds), "")
    return Series("Lines between the two", "lines", "CPU time of a run", sizes, rounds, figure)


def by_arms(size: Size) -> Series:
    """Return what a replication of a batch costs by the number of arms: compiling, runs, measures, tables."""
    sizes, replications = _of(ARMS, size), ARM_REPLICATIONS[size]

    def replication(arms: int) -> float:
        scenario = load(crises.with_arms(arms))
        began = time.process_time()
        run_batch(scenario, replications, SEED, workers=1)
        return (time.process_time() - began) / replications

    rounds = _rounds(replication, sizes, max(2, ROUNDS[size] // 2))
    figure = interval("exponent in arms", exponents(sizes, rounds), "")
    return Series("Arms of a batch", "arms", "CPU time of a replication", sizes, rounds, figure)


def by_workers(size: Size) -> Series:
    """Return how long a batch of four arms takes by the number of workers, start and end included."""
    sizes = [1, 2] + [n for n in (4, 8, 16, 32) if n <= (os.cpu_count() or 1)]

    def batch(workers: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            words = f"-n {WORKER_REPLICATIONS[size]} --workers {workers} --quiet --out {folder}/batch".split()
            began = time.perf_counter()
            command = [sys.executable, "-m", "simcrisis", "batch", str(TWO_STATES), *words]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - began

    rounds = _rounds(batch, sizes, WORKER_ROUNDS[size])
    figure = interval("exponent in workers (wall clock)", exponents(sizes, rounds), "")
    title = f"Workers, {4 * WORKER_REPLICATIONS[size]:,} runs"
    return Series(title, "workers", "wall clock of a batch", sizes, rounds, figure)


def _of(sizes: Sequence[int], size: Size) -> Sequence[int]:
    return sizes[:2] if size is Size.TINY else sizes


def _replications(seconds: Sequence[float], size: Size) -> list[int]:
    return [max(2, round(BLOCK_SECONDS[size] / each)) for each in seconds]


def _rounds(cost: Callable[[int], float], sizes: Sequence[int], rounds: int) -> list[list[float]]:
    """Return the costs of each size in each round, up and down in turn."""
    found = []
    for n in range(rounds):
        took = {size: cost(size) for size in (sizes if n % 2 else sizes[::-1])}
        found.append([took[size] for size in sizes])
    return found


def _table(series: Series) -> Table:
    exponent = series.exponent
    table = Table(
        title=f"{series.name}: exponent {exponent.value:z.3f} ({exponent.low:z.3f} to {exponent.high:z.3f})",
        title_justify="left",
        min_width=80,
    )
    for head in (*(["of"] if series.labels else []), series.axis, f"{series.cost}, ms", "times the first"):
        table.add_column(head, justify="right")
    costs = [statistics.median(each[n] for each in series.rounds) for n in range(len(series.sizes))]
    for n, (size, cost) in enumerate(zip(series.sizes, costs, strict=True)):
        label = [series.labels[n]] if series.labels else []
        table.add_row(*label, f"{size:,.0f}", f"{1000 * cost:,.3f}", f"{cost / costs[0]:,.2f}")
    return table
