"""Sums over each run, added exactly, so that no order can matter."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import polars as pl

from simcrisis.frames import RUN


def summed(rows: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return sums of columns over each run (`math.fsum`), and `rows`, their number; rows of a run stand together."""
    runs = rows.select(pl.struct(RUN).rle().alias("runs")).unnest("runs")
    lengths = runs["len"].to_numpy().astype(np.int64)
    stops = np.cumsum(lengths)
    starts, two, more = stops - lengths, lengths == 2, np.flatnonzero(lengths > 2)
    sums: dict[str, pl.Series] = {}
    for name in columns:
        values = rows[name].cast(pl.Float64).to_numpy()
        total = values[starts] + 0.0  # of one number and of two: fsum rounds once, as an addition does
        total[two] += values[starts[two] + 1]
        total[more] = [math.fsum(values[starts[run] : stops[run]].tolist()) for run in more]
        sums[name] = pl.Series(total, dtype=pl.Float64)
    return runs.select("value", pl.col("len").cast(pl.Int64).alias("rows")).unnest("value").with_columns(**sums)
