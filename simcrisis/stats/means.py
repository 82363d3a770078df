"""Means of measures in each arm, and what each arm changes in them against the reference under the same luck."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl
from scipy.special import stdtr

from simcrisis.events import FIREBREAK
from simcrisis.stats.columns import Columns
from simcrisis.stats.intervals import FEW
from simcrisis.stats.limits import Flags, Floats
from simcrisis.stats.paired_times import paired_times
from simcrisis.stats.tally import Question

TO_FIREBREAK = "hours_to_firebreak"
"""Hours until the firebreak is crossed, or the horizon: the restricted mean time, for every run is watched so long."""
SCHEMA = {
    "point": pl.Int64,
    "arm": pl.String,
    "measure": pl.String,
    "n": pl.Int64,
    "mean": pl.Float64,
    "mean_low": pl.Float64,
    "mean_high": pl.Float64,
    "reference": pl.String,
    "pairs": pl.Int64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "p_value": pl.Float64,
    "variance_ratio": pl.Float64,
    "method": pl.String,
}


def means(question: Question, columns: Columns, horizons: Floats) -> pl.DataFrame:
    """Return a row for each design point, arm and measure of a table of runs; see `means_of`."""
    return means_of(question, _measures(columns, horizons), horizons)


def means_of(question: Question, measured: Iterable[tuple[str, Floats]], horizons: Floats) -> pl.DataFrame:
    """Return a row for each design point, arm and measure; `horizons` in hours, by point.

    `measured` are names with values as [point, replication, arm], NaN where a run does not have the measure.

    `mean` is over the `n` runs that have the measure, `difference` over the `pairs` in which arm and reference both
    have it (an arm in which fewer inquiries are sent has fewer delays of replies to compare). No interval, and no
    p-value, where fewer than ten values are not the median, or fewer than ten pairs differ. Of `hours_to_firebreak`, p
    is that of the paired log-rank test.
    """
    rows = [
        row
        for measure, values in measured
        for n, arm in enumerate(question.arms)
        for row in _rows(question, measure, arm, values[..., n], values[..., 0] if n else None, horizons)
    ]
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return table.with_columns(pl.col(pl.Float64).fill_nan(None)).sort("point", maintain_order=True)


def _measures(columns: Columns, horizons: Floats) -> Iterator[tuple[str, Floats]]:
    for name in columns.measures:
        yield name, columns.of(name)
    hours = np.minimum(columns.first_hours(FIREBREAK), horizons[:, None, None])
    yield TO_FIREBREAK, np.where(columns.fine, hours, np.nan)


def _rows(
    question: Question, measure: str, arm: str, values: Floats, reference: Floats | None, horizons: Floats
) -> Iterator[tuple[object, ...]]:
    """Yield the row of each design point; `values` and `reference` are [point, replication]."""
    n, mean, error, _ = _mean(values)
    half = question.method.critical(n) * error
    if reference is None:
        against: list[list[object]] = [[None] * 8] * len(values)
    else:
        against = _against(question, measure, values, reference, horizons)
    for point, of_point in enumerate(zip(n.astype(np.int64), mean, mean - half, mean + half, strict=True)):
        yield point, arm, measure, *of_point, *against[point]


def _against(
    question: Question, measure: str, values: Floats, reference: Floats, horizons: Floats
) -> list[list[object]]:
    """Return what follows `mean_high` in the row of each design point."""
    both = ~np.isnan(values) & ~np.isnan(reference)
    n, change, error, variance = _mean(np.where(both, values - reference, np.nan), usual=0.0)
    half = question.method.critical(n) * error
    apart = sum(_mean(np.where(both, each, np.nan))[3] for each in (values, reference))
    with np.errstate(divide="ignore", invalid="ignore"):
        saved = np.where(variance > 0, apart / variance, np.nan)
        p = 2 * stdtr(np.maximum(n - 1, 1), -np.abs(change) / error)
    method = f"paired means, {question.method.mean_name}"
    if measure == TO_FIREBREAK:
        p = np.array(list(map(paired_times, values, reference, horizons)))
        method = f"restricted {method}, paired log-rank test"
    if question.anytime:
        p = np.full_like(p, np.nan)
    p = np.where(np.isnan(half), np.nan, p)
    columns = (n.astype(np.int64), change, change - half, change + half, p, saved)
    return [[question.arms[0], *of_point, method] for of_point in zip(*columns, strict=True)]


def _mean(values: Floats, usual: float | None = None) -> tuple[Floats, Floats, Floats, Floats]:
    """Return n, mean, its standard error and variance.

    The error is NaN where fewer than ten values differ from the usual one (default: the median).
    """
    there: Flags = ~np.isnan(values)
    n = np.asarray(there.sum(axis=1), np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=1) / n
        variance = np.where(there, (values - mean[:, None]) ** 2, 0.0).sum(axis=1) / (n - 1)
    if usual is None:
        rows = zip(values, there, strict=True)
        middle = np.array([np.median(row[kept]) if kept.any() else np.nan for row, kept in rows])
    else:
        middle = np.full(len(values), usual)
    apart = (there & (values != middle[:, None])).sum(axis=1)
    error = np.where(apart >= FEW, np.sqrt(variance / np.maximum(n, 1)), np.nan)
    return n, mean, np.asarray(error, np.float64), variance
