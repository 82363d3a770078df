"""One quiet style: colours that survive colour-blind eyes and greyscale printers, and marks that tell arms apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import matplotlib as mpl
import polars as pl
from cycler import cycler
from matplotlib.axes import Axes

INK, FAINT = "#222222", "#d9d9d9"
_LOOKS = (
    ("#000000", "-", "o"),
    ("#0072b2", "--", "s"),
    ("#d55e00", "-.", "^"),
    ("#009e73", (0, (5, 1, 1, 1, 1, 1)), "D"),
    ("#cc79a7", (0, (1, 1)), "v"),
    ("#e69f00", (0, (8, 2)), "P"),
    ("#56b4e9", (0, (3, 1, 1, 1)), "X"),
)
"""Colours of Okabe and Ito (https://jfly.uni-koeln.de/color), each with a dash and a mark of its own."""
_QUIET: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=[colour for colour, _, _ in _LOOKS]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": "medium",
    "axes.titleweight": "bold",
    "figure.constrained_layout.use": True,
    "figure.dpi": 110,
    "figure.figsize": (7.0, 4.2),
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "savefig.dpi": 200,
    "svg.fonttype": "none",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
}


class Look(NamedTuple):
    """How an arm is drawn, everywhere."""

    colour: str
    dash: Any
    marker: str


@contextmanager
def style() -> Iterator[None]:
    """Draw in the quiet style within the statement; settings are as before when it ends."""
    with mpl.rc_context(_QUIET):
        yield


_P = ParamSpec("_P")
_T = TypeVar("_T")


def quiet(draw: Callable[_P, _T]) -> Callable[_P, _T]:
    """Have a plot drawn in the quiet style."""

    @wraps(draw)
    def drawn(*args: _P.args, **named: _P.kwargs) -> _T:
        with style():
            return draw(*args, **named)

    return drawn


def axes(ax: Axes | None, **size: Any) -> Axes:
    """Return the Axes handed in, or new ones; `size` as for `pyplot.subplots`."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(**size)[1]


def looks(arms: Iterable[str]) -> Mapping[str, Look]:
    """Return how each arm is drawn: the reference, which comes first, in black."""
    return {arm: Look(*_LOOKS[n % len(_LOOKS)]) for n, arm in enumerate(arms)}


def arms_of(table: pl.DataFrame) -> list[str]:
    """Return the arms of a table in its order."""
    return table["arm"].unique(maintain_order=True).to_list()


def one_point(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table as it is; raises ValueError where it holds several design points."""
    if "point" in table.columns and table["point"].n_unique() > 1:
        raise ValueError("the table holds several design points; choose one, such as table.filter(pl.col('point') == 0)")
    return table
