"""Lines over hours, an arm each, with bands."""

from __future__ import annotations

from typing import Any, Literal

import polars as pl
from matplotlib.axes import Axes

from simcrisis.plots.labels import label, legend
from simcrisis.plots.style import Look, looks
from simcrisis.plots.tables import Columns, arms_of

DAY = 24.0
IN_DAYS_FROM = 10 * DAY
"""Hours from which an axis counts days."""
_BETWEEN_MARKS = 0.17
"""Shares of the diagonal of the Axes."""
MARK = 0.02
"""Half a mark, as a share of the height of the Axes."""


def by_hour(table: pl.DataFrame, columns: Columns, ax: Axes, step: Literal["post"] | None = None) -> Axes:
    """Draw a line an arm over hours (days from ten days on), with its band; as steps where a value holds on.

    Raises ValueError where there are more than 14 arms.
    """
    known = looks(arms_of(table))
    in_days = pl.select(table["hour"].max()).item() >= IN_DAYS_FROM
    for n, (arm, look) in enumerate(known.items()):
        of_arm = table.filter(pl.col("arm") == arm)
        x = (of_arm["hour"] / (DAY if in_days else 1.0)).to_numpy()
        middle, low, high = (of_arm[name].to_numpy() for name in columns)
        ax.fill_between(x, low, high, step=step, color=look.colour, alpha=band_alpha(len(known)), linewidth=0)
        ax.plot(x, middle, drawstyle="steps-post" if step else "default", label=arm, **drawn_as(look, n, len(known)))
    label(ax.xaxis, "Days since the start" if in_days else "Hours since the start")
    ax.margins(x=0.01)
    legend(ax, known.items())
    return ax


def from_nothing(ax: Axes) -> None:
    """Begin the y-axis at 0, with room for marks that stand there."""
    ax.set_ylim(bottom=-MARK * ax.get_ylim()[1])


def band_alpha(arms: int) -> float:
    """Return how dark a band is: fainter where many lie over each other."""
    return 0.16 if arms <= 3 else 0.10 if arms <= 7 else 0.05


def drawn_as(look: Look, n: int, arms: int) -> dict[str, Any]:
    """Return how a line is drawn, with marks here and there, not where the other arms have theirs."""
    return {
        "color": look.colour,
        "linestyle": look.dash,
        "marker": look.marker,
        "markerfacecolor": look.face,
        "markevery": (_BETWEEN_MARKS * (0.3 + n / arms), _BETWEEN_MARKS),
    }
