"""A tornado: which assumption moves an output most."""

from __future__ import annotations

from typing import Literal, NamedTuple

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simcrisis.plots.labels import caption, label, ticks, title
from simcrisis.plots.rows import ROOM, height
from simcrisis.plots.style import GREY, INK, PAPER, axes, quiet
from simcrisis.plots.tables import Columns, arms_of, needs
from simcrisis.plots.words import number, or_above

_OF = "Sensitivity.table of screen or indices"
_BAR = "#56b4e9"


class _Method(NamedTuple):
    """How a kind of analysis is drawn."""

    bar: Columns
    dot: str
    times: float
    label: str
    told: str


_MORRIS = _Method(
    Columns("mu_star", "mu_star_low", "mu_star_high"), "mu", 100.0,
    "Elementary effects, percentage points per whole range",
    "Bars: mean size (mu*), 95 %; dots: mean with its sign (mu).",
)  # fmt: skip
_SOBOL = _Method(
    Columns("total", "total_low", "total_high"), "first", 1.0,
    "Share of the variance over the sampled ranges",
    "Bars: with all interactions (total), 95 %; dots: alone (first).",
)  # fmt: skip


@quiet
def tornado(
    table: pl.DataFrame, output: Literal["risk", "effect"] = "risk", arm: str | None = None, ax: Axes | None = None,
    *, top: int = 20,
) -> Axes:  # fmt: skip
    """Draw how far each parameter moves an output in an arm (default: the last), the `top` of them, largest first.

    `table` is that of a `Sensitivity`: Morris' mu_star with mu, or Sobol's total with first, with 95 % intervals.
    Raises ValueError where it lacks columns, the output or the arm, or the output does not vary, or `top` is below 1.
    """
    needs(table, _OF, "output", "arm", "rung", "parameter", "points", "replications")
    method = _MORRIS if _MORRIS.bar.value in table.columns else _SOBOL
    needs(table, _OF, method.dot, *method.bar)
    if top < 1:
        raise ValueError(f"top: {top} should be 1 or more")
    chosen = _chosen(table, output, arm)
    ranked = chosen.drop_nulls(method.bar.value).sort(method.bar.value, descending=True, maintain_order=True)
    if ranked.is_empty():
        raise ValueError(f"the {output} in arm '{chosen['arm'][0]}' is the same at every design point")
    drawn = axes(ax, height=height(min(top, len(ranked))))
    _bars(drawn, ranked.head(top), method)
    what = "the risk in" if output == "risk" else "the effect of"
    title(drawn, f"What moves {what} arm '{chosen['arm'][0]}': {or_above(chosen['rung'][0])}", ROOM)
    label(drawn.xaxis, method.label)
    of_many = f"The first {top} of {len(ranked)} parameters." if top < len(ranked) else ""
    runs = "pairs of runs" if output == "effect" else "runs"
    counted = f"n = {chosen['replications'][0]:,} {runs} at each of {chosen['points'][0]:,} design points."
    caption(drawn, counted, method.told, of_many, room=ROOM)
    return drawn


def _chosen(table: pl.DataFrame, output: str, arm: str | None) -> pl.DataFrame:
    of_output = table.filter(pl.col("output") == output)
    if of_output.is_empty():
        raise ValueError(f"the table has no output '{output}'; there are {', '.join(table['output'].unique().sort())}")
    arms = arms_of(of_output)
    if arm is not None and arm not in arms:
        raise ValueError(f"the table has no arm '{arm}' with output '{output}'; there are {', '.join(arms)}")
    return of_output.filter(pl.col("arm") == (arm or arms[-1]))


def _bars(ax: Axes, ranked: pl.DataFrame, method: _Method) -> None:
    places = range(len(ranked))
    value, low, high, dot = (method.times * ranked[name].to_numpy() for name in (*method.bar, method.dot))
    ax.barh(places, value, height=0.62, color=_BAR)
    ax.hlines(places, low, high, color=INK, linewidth=1.2)
    ax.plot(dot, places, "o", color=INK, markerfacecolor=PAPER)
    ax.axvline(0.0, color=GREY, linewidth=1.0)
    ax.set_ylim(len(ranked) - 0.4, -0.6)
    ticks(ax.yaxis, places, ranked["parameter"].to_list(), 30)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_formatter(FuncFormatter(number))
