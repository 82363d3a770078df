"""A map of the OSCE area by the capitals of its States: no borders, no downloads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from simcrisis.catalogue import RealState, real_states
from simcrisis.plots.globe import Point, equal_area, graticule
from simcrisis.plots.places import set_labels
from simcrisis.plots.style import FAINT, INK, axes, quiet

_SIZE = 7.0
_MARK, _SMALL, _RING = 4.6, 2.2, 4.4
"""Sizes of marks, and the radius of a ring (points)."""


class _View(NamedTuple):
    """A part of the plane, and where it stands in the Axes."""

    x: tuple[float, float]
    y: tuple[float, float]
    where: tuple[float, float, float, float]
    step: int


_EUROPE = _View((-0.51, 0.37), (-0.37, 0.39), (0.0, 0.0, 0.575, 1.0), 10)
_WIDE = _View((-1.15, 2.12), (-0.5, 0.92), (0.59, 0.45, 0.41, 0.55), 20)


class _Look(NamedTuple):
    marker: str
    colour: str
    label: str


_LOOKS: Mapping[str, _Look] = {
    "participating State": _Look("o", "#0072b2", "participating States"),
    "Mediterranean Partner": _Look("^", "#e69f00", "Mediterranean Partners for Co-operation"),
    "Asian Partner": _Look("D", "#cc79a7", "Asian Partners for Co-operation"),
}


@quiet
def capitals_map(
    states: Sequence[RealState] | None = None, ax: Axes | None = None, *, marked: Collection[str] = ()
) -> Axes:
    """Draw the capitals of States of the catalogue (default: all), by ISO codes: Europe large, and the whole beside.

    Participating States and Partners differ by mark and shade; the States in `marked` (ISO alpha-3 codes) are ringed.
    Lambert's azimuthal equal-area projection about 50 N 25 E; coordinates are those of the catalogue, approximate.
    No borders are drawn: where a capital lies says nothing of territory. Raises ValueError for a code in `marked` that
    no State drawn has.
    """
    drawn = real_states() if states is None else tuple(states)
    unknown = sorted(set(marked) - {state.iso3 for state in drawn})
    if unknown:
        raise ValueError(f"no State that is drawn has the code {', '.join(unknown)}")
    ax = axes(ax, 11.0, 5.7)
    ax.set_axis_off()
    europe, wide = (_panel(ax, view) for view in (_EUROPE, _WIDE))
    near = [state for state in drawn if _inside(_EUROPE, _place(state))]
    far = [state for state in drawn if not _inside(_EUROPE, _place(state))]
    clear = _RING if marked else _MARK / 2
    _capitals(europe, near, marked, _MARK)
    set_labels(europe, [state.iso3 for state in near], [_place(state) for state in near], _SIZE, clear)
    _capitals(wide, near, (), _SMALL)
    _capitals(wide, far, marked, _MARK)
    unlabelled = [_place(state) for state in near]
    set_labels(wide, [state.iso3 for state in far], [_place(state) for state in far], _SIZE, clear, unlabelled)
    (left, right), (low, high) = _EUROPE.x, _EUROPE.y
    wide.add_patch(Rectangle((left, low), right - left, high - low, fill=False, color=INK, linewidth=0.9))
    wide.text(left, high, "left: enlarged", size=_SIZE, va="bottom")
    ax.set_title("Capitals of the OSCE area" if states is None else "Capitals", parse_math=False)
    _legend(ax, drawn, marked)
    return ax


def _place(state: RealState) -> Point:
    return equal_area(state.capital_lat, state.capital_lon)


def _inside(view: _View, point: Point) -> bool:
    return view.x[0] < point.x < view.x[1] and view.y[0] < point.y < view.y[1]


def _panel(ax: Axes, view: _View) -> Axes:
    """Return Axes inside others for a view, with its graticule."""
    panel = ax.inset_axes(view.where)
    panel.set(xlim=view.x, ylim=view.y, xticks=[], yticks=[], aspect="equal", anchor="NW")
    panel.grid(visible=False)
    panel.spines[:].set(visible=True, color="#9a9a9a", linewidth=0.8)
    panel.add_collection(LineCollection(list(graticule(view.step)), colors=FAINT, linewidths=0.6, zorder=0))
    return panel


def _capitals(panel: Axes, states: Sequence[RealState], marked: Collection[str], size: float) -> None:
    for state in states:
        look, place = _LOOKS[state.standing], _place(state)
        panel.plot([place.x], [place.y], marker=look.marker, ms=size, color=look.colour, mec="white", mew=0.5, zorder=3)
        if state.iso3 in marked:
            panel.plot([place.x], [place.y], marker="o", ms=2 * _RING, color="none", mec=INK, mew=1.2, zorder=3)


def _legend(ax: Axes, states: Sequence[RealState], marked: Collection[str]) -> None:
    handles = []
    for standing, look in _LOOKS.items():
        count = sum(state.standing == standing for state in states)
        if count:
            label = f"{look.label} ({count})"
            handles.append(Line2D([], [], marker=look.marker, color=look.colour, linestyle="", label=label))
    if marked:
        handles.append(Line2D([], [], marker="o", color="none", mec=INK, ms=9, linestyle="", label="marked"))
    title = (
        "Lambert azimuthal equal-area about 50° N 25° E;\ngraticule every 10° and 20°. Capitals as in the\n"
        "catalogue (approximate); no borders are drawn."
    )
    legend = ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.58, 0.58), fontsize=8.5, title=title, alignment="left"
    )
    legend.get_title().set_fontsize(8)
