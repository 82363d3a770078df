"""A sampled design: the risk, or what an arm changes, at every design point, over one of several factors."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simcrisis.events import FIREBREAK
from simcrisis.plots.bands import from_nothing
from simcrisis.plots.labels import caption, label, legend, ticks, title
from simcrisis.plots.levels import levels
from simcrisis.plots.quantity import quantity
from simcrisis.plots.style import GREY, axes, looks, quiet
from simcrisis.plots.tables import arms_of, check_factor
from simcrisis.plots.words import number, runs_of

_APART = 0.5
"""Share of the room of a named level over which its dots are spread."""


@quiet
def scatter(
    table: pl.DataFrame, factor: str, rung: int = FIREBREAK, ax: Axes | None = None, *, log: bool = False
) -> Axes:
    """Draw a dot a design point and arm: the share of runs that reach a rung, over one factor while others vary too.

    `table` is `batch.risk`, or `batch.differences` for what each arm changes, in percentage points. No intervals are
    drawn: how far dots scatter is luck and the other factors together. Raises ValueError where the table lacks columns,
    the factor or the rung, there are more than 14 arms, or the factor has no `log` axis.
    """
    of = quantity(table, rung)
    check_factor(table, factor)
    known = levels(of.rows[factor])
    if log and not (known.numeric and known.at[0] > 0):
        raise ValueError(f"'{factor}' has no log axis: its levels should be numbers above 0")
    drawn = axes(ax)
    reference = [] if of.reference is None else [of.reference]
    of_arms = {arm: look for arm, look in looks([*reference, *arms_of(of.rows)]).items() if arm not in reference}
    at = dict(zip(known.names, known.at, strict=True))
    for arm, look in of_arms.items():
        rows = of.rows.filter(pl.col("arm") == arm)
        x = [at[str(each)] for each in rows[factor]]
        if not known.numeric:
            x = [place + shift for place, shift in zip(x, _spread(x), strict=True)]
        y = of.times * rows[of.columns.value].cast(pl.Float64).to_numpy()
        drawn.plot(
            x, y, linestyle="none", marker=look.marker, color=look.colour, markerfacecolor=look.face, markersize=4.0,
            alpha=0.7, label=arm,
        )  # fmt: skip
    if of.reference is None:
        from_nothing(drawn)
    else:
        drawn.axhline(0.0, color=GREY, linewidth=1.0)
    drawn.yaxis.set_major_formatter(of.ticks)
    if not known.numeric:
        ticks(drawn.xaxis, known.at, known.names, width=max(8, 72 // len(known.at)))
    else:
        if log:
            drawn.set_xscale("log")
        drawn.xaxis.set_major_formatter(FuncFormatter(number))
    title(drawn, of.title())
    label(drawn.xaxis, f"{factor} ({known.unit})" if known.unit else factor)
    label(drawn.yaxis, of.label)
    legend(drawn, of_arms.items(), lines=False)
    caption(drawn, f"{runs_of(of.rows, f'{of.runs} at each dot')}; a dot a design point, other factors vary too.")
    return drawn


def _spread(places: list[float]) -> list[float]:
    """Return how far each dot of a named level stands beside it, so that dots of one level lie side by side."""
    count = {place: places.count(place) for place in set(places)}
    seen = dict.fromkeys(count, 0)
    found = []
    for place in places:
        seen[place] += 1
        found.append(_APART * (seen[place] / (count[place] + 1) - 0.5))
    return found
