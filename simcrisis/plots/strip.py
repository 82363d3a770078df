"""The strip beneath a played run: the highest rung of any dyad over the hours, and where the film stands."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simcrisis.events import FIREBREAK
from simcrisis.plots.play import Play
from simcrisis.plots.records import hours_axis
from simcrisis.plots.strokes import OUT
from simcrisis.plots.style import INK

_PLACE = (0.11, 0.095, 0.86, 0.085)


def strip(figure: Figure, play: Play) -> None:
    """Draw the highest rung of any dyad over the hours of a run."""
    ax, last = figure.add_axes(_PLACE), _last(play)
    x = [step.hour for step in play.rungs] + [last]
    y = [step.height for step in play.rungs]
    ax.grid(visible=False)
    ax.fill_between(x, 0.0, [*y, y[-1]], step="post", color="#bdbdbd", linewidth=0)
    ax.step(x, [*y, y[-1]], where="post", color=INK, linewidth=1.2)
    ax.axhline(FIREBREAK, color=OUT, linewidth=0.8, linestyle=(0, (1, 2)))
    ax.text(last, FIREBREAK + 0.3, "firebreak ", ha="right", va="bottom", size=7.5, color="#b34700")
    hours_axis(ax, 0.0, last, "")
    ax.set_xlabel("")
    ax.set_ylim(0.0, 10.0)
    ax.set_yticks([0, FIREBREAK])
    ax.tick_params(labelsize=7.5)
    unit = "days" if ax.get_xlim()[1] >= 240.0 else "hours"
    ax.text(
        -0.012,
        0.45,
        f"Highest rung\nof any dyad,\nby {unit}",
        transform=ax.transAxes,
        ha="right",
        va="center",
        size=7.5,
    )


def cursor(figure: Figure, play: Play) -> Line2D:
    """Return the line that marks an hour on the strip."""
    ax = figure.add_axes(_PLACE)
    ax.set_axis_off()
    ax.set_xlim(0.0, _last(play))
    return ax.axvline(0.0, color=OUT, linewidth=2.0)


def _last(play: Play) -> float:
    return max(play.clock.hours[-1], 1.0)
