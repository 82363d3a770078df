"""How good beliefs were when they were acted on."""

from __future__ import annotations

import math

import polars as pl

from simcrisis.frames import RUN


def brier(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return brier, the mean squared error of belief at decisions on incidents with a suspect (null: none taken)."""
    named = decisions.filter(pl.col("of_incident"), pl.col("about").is_not_null())
    errors = named.select(*RUN, ((pl.col("belief") - pl.col("culpable").cast(pl.Float64)) ** 2).alias("brier"))
    return (
        errors.group_by(RUN, maintain_order=True)
        .agg("brier")
        .with_columns(pl.col("brier").map_elements(lambda each: math.fsum(each) / len(each), return_dtype=pl.Float64))
    )
