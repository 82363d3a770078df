"""Dose and response: the risk, or what an arm changes, over one factor of a batch."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from simcrisis.events import FIREBREAK
from simcrisis.plots.bands import band_alpha, drawn_as, from_nothing
from simcrisis.plots.labels import caption, label, legend, ticks, title
from simcrisis.plots.levels import Levels, levels
from simcrisis.plots.quantity import Quantity, quantity
from simcrisis.plots.style import GREY, Look, axes, looks, quiet
from simcrisis.plots.tables import arms_of, check_factor
from simcrisis.plots.words import number, runs_of

_APART = 0.12
_MARKED = 12
"""Levels up to which each has its mark."""


@quiet
def dose_response(
    table: pl.DataFrame, factor: str, rung: int = FIREBREAK, ax: Axes | None = None, *, log: bool = False
) -> Axes:
    """Draw the share of runs that reach a rung over a factor, a line an arm with its 95 % band.

    `table` is `batch.risk`, or `batch.differences` for what each arm changes, in percentage points. Numbers and
    durations lie where they belong, in hours or days, on a `log` axis if wanted; other levels stand side by side with
    bars. Raises ValueError where the table lacks columns, the factor or the rung, another factor varies too, or there
    are more than 14 arms.
    """
    of = quantity(table, rung)
    check_factor(table, factor)
    if of.rows.select("arm", factor).is_duplicated().any():
        raise ValueError(f"more than '{factor}' varies; choose a level of every other factor, or draw heat_map")
    known = levels(of.rows[factor])
    if log and not (known.numeric and known.at[0] > 0):
        raise ValueError(f"'{factor}' has no log axis: its levels should be numbers above 0")
    drawn = axes(ax)
    reference = [] if of.reference is None else [of.reference]
    series = looks([*reference, *arms_of(of.rows)])
    of_arms = {arm: look for arm, look in series.items() if arm not in reference}
    for n, (arm, look) in enumerate(of_arms.items()):
        rows = of.rows.filter(pl.col("arm") == arm)
        (_line if known.numeric else _dots)(drawn, rows, factor, known, of, look, n, len(of_arms))
    _scales(drawn, known, of, log)
    title(drawn, of.title())
    label(drawn.xaxis, f"{factor} ({known.unit})" if known.unit else factor)
    label(drawn.yaxis, of.label)
    legend(drawn, of_arms.items(), lines=known.numeric)
    caption(drawn, f"{runs_of(of.rows, f'{of.runs} at each level')}; {'bands' if known.numeric else 'bars'}: 95 %.")
    return drawn


def _line(
    ax: Axes, rows: pl.DataFrame, factor: str, known: Levels, of: Quantity, look: Look, n: int, arms: int
) -> None:
    at = dict(zip(known.names, known.at, strict=True))
    rows = rows.with_columns(pl.Series("at", [at[str(each)] for each in rows[factor]], pl.Float64)).sort("at")
    value, low, high = (of.times * rows[name].cast(pl.Float64).to_numpy() for name in of.columns)
    drawn = drawn_as(look, n, arms)
    if len(known.at) <= _MARKED:
        drawn["markevery"] = None
    ax.fill_between(rows["at"], low, high, color=look.colour, alpha=band_alpha(arms), linewidth=0)
    ax.plot(rows["at"], value, label=rows["arm"][0], **drawn)


def _dots(
    ax: Axes, rows: pl.DataFrame, factor: str, known: Levels, of: Quantity, look: Look, n: int, arms: int
) -> None:
    at = dict(zip(known.names, known.at, strict=True))
    apart = min(_APART, 0.7 / arms) * (n - (arms - 1) / 2)
    x = [at[str(each)] + apart for each in rows[factor]]
    value, low, high = (of.times * rows[name].cast(pl.Float64).to_numpy() for name in of.columns)
    ax.vlines(x, low, high, color=look.colour, linewidth=1.2)
    ax.plot(
        x, value, linestyle="none", marker=look.marker, color=look.colour, markerfacecolor=look.face,
        label=rows["arm"][0],
    )  # fmt: skip


def _scales(ax: Axes, known: Levels, of: Quantity, log: bool) -> None:
    if of.reference is None:
        from_nothing(ax)
    else:
        ax.axhline(0.0, color=GREY, linewidth=1.0)
    ax.yaxis.set_major_formatter(of.ticks)
    if not known.numeric:
        ticks(ax.xaxis, known.at, known.names, width=max(8, 72 // len(known.at)))
        return
    if log:
        ax.set_xscale("log")
        ax.xaxis.set_minor_locator(NullLocator())
    if log and len(known.at) <= _MARKED:
        ax.xaxis.set_major_locator(FixedLocator(known.at))
    ax.xaxis.set_major_formatter(FuncFormatter(number))
