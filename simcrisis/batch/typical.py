"""Which run of many is the most typical."""

from __future__ import annotations

import numpy as np
import polars as pl

TYPICAL_BY = ("peak_rung", "rung_hours", "acts", "inquiries", "silences", "findings_briefed")
"""Measures by which a run is compared with the others of its arm."""


def by_typicality(runs: pl.DataFrame) -> list[int]:
    """Return the replications of some runs of one arm, nearest to the medians of their measures first.

    Each measure counts in units of its interquartile range.
    """
    values = runs.select(pl.col(TYPICAL_BY).cast(pl.Float64).fill_null(0.0)).to_numpy()
    spread = np.subtract(*np.percentile(values, [75, 25], axis=0))
    away = np.abs(values - np.median(values, axis=0)) / np.where(spread > 0, spread, 1.0)
    order = np.argsort(away.sum(axis=1), kind="stable")
    return [int(number) for number in runs["replication"].to_numpy()[order]]
