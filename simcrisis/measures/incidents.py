"""What incidents did before anybody decided: how late they were seen, how long sectors were out."""

from __future__ import annotations

import polars as pl

from simcrisis.events import Kind
from simcrisis.frames import RUN


def incidents(events: pl.DataFrame, horizon_hours: float) -> pl.DataFrame:
    """Return detection_hours_median (null when nothing was detected) and outage_hours, summed over sectors.

    A sector that is still out at the horizon counts up to it.
    """
    seen = (
        events.filter(pl.col("kind") == Kind.DETECTION.label)
        .group_by(RUN, maintain_order=True)
        .agg(pl.col("value").median().alias("detection_hours_median"))
    )
    ends = pl.col("kind") == Kind.SECTOR_UP.label
    signed = pl.when(ends).then(pl.col("hour") - horizon_hours).otherwise(horizon_hours - pl.col("hour"))
    out = (
        events.filter(ends | (pl.col("kind") == Kind.SECTOR_DOWN.label))
        .group_by(RUN, maintain_order=True)
        .agg(signed.sum().alias("outage_hours"))
    )
    return seen.join(out, on=RUN, how="full", coalesce=True, maintain_order="left_right")
