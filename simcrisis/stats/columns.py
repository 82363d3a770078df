"""Columns of a table of runs, one at a time, as arrays: what means and control variates are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from simcrisis.stats.limits import Flags, Floats

_WHICH_RUN = ("arm", "replication", "seed", "failed")


@dataclass(frozen=True)
class Columns:
    """A table of runs in the order of design points, replications and arms, in which none is missing."""

    runs: pl.LazyFrame
    arms: tuple[str, ...]
    factors: tuple[str, ...] = ()
    """Columns that say what varies."""
    points: int = 1

    def of(self, name: str) -> Floats:
        """Return a column as [point, replication, arm]; NaN where it is null."""
        values = self.runs.select(pl.col(name).cast(pl.Float64)).collect().to_series()
        return values.fill_null(np.nan).to_numpy().reshape(self.points, -1, len(self.arms))

    @property
    def fine(self) -> Flags:
        """Which runs did not fail, as [point, replication, arm]."""
        return np.asarray(self.of("failed") == 0.0, np.bool_)

    def first_hours(self, rung: int) -> Floats:
        """Return the hour at which a rung was first reached as [point, replication, arm]; infinite where it was not."""
        hours = self.of(f"first_hour_{rung}")
        return np.where(np.isnan(hours), np.inf, hours)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures whose means say something: numbers, but hours of first acts and stated chances."""
        schema = self.runs.collect_schema()
        return tuple(
            name
            for name, dtype in schema.items()
            if dtype.is_numeric()
            and name not in (*_WHICH_RUN, *self.factors)
            and not name.startswith(("first_hour_", "chance_"))
        )
