"""How good beliefs were when they were acted on."""

from __future__ import annotations

import polars as pl

from simcrisis.frames import RUN
from simcrisis.measures.sums import summed


def brier(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return brier, the mean squared error of belief at decisions on incidents with a suspect (null: none taken)."""
    named = decisions.filter(pl.col("of_incident"), pl.col("about").is_not_null())
    errors = named.select(*RUN, ((pl.col("belief") - pl.col("culpable").cast(pl.Float64)) ** 2).alias("brier"))
    return summed(errors, ["brier"]).select(*RUN, pl.col("brier") / pl.col("rows"))
