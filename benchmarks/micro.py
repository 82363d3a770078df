"""Small pieces by themselves, timed and compared over commits by pytest-benchmark (docs/decisions/0010-benchmarks.md).

pytest -c benchmarks/pytest.ini benchmarks/micro.py --benchmark-save=before     (kept in build/benchmarks)
pytest -c benchmarks/pytest.ini benchmarks/micro.py --benchmark-compare
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest

from benchmarks.results import Figure, Result, Size
from benchmarks.worlds import SEED, TWO_STATES
from simcrisis import load
from simcrisis.draws import Luck, Purpose, mix
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.luck_table import LuckTable

FOLDER = Path(__file__).parent
REPLICATIONS = 50
"""In a round, always the same."""
SECONDS = {Size.FULL: 5.0, Size.QUICK: 1.0, Size.TINY: 0.01}
"""For each piece."""


class Benchmark(Protocol):
    """The fixture of pytest-benchmark, as far as it is used here."""

    def __call__(self, function: Callable[..., object], *args: object) -> Any:
        """Time a function."""


@cache
def _world(name: str, arm: str) -> World:
    return compile_world(load(name), arm)


@pytest.mark.parametrize(
    ("name", "arm"), [(str(TWO_STATES), "both"), ("osce_wide", "all")], ids=["two States", "osce_wide"]
)
def test_fifty_runs(benchmark: Benchmark, name: str, arm: str) -> None:
    """Fifty runs with their logs."""
    world = _world(name, arm)
    logs = benchmark(lambda: [simulate(world, SEED, replication) for replication in range(REPLICATIONS)])
    assert any(log.decisions for log in logs)


@pytest.mark.parametrize("name", [str(TWO_STATES), "osce_wide"], ids=["two States", "osce_wide"])
def test_compiling_all_arms(benchmark: Benchmark, name: str) -> None:
    """From scenario to world, all arms."""
    scenario = load(name)
    worlds = benchmark(lambda: [compile_world(scenario, arm) for arm in scenario.arms])
    assert len(worlds) == len(scenario.arms)


def test_a_score(benchmark: Benchmark) -> None:
    """One draw."""
    luck, path = Luck(SEED, 0), count()
    assert isinstance(benchmark(lambda: luck.normal(Purpose.FINDING, next(path))), float)


def test_a_score_of_a_table(benchmark: Benchmark) -> None:
    """One draw of an occasion that most replications draw."""
    *_, luck = (each for each in LuckTable(SEED, range(100)) if each.normal(Purpose.FINDING, 7))
    assert isinstance(benchmark(lambda: luck.normal(Purpose.FINDING, 7)), float)


def test_a_path(benchmark: Benchmark) -> None:
    """One path of an occasion."""
    assert isinstance(benchmark(mix, 1, 2), int)


def measure(size: Size) -> Result:
    """Return the medians; raises RuntimeError with what pytest says where a piece fails."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        words = [f"--benchmark-json={found}", f"--benchmark-max-time={SECONDS[size]}", "--benchmark-quiet", "-q"]
        if size is Size.TINY:
            words += ["-k", "not osce_wide"]
        command = [sys.executable, "-m", "pytest", "-c", str(FOLDER / "pytest.ini"), str(FOLDER / "micro.py"), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=FOLDER.parent)
        if done.returncode:
            raise RuntimeError(f"pytest-benchmark failed:\n{done.stdout}\n{done.stderr}")
        timed = json.loads(found.read_text(encoding="utf-8"))["benchmarks"]
    return Result([_figure(_words(each["name"]), each["stats"]) for each in timed])


def _words(test: str) -> str:
    """Return the name of a test as people read it."""
    name, _, of = test.removeprefix("test_").rstrip("]").partition("[")
    return name.replace("_", " ") + (f", {of}" if of else "")


def _figure(name: str, stats: dict[str, float]) -> Figure:
    by = 1e6 if stats["median"] < 1e-3 else 1e3
    low, middle, high = (by * stats[each] for each in ("q1", "median", "q3"))
    return Figure(name, middle, "µs" if by == 1e6 else "ms", low, high, "quartiles")
