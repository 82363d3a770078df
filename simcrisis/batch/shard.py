"""A shard: some replications of every arm, simulated and measured in one go, wherever there is a processor."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

import polars as pl

from simcrisis import frames
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.events import EventLog
from simcrisis.measures import Tables, outcomes, rung_changes
from simcrisis.units import to_hours


@dataclass(frozen=True)
class Failure:
    """A run that raised, with what runs it again."""

    arm: str
    replication: int
    seed: int
    error: str
    trace: str


@dataclass(frozen=True)
class Shard:
    """The tables of some replications in every arm."""

    start: int
    stop: int
    runs: pl.DataFrame
    rung_changes: pl.DataFrame
    failures: tuple[Failure, ...]


def run_shard(worlds: tuple[World, ...], seed: int, start: int, stop: int) -> Shard:
    """Return the shard of replications `start` to `stop` (excluded) of every world."""
    parts = [_one_arm(world, seed, start, stop) for world in worlds]
    return Shard(
        start,
        stop,
        pl.concat([runs for runs, _, _ in parts]),
        pl.concat([changes for _, changes, _ in parts]),
        tuple(failure for _, _, failures in parts for failure in failures),
    )


def _one_arm(world: World, seed: int, start: int, stop: int) -> tuple[pl.DataFrame, pl.DataFrame, list[Failure]]:
    logs: list[tuple[int, EventLog]] = []
    failures: list[Failure] = []
    for replication in range(start, stop):
        try:
            logs.append((replication, simulate(world, seed, replication)))
        except Exception as error:
            failures.append(
                Failure(world.arm, replication, seed, f"{type(error).__name__}: {error}", traceback.format_exc())
            )
    events = frames.events_frame(logs, world.arm, world.names)
    decisions = frames.decisions_frame(logs, world.arm, world.names)
    all_runs = pl.DataFrame(
        {"arm": [world.arm] * (stop - start), "replication": range(start, stop)},
        schema={"arm": pl.String, "replication": pl.Int64},
    )
    done = all_runs.filter(pl.col("replication").is_in([replication for replication, _ in logs]))
    measured = outcomes(Tables(events, decisions, done, to_hours(world.horizon)))
    failed = [failure.replication for failure in failures]
    runs = all_runs.join(measured, on=frames.RUN, how="left", maintain_order="left").with_columns(
        pl.lit(seed, dtype=pl.Int64).alias("seed"), pl.col("replication").is_in(failed).alias("failed")
    )
    return _ordered(runs), rung_changes(events), failures


_FIRST = ("arm", "replication", "seed", "peak_rung", "crossed_firebreak", "first_hour_8")


def _ordered(runs: pl.DataFrame) -> pl.DataFrame:
    rest = [name for name in runs.columns if name not in (*_FIRST, "failed")]
    return runs.select(*_FIRST, *rest, "failed")
