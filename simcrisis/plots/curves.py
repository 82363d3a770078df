"""Escalation curves: how far runs had climbed by each hour."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simcrisis.events import FIREBREAK
from simcrisis.plots.bands import by_hour, from_nothing
from simcrisis.plots.labels import caption, label, title
from simcrisis.plots.style import axes, quiet
from simcrisis.plots.tables import Columns, at_rung, needs, one_point
from simcrisis.plots.words import or_above, percent, runs_of

_EXCEEDED = Columns("exceeded")
_MEAN = Columns("mean_rung", "mean_rung_low", "mean_rung_high")


@quiet
def escalation_curves(curves: pl.DataFrame, rung: int = FIREBREAK, ax: Axes | None = None) -> Axes:
    """Draw the share of runs that had reached a rung by each hour, a line an arm with its 95 % band.

    `curves` is `batch.curves`. Raises ValueError where it holds several design points, lacks columns or the rung, or
    has more than 14 arms.
    """
    table = at_rung(_checked(curves, _EXCEEDED), rung)
    drawn = by_hour(table, _EXCEEDED, axes(ax))
    title(drawn, f"Runs that have reached {or_above(rung)}")
    label(drawn.yaxis, "Share of runs")
    drawn.yaxis.set_major_formatter(FuncFormatter(percent))
    return _finished(drawn, table)


@quiet
def mean_rung(curves: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the mean over runs of the highest rung on which any dyad stands, a line an arm with its 95 % band.

    `curves` is `batch.curves`. Raises ValueError as `escalation_curves` does.
    """
    checked = _checked(curves, _MEAN)
    table = checked.filter(pl.col("rung") == pl.col("rung").min())  # it repeats over the rungs
    drawn = by_hour(table, _MEAN, axes(ax))
    title(drawn, "How high runs stand")
    label(drawn.yaxis, "Mean of the highest rung (0 to 10)")
    return _finished(drawn, table)


def _checked(curves: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    return one_point(needs(curves, "batch.curves", "arm", "hour", "rung", "n", *columns))


def _finished(ax: Axes, table: pl.DataFrame) -> Axes:
    from_nothing(ax)
    caption(ax, f"{runs_of(table)}; bands: 95 %.")
    return ax
