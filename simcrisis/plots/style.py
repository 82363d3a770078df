"""One quiet style: colours that survive colour-blind eyes and greyscale printers, and marks that tell arms apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes

INK, GREY, FAINT, PAPER = "#222222", "#6b6b6b", "#e3e3e3", "#ffffff"
SMALL = 8.0
"""Points, of captions and of words at ticks."""
_COLOURS = ("#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito, https://jfly.uni-koeln.de/color: told apart with any common colour blindness."""
_DASHES = (
    "-",
    (0, (6, 2)),
    (0, (6, 2, 1, 2)),
    (0, (1, 1.5)),
    (0, (10, 3)),
    (0, (4, 1.5, 1, 1.5, 1, 1.5)),
    (0, (2.5, 1)),
)
_MARKS = ("o", "s", "^", "D", "v", "P", "X")
MOST_ARMS = 2 * len(_COLOURS)
"""Beyond this many arms, no two lines could be told apart for certain."""
_QUIET: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=_COLOURS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 10.0,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "figure.constrained_layout.use": True,
    "figure.dpi": 110,
    "figure.figsize": (7.2, 4.2),
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "legend.fontsize": 9.0,
    "legend.frameon": False,
    "legend.handlelength": 3.2,
    "lines.linewidth": 1.6,
    "lines.markersize": 5.5,
    "lines.scale_dashes": False,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "xtick.color": INK,
    "ytick.color": INK,
}
"""Of what is drawn, not of how it is saved: `savefig` and `svg` settings are the reader's own."""


class Look(NamedTuple):
    """How an arm is drawn, everywhere."""

    colour: str
    dash: Any
    marker: str
    face: str
    """Of the marker: hollow where the first seven looks are used up."""


@contextmanager
def style() -> Iterator[None]:
    """Draw in the quiet style within the statement; settings are as before when it ends.

    But whether figures show by themselves: a notebook's backend says so when it is loaded, and that can be in here.
    """
    with mpl.rc_context(_QUIET):
        try:
            yield
        finally:
            shows = mpl.is_interactive()
    mpl.interactive(shows)


_P = ParamSpec("_P")
_T = TypeVar("_T")


def quiet(draw: Callable[_P, _T]) -> Callable[_P, _T]:
    """Have a plot drawn in the quiet style."""

    @wraps(draw)
    def drawn(*args: _P.args, **named: _P.kwargs) -> _T:
        with style():
            return draw(*args, **named)

    return drawn


def axes(ax: Axes | None, width: float | None = None, height: float | None = None) -> Axes:
    """Return the Axes handed in, or those of a new pyplot figure of so many inches."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt  # half a second, and a backend: only for who has no Axes

    usual = mpl.rcParams["figure.figsize"]
    return plt.figure(figsize=(width or usual[0], height or usual[1])).add_subplot()


def looks(arms: Iterable[str]) -> Mapping[str, Look]:
    """Return how each arm is drawn: the reference, which comes first, in black.

    No two have both dash and mark in common, so that they differ without colour. Raises ValueError where there are more
    than 14.
    """
    names = list(arms)
    if len(names) > MOST_ARMS:
        raise ValueError(
            f"{len(names)} arms cannot be told apart in one figure of lines; choose up to {MOST_ARMS}, such as "
            "table.filter(pl.col('arm').is_in([...])), or draw a forest plot of their differences"
        )
    return {name: _look(n) for n, name in enumerate(names)}


def _look(n: int) -> Look:
    again, k = divmod(n, len(_COLOURS))
    colour = _COLOURS[(k + 3 * again) % len(_COLOURS)]
    return Look(colour, _DASHES[k], _MARKS[k], PAPER if again else colour)
