"""Escalation curves: how far runs had climbed by each hour."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from simcrisis.events import FIREBREAK
from simcrisis.plots.style import arms_of, axes, looks, one_point, quiet
from simcrisis.plots.words import WITHIN_MODEL, or_above, runs_of

_DAY = 24.0
_IN_DAYS_FROM = 10 * _DAY


@quiet
def escalation_curves(curves: pl.DataFrame, rung: int = FIREBREAK, ax: Axes | None = None) -> Axes:
    """Draw the share of runs that had reached a rung by each hour, a line an arm with its 95 % band.

    `curves` is `batch.curves` of one design point.
    """
    table = one_point(curves).filter(pl.col("rung") == rung)
    drawn = _lines(table, ("exceeded", "low", "high"), axes(ax))
    drawn.set(ylabel="Share of runs", title=f"Runs that have reached {or_above(rung)}")
    drawn.set_ylim(bottom=0.0)
    drawn.yaxis.set_major_formatter(PercentFormatter(1.0))
    return drawn


@quiet
def mean_rung(curves: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the mean over runs of the highest rung on which any dyad stands, a line an arm with its 95 % band."""
    table = one_point(curves).filter(pl.col("rung") == curves["rung"].min())
    drawn = _lines(table, ("mean_rung", "mean_rung_low", "mean_rung_high"), axes(ax))
    drawn.set(ylabel="Mean of the highest rung (0 to 10)", title="How high runs stand")
    drawn.set_ylim(bottom=0.0)
    return drawn


def _lines(table: pl.DataFrame, columns: tuple[str, str, str], ax: Axes) -> Axes:
    in_days = bool(len(table)) and float(table["hour"].max()) >= _IN_DAYS_FROM  # type: ignore[arg-type]
    for arm, look in looks(arms_of(table)).items():
        of_arm = table.filter(pl.col("arm") == arm)
        x = of_arm["hour"] / (_DAY if in_days else 1.0)
        middle, low, high = (of_arm[name] for name in columns)
        ax.fill_between(x, low, high, color=look.colour, alpha=0.13, linewidth=0)
        ax.plot(x, middle, color=look.colour, linestyle=look.dash, label=arm)
    ax.set_xlabel(f"{'Days' if in_days else 'Hours'} since the start\n{runs_of(table)}; bands: 95 %. {WITHIN_MODEL}")
    ax.margins(x=0.01)
    ax.legend(title="arm")
    return ax
