"""What incidents did before anybody decided: how late they were seen, how long sectors were out."""

from __future__ import annotations

import polars as pl

from simcrisis.events import Kind
from simcrisis.frames import RUN


def incidents(events: pl.DataFrame, horizon_hours: float) -> pl.DataFrame:
    """Return detection_hours_median and outage_hours, summed over sectors.

    An incident that its victim has not detected is censored, not left out: the median is null when half of them or more
    stay undetected. A sector that is still out at the horizon counts up to it.
    """
    victim = pl.col("counterpart").alias("actor")
    struck = events.filter(pl.col("kind") == Kind.STRIKE.label).select(*RUN, "incident", victim)
    noticed = events.filter(pl.col("kind") == Kind.DETECTION.label).select(*RUN, "incident", "actor", "value")
    waits = struck.join(noticed, on=[*RUN, "incident", "actor"], how="left", maintain_order="left")
    hours = pl.col("value").fill_null(float("inf")).median().alias("detection_hours_median")
    median = pl.col("detection_hours_median")
    seen = waits.group_by(RUN, maintain_order=True).agg(hours).with_columns(pl.when(median.is_finite()).then(median))
    ends = pl.col("kind") == Kind.SECTOR_UP.label
    signed = pl.when(ends).then(pl.col("hour") - horizon_hours).otherwise(horizon_hours - pl.col("hour"))
    out = (
        events.filter(ends | (pl.col("kind") == Kind.SECTOR_DOWN.label))
        .group_by(RUN, maintain_order=True)
        .agg(signed.sum().alias("outage_hours"))
    )
    return seen.join(out, on=RUN, how="full", coalesce=True, maintain_order="left_right")
