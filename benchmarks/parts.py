"""(c) Where the time of a batch goes: kernel, draws, model, resources, log, measures.

Found three ways, for each has a flaw. By samples: a timer looks every few milliseconds of CPU what runs; this distorts
nothing, and is what is reported; its error is that of the number of samples. By a profiler: exact counts, but calls
look dearer than they are, so that parts of many small functions look too large. By counting, for draws and the log:
calls times what one takes by itself, which knows nothing of caches or of what lies around the call.

A function belongs to a part by its file, some by name; what is neither simcrisis nor SimPy (built-ins, the standard
library, polars, numpy) belongs to whoever calls it.
"""

from __future__ import annotations

import cProfile
import pstats
import signal
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from timeit import repeat
from types import CodeType, FrameType
from typing import Any

import polars as pl
import simpy
from rich.table import Table
from scipy.stats import binomtest

import simcrisis
from benchmarks.results import Figure, Result, Size
from benchmarks.worlds import SEED, TWO_STATES
from simcrisis import load
from simcrisis.batch.plan import plan
from simcrisis.batch.work import Recipe, Task, compiled, run_task
from simcrisis.draws import Luck, Purpose, mix
from simcrisis.engine.acts import carry_out
from simcrisis.engine.incidents import reached
from simcrisis.engine.run import simulate
from simcrisis.engine.simulation import Simulation
from simcrisis.events import Kind
from simcrisis.luck_table import LuckTable
from simcrisis.units import HOUR
from simcrisis.units.delays import Lognormal


class Part(StrEnum):
    """Where time goes."""

    KERNEL = "kernel"
    DRAWS = "draws"
    MODEL = "model"
    RESOURCES = "resources"
    LOG = "log"
    MEASURES = "measures"


REPLICATIONS = {Size.FULL: 4000, Size.QUICK: 1000, Size.TINY: 20}
ROUNDS = {Size.FULL: 8, Size.QUICK: 3, Size.TINY: 1}
SAMPLE_SECONDS = 0.001
"""Of CPU between two samples, or as near to it as the system's clock ticks."""
PARTS: Mapping[str, Part] = {
    "simpy/resources/": Part.RESOURCES,
    "simpy/": Part.KERNEL,
    "simcrisis/engine/clock.py": Part.KERNEL,
    "simcrisis/engine/run.py": Part.KERNEL,
    "simcrisis/draws.py": Part.DRAWS,
    "simcrisis/luck_table.py": Part.DRAWS,
    "simcrisis/units/delays.py": Part.DRAWS,
    "simcrisis/units/": Part.MODEL,
    "simcrisis/events.py": Part.LOG,
    "simcrisis/engine/acts.py": Part.MODEL,
    "simcrisis/engine/activities.py": Part.MODEL,
    "simcrisis/engine/background.py": Part.MODEL,
    "simcrisis/engine/case.py": Part.MODEL,
    "simcrisis/engine/cases.py": Part.MODEL,
    "simcrisis/engine/checks.py": Part.MODEL,
    "simcrisis/engine/coalition.py": Part.MODEL,
    "simcrisis/engine/consultation.py": Part.MODEL,
    "simcrisis/engine/cooperation.py": Part.MODEL,
    "simcrisis/engine/decision.py": Part.MODEL,
    "simcrisis/engine/dyad.py": Part.MODEL,
    "simcrisis/engine/incidents.py": Part.MODEL,
    "simcrisis/engine/intelligence.py": Part.MODEL,
    "simcrisis/engine/investigation.py": Part.MODEL,
    "simcrisis/engine/learning.py": Part.MODEL,
    "simcrisis/engine/lines.py": Part.MODEL,
    "simcrisis/engine/occasions.py": Part.MODEL,
    "simcrisis/engine/outages.py": Part.MODEL,
    "simcrisis/engine/police.py": Part.MODEL,
    "simcrisis/engine/procedures.py": Part.MODEL,
    "simcrisis/engine/public.py": Part.MODEL,
    "simcrisis/engine/reporting.py": Part.MODEL,
    "simcrisis/engine/rule_names.py": Part.MODEL,
    "simcrisis/engine/rungs.py": Part.MODEL,
    "simcrisis/engine/script.py": Part.MODEL,
    "simcrisis/engine/simulation.py": Part.MODEL,
    "simcrisis/engine/staff.py": Part.RESOURCES,
    "simcrisis/engine/verification.py": Part.MODEL,
    "simcrisis/engine/world.py": Part.MODEL,
    "simcrisis/rules/": Part.MODEL,
    "simcrisis/catalogue/": Part.MODEL,
    "simcrisis/frames.py": Part.MEASURES,
    "simcrisis/measures/": Part.MEASURES,
    "simcrisis/stats/": Part.MEASURES,
    "simcrisis/batch/work.py": Part.MEASURES,
    "simcrisis/batch/collection.py": Part.MEASURES,
}
"""The part of a file: that of the first entry that its path begins with. Files of the engine stand one by one."""
COMPILING = ("network", "compiler", "topology", "treatments", "graphml")
"""Files of the engine that work before the first run only."""
FUNCTIONS: Mapping[tuple[str, str], Part] = {
    ("simcrisis/engine/simulation.py", "record"): Part.LOG,
    ("simcrisis/engine/simulation.py", "note"): Part.LOG,
    ("simcrisis/engine/simulation.py", "decided"): Part.LOG,
    ("simcrisis/engine/simulation.py", "cert"): Part.RESOURCES,
    ("simcrisis/engine/simulation.py", "analyst"): Part.RESOURCES,
    ("simcrisis/engine/simulation.py", "desk"): Part.RESOURCES,
}
"""Functions that are of another part than their file."""
_ROOTS = [(Path(module.__file__ or "").parent, module.__name__) for module in (simcrisis, simpy)]
Function = tuple[str, int, str]
"""As in `pstats`: file, line, name."""


def part_of(path: str, name: str) -> Part:
    """Return the part of a function by its file (from the package on) and name; raises KeyError where none is said."""
    if (path, name) in FUNCTIONS:
        return FUNCTIONS[path, name]
    for start, part in PARTS.items():
        if path.startswith(start):
            return part
    raise KeyError(f"benchmarks/parts.py does not say what part {path} is of: add it to PARTS")


def measure(size: Size) -> Result:
    """Return the share of each part in a batch of two States, arm `both`, as sampled, profiled and counted."""
    replications = REPLICATIONS[size]
    recipe = plan(load(TWO_STATES), replications, SEED, arms=["both"]).recipe
    task = Task(0, {}, pl.DataFrame(), 0, replications)
    run_task(recipe, task)
    bare = statistics.median(_seconds(lambda: run_task(recipe, task)) for _ in range(ROUNDS[size]))
    seen = Counter[Part]()
    for _ in range(ROUNDS[size]):
        seen += sampled(lambda: run_task(recipe, task))
    stats, spent = _profiled(recipe, task)
    profiled = shares(stats)
    counted = {Part.DRAWS: _draws(stats, replications) / bare, Part.LOG: _records(recipe, task) / bare}
    figures = [_share(part, seen) for part in Part]
    figures += [Figure(f"share of {part}, by counting", 100 * share, "%") for part, share in counted.items()]
    title = f"Where the time goes: two States, arm both, {replications:,} runs, {seen.total():,} samples"
    table = Table(title=title, title_justify="left")
    for head in ("part", "sampled, %", f"profiled, % (takes {spent / bare:.1f} times as long)", "by counting, %"):
        table.add_column(head, justify="left" if head == "part" else "right")
    for part, figure in zip(Part, figures, strict=False):
        by_counting = f"{100 * counted[part]:.1f}" if part in counted else ""
        error = (figure.high or 0.0) - figure.value
        table.add_row(part, f"{figure.value:.1f} ± {error:.1f}", f"{100 * profiled[part]:.1f}", by_counting)
    return Result(figures, [table])


def sampled(does: Callable[[], object]) -> Counter[Part]:
    """Return how often each part was at work while something was done, looked at every few milliseconds of CPU."""
    seen = Counter[Part]()
    known: dict[CodeType, Part | None] = {}

    def look(_: int, frame: FrameType | None) -> None:
        while frame is not None:
            code = frame.f_code
            if code not in known:
                where = _inside(code.co_filename)
                known[code] = part_of(where, code.co_name) if where else None
            if (part := known[code]) is not None:
                seen[part] += 1
                return
            frame = frame.f_back

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, SAMPLE_SECONDS, SAMPLE_SECONDS)
    try:
        does()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)
    return seen


def _share(part: Part, seen: Counter[Part]) -> Figure:
    """Return the share of a part of the samples, with its 95 % interval."""
    if not seen.total():
        return Figure(f"share of {part}", 0.0, "%", 0.0, 100.0, "95 %")
    low, high = binomtest(seen[part], seen.total()).proportion_ci(method="wilson")
    return Figure(f"share of {part}", 100 * seen[part] / seen.total(), "%", 100 * low, 100 * high, "95 %")


def shares(stats: Mapping[Function, Any]) -> dict[Part, float]:
    """Return the shares of parts as profiled."""
    seconds: defaultdict[Part, float] = defaultdict(float)
    for function, (_, _, own, _, _) in stats.items():
        for part, share in _belongs(function, stats, ()).items():
            seconds[part] += share * own
    return {part: seconds[part] / sum(seconds.values()) for part in Part}


def _belongs(function: Function, stats: Mapping[Function, Any], seen: tuple[Function, ...]) -> dict[Part, float]:
    """Return how a function is shared among parts: its own, or those of its callers by the time it takes for each."""
    where = _inside(function[0])
    if where is not None:
        return {part_of(where, function[2]): 1.0}
    found: defaultdict[Part, float] = defaultdict(float)
    for caller, (_, _, own, _) in stats[function][4].items():
        if caller not in seen and caller != function:
            for part, share in _belongs(caller, stats, (*seen, function)).items():
                found[part] += share * own
    total = sum(found.values())
    return {part: spent / total for part, spent in found.items()} if total else {Part.MEASURES: 1.0}


def _inside(file: str) -> str | None:
    """Return the path of a file of simcrisis or SimPy from the package on; None for all others."""
    for root, name in _ROOTS:
        if Path(file).is_relative_to(root):
            return f"{name}/{Path(file).relative_to(root).as_posix()}"
    return None


def _profiled(recipe: Recipe, task: Task) -> tuple[Mapping[Function, Any], float]:
    """Return a profile, and the CPU seconds that it took."""
    profile = cProfile.Profile()
    spent = _seconds(lambda: profile.runcall(run_task, recipe, task))
    return pstats.Stats(profile).stats, spent  # type: ignore[attr-defined]


def _draws(stats: Mapping[Function, Any], replications: int) -> float:
    """Return the seconds of draws by counting: scores, probabilities, paths, delays, each as often as made."""
    luck, law = Luck(SEED, 0), Lognormal(HOUR, 2.0)
    lucks, few = [*LuckTable(SEED, range(1000))], LuckTable(SEED, range(100))
    score = _each(lambda n: luck.normal(Purpose.FINDING, n))
    tabled = _each(lambda n: lucks[n].normal(Purpose.FINDING, 7))
    probability = _each(lambda n: luck.uniform(Purpose.FINDING, n)) - score
    made: list[tuple[Callable[..., object], float]] = [
        (Luck.normal, score),
        (type(lucks[0]).normal, tabled),
        (Luck.uniform, probability),
        (LuckTable.column, _each(lambda n: few.column((Purpose.FINDING, n, 0))) * replications / 100),
        (mix.__wrapped__, _each(lambda n: mix.__wrapped__(n, 7))),
        (Lognormal.at, _each(lambda n: law.at(0.001 * n))),
    ]
    return sum(_calls(function, stats) * seconds for function, seconds in made)


def _calls(function: Callable[..., object], stats: Mapping[Function, Any]) -> int:
    """Return how often a function was called."""
    code = function.__code__
    return sum(int(entry[1]) for key, entry in stats.items() if key[:2] == (code.co_filename, code.co_firstlineno))


def _each(does: Callable[[int], object]) -> float:
    """Return the seconds of a call by itself, less those of calling nothing."""

    def nothing(_: int) -> None:
        pass

    def seconds(of: Callable[[int], object]) -> float:
        return min(repeat(lambda: [of(n) for n in range(1000)], timer=time.process_time, number=5, repeat=7)) / 5_000

    return seconds(does) - seconds(nothing)


def _records(recipe: Recipe, task: Task) -> float:
    """Return the seconds that writing as many records takes as the runs of a task have."""
    world = compiled(recipe, "{}")[0]
    count = sum(len(simulate(world, SEED, n).rows) for n in range(task.start, task.stop))
    sim = Simulation(world, Luck(SEED, 0), carry_out, reached)

    def write(_: int) -> None:
        if len(sim.log.rows) == 30:
            sim.log.rows.clear()
        sim.record(Kind.FINDING, 0, 1, incident=0, case=0, cause=1, value=0.5)

    return count * _each(write)


def _seconds(does: Callable[[], object]) -> float:
    began = time.process_time()
    does()
    return time.process_time() - began
