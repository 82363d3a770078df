"""From degrees to the plane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, hypot, radians, sin, sqrt
from typing import NamedTuple

CENTRE = (50.0, 25.0)
"""Latitude and longitude (degrees) at which maps of the OSCE area touch the globe."""
_FARTHEST = -0.999


class Point(NamedTuple):
    """A place in the plane."""

    x: float
    y: float


def equal_area(lat: float, lon: float) -> Point:
    """Return a place (degrees) in Lambert's azimuthal equal-area projection of a globe of radius 1 about CENTRE.

    Snyder 1987, Map projections: a working manual, eqs 24-2 to 24-4, p. 185 (doi:10.3133/pp1395).
    """
    phi, away, phi_1 = radians(lat), radians(lon - CENTRE[1]), radians(CENTRE[0])
    cosine = sin(phi_1) * sin(phi) + cos(phi_1) * cos(phi) * cos(away)
    k = sqrt(2.0 / (1.0 + max(cosine, _FARTHEST)))
    return Point(k * cos(phi) * sin(away), k * (cos(phi_1) * sin(phi) - sin(phi_1) * cos(phi) * cos(away)))


def graticule(step: int) -> Iterator[list[Point]]:
    """Yield the meridians and parallels of the half of the globe about CENTRE, and what lies a little beyond."""
    for lon in range(-180, 180, step):
        yield from _near([(lat, lon) for lat in range(-60, 91 - step, 2)])
    for lat in range(-60 + step, 90, step):
        yield from _near([(lat, lon) for lon in range(-180, 181, 3)])


def _near(places: Sequence[tuple[float, float]]) -> Iterator[list[Point]]:
    """Yield the parts of a path of places that lie within sight: not beyond the far side of the globe."""
    part: list[Point] = []
    for place in places:
        point = equal_area(*place)
        if hypot(*point) < 1.95:
            part.append(point)
        elif part:
            yield part
            part = []
    if part:
        yield part
