"""Measures of your own: a row a run, a column a measure; estimated as the measures of the package are."""

from __future__ import annotations

import numpy as np
import polars as pl

from simcrisis import stats
from simcrisis.batch.design import POINT
from simcrisis.batch.plan import Plan
from simcrisis.batch.tables import labelled
from simcrisis.errors import BatchError
from simcrisis.frames import RUN


def measured(plan: Plan, runs: pl.LazyFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the estimates of every column of `rows` that does not say which run a row is; see `Batch.measured`."""
    keys = [*(name for name in plan.factors.columns if name == POINT), *RUN]
    names = [name for name in rows.columns if name not in {*keys, *plan.factors.columns}]
    _check(rows, keys, names)
    known = runs.select(*keys, "failed").collect()
    strangers = rows.join(known, on=keys, how="anti")
    if len(strangers):
        raise BatchError(f"measured: the batch has no run {strangers.select(keys).row(0, named=True)}")
    told = known.join(rows, on=keys, how="left", maintain_order="left").with_columns(
        pl.when(~pl.col("failed")).then(pl.col(names).cast(pl.Float64))
    )
    columns = stats.Columns(told.lazy(), plan.arms, points=len(plan.points))
    each = ((name, columns.of(name)) for name in names)
    return labelled(stats.means_of(plan.question, each, np.array(plan.horizons)), plan.factors)


def _check(rows: pl.DataFrame, keys: list[str], names: list[str]) -> None:
    """Raise BatchError where rows cannot be measures, a row a run."""
    missing = [key for key in keys if key not in rows.columns]
    if missing:
        raise BatchError(f"measured: the rows have no column {', '.join(missing)}; a row should say which run it is of")
    if not names:
        raise BatchError(f"measured: the rows have no column but {', '.join(rows.columns)}: nothing is measured")
    for name in names:
        if not (rows.schema[name].is_numeric() or rows.schema[name] == pl.Boolean):
            raise BatchError(f"measured: '{name[:60]}' holds {rows.schema[name]}, no numbers")
        if name == stats.TO_FIREBREAK:
            raise BatchError(f"measured: '{name}' is a measure of the package; choose another name")
    twice = rows.filter(rows.select(keys).is_duplicated())
    if len(twice):
        raise BatchError(f"measured: more than one row is of the run {twice.select(keys).row(0, named=True)}")
