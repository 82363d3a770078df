"""Scenario discovery: the box of parameter space in which cases of interest crowd.

The patient rule induction method (PRIM), in our words: Friedman and Fisher 1999, doi:10.1023/A:1008894516817; for
scenario discovery, Bryant and Lempert 2010, doi:10.1016/j.techfore.2009.08.002. From a box that holds everything,
slices are peeled off one face at a time, each time the one whose loss leaves the highest share of cases of interest;
the boxes on the way trade coverage for density.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ALPHA = 0.05
"""Share of a box's points that a slice takes, peeled off or pasted on."""
LEAST_MASS = 0.05
"""Share of all points below which no box is peeled."""
DENSE = 0.8
"""Share of cases of interest from which a box is dense."""
CHANCE = 0.05
"""Quasi-p-value above which a restriction is lifted."""


@dataclass(frozen=True, eq=False)
class Cases:
    """Points of parameter space, and which of them are of interest (at least one is)."""

    where: Floats
    """[point, parameter], 0 to 1."""
    interest: Flags
    """[point]"""


@dataclass(frozen=True, eq=False)
class Box:
    """The points with low < where < high in every parameter; 0 and 1 stand for no restriction."""

    low: Floats
    """[parameter]"""
    high: Floats
    """[parameter]"""

    def holds(self, where: Floats) -> Flags:
        """Return [point] whether the box holds a point."""
        above = (where > self.low) | (self.low <= 0.0)
        below = (where < self.high) | (self.high >= 1.0)
        return np.asarray((above & below).all(axis=1), np.bool_)

    @property
    def restricted(self) -> tuple[int, ...]:
        """The parameters that it restricts."""
        return tuple(np.flatnonzero((self.low > 0.0) | (self.high < 1.0)).tolist())

    def without(self, parameter: int) -> Box:
        """Return the box with one parameter unrestricted."""
        low, high = self.low.copy(), self.high.copy()
        low[parameter], high[parameter] = 0.0, 1.0
        return Box(low, high)

    def moved(self, parameter: int, upper: bool, bound: float) -> Box:
        """Return the box with one face moved."""
        side = (self.high if upper else self.low).copy()
        side[parameter] = bound
        return replace(self, high=side) if upper else replace(self, low=side)


@dataclass(frozen=True)
class Fit:
    """How well a box holds the cases of interest."""

    points: int
    """In the box."""
    cases: int
    """Of interest, in the box."""
    coverage: float
    """Share of all cases of interest that are in the box."""
    density: float
    """Share of the box's points that are of interest."""
    mass: float
    """Share of all points that are in the box."""


def everything(parameters: int) -> Box:
    """Return the box that restricts nothing."""
    return Box(np.zeros(parameters), np.ones(parameters))


def fit(box: Box, cases: Cases) -> Fit:
    """Return how well a box holds the cases of interest."""
    inside = box.holds(cases.where)
    points, hits = int(inside.sum()), int((inside & cases.interest).sum())
    density = hits / points if points else 0.0
    return Fit(points, hits, hits / int(cases.interest.sum()), density, points / len(inside))


def peel(cases: Cases, alpha: float = ALPHA, least_mass: float = LEAST_MASS) -> list[Box]:
    """Return the boxes of the peeling trajectory, from the one that holds everything to the smallest."""
    box = everything(cases.where.shape[1])
    boxes = [box]
    while True:
        before = fit(box, cases)
        smaller = [each for each in _peeled(box, cases, alpha) if fit(each, cases).mass >= least_mass]
        if not smaller:
            return boxes
        box = max(smaller, key=lambda each: (_gain(before, fit(each, cases)), -len(each.restricted)))
        boxes.append(box)


def paste(box: Box, cases: Cases, alpha: float = ALPHA) -> Box:
    """Return a box with slices pasted on while that raises its density."""
    while True:
        larger = list(_pasted(box, cases, alpha))
        best = max(larger, key=lambda each: (fit(each, cases).density, -len(each.restricted)), default=box)
        if fit(best, cases).density <= fit(box, cases).density:
            return box
        box = best


def choose(boxes: list[Box], cases: Cases, dense: float = DENSE) -> int:
    """Return which box of a trajectory to take: of the dense ones that with most coverage; else the densest."""
    fits = [fit(box, cases) for box in boxes]
    enough = [n for n, each in enumerate(fits) if each.density >= dense]
    if enough:
        return max(enough, key=lambda n: (fits[n].coverage, fits[n].density))
    return max(range(len(fits)), key=lambda n: (fits[n].density, fits[n].coverage))


def quasi_p(box: Box, cases: Cases) -> dict[int, float]:
    """Return, for each restricted parameter, how easily chance would do what its restriction does.

    The probability of as many cases of interest among the box's points as there are, if each were of interest as often
    as in the box without that restriction (one-sided binomial; Bryant and Lempert 2010). Quasi, as the same points made
    the box.
    """
    here = fit(box, cases)
    return {
        parameter: float(bdtrc(here.cases - 1, here.points, fit(box.without(parameter), cases).density))
        if here.cases
        else 1.0
        for parameter in box.restricted
    }


def simplified(box: Box, cases: Cases, chance: float = CHANCE) -> Box:
    """Return a box without the restrictions that chance would explain, the weakest lifted first."""
    while True:
        known = quasi_p(box, cases)
        weakest = max(known, key=lambda parameter: known[parameter], default=None)
        if weakest is None or known[weakest] <= chance:
            return box
        box = box.without(weakest)


def discover(cases: Cases, dense: float = DENSE) -> tuple[list[Box], int, Box]:
    """Return the peeling trajectory, which of its boxes was taken, and that box pasted and simplified."""
    boxes = peel(cases)
    taken = choose(boxes, cases, dense)
    return boxes, taken, simplified(paste(boxes[taken], cases), cases)


def reproduced(cases: Cases, dense: float = DENSE, halves: int = 20, seed: int = 1) -> Floats:
    """Return [parameter] in which share of random halves of the points it is restricted too (Bryant and Lempert 2010).

    Halves without a case of interest restrict nothing.
    """
    rng = np.random.default_rng(seed)
    size, parameters = cases.where.shape
    counted = np.zeros(parameters)
    for _ in range(halves):
        chosen = rng.permutation(size)[: max(1, size // 2)]
        half = Cases(cases.where[chosen], cases.interest[chosen])
        if half.interest.any():
            counted[list(discover(half, dense)[2].restricted)] += 1
    return counted / halves


def _gain(before: Fit, after: Fit) -> float:
    """Return what is gained by a peel: density, a point lost where there is a gain.

    Slices are of one size, and the highest density wins, unless points are level: a slice that has to be larger should
    not win by its size.
    """
    gain = after.density - before.density
    return gain / (before.points - after.points) if gain > 0.0 else gain


def _slice(points: int, alpha: float) -> int:
    """Return how many of so many points a slice takes."""
    return math.floor((points - 1) * alpha) + 1


def _peeled(box: Box, cases: Cases, alpha: float) -> Iterator[Box]:
    """Yield the boxes with one slice less: each parameter, from above and from below."""
    inside = cases.where[box.holds(cases.where)]
    taken = _slice(len(inside), alpha)
    for parameter in range(inside.shape[1]):
        ordered = np.sort(inside[:, parameter])
        for upper in (True, False):
            outer = ordered[::-1] if upper else ordered
            kept = outer[outer < outer[taken - 1]] if upper else outer[outer > outer[taken - 1]]
            if len(kept):  # all that is level with the slice goes along; where that is everything, nothing is peeled
                yield box.moved(parameter, upper, float(outer[taken - 1] + kept[0]) / 2)


def _pasted(box: Box, cases: Cases, alpha: float) -> Iterator[Box]:
    """Yield the boxes with one slice more on a face that restricts them."""
    for parameter in box.restricted:
        column = cases.where[box.without(parameter).holds(cases.where), parameter]
        for upper in (True, False):
            bound = float((box.high if upper else box.low)[parameter])
            beyond = np.sort(column[column > bound]) if upper else np.sort(column[column < bound])[::-1]
            if not len(beyond):
                continue
            last = beyond[_slice(len(beyond), alpha) - 1]
            rest = beyond[beyond > last] if upper else beyond[beyond < last]
            outermost = 1.0 if upper else 0.0
            yield box.moved(parameter, upper, float(last + rest[0]) / 2 if len(rest) else outermost)
