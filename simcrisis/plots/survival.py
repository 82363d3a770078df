"""Survival: how long runs stay below a rung."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simcrisis.plots.bands import MARK, by_hour
from simcrisis.plots.labels import caption, label, title
from simcrisis.plots.style import axes, quiet
from simcrisis.plots.tables import Columns, needs
from simcrisis.plots.words import act, percent, runs_of

_BELOW = Columns("survival")


@quiet
def survival(curve: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the Kaplan-Meier steps of staying below a rung, an arm each, with 95 % bands.

    `curve` is `batch.survival(rung)`. Raises ValueError where it lacks columns, holds several rungs, or has more than
    14 arms.
    """
    table = needs(curve, "batch.survival(rung)", "arm", "rung", "hour", "at_risk", *_BELOW)
    if table["rung"].n_unique() > 1:
        raise ValueError("the table holds several rungs; choose one")
    rung = table["rung"][0]
    drawn = by_hour(table, _BELOW, axes(ax), step="post")
    title(drawn, f"Runs that are still below rung {rung} ({act(rung)})")
    label(drawn.yaxis, "Share of runs")
    least = drawn.get_ylim()[0]
    drawn.set_ylim(least, 1.0 + MARK * (1.0 - least))
    drawn.yaxis.set_major_formatter(FuncFormatter(percent))
    begun = table.filter(pl.col("hour") == 0).select(n="at_risk")
    cut = "The axis does not begin at 0 %." if least > 0 else ""
    caption(drawn, f"{runs_of(begun)}; Kaplan-Meier, bands: 95 %.", cut)
    return drawn
