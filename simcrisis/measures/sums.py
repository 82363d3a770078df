"""Sums over each run, added exactly, so that no order can matter."""

from __future__ import annotations

import math
from collections.abc import Iterable

import polars as pl

from simcrisis.frames import RUN


def summed(rows: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return sums of columns over each run (`math.fsum`), and `rows`, their number; rows of a run stand together."""
    runs = rows.select(pl.struct(RUN).rle().alias("runs")).unnest("runs")
    lengths = runs["len"].to_list()
    stops = pl.Series(lengths, dtype=pl.Int64).cum_sum().to_list()
    spans = [slice(stop - length, stop) for stop, length in zip(stops, lengths, strict=True)]
    sums: dict[str, pl.Series] = {}
    for name in columns:
        values = rows[name].to_list()
        sums[name] = pl.Series([math.fsum(values[span]) for span in spans], dtype=pl.Float64)
    return runs.select("value", pl.col("len").cast(pl.Int64).alias("rows")).unnest("value").with_columns(**sums)
