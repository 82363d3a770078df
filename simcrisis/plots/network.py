"""The network of an arm: States, hubs, and the lines between them, as they stand at an hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import atan2, cos, sin
from textwrap import fill
from typing import Literal

import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from simcrisis.plots.globe import Point
from simcrisis.plots.places import set_labels
from simcrisis.plots.records import Row, one_run, shown
from simcrisis.plots.stage import (
    MEMBERSHIP,
    bend_of,
    broken,
    by_kind,
    chord,
    look_of,
    meshes,
    out_at,
    outages,
    places_of,
    points_on,
)
from simcrisis.plots.strokes import OUT
from simcrisis.plots.style import INK, axes, quiet
from simcrisis.plots.words import WITHIN_MODEL

_STEPS = 24
_INK = ((60, 1.6, 0.95), (300, 1.0, 0.8), (10**9, 0.5, 0.45))
"""Up to how many lines they are drawn how wide (points) and how opaque."""
_GAP = 0.08
"""Half of what is left out of a broken line, as a share of its length."""
_SIZE = 8.0


@quiet
def network(
    nodes: pl.DataFrame,
    lines: pl.DataFrame,
    ax: Axes | None = None,
    *,
    by: Literal["circle", "geography"] = "circle",
    events: pl.DataFrame | None = None,
    hour: float | None = None,
    leave_out: Collection[str] | None = None,
) -> Axes:
    """Draw who has which lines to whom: a colour and a dash a kind, the hubs as nodes of their own.

    `nodes` and `lines` are `batch.network.network_tables`. With `hour`, lines that come into use later are left out;
    with `events` of a run as well, a line that rides on a sector that is out at one of its ends is drawn broken, and
    that State is ringed. (Protection by CBMs may save such a line; the log does not say which.) Thin: one side answers
    less than it promised. `by` geography sets States at their capitals. `leave_out`: kinds that are not drawn; unless
    given, diplomatic lines, and among many States kinds that join every pair. The note says so.

    Raises ValueError where a State without coordinates is to be set by geography, or `events` come without `hour`.
    """
    if events is not None and hour is None:
        raise ValueError("give the hour at which the network is drawn, as events are given")
    places = places_of(nodes, by)
    ax = axes(ax, 8.0, 7.0)
    ax.set_axis_off()
    ax.set_aspect("equal")
    ax.margins(0.14 if by == "circle" else 0.06)
    out = out_at(outages(one_run(events)), hour) if events is not None and hour is not None else frozenset()
    here = [row for row in lines.to_dicts() if hour is None or row["since"] <= hour]
    counts = Counter(row["kind"] for row in here)
    left_out = meshes(counts, nodes) if leave_out is None else frozenset(leave_out)
    drawn = [row for row in here if row["kind"] not in left_out]
    dress = by_kind(drawn)
    for kind, rows in dress.items():
        _draw_kind(ax, kind, rows, places, dress, out)
    _draw_nodes(ax, nodes.to_dicts(), places, out, by)
    at = "" if hour is None else f" at hour {hour:,.0f}"
    ax.set_title(f"Lines between States{at}", parse_math=False)
    untold = [f"{counts[kind]:,} {_words(kind)}" for kind in sorted(left_out) if counts[kind]]
    notes = [f"not drawn: {', '.join(untold)} lines"] if untold else []
    later = len(lines) - len(here)
    notes += [f"{later:,} come into use later"] if later else []
    _legend(ax, dress, broken=any(broken(row, out) for row in drawn), note="; ".join(notes))
    return ax


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _draw_kind(
    ax: Axes,
    kind: str,
    rows: Sequence[Row],
    places: Mapping[str, Point],
    dress: Mapping[str, Sequence[Row]],
    out: frozenset[tuple[str, str]],
) -> None:
    bend = bend_of(kind, list(dress))
    many = sum(map(len, dress.values()))
    _, usual, alpha = next(ink for ink in _INK if many <= ink[0])
    look = look_of(kind)
    paths: list[list[Point]] = []
    widths: list[float] = []
    for row in rows:
        full = min(row["practice_a"], row["practice_b"]) >= 1.0
        width = usual if full else 0.5 * usual
        path = points_on(chord(places[row["a"]], places[row["b"]], bend), _STEPS)
        if broken(row, out):
            ax.plot(*path[_STEPS // 2], marker="x", color=OUT, ms=7, mew=1.8, zorder=2.5)
        parts = _halves(path) if broken(row, out) else [path]
        paths += parts
        widths += [0.6 if kind == MEMBERSHIP else width] * len(parts)
    ax.add_collection(
        LineCollection(paths, colors=look.colour, linewidths=widths, linestyles=[look.dash], alpha=alpha, zorder=1.5)
    )


def _halves(path: Sequence[Point]) -> list[list[Point]]:
    cut = max(1, round(_GAP * _STEPS))
    middle = _STEPS // 2
    return [list(path[: middle - cut + 1]), list(path[middle + cut :])]


def _draw_nodes(
    ax: Axes, nodes: Sequence[Row], places: Mapping[str, Point], out: frozenset[tuple[str, str]], by: str
) -> None:
    struck = {state: ", ".join(sorted(sector for one, sector in out if one == state)) for state, _ in out}
    states = [row for row in nodes if row["kind"] == "state"]
    for row in nodes:
        place = places[row["name"]]
        if row["kind"] == "hub":
            box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": INK, "linewidth": 1.2}
            ax.text(*place, shown(row["label"], 18), ha="center", va="center", bbox=box, zorder=4, parse_math=False)
            continue
        ax.plot(*place, marker="o", ms=7 if len(states) < 30 else 4.5, color=INK, mec="white", mew=0.8, zorder=3)
        if row["name"] in struck:
            ax.plot(*place, marker="o", ms=14, color="none", mec=OUT, mew=1.6, zorder=3)
    labels = [
        shown(row["label"], 20) + (f" ({struck[row['name']]} out)" if row["name"] in struck else "") for row in states
    ]
    points = [places[row["name"]] for row in states]
    if by == "circle":
        _outwards(ax, labels, points)
    else:
        ax.autoscale_view()
        set_labels(ax, labels, points, _SIZE, 3.5)


def _outwards(ax: Axes, labels: Sequence[str], points: Sequence[Point]) -> None:
    for label, (x, y) in zip(labels, points, strict=True):
        angle = atan2(y, x)
        away = (11.0 * cos(angle), 11.0 * sin(angle))
        ha = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
        ax.annotate(label, (x, y), xytext=away, textcoords="offset points", ha=ha, va="center", size=_SIZE,
                    parse_math=False)  # fmt: skip


def _legend(ax: Axes, dress: Mapping[str, Sequence[Row]], *, broken: bool, note: str) -> None:
    handles = [
        Line2D([], [], color=look_of(kind).colour, linestyle=look_of(kind).dash,
               label=f"{_words(kind)} ({len(rows):,})")
        for kind, rows in dress.items()
    ]  # fmt: skip
    if any(min(row["practice_a"], row["practice_b"]) < 1.0 for rows in dress.values() for row in rows):
        handles.append(Line2D([], [], color=INK, linewidth=0.7, label="thin: not practised in full"))
    if broken:
        handles.append(Line2D([], [], color=OUT, marker="x", linestyle="", label="what it rides on is out"))
    title = fill(f"{note[:1].upper()}{note[1:]}. {WITHIN_MODEL}" if note else WITHIN_MODEL, 100)
    legend = ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=4, title=title, fontsize=8)
    legend.get_title().set_fontsize(8)
