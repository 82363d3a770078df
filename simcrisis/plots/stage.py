"""Where States, hubs and lines stand on a picture of the network, how lines look, and when they are broken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import comb, cos, inf, pi, sin
from typing import Literal, NamedTuple

import polars as pl

from simcrisis.catalogue import line_kinds
from simcrisis.plots.globe import Point, equal_area
from simcrisis.plots.records import Row, shown
from simcrisis.plots.style import Look, looks

Layout = Literal["circle", "geography"]
MEMBERSHIP = "membership"
_MESH = 150
"""Lines of a kind that joins every pair, from which it is said rather than drawn."""
_BEND = 0.07
"""How far lines of neighbouring kinds stand apart, as a share of their length."""


class Chord(NamedTuple):
    """A parabola between two points: a quadratic Bezier curve."""

    start: Point
    control: Point
    end: Point

    def at(self, share: float) -> Point:
        """Return the point after a share (0 to 1) of the way."""
        t, s = share, 1.0 - share
        return Point(
            s * s * self.start.x + 2.0 * s * t * self.control.x + t * t * self.end.x,
            s * s * self.start.y + 2.0 * s * t * self.control.y + t * t * self.end.y,
        )


class Outage(NamedTuple):
    """A sector of a State is out from an hour to another (infinity: to the end); the records that say so."""

    state: str
    sector: str
    down: float
    up: float
    seqs: tuple[int, ...]


def places_of(nodes: pl.DataFrame, by: Layout) -> dict[str, Point]:
    """Return where States and hubs stand; raises ValueError where a State without coordinates is set by geography."""
    return _circle(nodes) if by == "circle" else _geography(nodes)


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


def meshes(counts: Mapping[str, int], nodes: pl.DataFrame) -> frozenset[str]:
    """Return the kinds better said than drawn: diplomatic lines, and many that join every pair."""
    pairs = comb(nodes.filter(pl.col("kind") == "state").height, 2)
    full = {kind for kind, count in counts.items() if count >= pairs >= _MESH and kind != MEMBERSHIP}
    return frozenset(full | {"diplomatic"})


def by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the lines by kind, memberships first, then in the order of the catalogue."""
    order = (MEMBERSHIP, *line_kinds())
    found = {kind: [row for row in rows if row["kind"] == kind] for kind in order}
    return {kind: lines for kind, lines in found.items() if lines}


def look_of(kind: str) -> Look:
    """Return how lines of a kind are drawn."""
    return Look("#9a9a9a", (0, (1, 3)), "", "none") if kind == MEMBERSHIP else looks(line_kinds())[kind]


def bend_of(kind: str, kinds: Collection[str]) -> float:
    """Return how far lines of a kind stand off the straight, as a share of their length, among the kinds drawn."""
    bent = [name for name in kinds if name != MEMBERSHIP]
    return 0.0 if kind == MEMBERSHIP else _BEND * (bent.index(kind) - (len(bent) - 1) / 2.0)


def chord(a: Point, b: Point, bend: float) -> Chord:
    """Return a parabola between two points, the same from either, its middle so far off as a share of its length."""
    return towards(min(a, b), max(a, b), bend)


def towards(start: Point, end: Point, bend: float) -> Chord:
    """Return a parabola from a point to another, its middle so far to the left as a share of its length."""
    across = Point(start.y - end.y, end.x - start.x)
    middle = Point((start.x + end.x) / 2.0, (start.y + end.y) / 2.0)
    return Chord(start, Point(middle.x + 2.0 * bend * across.x, middle.y + 2.0 * bend * across.y), end)


def points_on(path: Chord, steps: int) -> list[Point]:
    """Return the points of a parabola after each of so many equal steps."""
    return [path.at(n / steps) for n in range(steps + 1)]


def outages(rows: Iterable[Row]) -> list[Outage]:
    """Return when sectors of States are out, in the order in which they go out."""
    found: list[Outage] = []
    open_: dict[tuple[str, str], int] = {}
    for row in rows:
        where = (row["actor"], row["detail"])
        if row["kind"] == "sector_down" and where not in open_:
            open_[where] = len(found)
            found.append(Outage(*where, row["hour"], inf, (row["seq"],)))
        elif row["kind"] == "sector_up" and where in open_:
            n = open_.pop(where)
            found[n] = found[n]._replace(up=row["hour"], seqs=(*found[n].seqs, row["seq"]))
    return found


def out_at(found: Iterable[Outage], hour: float) -> frozenset[tuple[str, str]]:
    """Return which sectors of which States are out at an hour."""
    return frozenset((each.state, each.sector) for each in found if each.down <= hour < each.up)


def broken(line: Row, out: Collection[tuple[str, str]]) -> bool:
    """Return whether a line rides on a sector that is out at one of its ends."""
    return not line["protected"] and any((line[end], line["rides_on"]) in out for end in ("a", "b"))
