"""Titles, captions, legends and ticks: wrapped where they are long, and text of a scenario shown as it is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator

from simcrisis.plots.style import GREY, SMALL, Look
from simcrisis.plots.words import WITHIN_MODEL, shown

_LETTER, _BOLD = 0.53, 0.63
"""Mean width of a letter, in heights of the font."""
_TITLE, _LABEL = 10.5, 9.5
"""Points."""
_BESIDE = 1.1
"""Titles and captions may stand over what is beside the Axes: as widths of these."""
_HANDLE, _WORD = 45.0, 10
"""Points that a legend takes beside its names; letters of most words."""
_NAME = 26
"""Letters on a line of a legend or at a tick."""


def as_text(*texts: Text) -> None:
    """Have texts show `$`, backslashes and underscores as such, also on Axes that were made in another style."""
    for text in texts:
        text.set_parse_math(False)
        text.set_usetex(False)


def title(ax: Axes, text: str, room: float = 1.0, pad: float | None = None) -> None:
    """Write what is drawn above it, so many points away; `room` is the share of the usual width that it has."""
    as_text(ax.set_title(broken(text, _letters(ax, room, _BOLD * _TITLE)), loc="left", pad=pad))


def label(axis: Axis, text: str) -> None:
    """Write what an axis measures, and its unit."""
    extent = axis.axes.get_window_extent()
    inches = (extent.width if isinstance(axis, XAxis) else extent.height) / axis.axes.figure.dpi
    as_text(axis.set_label_text(broken(text, max(16, int(72 * _BESIDE * inches / (_LETTER * _LABEL))))))


def caption(ax: Axes, *sentences: str, room: float = 1.0) -> None:
    """Write below the label of the x-axis what the figure is of, and that it is of a model; empty ones are left out."""
    text = broken(" ".join((*filter(None, sentences), WITHIN_MODEL)), _letters(ax, room, _LETTER * SMALL))
    below = ax.annotate(
        text, (0, 0), (0, -5), xycoords=(ax.transAxes, ax.xaxis.label), textcoords="offset points", va="top"
    )
    below.set(fontsize=SMALL, color=GREY)
    as_text(below)


def legend(ax: Axes, looks: Iterable[tuple[str, Look]], lines: bool = True, heading: str = "arm") -> None:
    """Write beside the Axes, where it covers nothing, how each arm is drawn."""
    named = [(broken(name, _NAME), sample(look, lines)) for name, look in looks]
    box = ax.legend(
        [handle for _, handle in named],
        ["arm"] * len(named),  # set below: matplotlib 3.8 drops names that begin with an underscore
        title=heading, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, alignment="left",
    )  # fmt: skip
    for text, (name, _) in zip(box.get_texts(), named, strict=True):
        as_text(text)
        text.set_text(name)


def sample(look: Look, line: bool = True) -> Line2D:
    """Return a piece of how an arm is drawn."""
    return Line2D(
        [], [], color=look.colour, linestyle=look.dash if line else "none", marker=look.marker,
        markerfacecolor=look.face, linewidth=1.6, markersize=5.5,
    )  # fmt: skip


def ticks(
    axis: Axis, at: Sequence[float], names: Sequence[str], width: int = _NAME, most_lines: int | None = None
) -> None:
    """Name the ticks of an axis; a name of more lines than there is room for is cut."""
    axis.set_major_locator(FixedLocator(at))
    axis.set_minor_locator(FixedLocator([]))
    axis.set_ticklabels([broken(name, width, most_lines) for name in names])
    for tick in axis.get_major_ticks(len(at)):
        as_text(tick.label1, tick.label2)


def words_fit(ax: Axes, places: int, beside: Iterable[str]) -> bool:
    """Return whether a word fits below each of so many places on the x-axis, with a legend of such names beside it."""
    taken = _HANDLE + max(min(len(name), _NAME) for name in beside) * _LETTER * _LABEL
    return (72 * 1.15 * _inches(ax) - taken) / places > _WORD * _LETTER * SMALL


def broken(text: str, width: int, most_lines: int | None = None) -> str:
    """Return text of a scenario as it is to be seen, in lines of so many letters; what is beyond the last is cut."""
    return "\n".join(fill(shown(line), width, max_lines=most_lines, placeholder="…") for line in text.split("\n"))


def _letters(ax: Axes, room: float, points: float) -> int:
    """Return how many letters, each so many points wide, a line over or under the Axes has."""
    return max(24, int(72 * _BESIDE * room * _inches(ax) / points))


def _inches(ax: Axes) -> float:
    """Return how wide Axes are, before the layout makes room for what is beside them."""
    return ax.get_window_extent().width / ax.figure.dpi
