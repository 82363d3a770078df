"""Escalation curves: how far runs had climbed by each hour."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.intervals import Floats, Z, wilson

POINTS = 241

SCHEMA = {
    "arm": pl.String,
    "hour": pl.Float64,
    "rung": pl.Int64,
    "exceeded": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "mean_rung": pl.Float64,
    "mean_rung_low": pl.Float64,
    "mean_rung_high": pl.Float64,
}


def curves(runs: pl.DataFrame, rung_changes: pl.DataFrame, horizon_hours: float) -> pl.DataFrame:
    """Return, for each arm, hour and rung, the share of runs at or above the rung by then, with its band.

    At most 241 hours from start to horizon. `mean_rung` is the mean over runs of the highest rung on which any dyad
    stands at that hour, with a normal 95 % band; it repeats over the rungs of an hour.
    """
    hours = np.linspace(0.0, horizon_hours, POINTS)
    frames: list[pl.DataFrame] = []
    for (arm,), group in runs.filter(~pl.col("failed")).group_by("arm", maintain_order=True):
        n = len(group)
        middle, below, above = _mean_rung(rung_changes.filter(pl.col("arm") == arm), hours, n)
        for rung in EXCEEDED:
            first = np.sort(group[f"first_hour_{rung}"].drop_nulls().to_numpy())
            hits = np.searchsorted(first, hours, side="right")
            low, high = wilson(hits, n)
            frames.append(
                pl.DataFrame(
                    {
                        "arm": [arm] * POINTS,
                        "hour": hours,
                        "rung": [rung] * POINTS,
                        "exceeded": hits / n,
                        "low": low,
                        "high": high,
                        "mean_rung": middle,
                        "mean_rung_low": below,
                        "mean_rung_high": above,
                    },
                    schema=SCHEMA,
                )
            )
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)


def _mean_rung(changes: pl.DataFrame, hours: Floats, n: int) -> tuple[Floats, Floats, Floats]:
    """Return mean and band over n runs, of which those without a row in `changes` stood on rung 0 throughout."""
    total, squares = np.zeros(len(hours)), np.zeros(len(hours))
    for highest in _highest(changes, hours):
        total += highest
        squares += highest * highest
    middle = total / n
    spread = np.sqrt(np.maximum(squares / n - middle * middle, 0.0) / max(n - 1, 1))
    return middle, np.maximum(middle - Z * spread, 0.0), middle + Z * spread


def _highest(changes: pl.DataFrame, hours: Floats) -> Iterator[Floats]:
    """Yield, for each run with changes, the highest rung of its dyads at each hour (small integers: sums are exact)."""
    for _, run in changes.group_by("replication", maintain_order=True):
        highest = np.zeros(len(hours))
        for _, dyad in run.group_by("a", "b", maintain_order=True):
            rungs = np.concatenate(([0], dyad["rung"].to_numpy()))
            at = np.searchsorted(dyad["hour"].to_numpy(), hours, side="right")
            np.maximum(highest, rungs[at], out=highest)
        yield highest
