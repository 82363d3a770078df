"""A heat map: the risk, or what an arm changes, over two factors of a batch."""

from __future__ import annotations

import math

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.ticker import FuncFormatter

from simcrisis.events import FIREBREAK
from simcrisis.plots.labels import caption, label, ticks, title
from simcrisis.plots.levels import levels
from simcrisis.plots.quantity import Quantity, quantity
from simcrisis.plots.style import INK, PAPER, axes, quiet
from simcrisis.plots.tables import arms_of, check_factor
from simcrisis.plots.words import POINTS, number, runs_of, signed

Floats = npt.NDArray[np.float64]

_RISK, _CHANGE = "cividis_r", "PuOr_r"
"""Both told apart with any common colour blindness; signs of changes also stand in the cells."""
_LEAST = 1e-9
_DARK = 0.18
"""Luminance below which white stands out more than black."""
_CELL = 0.42


@quiet
def heat_map(
    table: pl.DataFrame, x: str, y: str, rung: int = FIREBREAK, ax: Axes | None = None, *, arm: str | None = None
) -> Axes:
    """Draw the share of runs that reach a rung in an arm (default: the last) over a grid of two factors.

    `table` is `batch.risk` (cells in per cent), or `batch.differences` for what the arm changes, in percentage points:
    bold where the 95 % interval leaves out nothing. Raises ValueError where the table lacks columns, a factor, the arm
    or the rung, other factors vary too, or most cells are empty, as in a sampled design.
    """
    of = quantity(table, rung)
    for factor in (x, y):
        check_factor(table, factor)
    if x == y:
        raise ValueError(f"'{x}' is there twice; name two factors")
    chosen = _chosen(of.rows, arm)
    rows = of.rows.filter(pl.col("arm") == chosen)
    if rows.select(x, y).is_duplicated().any():
        raise ValueError(f"more than '{x}' and '{y}' varies; choose a level of every other factor")
    across, up = levels(rows[x]), levels(rows[y])
    if 2 * len(rows) < len(across.at) * len(up.at):
        raise ValueError(f"most cells would be empty: '{x}' and '{y}' are no grid")
    drawn = axes(ax, height=max(3.0, 2.0 + _CELL * len(up.at)))
    _cells(drawn, rows, of, (x, across.names), (y, up.names))
    ticks(drawn.xaxis, range(len(across.names)), across.names, max(6, 60 // len(across.names)))
    ticks(drawn.yaxis, range(len(up.names)), up.names, 20)
    label(drawn.xaxis, x)
    label(drawn.yaxis, y)
    title(drawn, of.title(chosen))
    bold = "" if of.reference is None else "Bold: the 95 % interval leaves out 0."
    caption(drawn, f"{runs_of(rows, f'{of.runs} in each cell')}.", bold)
    return drawn


def _chosen(rows: pl.DataFrame, arm: str | None) -> str:
    arms = arms_of(rows)
    if arm is not None and arm not in arms:
        raise ValueError(f"the table has no arm '{arm}'; there are {', '.join(arms)}")
    return arm or arms[-1]


def _cells(ax: Axes, rows: pl.DataFrame, of: Quantity, x: tuple[str, list[str]], y: tuple[str, list[str]]) -> None:
    """Draw the cells with a number in each, and what the colours mean beside them."""
    (across, columns), (up, lines) = x, y
    values: Floats = np.full((len(lines), len(columns)), np.nan)
    told = []
    for each in rows.iter_rows(named=True):
        value, low, high = (math.nan if each[name] is None else 100 * each[name] for name in of.columns)
        at = columns.index(str(each[across])), lines.index(str(each[up]))
        values[at[::-1]] = value
        told.append((at, value, of.reference is not None and (low > 0 or high < 0)))
    change = of.reference is not None
    most = max(float(np.nanmax(np.abs(values))), _LEAST)
    scale = Normalize(-most if change else 0.0, most)
    shades = mpl.colormaps[_CHANGE if change else _RISK]
    places = range(len(columns)), range(len(lines))
    cells = ax.pcolormesh(*places, values, cmap=shades, norm=scale, shading="nearest", edgecolor=PAPER, linewidth=1.0)
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    for at, value, bold in told:
        dark = _luminance(shades(scale(value))) < _DARK
        text = signed(value) if change else f"{value:.1f}"
        ax.text(*at, text, ha="center", va="center", color=PAPER if dark else INK, weight="bold" if bold else "normal")
    beside = ax.figure.colorbar(cells, ax=ax, format=FuncFormatter(number), pad=0.02)
    beside.outline.set_visible(False)
    label(beside.ax.yaxis, POINTS if change else "Share of runs, %")


def _luminance(colour: tuple[float, ...]) -> float:
    """Return the relative luminance of an sRGB colour: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
