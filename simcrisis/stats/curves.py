"""Escalation curves: how far runs had climbed by each hour."""

from __future__ import annotations

import numpy as np
import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.tally import Counts, Floats, Question, Tally

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
    "n": pl.Int64,
}


def curves(question: Question, counted: Tally, horizon_hours: float) -> pl.DataFrame:
    """Return, for each arm, hour and rung, the share of runs at or above the rung by then, with its band.

    At most 241 hours from start to horizon; `n` runs. `mean_rung` is the mean over runs of the highest rung on which
    any dyad stands at that hour, with its 95 % band; it repeats over the rungs of an hour. Arms of which every run
    failed have no rows.
    """
    hours = question.hours(horizon_hours)
    frames: list[pl.DataFrame] = []
    for n, (arm, runs) in enumerate(zip(question.arms, counted.runs.tolist(), strict=True)):
        if not runs:
            continue
        middle, below, above = _mean_rung(question, counted.rungs[n], counted.squares[n], runs)
        for rung, reached in zip(EXCEEDED, counted.reached[n].T, strict=True):
            low, high = question.method.share(reached, runs)
            at, of = np.full(len(hours), rung), np.full(len(hours), runs)
            columns = ([arm] * len(hours), hours, at, reached / runs, low, high, middle, below, above, of)
            frames.append(pl.DataFrame(dict(zip(SCHEMA, columns, strict=True)), schema=SCHEMA))
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)


def _mean_rung(question: Question, total: Counts, squares: Counts, runs: int) -> tuple[Floats, Floats, Floats]:
    """Return mean and band over runs, of which those without a change of rung stood on 0 throughout."""
    middle = total / runs
    spread = np.sqrt(np.maximum(squares / runs - middle * middle, 0.0) / max(runs - 1, 1))
    half = question.method.critical(max(runs, 2)) * spread
    return middle, np.maximum(middle - half, 0.0), middle + half
