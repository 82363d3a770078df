"""Named rows, each a dot with its interval and figures beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from simcrisis.plots.labels import as_text, broken, ticks
from simcrisis.plots.style import GREY, INK, PAPER, SMALL
from simcrisis.plots.words import signed

_HEAD, _ROW = 1.5, 0.34
"""Inches of a figure without its rows, and of a row."""
_LINES = 2
"""Lines of a name for which a row has room."""


class Row(NamedTuple):
    """A dot with its interval."""

    name: str
    value: float
    low: float
    high: float
    beside: tuple[str, ...]
    """What stands at the right of it, a text a column."""
    marker: str = "o"
    colour: str = INK
    hollow: bool = False


class Beside(NamedTuple):
    """A column at the right of the Axes."""

    head: str
    width: float
    """Points; its texts end at its right."""


WIDTH = 8.6
"""Inches of a figure of rows."""
ROOM = 0.74
"""Share of the usual room for titles and captions, for names at the left take some."""
HEAD_PAD = 30.0
"""Points from rows to title: two lines of heads stand between."""


def height(rows: int, row: float = _ROW) -> float:
    """Return the inches that a figure of so many rows needs, of so many inches each."""
    return _HEAD + row * max(rows, 2)


def draw_rows(ax: Axes, rows: Sequence[Row], columns: Sequence[Beside], width: int = 26) -> None:
    """Draw rows, the first at the top, over a line at nothing; names break after so many letters."""
    name_rows(ax, [row.name for row in rows], [row.beside for row in rows], columns, width)
    for y, row in enumerate(rows):
        ax.hlines(y, row.low, row.high, color=row.colour, linewidth=1.6)
        face = PAPER if row.hollow else row.colour
        ax.plot(row.value, y, row.marker, color=row.colour, markerfacecolor=face, markersize=6.5, label=row.name)


def name_rows(
    ax: Axes, names: Sequence[str], beside: Sequence[Sequence[str]], columns: Sequence[Beside], width: int = 26
) -> None:
    """Name rows at the left, the first at the top, write at the right what stands beside each; a line at nothing."""
    ax.axvline(0.0, color=GREY, linewidth=1.0)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ticks(ax.yaxis, range(len(names)), names, width, _LINES)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(visible=False, axis="y")
    end = 0.0
    for n, column in enumerate(columns):
        end += column.width
        _write(ax, column.head, (1.0, 1.0), end, va="bottom", coords="axes fraction")
        for y, texts in enumerate(beside):
            _write(ax, texts[n], (1.0, y), end, va="center", coords="data")


def _write(ax: Axes, text: str, at: tuple[float, float], shift: float, va: str, coords: str) -> None:
    written = ax.annotate(
        broken(text, 40), at, (shift, 0), xycoords=("axes fraction", coords), textcoords="offset points",
        ha="right", va=va, fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip
    as_text(written)


def told(value: float, low: float, high: float, decimals: int) -> str:
    """Return an estimate with its interval."""
    return f"{signed(value, decimals)} ({signed(low, decimals)} to {signed(high, decimals)})"


def decimals_for(widths: Sequence[float]) -> int:
    """Return how many decimals two significant digits of the narrowest interval have, at most 3."""
    least = min((width for width in widths if width > 0), default=1.0)
    return min(3, max(0, 1 - math.floor(math.log10(least))))
