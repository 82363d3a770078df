"""Two arms under the same luck: how far a measure moves from the one to the other, with its interval."""

from __future__ import annotations

import math
from typing import NamedTuple

import polars as pl

from simcrisis import run_batch
from simcrisis.scenario import Scenario
from tests.laws.law import z_of_mean


class Movement(NamedTuple):
    """The mean of a measure without something, and the paired change with it (95 %)."""

    pairs: int
    """Runs in which both arms have the measure: the others say nothing of a change."""
    without: float
    change: float
    low: float
    high: float
    z: float
    """Change in standard errors."""


def movement(scenario: Scenario, without: str, with_it: str, measure: str, runs: int, workers: int = 1) -> Movement:
    """Return how far a measure moves between two arms of a scenario; runs in which either has none are left out."""
    batch = run_batch(scenario, runs, 1, workers=workers)
    one, other = (
        batch.runs.filter(pl.col("arm") == arm).sort("replication")[measure].cast(pl.Float64)
        for arm in (without, with_it)
    )
    changed = [b - a for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    mean, z = math.fsum(changed) / len(changed), z_of_mean(changed)
    error = abs(mean / z) if z else 0.0
    before = math.fsum(a for a, b in zip(one, other, strict=True) if a is not None and b is not None)
    n = len(changed)
    return Movement(n, before / n, mean, mean - 1.96 * error, mean + 1.96 * error, z)
