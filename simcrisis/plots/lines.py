"""Which line matters: what each averts."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simcrisis.plots.labels import caption, label, title
from simcrisis.plots.rows import HEAD_PAD, ROOM, WIDTH, Beside, Row, decimals_for, draw_rows, height, told
from simcrisis.plots.style import axes, quiet
from simcrisis.plots.tables import Columns, needs
from simcrisis.plots.words import COMPENSATED, number, or_above, probability

_PLAIN = Columns("averted_per_1000")
_COMPENSATED = Columns("compensated_per_1000", "compensated_low", "compensated_high")
_BESIDE = (Beside("averted (95 %)", 104), Beside("p (Holm)", 58))
_CUT, _ADDED = "#0072b2", "#d55e00"


@quiet
def line_ranking(lines: pl.DataFrame, ax: Axes | None = None, *, top: int = 20, compensated: bool = False) -> Axes:
    """Draw the escalations that each line averts in 1,000 runs, with 95 % intervals: the `top` of them.

    `lines` is `LineStudy.lines`; the line that averts most stands on top. Circles are lines that were cut, triangles
    such as were added; right of nothing a line averts. `compensated` draws the estimates with less noise. Raises
    ValueError where the table lacks columns or those estimates, or `top` is below 1.
    """
    columns = _COMPENSATED if compensated else _PLAIN
    table = needs(lines, "LineStudy.lines", "line", "change", "p_holm", "runs", "rung", *columns)
    if top < 1:
        raise ValueError(f"top: {top} should be 1 or more")
    if table[columns.value].null_count():
        raise ValueError("some lines have no compensated estimate, for want of hits; leave out `compensated`")
    chosen = table.sort(columns.value, descending=True, maintain_order=True).head(top)
    widths = (chosen[columns.high] - chosen[columns.low]).drop_nulls().to_list()
    rows = [_row(each, columns, decimals_for(widths)) for each in chosen.iter_rows(named=True)]
    drawn = axes(ax, WIDTH, height(len(rows)))
    draw_rows(drawn, rows, _BESIDE, width=44)
    title(drawn, f"What each line averts: {or_above(table['rung'][0])}", ROOM, HEAD_PAD)
    label(drawn.xaxis, "Escalations averted per 1,000 runs")
    drawn.xaxis.set_major_formatter(FuncFormatter(number))
    of_many = f"The first {len(chosen)} of {len(table)} lines." if len(chosen) < len(table) else ""
    told_apart = "Circles: the line cut; triangles: a line added."
    caption(
        drawn,
        f"n = {table['runs'][0]:,} pairs of runs; bars: 95 %, of single comparisons.",
        told_apart,
        COMPENSATED if compensated else "",
        of_many,
        room=ROOM,
    )
    return drawn


def _row(each: dict[str, Any], columns: Columns, decimals: int) -> Row:
    value, low, high = (math.nan if each[name] is None else each[name] for name in columns)
    marker, colour = ("o", _CUT) if each["change"] == "cut" else ("^", _ADDED)
    beside = (told(value, low, high, decimals), probability(each["p_holm"]))
    return Row(each["line"], value, low, high, beside, marker, colour)
