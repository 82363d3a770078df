"""What a fit tells of each parameter: its profile, an interval, and whether it can be identified at all.

Profiles by simulation would cost as much as the fit for every parameter. Instead each moment is fitted by a quadratic
in the parameters over all points of the search, those with a small objective counting most (a response surface: Box and
Wilson 1951, doi:10.1111/j.2517-6161.1951.tb00067.x), and the objective of these surfaces is minimised over all other
parameters. What the surfaces miss is added to the variance of each moment, so that a bad surface makes intervals wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.stats import chi2

from simcrisis.calibration.fit import Search
from simcrisis.calibration.targets import FitTarget

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
WITHIN = float(chi2.ppf(0.95, 1))
"""How far above its minimum a profile may lie inside a 95 % interval."""
GRID = 41
_FAR = 10.0
"""How far above the least objective a point counts half in the fit of a surface."""


@dataclass(frozen=True)
class Profile:
    """The least objective at each value of a parameter, above the minimum."""

    parameter: str
    shares: Floats
    """Where in its range the parameter lies, 0 to 1."""
    above: Floats
    low: float
    """The 95 % interval, in shares of the range."""
    high: float

    @property
    def verdict(self) -> str:
        """What can be said of the parameter: an interval that ends at the range's end is not bounded there."""
        left, right = self.low <= 0.0, self.high >= 1.0
        if left and right:
            return "not identified"
        return "bounded above only" if left else "bounded below only" if right else "identified"


class Direction(NamedTuple):
    """A combination of parameters."""

    error: float
    """Its standard error, in whole ranges: what is far above a quarter cannot be told from data."""
    weights: Floats
    """[parameter] of length one."""


@dataclass(frozen=True)
class Surfaces:
    """A quadratic for each fitted moment."""

    published: Floats
    """[moment]"""
    bounds: Flags
    """[moment] whether only what lies above counts."""
    constant: Floats
    """[moment]"""
    linear: Floats
    """[moment, parameter]"""
    square: Floats
    """[moment, parameter, parameter], symmetric."""
    variances: Floats
    """[moment] of what is published, of the model's discrepancy, of the luck, and of what the surface misses."""
    missed: Floats
    """[moment] root mean square of what the surface misses."""
    start: Floats
    """The best point of the search."""

    def distances(self, shares: Floats) -> Floats:
        """Return [moment] how far each is off at a point, in standard errors of all that is uncertain."""
        off = self.constant + (self.linear + self.square @ shares) @ shares - self.published
        return np.asarray(np.where(self.bounds, np.maximum(off, 0.0), off) / np.sqrt(self.variances), np.float64)

    def slopes(self, shares: Floats) -> Floats:
        """Return [moment, parameter] how distances change, in shares of a range; nothing below a bound."""
        counts = ~self.bounds | (self.distances(shares) > 0.0)
        slopes = (self.linear + 2.0 * self.square @ shares) / np.sqrt(self.variances)[:, None]
        return np.asarray(slopes * counts[:, None], np.float64)

    def objective(self, shares: Floats) -> tuple[float, Floats]:
        """Return the objective at a point, and its gradient."""
        distances = self.distances(shares)
        return float((distances**2).sum()), 2.0 * distances @ self.slopes(shares)

    def directions(self) -> list[Direction]:
        """Return the combinations of parameters that the moments pin down at the minimum, the best first.

        Those are the eigenvectors of the information J'J of a Gauss-Newton step, J [moment, parameter] the slopes of
        distances in shares of a range; their standard error is one over the root of the eigenvalue.
        """
        slopes = self.slopes(self.minimum[0])
        values, vectors = np.linalg.eigh(slopes.T @ slopes)
        best_first = np.argsort(-values, kind="stable")
        return [Direction(float(max(values[n], 1e-12) ** -0.5), vectors[:, n]) for n in best_first]

    @cached_property
    def minimum(self) -> tuple[Floats, float]:
        """The least objective in the ranges, and where."""
        return self._least({}, self.start)

    def profile(self, parameter: str, which: int) -> Profile:
        """Return the profile of a parameter, found from its minimum outwards."""
        where, least = self.minimum
        grid = np.linspace(0.0, 1.0, GRID)
        above = np.empty(GRID)
        nearest = int(np.argmin(abs(grid - where[which])))
        for way in (range(nearest, GRID), range(nearest, -1, -1)):
            begin = where
            for n in way:
                begin, value = self._least({which: float(grid[n])}, begin)
                above[n] = max(0.0, value - least)
        low, high = _interval(grid, above)
        return Profile(parameter, grid, above, low, high)

    def _least(self, fixed: dict[int, float], start: Floats) -> tuple[Floats, float]:
        bounds = [(fixed[n], fixed[n]) if n in fixed else (0.0, 1.0) for n in range(len(start))]
        begin = np.clip(start, [low for low, _ in bounds], [high for _, high in bounds])
        found = minimize(self.objective, begin, jac=True, method="L-BFGS-B", bounds=bounds)
        return np.asarray(found.x, np.float64), float(found.fun)


def surfaces(search: Search, targets: Sequence[FitTarget]) -> Surfaces:
    """Return the response surfaces of the fitted moments over the points of a search."""
    counted = 1.0 / (1.0 + (search.objectives - np.min(search.objectives)) / _FAR)
    root = np.sqrt(counted)[:, None]
    design = terms(search.shares)
    values = np.array([[measured[t.name].value for t in targets] for measured in search.measured])
    coefficients, _, rank, _ = np.linalg.lstsq(root * design, root * values, rcond=1e-8)
    free = max(1.0, len(values) - float(rank)) / len(values)
    missed = np.sqrt((counted[:, None] * (values - design @ coefficients) ** 2).sum(axis=0) / counted.sum() / free)
    luck = np.array([search.measured[search.best][t.name][1] for t in targets])
    known = np.array([1.0 / t.weight for t in targets])
    return Surfaces(
        np.array([t.published for t in targets]),
        np.array([t.bound for t in targets]),
        *_parts(coefficients, search.shares.shape[1]),
        known + luck**2 + missed**2,
        missed,
        search.shares[search.best],
    )


def terms(shares: Floats) -> Floats:
    """Return [point, term]: one, every parameter, and every product of two."""
    columns = range(shares.shape[1])
    products = [shares[:, i] * shares[:, j] for i, j in combinations_with_replacement(columns, 2)]
    return np.column_stack([np.ones(len(shares)), shares, *products])


def _parts(coefficients: Floats, size: int) -> tuple[Floats, Floats, Floats]:
    """Return the constant, linear and square parts of [term, moment] coefficients in the order of `terms`."""
    square = np.zeros((coefficients.shape[1], size, size))
    for (i, j), each in zip(combinations_with_replacement(range(size), 2), coefficients[1 + size :], strict=True):
        square[:, i, j] += each / 2.0
        square[:, j, i] += each / 2.0
    return coefficients[0], coefficients[1 : 1 + size].T, square


def _interval(grid: Floats, above: Floats) -> tuple[float, float]:
    """Return the least and the greatest share at which a profile lies within bounds, between points by the line."""
    inside = np.flatnonzero(above <= max(WITHIN, float(np.min(above))))  # known to better than the grid: its best place
    first, last = int(inside[0]), int(inside[-1])
    low, high = float(grid[first]), float(grid[last])
    if first:
        low -= _part(above[first], above[first - 1]) * float(grid[first] - grid[first - 1])
    if last + 1 < len(grid):
        high += _part(above[last], above[last + 1]) * float(grid[last + 1] - grid[last])
    return low, high


def _part(inside: float, outside: float) -> float:
    return float((WITHIN - inside) / (outside - inside))
