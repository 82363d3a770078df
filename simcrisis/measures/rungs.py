"""The rungs that dyads stood on, and for how long."""

from __future__ import annotations

import polars as pl

from simcrisis.events import Kind
from simcrisis.frames import RUN
from simcrisis.measures.sums import summed


def rung_changes(events: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each change: arm, replication, hour, a, b (the dyad), rung (from then on)."""
    return events.filter(pl.col("kind") == Kind.RUNG.label).select(
        *RUN,
        "hour",
        pl.col("actor").cast(pl.String).alias("a"),
        pl.col("counterpart").cast(pl.String).alias("b"),
        pl.col("value").cast(pl.Int64).alias("rung"),
    )


def rung_hours(events: pl.DataFrame, horizon_hours: float) -> pl.DataFrame:
    """Return rung_hours: the rung of each dyad times the hours it lasted, summed over dyads."""
    changes = rung_changes(events).sort(*RUN, "a", "b", "hour", maintain_order=True)
    until = pl.col("hour").shift(-1).over(*RUN, "a", "b").fill_null(horizon_hours)
    spans = changes.select(*RUN, ((until - pl.col("hour")) * pl.col("rung")).alias("rung_hours"))
    return summed(spans, ["rung_hours"]).drop("rows")
