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

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.stats import chi2

from simcrisis.calibration.fit import Search
from simcrisis.calibration.targets import FitTarget

Floats = npt.NDArray[np.float64]
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


@dataclass(frozen=True)
class Surfaces:
    """A quadratic for each fitted moment."""

    targets: Sequence[FitTarget]
    coefficients: Floats
    """[term, moment]"""
    variances: Floats
    """[moment] of what is published, of the model's discrepancy, of the luck, and of what the surface misses."""
    missed: Floats
    """[moment] root mean square of what the surface misses."""
    start: Floats
    """The best point of the search."""

    def objective(self, shares: Floats) -> float:
        """Return the objective at a point."""
        values = terms(shares[None, :])[0] @ self.coefficients
        off = np.array([target.off(float(value)) for target, value in zip(self.targets, values, strict=True)])
        return float((off**2 / self.variances).sum())

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
        found = minimize(self.objective, begin, method="L-BFGS-B", bounds=bounds)
        return np.asarray(found.x, np.float64), float(found.fun)


def surfaces(search: Search, targets: Sequence[FitTarget]) -> Surfaces:
    """Return the response surfaces of the fitted moments over the points of a search."""
    counted = 1.0 / (1.0 + (search.objectives - search.objectives.min()) / _FAR)
    root = np.sqrt(counted)[:, None]
    design = terms(search.shares)
    values = np.array([[measured[t.name].value for t in targets] for measured in search.measured])
    coefficients, _, rank, _ = np.linalg.lstsq(root * design, root * values, rcond=1e-8)
    free = max(1.0, len(values) - float(rank)) / len(values)
    missed = np.sqrt((counted[:, None] * (values - design @ coefficients) ** 2).sum(axis=0) / counted.sum() / free)
    luck = np.array([search.measured[search.best][t.name][1] for t in targets])
    published = np.array([1.0 / t.weight for t in targets])
    return Surfaces(targets, coefficients, published + luck**2 + missed**2, missed, search.shares[search.best])


def terms(shares: Floats) -> Floats:
    """Return [point, term]: one, every parameter, and every product of two."""
    columns = range(shares.shape[1])
    products = [shares[:, i] * shares[:, j] for i, j in combinations_with_replacement(columns, 2)]
    return np.column_stack([np.ones(len(shares)), shares, *products])


def _interval(grid: Floats, above: Floats) -> tuple[float, float]:
    """Return the least and the greatest share at which a profile lies within bounds, between points by the line."""
    inside = np.flatnonzero(above <= WITHIN)
    first, last = int(inside[0]), int(inside[-1])
    low, high = float(grid[first]), float(grid[last])
    if first:
        low -= _part(above[first], above[first - 1]) * float(grid[first] - grid[first - 1])
    if last + 1 < len(grid):
        high += _part(above[last], above[last + 1]) * float(grid[last + 1] - grid[last])
    return low, high


def _part(inside: float, outside: float) -> float:
    return float((WITHIN - inside) / (outside - inside))
