"""Survival below a rung: which share of runs has not reached it by each hour."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import CensoredData, ecdf

from simcrisis.events import FIREBREAK
from simcrisis.stats.intervals import ALPHA
from simcrisis.stats.limits import Floats

SCHEMA = {
    "arm": pl.String,
    "rung": pl.Int64,
    "hour": pl.Float64,
    "at_risk": pl.Int64,
    "reached": pl.Int64,
    "survival": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def survival(runs: pl.DataFrame, horizon_hours: float, rung: int = FIREBREAK) -> pl.DataFrame:
    """Return the Kaplan-Meier curve of each arm.

    A row at hour 0, at each hour at which a run reached the rung, and at the horizon, at which the others are censored.
    Columns arm, rung, hour, at_risk (runs below the rung just before), reached (by runs in that instant), survival,
    low, high (95 %, Greenwood's variance on the log-minus-log scale; null where nothing was reached yet). Failed runs
    are left out. Kaplan and Meier 1958, doi:10.1080/01621459.1958.10501452.
    """
    tables = [pl.DataFrame(schema=SCHEMA)]
    for arm in runs["arm"].unique(maintain_order=True):
        of_arm = runs.filter(pl.col("arm") == arm, ~pl.col("failed"))
        hours = of_arm[f"first_hour_{rung}"]
        if len(of_arm):
            tables.append(_curve(arm, rung, hours.drop_nulls().sort().to_numpy(), hours.null_count(), horizon_hours))
    return pl.concat(tables)


def _curve(arm: str, rung: int, reached: Floats, censored: int, horizon: float) -> pl.DataFrame:
    """Return the curve of one arm: `reached` in rising order, so many others censored at the horizon."""
    curve = ecdf(CensoredData(uncensored=reached, right=np.full(censored, horizon))).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no bounds where nothing, or everything, was reached
        band: Any = curve.confidence_interval(1 - ALPHA, method="log-log")
    hours = np.concatenate([[0.0], curve.quantiles])
    before, after = np.searchsorted(reached, hours, side="left"), np.searchsorted(reached, hours, side="right")
    return pl.DataFrame(
        {
            "arm": arm,
            "rung": rung,
            "hour": hours,
            "at_risk": len(reached) + censored - before,
            "reached": after - before,
            "survival": np.concatenate([[1.0], curve.probabilities]),
            "low": np.concatenate([[np.nan], band.low.probabilities]),
            "high": np.concatenate([[np.nan], band.high.probabilities]),
        },
        schema=SCHEMA,
    ).with_columns(pl.col("low", "high").fill_nan(None))
