"""Compensators: the chance of reaching a rung, summed over the decisions taken before it was reached.

In expectation equal to P(peak >= r), since each decision reaches r with the probability that it states.
"""

from __future__ import annotations

import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.frames import CHANCES, RUN
from simcrisis.measures.peak import decided
from simcrisis.measures.sums import summed


def compensators(events: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return chance_3 ... chance_10 of each run."""
    firsts = (
        decided(events)
        .group_by(RUN, maintain_order=True)
        .agg(pl.col("seq").filter(pl.col("value") >= rung).min().alias(f"first_{rung}") for rung in EXCEEDED)
    )
    due = decisions.join(firsts, on=RUN, how="left", maintain_order="left").select(
        *RUN,
        *(
            pl.when(pl.col(f"first_{rung}").is_null() | (pl.col("seq") <= pl.col(f"first_{rung}")))
            .then(pl.col(chance))
            .otherwise(0.0)
            .alias(chance)
            for rung, chance in zip(EXCEEDED, CHANCES, strict=True)
        ),
    )
    return summed(due, CHANCES).drop("rows")
