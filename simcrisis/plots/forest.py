"""A forest: what each arm changes, and whether measures add up."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simcrisis.events import FIREBREAK
from simcrisis.plots.labels import caption, label, title
from simcrisis.plots.rows import HEAD_PAD, ROOM, WIDTH, Beside, Row, decimals_for, draw_rows, height, told
from simcrisis.plots.style import GREY, INK, axes, quiet
from simcrisis.plots.tables import DIFFERENCE, at_rung, estimated, needs, one_point
from simcrisis.plots.words import COMPENSATED, NOT_COMPENSATED, POINTS, number, or_above, probability, runs_of

_BESIDE = (Beside("change (95 %)", 108), Beside("pairs: only in\narm / reference", 88), Beside("p", 46))
_HUNDRED = 100


@quiet
def forest(
    differences: pl.DataFrame, rung: int = FIREBREAK, ax: Axes | None = None, *, compensated: bool = False
) -> Axes:
    """Draw what each arm changes in the share of runs that reach a rung, in percentage points, with 95 % intervals.

    `differences` is `batch.differences` or `batch.adjusted(...)`, whose adjusted p-values then stand at the right;
    contrasts of several arms are diamonds. `compensated` draws the estimates with less noise where they are known, the
    others hollow. Raises ValueError where the table holds several design points, or lacks columns or the rung.
    """
    asked = ("arm", "reference", "rung", "n", "discordant_up", "discordant_down", "p_value", *DIFFERENCE)
    table = at_rung(one_point(needs(differences, "batch.differences", *asked)), rung)
    table = estimated(table, DIFFERENCE, compensated)
    decimals = decimals_for((_HUNDRED * (table["upper"] - table["lower"])).drop_nulls().to_list())
    rows = [_row(each, decimals) for each in table.iter_rows(named=True)]
    drawn = axes(ax, WIDTH, height(len(rows)))
    draw_rows(drawn, rows, _BESIDE)
    title(drawn, f"What each arm changes against '{table['reference'][0]}': {or_above(rung)}", ROOM, HEAD_PAD)
    label(drawn.xaxis, f"Change in the share of runs, {POINTS}")
    drawn.xaxis.set_major_formatter(FuncFormatter(number))
    contrasts = "Diamonds: contrasts, 0 where measures add up." if any(row.marker == "D" for row in rows) else ""
    hollow = NOT_COMPENSATED if table["plain"].any() else ""
    single, adjusted = (", of single comparisons", "p: adjusted.") if "p_adjusted" in table.columns else ("", "")
    counted = runs_of(table, "pairs of runs under the same luck")
    caption(
        drawn, f"{counted}; bars: 95 %{single}.", contrasts, COMPENSATED if compensated else "", hollow, adjusted,
        room=ROOM,
    )  # fmt: skip
    return drawn


def _row(each: dict[str, Any], decimals: int) -> Row:
    value, low, high = (
        math.nan if each[name] is None else _HUNDRED * each[name] for name in ("value", "lower", "upper")
    )
    contrast = each["discordant_up"] is None
    pairs = "" if contrast else f"{each['discordant_up']:,} / {each['discordant_down']:,}"
    p_value = probability(each.get("p_adjusted", each["p_value"]))
    beside = (told(value, low, high, decimals), pairs, p_value)
    marker, colour = ("D", GREY) if contrast else ("o", INK)
    return Row(each["arm"], value, low, high, beside, marker, colour, hollow=each["plain"])
