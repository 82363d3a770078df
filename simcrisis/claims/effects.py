"""What an arm changes, in figures as a card holds them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from simcrisis.batch.plan import plan
from simcrisis.batch.running import run_batch
from simcrisis.batch.work import run_task
from simcrisis.errors import BatchError
from simcrisis.scenario import Scenario

DIGITS = 6
"""Digits behind the point that a card holds: far more than are certain, so that a recomputed figure is the same."""


def rounded(value: float) -> float:
    """Return a figure as a card holds it; a negative zero is none."""
    return round(value, DIGITS) + 0.0


def effects(
    scenario: Scenario, arms: Sequence[str], rung: int, replications: int, seed: int, workers: int | None = 1
) -> dict[str, dict[str, float]]:
    """Return for each arm but the first what it changes in the share of runs that reach a rung, with what it is of.

    Keys: `estimate` with `low`, `high` (95 %), paired under common luck, `risk` and `reference_risk`. Raises BatchError
    where runs failed, for a card of the others would not say what it seems to.
    """
    batch = run_batch(scenario, replications, seed, arms=arms, workers=workers)
    if batch.failures:
        raise BatchError(f"{len(batch.failures)} runs failed; a card is made of runs that all come to their end")
    risk = dict(batch.risk.filter(pl.col("rung") == rung).select("arm", "probability").iter_rows())
    found = batch.differences.filter(pl.col("rung") == rung, pl.col("arm").is_in(list(arms[1:])))
    return {
        row["arm"]: {
            "estimate": rounded(row["difference"]),
            "low": rounded(row["low"]),
            "high": rounded(row["high"]),
            "risk": rounded(risk[row["arm"]]),
            "reference_risk": rounded(risk[arms[0]]),
        }
        for row in found.iter_rows(named=True)
    }


def stated(scenario: Scenario, arms: Sequence[str], rung: int, replications: int, seed: int) -> dict[str, float]:
    """Return for each arm but the first its effect by the compensator: the same in expectation, with far less luck.

    One shard, and no tables: for many places, each with few runs.
    """
    planned = plan(scenario, replications, seed, arms=arms)
    shard = run_task(planned.recipe, planned.task(0, 0, replications))
    runs = pl.read_parquet(io.BytesIO(shard.files["runs"]))
    means = dict(runs.group_by("arm").agg(pl.col(f"chance_{rung}").mean()).iter_rows())
    return {arm: means[arm] - means[arms[0]] for arm in arms[1:]}


def over_ensemble(
    scenario: Scenario, arms: Sequence[str], rung: int, replications: int, seed: int, workers: int | None = None
) -> dict[str, dict[str, Any]]:
    """Return for each arm but the first how far its effect reaches over the packaged parameter sets."""
    batch = run_batch(scenario, replications, seed, arms=arms, ensemble=True, workers=workers)
    assert batch.ensemble is not None
    kept = (
        "sets",
        "default",
        "median",
        "low",
        "high",
        "least",
        "most",
        "same_sign",
        "clearly_raises",
        "clearly_lowers",
    )
    rows = batch.ensemble.filter(pl.col("rung") == rung, pl.col("output") == "effect")
    return {row["arm"]: _figures(row, kept) for row in rows.iter_rows(named=True)}


def _figures(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: rounded(value) if isinstance(value := row[name], float) else value for name in names}
