"""Exceedance: the risk of each rung."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.markers import CARETDOWNBASE
from matplotlib.ticker import FuncFormatter, NullLocator

from simcrisis.events import FIREBREAK
from simcrisis.plots.bands import from_nothing
from simcrisis.plots.labels import caption, label, legend, ticks, title, words_fit
from simcrisis.plots.style import GREY, PAPER, SMALL, Look, axes, looks, quiet
from simcrisis.plots.tables import RISK, arms_of, estimated, needs, one_point
from simcrisis.plots.words import NOT_COMPENSATED, act, percent, runs_of

_APART, _WIDEST = 0.11, 0.7
"""Between arms at a rung, and all of them together, in rungs."""


@quiet
def exceedance(risk: pl.DataFrame, ax: Axes | None = None, *, log: bool = False, compensated: bool = False) -> Axes:
    """Draw the share of runs that reach each rung or one above, an arm a series, with 95 % intervals.

    `risk` is `batch.risk`. On a `log` scale a rung that no run reached shows as the upper bound of its interval.
    `compensated` draws the estimates with less noise where they are known, the others hollow. Raises ValueError where
    the table holds several design points, lacks columns, or has more than 14 arms.
    """
    table = one_point(needs(risk, "batch.risk", "arm", "rung", "n", *RISK))
    table = estimated(table, RISK, compensated)
    rungs = table["rung"].unique().sort().to_list()
    known = looks(arms_of(table))
    drawn = axes(ax)
    if log:
        drawn.set_yscale("log", nonpositive="clip")
        drawn.yaxis.set_minor_locator(NullLocator())
    apart = min(_APART, _WIDEST / len(known))
    for n, (arm, look) in enumerate(known.items()):
        _series(drawn, table.filter(pl.col("arm") == arm), arm, look, apart * (n - (len(known) - 1) / 2), log)
    if log:
        drawn.set_ylim(_least(table), 1.0)
    else:
        from_nothing(drawn)
    drawn.yaxis.set_major_formatter(FuncFormatter(percent))
    _firebreak(drawn, rungs)
    words = words_fit(drawn, len(rungs), known)
    ticks(
        drawn.xaxis, rungs, [f"{rung}\n{act(rung).split(',')[0]}" if words else str(rung) for rung in rungs], width=12
    )
    drawn.tick_params(axis="x", labelsize=SMALL)
    drawn.grid(visible=False, axis="x")
    title(drawn, "How often runs reach each rung or one above")
    label(drawn.xaxis, "Rung")
    label(drawn.yaxis, "Share of runs")
    legend(drawn, known.items())
    unseen = "Triangles: no run reached it; upper bounds." if log and (table["value"] <= 0).any() else ""
    caption(drawn, f"{runs_of(table)}; bars: 95 %.", NOT_COMPENSATED if table["plain"].any() else "", unseen)
    return drawn


def _series(ax: Axes, of_arm: pl.DataFrame, arm: str, look: Look, shift: float, log: bool) -> None:
    x = of_arm["rung"].cast(pl.Float64).to_numpy() + shift
    value, low, high = (of_arm[name].to_numpy() for name in ("value", "lower", "upper"))
    unseen = (value <= 0) & log
    value = np.where(unseen, np.nan, value)
    ax.vlines(x, low, high, color=look.colour, linewidth=1.1)
    ax.plot(x, value, color=look.colour, linestyle=look.dash, linewidth=0.9, label=arm)
    for plain, face in ((False, look.face), (True, PAPER)):
        here = of_arm["plain"].to_numpy() == plain
        ax.plot(x[here], value[here], look.marker, color=look.colour, markerfacecolor=face)
    ax.plot(x[unseen], high[unseen], linestyle="none", marker=CARETDOWNBASE, color=look.colour)


def _least(table: pl.DataFrame) -> float:
    """Return where a log scale begins: below every bound that is more than nothing."""
    bounds = [bound for name in ("value", "lower", "upper") for bound in table[name].drop_nulls() if bound > 0]
    return float(min(bounds, default=0.01)) / 2


def _firebreak(ax: Axes, rungs: list[int]) -> None:
    """Mark where force begins, if it is in sight."""
    if not rungs[0] < FIREBREAK <= rungs[-1]:
        return
    ax.axvline(FIREBREAK - 0.5, color=GREY, linewidth=0.9, linestyle=(0, (1, 2)))
    ax.annotate(
        "force", (FIREBREAK - 0.5, 1.0), (4, -2), xycoords=("data", "axes fraction"),
        textcoords="offset points", va="top", fontsize=SMALL, color=GREY,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip
