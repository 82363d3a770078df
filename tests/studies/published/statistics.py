"""Numbers of a run that several studies judge by."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from simcrisis.events import Kind
from tests.studies.published.study import Tables

RUN = ("arm", "replication")
NAMING, COUNTER_OPERATION = 4, 7


def measured(column: str) -> Callable[[Tables], pl.DataFrame]:
    """Return a column of `runs`; that of chance_r has the expectation P(peak rung >= r), with less noise."""
    return lambda tables: tables.runs.select(*RUN, value=pl.col(column).cast(pl.Float64))


def at_least_once(column: str) -> Callable[[Tables], pl.DataFrame]:
    """Return whether a count of `runs` is above nothing."""
    return lambda tables: tables.runs.select(*RUN, value=(pl.col(column) > 0).cast(pl.Float64))


def among(column: str, where: str) -> Callable[[Tables], pl.DataFrame]:
    """Return whether a count is above nothing, of runs in which another one is."""
    return lambda tables: tables.runs.filter(pl.col(where) > 0).select(
        *RUN, value=(pl.col(column) > 0).cast(pl.Float64)
    )


def answers_to_acts(tables: Tables) -> pl.DataFrame:
    """Return how many acts of rung 4 and above answered an act, not an incident."""
    answers = tables.decisions.filter(~pl.col("of_incident"), ~pl.col("private"), pl.col("act") >= NAMING)
    counted = answers.group_by(RUN).agg(value=pl.len().cast(pl.Float64))
    return tables.runs.select(RUN).join(counted, on=RUN, how="left").with_columns(pl.col("value").fill_null(0.0))


def first_chance(rung: int) -> Callable[[Tables], pl.DataFrame]:
    """Return the chance of an act of at least a rung in the first decision of a run."""
    return lambda tables: (
        tables.decisions.sort("seq")
        .group_by(RUN, maintain_order=True)
        .agg(value=pl.col(f"chance_{rung}").first().cast(pl.Float64))
    )


def backs_down(tables: Tables) -> pl.DataFrame:
    """Return whether a State's first choice after its first act of rung 4 or above is below that act.

    Both against the same State; of the first State in a run that has come to such a choice. Counter-operations commit
    nobody: they are not seen.
    """
    side = (*RUN, "actor", "about")
    public = ~pl.col("private") & (pl.col("act") >= NAMING) & (pl.col("act") != COUNTER_OPERATION)
    said = pl.when(public).then(pl.col("act")).forward_fill().shift(1).over(side, order_by="seq")
    later = tables.decisions.drop_nulls("about").with_columns(said=said).drop_nulls("said")
    return (
        later.sort("seq")
        .group_by(RUN, maintain_order=True)
        .agg(value=(pl.col("act") < pl.col("said")).first().cast(pl.Float64))
    )


def days_until_withdrawn(tables: Tables) -> pl.DataFrame:
    """Return the days from a run's first act of rung 4 or above to its first withdrawal, where there is one."""
    firsts = tables.events.group_by(RUN).agg(
        act=pl.col("hour").filter((pl.col("kind") == Kind.ACT.label) & (pl.col("value") >= NAMING)).min(),
        withdrawn=pl.col("hour").filter(pl.col("kind") == Kind.WITHDRAWN.label).min(),
    )
    return firsts.select(*RUN, value=(pl.col("withdrawn") - pl.col("act")) / 24.0).drop_nulls()
