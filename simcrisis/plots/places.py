"""Labels that keep clear of marks and of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, hypot, pi, sin
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patheffects import AbstractPathEffect, Stroke

from simcrisis.plots.globe import Point

_LETTER = 0.72
"""Width of a letter, as a share of its size: that of a capital one, and so no less than any."""
_FAR = 4.0
"""Distance of a label from its mark (points) from which a thin line joins the two."""

_HALO: list[AbstractPathEffect] = [
    Stroke(linewidth=2.0, foreground="white", snap=False),
    Stroke(linewidth=0.0, snap=False),
]
"""White about letters. Not snapped to pixels: where all strokes are level or upright (LIE), snapping loses some."""


def set_labels(
    ax: Axes, texts: Sequence[str], places: Sequence[Point], size: float, clear: float, others: Sequence[Point] = ()
) -> None:
    """Set a label beside each place, clear of all places and each other on the page as the Axes now stand.

    `size` of the text and `clear`, the radius of the marks, are in points; `others` are marks without a label. The Axes
    are of equal aspect, with their limits set. A thin line joins a label to its place where it had to move away.
    """
    box, (left, right), (low, high) = ax.get_window_extent(), ax.get_xlim(), ax.get_ylim()
    scale = 72.0 / ax.figure.dpi * min(box.width / (right - left), box.height / (high - low))
    here, there = ([Point(x * scale, y * scale) for x, y in some] for some in (places, others))
    widths = [_LETTER * size * len(text) for text in texts]
    shifts = offsets(here, widths, size, clear, there)
    for text, place, width, shift in zip(texts, places, widths, shifts, strict=True):
        away = hypot(max(0.0, abs(shift.x) - width / 2), max(0.0, abs(shift.y) - size / 2))
        leader = {"arrowstyle": "-", "linewidth": 0.4, "color": "#777777", "shrinkB": 1}
        label = ax.annotate(
            text,
            place,
            xytext=shift,
            textcoords="offset points",
            ha="center",
            va="center",
            size=size,
            zorder=4,
            parse_math=False,
            arrowprops=leader if away > clear + _FAR else None,
        )
        label.set_path_effects(_HALO)


class Box(NamedTuple):
    """A rectangle by its middle and its half sides."""

    x: float
    y: float
    half_width: float
    half_height: float

    def overlap(self, other: Box) -> float:
        """Return the area that two rectangles share."""
        wide = self.half_width + other.half_width - abs(self.x - other.x)
        high = self.half_height + other.half_height - abs(self.y - other.y)
        return max(0.0, wide) * max(0.0, high)


_RINGS = (0.0, 5.0, 11.0, 18.0, 26.0, 36.0)
_DIRECTIONS = 16


def offsets(
    points: Sequence[Point], widths: Sequence[float], height: float, clear: float, others: Sequence[Point] = ()
) -> list[Point]:
    """Return where the middle of each label stands from its point, so that labels miss points and each other.

    All in points of the page; `clear` is the radius of a mark; `others` are marks without labels. Greedy: the most
    crowded points choose first, each the nearest free place out of 16 directions in rings; where none is free, the
    least covered.
    """
    marks = [Box(x, y, clear, clear) for x, y in (*points, *others)]
    crowded = [sum(1.0 / (20.0 + hypot(a.x - b.x, a.y - b.y)) for b in points) for a in points]
    taken: list[Box] = []
    found = [Point(0.0, 0.0)] * len(points)
    for n in sorted(range(len(points)), key=lambda n: (-crowded[n], n)):
        best = min(
            _places(points[n], widths[n] / 2.0, height / 2.0, clear),
            key=lambda box: sum(box.overlap(other) for other in (*marks, *taken)),
        )
        taken.append(best)
        found[n] = Point(best.x - points[n].x, best.y - points[n].y)
    return found


def _places(point: Point, half_width: float, half_height: float, clear: float) -> Iterator[Box]:
    """Yield where a label may stand, the nearest first: right, left, above, beneath, then what is between."""
    order = sorted(range(_DIRECTIONS), key=lambda n: (n % 8 != 0, n % 4 != 0, n % 2 != 0, n))
    for ring in _RINGS:
        for n in order:
            angle = 2.0 * pi * n / _DIRECTIONS
            far = clear + 1.5 + ring
            x = point.x + cos(angle) * (far + half_width)
            y = point.y + sin(angle) * (far + half_height)
            yield Box(x, y, half_width, half_height)
