"""Ranges over an ensemble: what each arm changes at the default, how far the sets reach, and where the sign holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simcrisis.events import FIREBREAK
from simcrisis.plots.labels import caption, label, title
from simcrisis.plots.rows import HEAD_PAD, ROOM, WIDTH, Beside, decimals_for, height, name_rows, told
from simcrisis.plots.style import GREY, INK, axes, quiet
from simcrisis.plots.tables import at_rung, needs
from simcrisis.plots.words import POINTS, number, or_above

Floats = npt.NDArray[np.float64]
_OF = "batch.ensemble of a batch over an ensemble, with a reference and another arm"
_POINTS = ("default", "default_low", "default_high", "median", "low", "high", "least", "most")
_SHARES = ("same_sign", "clearly_raises", "clearly_lowers", "luck_share")
_BESIDE = (
    Beside("default (95 %)", 108),
    Beside("sign\nholds", 46),
    Beside("clearly\nup / down", 70),
    Beside("luck", 42),
)
_ROW = 0.66
"""Inches of a row: two lanes."""
_CAPTION = 0.4
"""Inches that a caption of four lines takes more than one of two."""
_DEFAULT, _SETS = -0.15, 0.14
"""Where the lanes of a row lie."""
_BOX, _MEDIAN = 0.24, 0.34
"""Heights of a box and of its median, in rows."""
_BAR = "#56b4e9"
_TOLD = (
    "Dots: the default, bars 95 %; below, the sets: line least to most, box 5 to 95 %, its mark the median. Sign "
    "holds: share of sets with the sign of the default. Clearly: share of sets whose own 95 % interval lies above / "
    "below 0. Luck: share of what varies over the sets that is luck of few replications. Expected: from the chances "
    "that decisions stated."
)


@quiet
def ensemble_ranges(ensemble: pl.DataFrame | None, rung: int = FIREBREAK, ax: Axes | None = None) -> Axes:
    """Draw what each arm changes in the expected share of runs that reach a rung, in percentage points.

    `ensemble` is `batch.ensemble`. Of each arm the change at the default with its 95 % interval; below it the median,
    the middle nine tenths and the whole range over the parameter sets; at the right the share of sets in which the
    sign of the default holds. Raises TypeError for a batch that is over no ensemble, ValueError where the table lacks
    columns, effects or the rung, or no two replications came to their end at every set.
    """
    known = needs(ensemble, _OF, "output", "arm", "reference", "rung", "replications", "sets", *_POINTS, *_SHARES)
    table = at_rung(needs(known.filter(pl.col("output") == "effect"), _OF), rung)
    if table["median"].has_nulls():
        raise ValueError("no two replications came to their end at every parameter set: there is nothing to draw")
    rows = table.with_columns(pl.col(_POINTS) * 100)
    decimals = decimals_for((rows["default_high"] - rows["default_low"]).to_list())
    drawn = axes(ax, WIDTH, height(len(rows), _ROW) + _CAPTION)
    name_rows(drawn, rows["arm"].to_list(), [_beside(each, decimals) for each in rows.to_dicts()], _BESIDE)
    _lanes(drawn, rows)
    sets, replications = (f"{table[name][0]:,}" for name in ("sets", "replications"))
    what = f"What each arm changes against '{table['reference'][0]}' over {sets} parameter sets"
    title(drawn, f"{what}: {or_above(rung)}", ROOM, HEAD_PAD)
    label(drawn.xaxis, f"Change in the expected share of runs, {POINTS}")
    drawn.xaxis.set_major_formatter(FuncFormatter(number))
    caption(drawn, f"n = {replications} pairs of runs under the same luck at the default and at each set.", _TOLD)
    return drawn


def _lanes(ax: Axes, rows: pl.DataFrame) -> None:
    value, lower, upper, median, low, high, least, most = (rows[name].to_numpy() for name in _POINTS)
    default, sets = (np.arange(len(rows), dtype=np.float64) + lane for lane in (_DEFAULT, _SETS))
    ax.hlines(default, lower, upper, color=INK, linewidth=1.6)
    ax.plot(value, default, "o", color=INK, markersize=6.5, label="default")
    ax.hlines(sets, least, low, color=GREY, linewidth=1.2)
    ax.hlines(sets, high, most, color=GREY, linewidth=1.2)
    for end in (least, most):
        _upright(ax, end, sets, _BOX / 2, color=GREY, linewidth=1.2)
    ax.barh(sets, high - low, _BOX, low, color=_BAR, edgecolor=INK, linewidth=0.6)
    _upright(ax, median, sets, _MEDIAN, color=INK, linewidth=2.2)


def _upright(ax: Axes, at: Floats, rows: Floats, size: float, **look: Any) -> None:
    ax.vlines(at, rows - size / 2, rows + size / 2, **look)


def _beside(row: Mapping[str, Any], decimals: int) -> tuple[str, ...]:
    change = told(row["default"], row["default_low"], row["default_high"], decimals)
    up, down = (_share(row[name]) for name in ("clearly_raises", "clearly_lowers"))
    holds = "-" if row["default"] == 0 else _share(row["same_sign"])
    return change, holds, f"{up} / {down}", _share(row["luck_share"])


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"
