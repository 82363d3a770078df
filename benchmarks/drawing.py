"""figures/growth.svg: cost by size, log-log, with the fitted power law; told apart without colour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from benchmarks.growth import Series
from simcrisis.plots.style import GREY, INK, SMALL, style

COLUMNS = 3
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def draw(series: Sequence[Series], path: Path) -> None:
    """Write the panels, one a series, as SVG; the same figures give the same bytes."""
    rows = -(-len(series) // COLUMNS)
    with style(), mpl.rc_context({"svg.hashsalt": "growth", "svg.fonttype": "none"}):
        figure = Figure(figsize=(10.8, 3.1 * rows))
        panels = figure.subplots(rows, COLUMNS, squeeze=False).flat
        for each, ax in zip(series, panels, strict=False):
            _panel(ax, each)
        for ax in list(figure.axes)[len(series) :]:
            ax.set_axis_off()
        path.parent.mkdir(exist_ok=True)
        figure.savefig(path, metadata={"Date": None})


def _panel(ax: Axes, series: Series) -> None:
    sizes, costs = np.array(series.sizes, float), np.array(series.rounds)
    low, middle, high = np.quantile(costs, [0.25, 0.5, 0.75], axis=0)
    exponent = series.exponent
    level = np.exp(np.mean(np.log(middle)) - exponent.value * np.mean(np.log(sizes)))
    ax.plot(sizes, level * sizes**exponent.value, color=GREY, linewidth=1.2)
    ax.errorbar(sizes, middle, [middle - low, high - middle], fmt="o", color=INK, markersize=4, elinewidth=1, capsize=2)
    ax.set_xscale("log")
    ax.set_yscale("log")
    least, most = middle.min(), middle.max()
    room = max(1.3, (10 / (most / least)) ** 0.5)
    ax.set_ylim(least / room, most * room)
    ax.set_title(series.name)
    said = f"exponent {exponent.value:z.2f} ({exponent.low:z.2f} to {exponent.high:z.2f})"
    ax.text(0.03, 0.97, said, transform=ax.transAxes, va="top", fontsize=SMALL)
    ax.set_xlabel(series.axis)
    ax.set_ylabel(series.cost)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _time(value)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_formatter(NullFormatter())
    if most / least < 30:
        _few(ax, least / room, most * room)
    if len(sizes) < 6:
        ax.set_xticks(sizes)
        ax.xaxis.set_minor_locator(NullLocator())


def _few(ax: Axes, low: float, high: float) -> None:
    """Label 1, 2 and 5 of each decade where there are few decades."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    ax.set_yticks([k * 10.0**d for d in decades for k in (1, 2, 5) if low <= k * 10.0**d <= high])
    ax.yaxis.set_minor_locator(NullLocator())


def _time(seconds: float) -> str:
    unit, word = next(((unit, word) for unit, word in UNITS if seconds >= 0.999 * unit), UNITS[-1])
    return f"{seconds / unit:,.3g} {word}"
