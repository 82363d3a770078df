"""(a) simcrisis with its full log against lean scripts of the same story, which count and do nothing else.

All in one process, in blocks that take turns; CPU time. Whether they tell the same story is shown beside.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from rich.table import Table

from benchmarks.results import Figure, Result, Size, quartiles
from benchmarks.worlds import SEED, TWO_STATES
from simcrisis import load
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate_with
from simcrisis.events import EventLog, Kind
from simcrisis.luck_table import LuckTable

BLOCKS = {Size.FULL: (24, 500), Size.QUICK: (6, 500), Size.TINY: (2, 10)}
"""Rounds, and runs in a block."""
LEAN = {"SimPy": ("simpy", 1), "Mesa": ("mesa", 1), "salabim": ("salabim", 5)}
"""Each has a script `lean_<package>.py`; behind the package, by how much its blocks are shorter, for it is slow."""
COUNTED = {
    "detections": {Kind.DETECTION},
    "cases": {Kind.CASE_OPENED},
    "findings": {Kind.FINDING},
    "briefings": {Kind.BRIEFING},
    "requests": {Kind.TECHNICAL_REQUEST},
    "answers": {Kind.TECHNICAL_BRIEFING},
    "inquiries": {Kind.INQUIRY},
    "replies": {Kind.ASSURANCE, Kind.FORMULAIC},
    "silences": {Kind.SILENCE, Kind.TECHNICAL_SILENCE},
    "decisions": {Kind.DECISION},
    "acts": {Kind.ACT},
}
"""What the scripts count, and the records that say the same."""
REACHED = (3, 4, 6, 8)
MOST_APART = 4.0
"""Standard errors: with 15 comparisons, about one in a thousand pairs of equal scripts would be further apart."""
Outcome = Mapping[str, float]


@dataclass
class Contender:
    """Something that makes runs, and what has been seen of it."""

    make: Callable[[range], Iterator[object]]
    """Runs of some numbers, one after another."""
    told: Callable[[object], Outcome]
    """What a run comes to; not timed."""
    first: int
    """Number of the first run: no two contenders share luck."""
    shorter: int = 1
    """By how much its blocks are shorter."""
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """Of CPU for a run, in each block."""

    def block(self, runs: int) -> None:
        """Make and time some runs, or fewer."""
        spent, first, runs = 0.0, self.first + len(self.outcomes), max(2, runs // self.shorter)
        made = self.make(range(first, first + runs))
        for _ in range(runs):
            began = time.process_time()
            run = next(made)
            spent += time.process_time() - began
            self.outcomes.append(self.told(run))
        self.seconds.append(spent / runs)

    def mean(self, name: str) -> tuple[float, float]:
        """Return the mean of something over the runs, and its standard error."""
        values = np.array([outcome.get(name, 0.0) for outcome in self.outcomes])
        return float(values.mean()), float(values.std(ddof=1)) / float(np.sqrt(len(values)))


def measure(size: Size) -> Result:
    """Return how fast simcrisis is as a multiple of each script, and whether scripts agree."""
    rounds, runs = BLOCKS[size]
    contenders = {"simcrisis": _simcrisis()}
    for n, (name, (package, shorter)) in enumerate(LEAN.items()):
        if find_spec(package):
            contenders[name] = lean(package, 10_000_000 * (n + 1), shorter)
        else:
            print(f"{name} is not installed and left out: pip install '.[benchmarks]'", file=sys.stderr)
    for contender in contenders.values():
        next(contender.make(range(contender.first, contender.first + 1)))
    names = list(contenders)
    with ThreadPoolExecutor(1) as beside:  # where the call stack is short: salabim reads all of it, time and again
        for n in range(rounds):
            for place in range(len(names)):
                beside.submit(contenders[names[(n + place) % len(names)]].block, runs).result()
    ours, *others = contenders.values()
    figures = [
        quartiles(f"runs a CPU second: {name}", [1.0 / each for each in contender.seconds], "runs/s")
        for name, contender in contenders.items()
    ]
    for name, other in zip(names[1:], others, strict=True):
        ratios = [theirs / mine for theirs, mine in zip(other.seconds, ours.seconds, strict=True)]
        least = 0.8 if name == "SimPy" else None
        figures.append(quartiles(f"speed of simcrisis over lean {name}", ratios, "times", least=least))
    for name in names:
        if name != "SimPy":
            most = None if name == "simcrisis" else MOST_APART
            largest = max(abs(apart(contenders[name], contenders["SimPy"], what)) for what in whats())
            figures.append(Figure(f"largest difference from lean SimPy: {name}", largest, "s.e.", most=most))
    return Result(figures, [_agreement(contenders)])


def _simcrisis() -> Contender:
    world = compile_world(load(TWO_STATES), "both")

    def told(log: object) -> Outcome:
        assert isinstance(log, EventLog)
        kinds = Counter(record.kind for record in log.records)
        rungs = [record.value or 0.0 for record in log.records if record.kind is Kind.DECISION]
        counts = {name: float(sum(kinds[kind] for kind in of)) for name, of in COUNTED.items()}
        return {**counts, **_reached(max(rungs, default=0.0))}

    def made(replications: range) -> Iterator[EventLog]:
        """Yield runs as a batch makes them."""
        for luck in LuckTable(SEED, replications):
            yield simulate_with(world, luck)

    return Contender(made, told, 0)


def lean(package: str, first: int, shorter: int) -> Contender:
    """Return the lean script for a package, its runs numbered from `first`."""

    def told(crisis: object) -> Outcome:
        counts: Counter[str] = crisis.counts  # type: ignore[attr-defined]
        return {**counts, **_reached(crisis.peak)}  # type: ignore[attr-defined]

    run = import_module(f"benchmarks.lean_{package}").run
    return Contender(partial(map, run), told, first, shorter)


def _reached(peak: float) -> Outcome:
    return {f"P(rung {rung} or above)": float(peak >= rung) for rung in REACHED}


def whats() -> Sequence[str]:
    """Return the names of all that is compared."""
    return [*COUNTED, *_reached(0)]


def apart(one: Contender, other: Contender, what: str) -> float:
    """Return the difference of two means, in standard errors; 0 where neither varies."""
    (mine, mine_error), (theirs, their_error) = one.mean(what), other.mean(what)
    error = float(np.hypot(mine_error, their_error))
    return (mine - theirs) / error if error else 0.0


def _agreement(contenders: Mapping[str, Contender]) -> Table:
    """Return what a run comes to in the mean, by contender; in brackets standard errors away from lean SimPy."""
    title = "The same story? Means (standard errors away from lean SimPy)"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for name in contenders:
        table.add_column(name if name == "simcrisis" else f"lean {name}", justify="right")
    for what in whats():
        cells = []
        for name, contender in contenders.items():
            away = "" if name == "SimPy" else f" ({apart(contender, contenders['SimPy'], what):+.1f})"
            cells.append(f"{contender.mean(what)[0]:.4f}{away}")
        table.add_row(what, *cells)
    table.add_row("runs", *(f"{len(contender.outcomes):,}" for contender in contenders.values()))
    return table
