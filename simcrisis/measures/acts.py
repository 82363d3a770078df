"""What States did to each other, and to the wrong one."""

from __future__ import annotations

import polars as pl

from simcrisis.events import Kind
from simcrisis.frames import RUN

NAMING = 4
"""From this rung up an act names whom it is against."""
COUNTER_OPERATION = 7


def acts(events: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return acts (rung 3 and above), counter_operations and misattributed_acts.

    Misattributed are acts of rung 4 and above, on an incident, against an innocent.
    """
    taken = events.filter(pl.col("kind") == Kind.ACT.label)
    wrong = decisions.filter(pl.col("of_incident"), ~pl.col("culpable"), ~pl.col("private"), pl.col("act") >= NAMING)
    counted = taken.group_by(RUN, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("acts"),
        (pl.col("value") == COUNTER_OPERATION).sum().cast(pl.Int64).alias("counter_operations"),
    )
    mistaken = wrong.group_by(RUN, maintain_order=True).agg(pl.len().cast(pl.Int64).alias("misattributed_acts"))
    return counted.join(mistaken, on=RUN, how="left", maintain_order="left")
