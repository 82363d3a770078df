"""The network of an arm: States, hubs, and the lines between them, as they stand at an hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import atan2, comb, cos, pi, sin
from textwrap import fill
from typing import Literal

import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from simcrisis.catalogue import line_kinds
from simcrisis.plots.globe import Point, equal_area
from simcrisis.plots.places import set_labels
from simcrisis.plots.records import Row, one_run, shown
from simcrisis.plots.style import INK, Look, axes, looks, quiet
from simcrisis.plots.words import WITHIN_MODEL

MEMBERSHIP = "membership"
_STEPS = 24
_MESH = 150
"""Lines of a kind that joins every pair, from which it is said rather than drawn."""
_INK = ((60, 1.6, 0.95), (300, 1.0, 0.8), (10**9, 0.5, 0.45))
"""Up to how many lines they are drawn how wide (points) and how opaque."""
_BEND = 0.07
"""How far lines of neighbouring kinds stand apart, as a share of their length."""
_GAP = 0.08
"""Half of what is left out of a broken line, as a share of its length."""
_OUT = "#d55e00"
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
    places = _circle(nodes) if by == "circle" else _geography(nodes)
    ax = axes(ax, 8.0, 7.0)
    ax.set_axis_off()
    ax.set_aspect("equal")
    ax.margins(0.14 if by == "circle" else 0.06)
    out = _out(one_run(events), hour) if events is not None and hour is not None else frozenset()
    here = [row for row in lines.to_dicts() if hour is None or row["since"] <= hour]
    counts = Counter(row["kind"] for row in here)
    left_out = _meshes(counts, nodes) if leave_out is None else frozenset(leave_out)
    drawn = [row for row in here if row["kind"] not in left_out]
    dress = _dress(drawn)
    for kind, rows in dress.items():
        _draw_kind(ax, kind, rows, places, dress, out)
    _draw_nodes(ax, nodes.to_dicts(), places, out, by)
    at = "" if hour is None else f" at hour {hour:,.0f}"
    ax.set_title(f"Lines between States{at}", parse_math=False)
    untold = [f"{counts[kind]:,} {_words(kind)}" for kind in sorted(left_out) if counts[kind]]
    notes = [f"not drawn: {', '.join(untold)} lines"] if untold else []
    later = len(lines) - len(here)
    notes += [f"{later:,} come into use later"] if later else []
    _legend(ax, dress, broken=any(_broken(row, out) for row in drawn), note="; ".join(notes))
    return ax


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _meshes(counts: Mapping[str, int], nodes: pl.DataFrame) -> frozenset[str]:
    """Return the kinds better said than drawn: diplomatic lines, and many that join every pair."""
    pairs = comb(nodes.filter(pl.col("kind") == "state").height, 2)
    full = {kind for kind, count in counts.items() if count >= pairs >= _MESH and kind != MEMBERSHIP}
    return frozenset(full | {"diplomatic"})


def _circle(nodes: pl.DataFrame) -> dict[str, Point]:
    """Return the States on a circle, in the order of their names from the top clockwise, and the hubs within."""
    states = nodes.filter(pl.col("kind") == "state")["name"].sort().to_list()
    hubs = nodes.filter(pl.col("kind") == "hub")["name"].sort().to_list()
    inner = 0.0 if len(hubs) == 1 else 0.3
    return {
        name: Point(radius * sin(2.0 * pi * n / len(ring)), radius * cos(2.0 * pi * n / len(ring)))
        for ring, radius in ((states, 1.0), (hubs, inner))
        for n, name in enumerate(ring)
    }


def _geography(nodes: pl.DataFrame) -> dict[str, Point]:
    """Return the States at their capitals, and the hubs in a row beneath them all."""
    states = nodes.filter(pl.col("kind") == "state")
    lost = states.filter(pl.col("lat").is_null() | pl.col("lon").is_null())["name"].to_list()
    if lost:
        raise ValueError(f"by geography, each State needs coordinates; without: {', '.join(map(shown, lost))}")
    places = {row["name"]: equal_area(row["lat"], row["lon"]) for row in states.to_dicts()}
    xs, ys = [place.x for place in places.values()] or [0.0], [place.y for place in places.values()] or [0.0]
    hubs = nodes.filter(pl.col("kind") == "hub")["name"].sort().to_list()
    floor = min(ys) - 0.12 * max(max(ys) - min(ys), max(xs) - min(xs), 0.1)
    for n, name in enumerate(hubs):
        places[name] = Point(min(xs) + (max(xs) - min(xs)) * (n + 1) / (len(hubs) + 1), floor)
    return places


def _out(rows: Sequence[Row], hour: float) -> frozenset[tuple[str, str]]:
    """Return which sectors of which States are out at an hour."""
    found: set[tuple[str, str]] = set()
    for row in rows:
        if row["hour"] > hour:
            break
        if row["kind"] == "sector_down":
            found.add((row["actor"], row["detail"]))
        elif row["kind"] == "sector_up":
            found.discard((row["actor"], row["detail"]))
    return frozenset(found)


def _broken(row: Row, out: frozenset[tuple[str, str]]) -> bool:
    return not row["protected"] and any((row[end], row["rides_on"]) in out for end in ("a", "b"))


def _dress(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the lines by kind, memberships first, then in the order of the catalogue."""
    order = (MEMBERSHIP, *line_kinds())
    found = {kind: [row for row in rows if row["kind"] == kind] for kind in order}
    return {kind: lines for kind, lines in found.items() if lines}


def _look(kind: str) -> Look:
    return Look("#9a9a9a", (0, (1, 3)), "", "none") if kind == MEMBERSHIP else looks(line_kinds())[kind]


def _draw_kind(
    ax: Axes,
    kind: str,
    rows: Sequence[Row],
    places: Mapping[str, Point],
    dress: Mapping[str, Sequence[Row]],
    out: frozenset[tuple[str, str]],
) -> None:
    kinds = [name for name in dress if name != MEMBERSHIP]
    bend = 0.0 if kind == MEMBERSHIP else _BEND * (kinds.index(kind) - (len(kinds) - 1) / 2.0)
    many = sum(map(len, dress.values()))
    _, usual, alpha = next(ink for ink in _INK if many <= ink[0])
    look = _look(kind)
    paths: list[list[Point]] = []
    widths: list[float] = []
    for row in rows:
        full = min(row["practice_a"], row["practice_b"]) >= 1.0
        width = usual if full else 0.5 * usual
        path = _curve(places[row["a"]], places[row["b"]], bend)
        if _broken(row, out):
            ax.plot(*path[_STEPS // 2], marker="x", color=_OUT, ms=7, mew=1.8, zorder=2.5)
        parts = _halves(path) if _broken(row, out) else [path]
        paths += parts
        widths += [0.6 if kind == MEMBERSHIP else width] * len(parts)
    ax.add_collection(
        LineCollection(paths, colors=look.colour, linewidths=widths, linestyles=[look.dash], alpha=alpha, zorder=1.5)
    )


def _curve(a: Point, b: Point, bend: float) -> list[Point]:
    """Return a parabola between two points, by how far its middle stands off the chord as a share of it."""
    (ax, ay), (bx, by) = sorted((a, b))
    across = Point(ay - by, bx - ax)
    steps = [n / _STEPS for n in range(_STEPS + 1)]
    lifts = [4.0 * bend * t * (1.0 - t) for t in steps]
    return [
        Point(ax + t * (bx - ax) + lift * across.x, ay + t * (by - ay) + lift * across.y)
        for t, lift in zip(steps, lifts, strict=True)
    ]


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
            ax.plot(*place, marker="o", ms=14, color="none", mec=_OUT, mew=1.6, zorder=3)
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
        Line2D([], [], color=_look(kind).colour, linestyle=_look(kind).dash,
               label=f"{_words(kind)} ({len(rows):,})")
        for kind, rows in dress.items()
    ]  # fmt: skip
    if any(min(row["practice_a"], row["practice_b"]) < 1.0 for rows in dress.values() for row in rows):
        handles.append(Line2D([], [], color=INK, linewidth=0.7, label="thin: not practised in full"))
    if broken:
        handles.append(Line2D([], [], color=_OUT, marker="x", linestyle="", label="what it rides on is out"))
    title = fill(f"{note[:1].upper()}{note[1:]}. {WITHIN_MODEL}" if note else WITHIN_MODEL, 100)
    legend = ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=4, title=title, fontsize=8)
    legend.get_title().set_fontsize(8)
