"""What a worker does: some replications of every arm at one design point, simulated, measured and counted in one go."""

from __future__ import annotations

import io
import json
import platform
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any

import polars as pl

from simcrisis import frames
from simcrisis.batch.collection import seldom_collected
from simcrisis.engine.compiler import Rules, compile_world
from simcrisis.engine.run import simulate_with
from simcrisis.engine.world import World
from simcrisis.luck_table import LuckTable
from simcrisis.measures import Tables, outcomes, rung_changes
from simcrisis.scenario import load
from simcrisis.stats import Question, Tally, tally
from simcrisis.units import to_hours

ALWAYS = ("runs", "rung_changes")
"""The tables that every shard holds."""
ON_REQUEST = ("events", "decisions")
"""The tables that a shard holds when asked for."""
MADE_WITH = ("simcrisis", "simpy", "networkx", "numpy", "pydantic", "polars", "scipy")
_FIRST = ("arm", "replication", "seed")
_THEN = ("peak_rung", "crossed_firebreak", "first_hour_8")


@dataclass(frozen=True, eq=False)
class Recipe:
    """What all shards of a batch share, small enough to go with each of them to wherever there is a processor."""

    token: str
    """Tells recipes apart, so that a worker compiles each but once."""
    scenario: str = field(repr=False)
    """The plain data of the scenario, in JSON."""
    trusted: bool
    arms: tuple[str, ...]
    seed: int
    rules: Rules | None
    keep: tuple[str, ...]
    """Tables on request."""
    question: Question

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and self.token == other.token

    def __hash__(self) -> int:
        return hash(self.token)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that each shard holds."""
        return (*ALWAYS, *self.keep)


@dataclass(frozen=True)
class Task:
    """A shard to be made: replications `start` to `stop` (excluded) of every arm at a design point."""

    point: int
    changes: Mapping[str, Any]
    factors: pl.DataFrame = field(repr=False)
    """One row of factor columns; no columns where nothing varies."""
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def halves(self) -> tuple[Task, Task]:
        """Return the two halves of a task."""
        middle = (self.start + self.stop) // 2
        return replace(self, stop=middle), replace(self, start=middle)


@dataclass(frozen=True)
class Failure:
    """A run that failed, with what runs it again."""

    arm: str
    replication: int
    seed: int
    point: int
    changes: Mapping[str, Any]
    error: str
    trace: str
    """Empty where the run did not raise, but its worker died or a measure broke."""

    @property
    def given_up(self) -> bool:
        """Whether it could not be done for a reason that may be gone another time."""
        return not self.trace


@dataclass(frozen=True)
class Shard:
    """A task done: its tables as Parquet files, the runs that failed, and the counts of the others."""

    task: Task
    files: Mapping[str, bytes] = field(repr=False)
    failures: tuple[Failure, ...]
    tally: Tally = field(repr=False)
    made_with: Mapping[str, str] = field(repr=False)
    """Versions."""


@cache
def versions() -> Mapping[str, str]:
    """Return the versions that results may hang on."""
    return {"python": platform.python_version(), **{name: version(name) for name in MADE_WITH}}


@seldom_collected()
def run_task(recipe: Recipe, task: Task) -> Shard:
    """Return the shard of a task; runs that raise are reported in it."""
    worlds = compiled(recipe, json.dumps(task.changes))
    sheet = _sheet(worlds)
    failures: list[Failure] = []
    for luck in LuckTable(recipe.seed, range(task.start, task.stop)):
        for world in worlds:
            try:
                sheet.add(world.arm, luck.replication, simulate_with(world, luck))
            except Exception as error:
                told = f"{type(error).__name__}: {error}"
                failures.append(_failure(recipe, task, world.arm, luck.replication, told, traceback.format_exc()))
    return _shard(recipe, task, worlds, sheet, failures)


def give_up(recipe: Recipe, task: Task, error: str) -> Shard:
    """Return the shard of a task that cannot be done: every run of it failed."""
    failures = [
        _failure(recipe, task, arm, replication, error, "")
        for replication in range(task.start, task.stop)
        for arm in recipe.arms
    ]
    worlds = compiled(recipe, json.dumps(task.changes))
    return _shard(recipe, task, worlds, _sheet(worlds), failures)


@lru_cache(maxsize=2)
def compiled(recipe: Recipe, changes: str) -> tuple[World, ...]:
    """Return the worlds of all arms at a design point (in JSON); raises ScenarioError where its values do not fit."""
    scenario = load(json.loads(recipe.scenario), trust_code=recipe.trusted).at(json.loads(changes))
    return tuple(compile_world(scenario, arm, recipe.rules) for arm in recipe.arms)


def _sheet(worlds: Sequence[World]) -> frames.Sheet:
    return frames.Sheet({world.arm: world.names for world in worlds})


def _failure(recipe: Recipe, task: Task, arm: str, replication: int, error: str, trace: str) -> Failure:
    return Failure(arm, replication, recipe.seed, task.point, task.changes, error, trace)


def _shard(
    recipe: Recipe,
    task: Task,
    worlds: Sequence[World],
    sheet: frames.Sheet,
    failures: Sequence[Failure],
) -> Shard:
    """Return the tables of logs; rows in the order of replications, then of arms, so that shards can be joined."""
    horizon = to_hours(worlds[0].horizon)
    events, decisions = sheet.events(), sheet.decisions()
    tables = {
        "runs": _runs(recipe, task, Tables(events, decisions, _all_runs(recipe, task), horizon), failures),
        "rung_changes": rung_changes(events),
        "events": events,
        "decisions": decisions,
    }
    counted = tally(tables["runs"], tables["rung_changes"], recipe.question, horizon)
    return Shard(
        task,
        {name: _parquet(_labelled(tables[name], name, task)) for name in recipe.tables},
        tuple(failures),
        counted,
        versions(),
    )


def _all_runs(recipe: Recipe, task: Task) -> pl.DataFrame:
    size = len(recipe.arms)
    replications = pl.int_range(task.start, task.stop, dtype=pl.Int64, eager=True)
    arms = pl.Series(recipe.arms, dtype=pl.String)
    return pl.DataFrame(
        {
            "arm": arms.gather(pl.int_range(size * len(task), eager=True) % size),
            "replication": replications.gather(pl.int_range(size * len(task), eager=True) // size),
        }
    )


def _runs(recipe: Recipe, task: Task, tables: Tables, failures: Sequence[Failure]) -> pl.DataFrame:
    """Return a row a run; measures of runs that failed are null."""
    failed = pl.DataFrame(
        {
            "arm": pl.Series([failure.arm for failure in failures], dtype=pl.String),
            "replication": pl.Series([failure.replication for failure in failures], dtype=pl.Int64),
            "failed": pl.Series([True] * len(failures), dtype=pl.Boolean),
        }
    )
    done = tables.runs.join(failed, on=frames.RUN, how="anti", maintain_order="left")
    return (
        tables.runs.join(outcomes(tables._replace(runs=done)), on=frames.RUN, how="left", maintain_order="left")
        .join(failed, on=frames.RUN, how="left", maintain_order="left")
        .with_columns(pl.lit(recipe.seed, dtype=pl.Int64).alias("seed"), pl.col("failed").fill_null(value=False))
    )


def _labelled(table: pl.DataFrame, name: str, task: Task) -> pl.DataFrame:
    """Return a table in the order of runs, with the columns of the design point: all factors for runs, else `point`."""
    of_point = [pl.lit(each.item(), each.dtype).alias(each.name) for each in task.factors]
    if name != "runs":
        ordered = table.sort("replication", maintain_order=True)
        return ordered.select(*frames.RUN, *of_point[:1], pl.all().exclude(frames.RUN))
    rest = [column for column in table.columns if column not in (*_FIRST, *_THEN, "failed")]
    return table.select(*_FIRST, *of_point, *_THEN, *rest, "failed")


def _parquet(table: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.write_parquet(stream, metadata=frames.MARK)
    return stream.getvalue()
