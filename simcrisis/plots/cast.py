"""What a film of a run shows on the network: drawn once, and then seen or not, second by second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, cos, hypot, sin
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from simcrisis.plots.globe import Point
from simcrisis.plots.places import set_labels
from simcrisis.plots.play import Carried, Play, Sign, Span, Wire
from simcrisis.plots.records import shown
from simcrisis.plots.stage import MEMBERSHIP, Chord, Layout, look_of, points_on
from simcrisis.plots.strokes import OUT, STROKES, STRUCK
from simcrisis.plots.style import INK, PAPER
from simcrisis.plots.words import line_words

_STEPS = 16
_FEW = 30
"""States up to which marks and labels are large."""
_BROKEN = (0, (1.5, 2.5))
_MARK, _SMALL_MARK = 15.0, 8.0
_LETTERS = 18


@dataclass(frozen=True)
class Cast:
    """Artists, and the seconds of the film in which they are seen."""

    seen: list[tuple[Artist, tuple[Span, ...]]] = field(default_factory=list)
    unless: list[tuple[Artist, tuple[Span, ...]]] = field(default_factory=list)
    """Seen but in these."""
    moving: list[tuple[Line2D, Chord, Span]] = field(default_factory=list)


def stage(figure: Figure, play: Play) -> Axes:
    """Return Axes for the network, of equal aspect, as wide as it needs."""
    ax = figure.add_axes((0.2, 0.265, 0.6, 0.62))
    ax.set_axis_off()
    ax.set_aspect("equal")
    xs, ys = [point.x for point in play.places.values()], [point.y for point in play.places.values()]
    ax.set(xlim=(min(xs) - 0.12, max(xs) + 0.12), ylim=(min(ys) - 0.16, max(ys) + 0.16))
    return ax


def set_names(ax: Axes, play: Play, by: Layout) -> None:
    """Write the names of States and hubs, and draw the lines that nothing breaks."""
    states = [row for row in play.nodes if row["kind"] == "state"]
    points = [play.places[row["name"]] for row in states]
    for wire in play.wires:
        if not wire.broken and wire.seen.start <= 0.0:
            _line(ax, wire)
    for row in play.nodes:
        if row["kind"] == "hub":
            box = {"boxstyle": "round,pad=0.35", "facecolor": PAPER, "edgecolor": INK, "linewidth": 1.2}
            ax.text(*play.places[row["name"]], shown(row["label"], _LETTERS), ha="center", va="center", bbox=box,
                    zorder=4, parse_math=False)  # fmt: skip
    labels = [shown(row["label"], _LETTERS) for row in states]
    if by == "circle":
        for label, (x, y) in zip(labels, points, strict=True):
            far = _mark(play) / 2 + (9.0 if _mark(play) == _MARK else 6.0)
            _text(ax, label, Point(x, y), far, "center" if abs(x) < 0.2 else "left" if x > 0 else "right")
    else:
        set_labels(ax, labels, points, 8.0, _mark(play) / 2)


def _mark(play: Play) -> float:
    """Return how wide a State is drawn, in points."""
    return _MARK if sum(row["kind"] == "state" for row in play.nodes) < _FEW else _SMALL_MARK


def _text(ax: Axes, text: str, place: Point, away: float, ha: str) -> Artist:
    angle = atan2(place.y, place.x)
    return ax.annotate(
        text, place, xytext=(away * cos(angle), away * sin(angle)), textcoords="offset points", ha=ha, va="center",
        size=9.0 if away > 10 else 7.5, parse_math=False, zorder=6,
        path_effects=[withStroke(linewidth=2.5, foreground=PAPER)],
    )  # fmt: skip


def cast_of(ax: Axes, play: Play) -> Cast:
    """Draw all that comes and goes, and say when it does."""
    cast = Cast()
    places = [play.places[row["name"]] for row in play.nodes if row["kind"] == "state"]
    ax.plot(*zip(*places, strict=True), marker="o", ls="", ms=_mark(play), color=PAPER, mec=INK, mew=1.3, zorder=5)
    for wire in play.wires:
        if wire.broken or wire.seen.start > 0.0:
            _wire(ax, wire, cast)
    for carried in play.messages:
        _message(ax, carried, cast)
    for sign in play.signs:
        _SIGNS[sign.sort](ax, sign, play, cast)
    return cast


def _line(ax: Axes, wire: Wire) -> Line2D:
    look = look_of(wire.kind)
    width = 0.6 if wire.kind == MEMBERSHIP else 1.3 if wire.whole else 0.65
    path = zip(*points_on(wire.path, _STEPS), strict=True)
    return ax.plot(*path, color=look.colour, linestyle=look.dash, linewidth=width, alpha=0.45, zorder=1)[0]


def _wire(ax: Axes, wire: Wire, cast: Cast) -> None:
    """Draw a line that is not always there, or not always whole."""
    cast.unless.append((_line(ax, wire), (*wire.broken, Span(0.0, wire.seen.start))))
    if wire.broken:
        path = points_on(wire.path, _STEPS)
        (pieces,) = ax.plot(*zip(*path, strict=True), color=OUT, linestyle=_BROKEN, linewidth=1.0, zorder=1.2)
        (cross,) = ax.plot(*path[_STEPS // 2], marker="x", color=OUT, ms=8, mew=2.0, zorder=2.5)
        cast.seen.extend((each, wire.broken) for each in (pieces, cross))


def _message(ax: Axes, carried: Carried, cast: Cast) -> None:
    stroke = STROKES[carried.arrow.sort]
    xs, ys = zip(*points_on(carried.path, _STEPS), strict=True)
    width = stroke.width if carried.arrow.sort == "act" else 0.8 * stroke.width
    (way,) = ax.plot(xs, ys, color=stroke.colour, linestyle=stroke.dash, linewidth=width, zorder=3)
    (marker,) = ax.plot(
        [xs[0]], [ys[0]], marker=stroke.marker, linestyle="", color=stroke.colour, mec=PAPER, mew=0.8, ms=10, zorder=7
    )
    cast.seen.extend((each, (carried.seen,)) for each in (way, marker))
    if carried.arrow.sort == "silence":
        marker.set_data([xs[_STEPS // 2]], [ys[_STEPS // 2]])
    else:
        cast.moving.append((marker, carried.path, carried.seen))


def _decision(ax: Axes, sign: Sign, play: Play, cast: Cast) -> None:
    ink, paper = (INK, PAPER) if sign.faint else (PAPER, INK)
    place = play.places[sign.states[0]]
    (disc,) = ax.plot(*place, marker="o", color=paper, mec=INK, mew=1.3, ms=_mark(play), zorder=8)
    text = ax.text(*place, sign.text, color=ink, ha="center", va="center_baseline", size=0.6 * _mark(play), zorder=9)
    cast.seen.extend((each, (sign.seen,)) for each in (disc, text))


def _dyad(ax: Axes, sign: Sign, play: Play, cast: Cast) -> None:
    here, there = (play.places[state] for state in sign.states)
    (bar,) = ax.plot(
        *zip(here, there, strict=True),
        color="#c9c9c9",
        linewidth=2.0 + 1.6 * sign.rung,
        solid_capstyle="butt",
        zorder=0.5,
    )
    middle = (0.62 * here.x + 0.38 * there.x, 0.62 * here.y + 0.38 * there.y)
    number = ax.text(*middle, f"rung {sign.text}", ha="center", va="center", size=8.5, weight="bold", zorder=4)
    number.set_path_effects([withStroke(linewidth=3, foreground="#e6e6e6")])
    cast.seen.extend((each, (sign.seen,)) for each in (bar, number))


def _incident(ax: Axes, sign: Sign, play: Play, cast: Cast) -> None:
    place = play.places[sign.states[0]]
    inwards = -(_mark(play) + 8.0) / max(hypot(*place), 0.01)
    named = ax.annotate(
        sign.text, place, xytext=(inwards * place.x, inwards * place.y), textcoords="offset points", color=STRUCK,
        size=9, weight="bold", zorder=9, parse_math=False, va="center",
        ha="center" if abs(place.x) < 0.2 else "right" if place.x > 0 else "left",
        path_effects=[withStroke(linewidth=3, foreground=PAPER)],
    )  # fmt: skip
    (star,) = ax.plot(*place, marker="*", color=STRUCK, mec=PAPER, ms=_mark(play) + 11, zorder=8.5)
    cast.seen.extend((each, (sign.seen,)) for each in (star, named))


def _outage(ax: Axes, sign: Sign, play: Play, cast: Cast) -> None:
    (ring,) = ax.plot(
        *play.places[sign.states[0]], marker="o", color="none", mec=OUT, mew=2.2, ms=_mark(play) + 8, zorder=5
    )
    cast.seen.append((ring, (sign.seen,)))


_SIGNS = {"decision": _decision, "dyad": _dyad, "incident": _incident, "outage": _outage}


def legend_of(figure: Figure, play: Play) -> Legend:
    """Return what signs and messages mean, those that the run has."""
    there = {carried.arrow.sort for carried in play.messages}
    handles = [
        Line2D([], [], color=stroke.colour, linewidth=stroke.width, linestyle=stroke.dash, marker=stroke.marker, ms=8,
               mec=PAPER, label=stroke.label)
        for sort, stroke in STROKES.items() if sort in there
    ]  # fmt: skip
    sorts = {sign.sort for sign in play.signs}
    round_: dict[str, Any] = {"marker": "o", "linestyle": "", "ms": 10}
    signs = {
        "decision": [
            Line2D([], [], color=INK, label="State: rung it chose last", **round_),
            Line2D([], [], color=PAPER, mec=INK, label="the same, kept private", **round_),
        ],
        "dyad": [Line2D([], [], color="#c9c9c9", linewidth=7, label="rung two States are on")],
        "incident": [Line2D([], [], marker="*", color=STRUCK, linestyle="", ms=13, label="incident")],
        "outage": [Line2D([], [], color="none", mec=OUT, mew=2, label="a sector is out", **round_)],
    }
    handles += [handle for sort, each in signs.items() if sort in sorts for handle in each]
    return _legend(figure, handles, "upper left", (0.01, 0.9))


def lines_legend(figure: Figure, play: Play) -> Legend:
    """Return what lines mean: a kind each, with how many there are."""
    counts = Counter(wire.kind for wire in play.wires)
    handles = [
        Line2D(
            [], [], color=look_of(kind).colour, linestyle=look_of(kind).dash, alpha=0.6, label=line_words(kind, count)
        )
        for kind, count in counts.items()
    ]
    if any(not wire.whole for wire in play.wires):
        handles.append(Line2D([], [], color=INK, linewidth=0.65, label="thin: not in full"))
    if any(wire.broken for wire in play.wires):
        handles.append(Line2D([], [], color=OUT, linestyle=_BROKEN, marker="x", label="broken line"))
    return _legend(figure, handles, "upper right", (0.99, 0.9))


def _legend(figure: Figure, handles: Sequence[Line2D], corner: Any, at: tuple[float, float]) -> Legend:
    labels = [str(handle.get_label()) for handle in handles]
    return Legend(figure, handles, labels, loc=corner, bbox_to_anchor=at, bbox_transform=figure.transFigure,
                  fontsize=8, labelspacing=0.75)  # fmt: skip
