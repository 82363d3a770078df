"""How high a run climbed: over acts decided by States, called off or not."""

from __future__ import annotations

import polars as pl

from simcrisis.events import EXCEEDED, FIREBREAK, PRIVATE, Kind
from simcrisis.frames import RUN


def peak(events: pl.DataFrame) -> pl.DataFrame:
    """Return peak_rung, crossed_firebreak, carried_peak and first_hour_3 ... first_hour_10 (null: not by the horizon).

    Acts count when decided, whether or not they are called off before they are carried out; carried_peak is over acts
    carried out.
    """
    taken = decided(events)
    carried = events.filter(pl.col("kind") == Kind.ACT.label)
    firsts = [pl.col("hour").filter(pl.col("value") >= rung).min().alias(f"first_hour_{rung}") for rung in EXCEEDED]
    return (
        taken.group_by(RUN, maintain_order=True)
        .agg(pl.col("value").max().cast(pl.Int64).alias("peak_rung"), *firsts)
        .with_columns((pl.col("peak_rung") >= FIREBREAK).alias("crossed_firebreak"))
        .join(
            carried.group_by(RUN, maintain_order=True).agg(pl.col("value").max().cast(pl.Int64).alias("carried_peak")),
            on=RUN,
            how="left",
            maintain_order="left",
        )
    )


def decided(events: pl.DataFrame) -> pl.DataFrame:
    """Return the records of decisions that did not stay private: acts as they are decided."""
    return events.filter(pl.col("kind") == Kind.DECISION.label, pl.col("detail") != PRIVATE)
