"""The method of simulated moments under common luck.

McFadden 1989 (doi:10.2307/1913621), Pakes and Pollard 1989 (doi:10.2307/1913622): moments of simulated runs are brought
near to published ones, and all parameter sets have the same seeds, so that what differs is what a parameter changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, differential_evolution, minimize
from scipy.stats import qmc

from simcrisis.calibration.crew import Crew
from simcrisis.calibration.measured import Measured
from simcrisis.calibration.targets import FitTarget
from simcrisis.scenario.experiment import Range

Floats = npt.NDArray[np.float64]
_POPULATION = 32
_STEP = 0.08
"""Size of the first simplex, in shares of a range."""


@dataclass(frozen=True)
class Budget:
    """How much a fit may cost, in points evaluated."""

    start: int = 128
    """Points of the scrambled Sobol sample that it begins with: a power of two."""
    generations: int = 6
    """Generations of differential evolution, of 32 points each."""
    polish: int = 60
    """Points of the simplex search at the end."""
    replications: int = 32
    """Replications of the world at each point."""
    check: int = 300
    """Replications, under other luck, of what is reported of the default and of the best point."""


@dataclass(frozen=True)
class Search:
    """The points that a fit has evaluated."""

    ranges: Mapping[str, Range]
    shares: Floats
    """[point, parameter] where in its range each parameter lies, 0 to 1."""
    measured: Sequence[Measured]
    objectives: Floats
    """[point]"""

    @property
    def best(self) -> int:
        """The point with the least objective."""
        return int(np.argmin(self.objectives))

    def changes(self, point: int) -> dict[str, Any]:
        """Return the parameters of a point, by path."""
        return at(self.ranges, self.shares[point])


def objective(targets: Sequence[FitTarget], measured: Measured) -> float:
    """Return the sum over targets of weight times squared distance."""
    return sum(target.weight * target.off(measured[target.name][0]) ** 2 for target in targets)


def at(ranges: Mapping[str, Range], shares: Floats) -> dict[str, Any]:
    """Return the values at shares of ranges, by path."""
    inside = np.clip(shares, 0.0, 1.0)
    return {path: each.value(float(share)) for (path, each), share in zip(ranges.items(), inside, strict=True)}


def search(crew: Crew, ranges: Mapping[str, Range], targets: Sequence[FitTarget], budget: Budget, seed: int) -> Search:
    """Return what was found: Sobol points, then differential evolution from the best of them, then a simplex.

    `crew` measures moments; `seed` is of the search and not of the luck. The same arguments give the same points.
    """
    size = len(ranges)
    rows, found, values = list[Floats](), list[Measured](), list[float]()

    def evaluate(shares: Floats) -> Floats:
        measured = crew.many([at(ranges, row) for row in shares], budget.replications)
        rows.extend(np.clip(shares, 0.0, 1.0))
        found.extend(measured)
        values.extend(objective(targets, each) for each in measured)
        return np.array(values[-len(shares) :])

    evaluate(qmc.Sobol(size, rng=seed).random(budget.start))
    if budget.generations:
        _evolve(lambda columns: evaluate(columns.T), _best(rows, values, _POPULATION), budget.generations, seed)
    if budget.polish:
        _polish(lambda row: float(evaluate(row[None, :])[0]), _best(rows, values, 1)[0], budget.polish)
    return Search(ranges, np.array(rows), found, np.array(values))


def _best(rows: Sequence[Floats], values: Sequence[float], number: int) -> Floats:
    return np.array(rows)[np.argsort(values, kind="stable")[:number]]


def _evolve(evaluate: Callable[[Floats], Floats], start: Floats, generations: int, seed: int) -> None:
    """Run differential evolution (Storn and Price 1997, doi:10.1023/A:1008202821328), a generation at a time."""
    differential_evolution(  # type: ignore[call-overload,unused-ignore]  # vectorized: a column a point
        evaluate,  # type: ignore[arg-type,unused-ignore]
        Bounds(np.zeros(start.shape[1]), np.ones(start.shape[1])),
        init=start,
        maxiter=generations,
        mutation=(0.4, 0.8),
        recombination=0.8,
        tol=0.0,
        polish=False,
        updating="deferred",
        vectorized=True,
        rng=seed,
    )


def _polish(evaluate: Callable[[Floats], float], start: Floats, evaluations: int) -> None:
    """Run a simplex search (Nelder and Mead 1965, doi:10.1093/comjnl/7.4.308) inside the ranges."""
    steps = np.where(start + _STEP <= 1.0, _STEP, -_STEP)
    simplex = np.vstack([start, start + np.diag(steps)])
    minimize(
        evaluate,
        start,
        method="Nelder-Mead",
        bounds=Bounds(np.zeros(len(start)), np.ones(len(start))),
        options={"maxfev": evaluations, "initial_simplex": simplex, "adaptive": True},
    )
